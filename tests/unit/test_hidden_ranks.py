"""Ranks are public of all areas that are ranked together, or of none: none where one is hidden."""

import copy

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.home.releases import Beside
from orchestration.release.editions import write_internal, write_public
from orchestration.release.hidden_ranks import hidden_ranks
from quality import disclosure
from quality.hidden_ranks import ranks_told
from quality.publication import published_tables
from tests.support.briefings import city_tables, write_editions
from tests.support.editions import make_release

CITY, DIMENSIONS = "3303", ("culture", "rights")
RANKS = ("rank", "rank_low", "rank_high")
TOWNSHIP, OTHER = "330301001", "330301002"


def competition_ranks(indices):
    """The rank of each index, by key; none without an index."""
    known = [index for index in indices.values() if index is not None]
    return {
        key: None if index is None else 1 + sum(other > index for other in known)
        for key, index in indices.items()
    }


def peers_of(area):
    return "county" if len(area) == 6 else area[:6]


@st.composite
def cities(draw):
    """Indices by key of each table, the keys of the hidden rows of each, and the linked unions.

    Areas without an index may have some that are not measured. Some townships hang on the city:
    what their codes begin with is no county.
    """
    counties = [f"3303{number:02}" for number in range(draw(st.integers(0, 4)))]
    holders = [*counties, "330390"]
    townships = [
        f"{code}{number:03}" for code in holders for number in range(draw(st.integers(0, 3)))
    ]
    index = st.one_of(st.none(), st.integers(0, 3))
    areas = {(area,): draw(index) for area in [*counties, *townships]}
    rates = {
        (area, part): None if areas[area,] is None else draw(st.integers(0, 3))
        for area in counties
        for part in DIMENSIONS
    }
    hidden = {key for key in areas if draw(st.booleans()) and draw(st.booleans())}
    of_counties = {key: value for key, value in areas.items() if len(key[0]) == 6}
    hidden_rates = {key for key in rates if key[:1] in hidden or draw(st.integers(0, 5)) == 0}
    tables = {"area_index": areas, "county_ranking": of_counties, "area_dimension": rates}
    without = {"area_index": hidden, "county_ranking": hidden, "area_dimension": hidden_rates}
    linked = {key[0]: draw(st.sampled_from([0, 3])) if areas[key] is None else 5 for key in areas}
    return tables, without, linked


def groups_in(table):
    """The keys of a table by the areas that are ranked together."""
    groups = {}
    for area, *part in table:
        groups.setdefault((peers_of(area), *part), []).append((area, *part))
    return groups


def ranks_of(table):
    found = {}
    for group in groups_in(table).values():
        found |= competition_ranks({key: table[key] for key in group})
    return found


def write(folder, tables, linked):
    levels = {4: "city", 6: "county", 9: "township"}
    with duckdb.connect() as connection:
        connection.execute(
            "create table area_index (area_code text, level text, linked int, rank int)"
        )
        connection.execute(f"insert into area_index values ('{CITY}', 'city', 99, null)")
        connection.execute("create table county_ranking (area_code text, rank int)")
        connection.execute("create table area_dimension (area_code text, dimension text, rank int)")
        for name, table in tables.items():
            for key, rank in ranks_of(table).items():
                area = key[0]
                more = [levels[len(area)], linked[area]] if name == "area_index" else []
                values = [*key, *more, rank]
                places = ", ".join("?" * len(values))
                connection.execute(f"insert into {name} values ({places})", values)
            connection.execute(f"copy {name} to '{folder / name}.parquet'")


@settings(max_examples=40)
@given(cities())
def test_no_rank_among_those_shown_is_missing(tmp_path_factory, city):
    tables, hidden, linked = city
    folder = tmp_path_factory.mktemp("city")
    write(folder, tables, linked)
    lacking = hidden_ranks(folder, hidden)
    for name, table in tables.items():
        [without] = [keys for columns, keys in lacking[name].items() if "rank" in columns]
        ranks = ranks_of(table)
        shown = {key: rank for key, rank in ranks.items() if key not in hidden[name] | without}
        for group in groups_in(table).values():
            told = {key: shown[key] for key in group if shown.get(key)}
            among_themselves = competition_ranks({key: table[key] for key in told})
            assert told == among_themselves, "a gap is the rank of a hidden area"
            is_whole = not any(linked[area] for area, *_ in set(group) & hidden[name])
            assert without & set(group) == (set() if is_whole else set(group))


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return make_release(tmp_path_factory.mktemp("ranks") / "r1")


def column(folder, table, name, edition="public"):
    file = folder / edition / f"{table}.parquet"
    with duckdb.connect() as connection:
        return dict(connection.execute(f"select area_code, {name} from '{file}'").fetchall())


def test_the_example_has_no_public_rank_because_a_county_is_hidden(example):
    for name in RANKS:
        assert set(column(example, "county_ranking", name).values()) == {None}
        assert None not in column(example, "county_ranking", name, "internal").values()
    assert set(column(example, "area_index", "rank").values()) == {None}
    assert set(column(example, "area_index", "previous_rank").values()) == {None}
    assert set(column(example, "area_dimension", "rank").values()) == {None}
    assert list(ranks_told(example)) == []
    assert list(disclosure.differences(example)) == []


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("area_index", "rank"),
        ("area_dimension", "rank"),
        ("county_ranking", "rank"),
        ("county_ranking", "rank_low"),
        ("county_ranking", "rank_high"),
    ],
)
def test_a_rank_beside_a_hidden_area_is_found(tmp_path, table, name):
    folder = make_release(tmp_path / "r1")
    show(folder, table, f"case when area_code = '330381' then judged.{name} end as {name}")
    [fault] = ranks_told(folder)
    assert fault.startswith(f"{table} has ")
    assert list(disclosure.differences(folder)) != []


def show(folder, table, cell):
    """Show a cell of the internal table in the public one."""
    shown, judged = (folder / edition / f"{table}.parquet" for edition in ("public", "internal"))
    key = "area_code, dimension" if table == "area_dimension" else "area_code"
    with duckdb.connect() as connection:
        connection.execute(f"""
            create table rows as
            select public.* replace ({cell})
            from read_parquet('{shown}') as public
            join read_parquet('{judged}') as judged using ({key})
        """)
        connection.execute(f"copy rows to '{shown}' (format parquet)")


# Revisions, and the month after.


@pytest.fixture(scope="module")
def whole():
    """The tables of a city of two counties, of two townships each; none is small."""
    return city_tables([2, 2], 12)


def with_few(tables, township, left):
    """The same tables with so many unions of a township."""
    unions = [row for row in tables["union_index"] if row["township_code"] == township]
    gone = {row["union_id"] for row in unions[left:]}
    areas = [
        {**row, "linked": row["linked"] - len(gone)}
        if township.startswith(row["area_code"])
        else row
        for row in tables["area_index"]
    ]
    kept = [row for row in tables["union_index"] if row["union_id"] not in gone]
    return {**tables, "area_index": areas, "union_index": kept}


def in_order(tables):
    """The same tables, the rows of each in the order of its key."""
    return {
        name: sorted(tables[name], key=lambda row: [row[column] for column in table.key])
        for name, table in published_tables().items()
        if name != "alert"
    } | {"alert": tables["alert"]}


def release(tables, folder, beside=None, predecessor=None):
    """Both editions of tables, beside others and after a month."""
    write_editions(in_order(tables), folder / "made")
    write_internal(folder / "made" / "tables", folder / "internal")
    if predecessor:
        target = folder / "internal" / "predecessor" / "tables"
        target.mkdir(parents=True)
        for file in predecessor.glob("*.parquet"):
            (target / file.name).write_bytes(file.read_bytes())
    write_public(folder / "made" / "tables", folder / "public", beside or Beside(), predecessor)
    return folder


def test_without_hidden_areas_all_ranks_are_shown(whole, tmp_path):
    folder = release(whole, tmp_path / "r1")
    for table in ("area_index", "area_dimension", "county_ranking"):
        shown, judged = (column(folder, table, "rank", name) for name in ("public", "internal"))
        assert shown == judged


def test_a_hidden_city_is_ranked_with_none(whole, tmp_path):
    folder = release(whole, tmp_path / "r1")
    for table, figure in (("area_index", "health_index"), ("area_dimension", "rate")):
        show(folder, table, f"case when area_code <> '{CITY}' then judged.{figure} end as {figure}")
    assert list(ranks_told(folder)) == []


def test_a_small_township_hides_the_ranks_of_its_county_alone(whole, tmp_path):
    folder = release(with_few(whole, TOWNSHIP, 3), tmp_path / "r1")
    ranks = column(folder, "area_index", "rank")
    lacking = {area for area, rank in ranks.items() if rank is None}
    assert lacking == {CITY, TOWNSHIP, OTHER}
    assert None not in column(folder, "county_ranking", "rank").values()
    assert list(ranks_told(folder)) == []


def test_the_month_after_has_no_ranks_of_the_month_that_hid_an_area(whole, tmp_path):
    then = release(with_few(whole, TOWNSHIP, 3), tmp_path / "then" / "r1")
    now = release(
        whole,
        tmp_path / "now" / "r1",
        Beside(month_before=[then]),
        then / "made" / "tables",
    )
    assert column(now, "area_index", "rank")[TOWNSHIP] is not None
    before = column(now, "area_index", "previous_rank")
    assert {area for area, rank in before.items() if rank is None} == {CITY, TOWNSHIP, OTHER}
    assert list(ranks_told(now, [then])) == []
    assert list(disclosure.differences(now)) == []
    show(
        now,
        "area_index",
        f"case when area_code = '{OTHER}' then judged.previous_rank end as previous_rank",
    )
    told = "area_index has 1 ranks of then among which a hidden area had one"
    assert list(ranks_told(now, [then])) == [told]
    assert list(ranks_told(now)) == [told], "small areas of a month without a release"


def test_a_revision_that_hides_an_area_has_no_ranks_beside_it(whole, tmp_path):
    first = release(whole, tmp_path / "r1")
    corrected = copy.deepcopy(whole)
    union = next(row for row in corrected["union_index"] if row["township_code"] == TOWNSHIP)
    union["health_index"] = (union["health_index"] + 1) % 100
    second = release(corrected, tmp_path / "r2", Beside(earlier=[first]))
    assert column(second, "area_index", "suppressed")[TOWNSHIP]
    ranks = column(second, "area_index", "rank")
    assert (ranks[TOWNSHIP], ranks[OTHER]) == (None, None)
    assert ranks["330302001"] is not None
    assert set(column(second, "county_ranking", "rank").values()) == {None}
    assert list(ranks_told(second)) == []
    assert list(disclosure.differences(second)) == []
