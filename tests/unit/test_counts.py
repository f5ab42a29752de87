"""Counts that are shown do not tell hidden ones by bounds: none of the hidden unions, or all.

The attacker is a linear program over the counts that are shown (`quality/counts.py`).
"""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.documents.briefing.finding import red_share
from orchestration.documents.briefing.sections.alerts import city_codes
from orchestration.documents.briefing.wording import say
from orchestration.documents.site.page import render_page
from orchestration.release.hidden_counts import room_among_enterprises, room_among_unions
from orchestration.release.sums import Measured
from orchestration.release.suppression import hidden_for_bounds, suppressed_areas
from quality import disclosure, recovery
from quality.counts import Counts, blocks_of, narrow_among
from quality.recovery import Figure, parts_of, recoverable_within
from tests.support.editions import make_edition, make_release

PERIOD = "2020-12"
SHOWN_COUNTY = "330381"
COLUMNS = ("green", "yellow", "red")
ONE_YELLOW = """
    update {} set yellow = yellow + 1, red = red - 1
    where area_code in ('3303', '330381', '330381001')
"""


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return make_release(tmp_path_factory.mktemp("counts") / "r1")


def shown(folder, columns):
    """What an edition shows of the county of which its townships are hidden."""
    query = f"select {', '.join(columns)} from read_parquet('{folder}/public/area_index.parquet')"
    with duckdb.connect() as connection:
        return connection.execute(f"{query} where area_code = '{SHOWN_COUNTY}'").fetchone()


def show(folder, table, columns):
    """Show counts of all areas that are not suppressed."""
    file = folder / "public" / f"{table}.parquet"
    judged = folder / "internal" / f"{table}.parquet"
    cells = ", ".join(
        f"case when not suppressed then judged.{column} end as {column}" for column in columns
    )
    with duckdb.connect() as connection:
        connection.execute(f"""
            create table shown as
            select public.* replace ({cells})
            from read_parquet('{file}') as public
            join read_parquet('{judged}') as judged using (area_code)
        """)
        connection.execute(f"copy shown to '{file}' (format parquet)")


def test_a_count_of_all_unions_of_hidden_areas_is_not_shown_of_the_area_around_them(example):
    assert shown(example, COLUMNS) == (None, None, None)
    linked, index, suppressed = shown(example, ["linked", "health_index", "suppressed"])
    assert linked == 29
    assert index is not None
    assert not suppressed
    assert list(recovery.recoverable(example)) == []
    assert list(disclosure.differences(example)) == []


def test_a_count_that_tells_those_of_hidden_areas_is_found(tmp_path):
    folder = make_release(tmp_path / "r1")
    show(folder, "area_index", COLUMNS)
    show(folder, "population_change", ["opened", "closed"])
    told = "1 sum of hidden areas tells counts of few unions"
    named = [
        "area_index.yellow",
        "area_index.red",
        "population_change.opened",
        "population_change.closed",
    ]
    found = {f"{name}: {told}" for name in named}
    assert set(recovery.recoverable(folder)) == found
    assert list(disclosure.differences(folder)) == []


def test_counts_that_belong_together_are_hidden_together(tmp_path):
    folder = make_release(tmp_path / "r1")
    show(folder, "area_index", ["green", "yellow"])
    assert list(disclosure.differences(folder)) == ["area_index differs in 2 rows"]


def test_where_the_hidden_unions_differ_their_counts_are_shown_around_them(tmp_path):
    folder = make_release(tmp_path / "r1", [ONE_YELLOW.format("area_index")])
    assert shown(folder, COLUMNS) == (0, 1, 28)
    assert list(recovery.recoverable(folder)) == []


def test_a_count_that_a_release_hid_stays_hidden_in_its_revisions(example, tmp_path):
    folder = make_release(tmp_path / "r2", [ONE_YELLOW.format("area_index")], earlier=[example])
    assert shown(folder, COLUMNS) == (None, None, None)


def test_documents_show_the_city_without_its_health_codes_where_they_are_hidden(tmp_path):
    edition = make_edition(tmp_path / "edition")
    edition.city.update(green=None, yellow=None, red=None)
    assert city_codes(edition.city) == say("alerts_none")
    assert list(red_share(edition)) == []
    assert 'class="share"' not in render_page(edition, [])


# By chance: cities whose areas each have some counted unions, most often none or all.


def shares(linked):
    """Two counts that add up to the linked unions, and one of enterprises."""
    part = st.sampled_from([0, linked]) | st.integers(0, linked)
    return st.tuples(st.just(linked), part, st.sampled_from([0, 0, 1, 5]))


townships = st.one_of(st.integers(0, 12), st.integers(10, 40)).flatmap(shares)
counties = st.lists(townships, min_size=1, max_size=5)
cities = st.lists(counties, min_size=1, max_size=4)


def added(city):
    """The figures of every area from those of the townships, by code."""
    areas = {}
    for county, rows in enumerate(city, start=1):
        for number, figures in enumerate(rows, start=1):
            code = f"33030{county}00{number}"
            for length in (4, 6, 9):
                before = areas.get(code[:length], (0, 0, 0))
                areas[code[:length]] = tuple(map(sum, zip(before, figures, strict=True)))
    return areas


def judged_by_chance(city):
    """Linked unions, hidden areas and, of both kinds of counts, the judged ones and their room."""
    areas = added(city)
    linked = {code: figures[0] for code, figures in areas.items()}
    hidden = suppressed_areas(Measured(linked, {}))
    codes = {code: (part, whole - part) for code, (whole, part, _) in areas.items()}
    events = {code: (number,) for code, (_, _, number) in areas.items()}
    kinds = [
        (True, codes, {code: room_among_unions(codes[code], linked[code]) for code in codes}),
        (False, events, {code: room_among_enterprises(events[code], 0) for code in events}),
    ]
    return linked, hidden, kinds


@given(cities)
def test_no_counts_that_are_shown_tell_hidden_ones(city):
    linked, hidden, kinds = judged_by_chance(city)
    for is_partition, judged, room in kinds:
        behind = {area: max(number, 1) for area, number in linked.items()}
        lacking = hidden_for_bounds(behind, hidden, room)
        assert lacking >= hidden.keys()
        areas = frozenset(linked.keys() - lacking)
        told = {area: judged[area] for area in areas}
        names = [str(place) for place in range(len(judged["3303"]))]
        counts = Counts(names, is_partition, judged, told)
        assert not narrow_among(list(blocks_of(counts, linked)))
        figure = Figure(linked, areas, parts_of(sorted(linked)))
        assert list(recoverable_within({"count": figure})) == []


@given(cities)
def test_where_no_area_is_hidden_no_count_is(city):
    linked, hidden, kinds = judged_by_chance(city)
    if not hidden:
        for _, _, room in kinds:
            assert hidden_for_bounds(linked, hidden, room) == set()
