"""What moved an index, compared with exact fractions.

Where the methodology changed, it is compared with the reference calculation.
"""

import csv
import shutil
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.build import warehouse
from orchestration.contract.methodology_tables import COLUMNS
from orchestration.lineage import compiled
from orchestration.release.decomposition import decompose
from orchestration.release.editions import copy_methodology
from orchestration.release.rescoring import rescore
from orchestration.settings import DBT_PROJECT, METHODOLOGY
from quality.decomposition import other_decomposition
from quality.publication import published_tables
from tests.reference.calculation import calculate
from tests.reference.exact import rounded
from tests.support.records import verdict
from tests.support.settings import EXAMPLE

INDICES = st.integers(0, 1_000_000).map(lambda units: Fraction(units, 10_000))
TOWNSHIPS = ("330302001", "330302002", "330327001")
SAMPLES = st.dictionaries(
    st.sampled_from([f"U{number}" for number in range(8)]),
    st.tuples(st.sampled_from(TOWNSHIPS), INDICES),
    max_size=8,
)


def write(folder, table, rows):
    """Write rows of text as a published table of an internal edition."""
    columns = published_tables()[table].columns
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(columns))
        writer.writeheader()
        writer.writerows([{name: row.get(name) for name in columns} for row in rows])
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    options = f"auto_detect = false, header = true, columns = {{{types}}}"
    read = f"read_csv('{folder / table}.csv', {options})"
    duckdb.sql(f"copy (from {read}) to '{folder / table}.parquet' (format parquet)")


def release_of(folder, period, sample):
    """A release of a sample: unions with their townships and indices."""
    internal = folder / "internal"
    internal.mkdir(parents=True)
    copy_methodology(COLUMNS, internal / "methodology")
    verdict(period).write(folder / "verdict.json")
    unions = [
        {
            "period": period,
            "union_id": union,
            "township_code": township,
            "county_code": township[:6],
            "health_index": decimal(index),
        }
        for union, (township, index) in sample.items()
    ]
    areas = []
    for code in sorted({township[:length] for township in TOWNSHIPS for length in (4, 6, 9)}):
        indices = [index for township, index in sample.values() if township.startswith(code)]
        mean = decimal(rounded(sum(indices) / len(indices))) if indices else None
        level = {4: "city", 6: "county", 9: "township"}[len(code)]
        areas.append(
            {
                "period": period,
                "area_code": code,
                "level": level,
                "health_index": mean,
                "linked": len(indices),
            }
        )
    write(internal, "union_index", unions)
    write(internal, "union_indicator", [])
    write(internal, "area_index", areas)
    return folder


def decimal(number):
    return f"{float(number):.4f}"


def decomposed(before, after):
    with duckdb.connect() as connection:
        decompose(connection, before, after)
        found = connection.sql("from decomposition order by area_code")
        return {row[1]: dict(zip(found.columns, row, strict=True)) for row in found.fetchall()}


def store(before, after):
    """Write the decomposition where the check of a release reads it, in both editions."""
    (after / "public").mkdir()
    with duckdb.connect() as connection:
        decompose(connection, before, after)
        connection.execute(
            f"copy decomposition to '{after}/internal/decomposition.parquet' (format parquet)"
        )
        connection.execute(
            "copy (from decomposition where level = 'city')"
            f" to '{after}/public/decomposition.parquet' (format parquet)"
        )


@given(SAMPLES, SAMPLES)
def test_the_parts_are_those_of_exact_fractions_and_add_up(tmp_path_factory, old, new):
    folder = tmp_path_factory.mktemp("releases")
    before, after = (
        release_of(folder / "before", "2020-11", old),
        release_of(folder / "after", "2020-12", new),
    )
    store(before, after)
    assert [fault for fault in other_decomposition(after, before) if "public" not in fault] == []
    for code, row in decomposed(before, after).items():
        olds = {
            union: index for union, (township, index) in old.items() if township.startswith(code)
        }
        news = {
            union: index for union, (township, index) in new.items() if township.startswith(code)
        }
        assert (row["stayed"], row["joined"], row["left_sample"]) == (
            len(olds.keys() & news.keys()),
            len(news.keys() - olds.keys()),
            len(olds.keys() - news.keys()),
        )
        if olds and news:
            assert (
                row["change"] == row["data"] + row["membership"] + row["method"] + row["rounding"]
            )
            assert row["method"] == 0
        else:
            assert row["data"] is row["membership"] is row["change"] is None


@pytest.mark.parametrize(
    "part",
    [
        "data",
        "membership",
        "method",
        "rounding",
        "stayed",
        "joined",
        "left_sample",
        "before",
        "change",
    ],
)
def test_the_check_of_a_release_finds_a_part_that_is_wrong(tmp_path, part):
    old = {
        "U0": (TOWNSHIPS[0], Fraction(50)),
        "U1": (TOWNSHIPS[0], Fraction(61)),
        "U2": (TOWNSHIPS[2], Fraction(70)),
    }
    new = {
        "U0": (TOWNSHIPS[0], Fraction(52)),
        "U2": (TOWNSHIPS[2], Fraction(71)),
        "U3": (TOWNSHIPS[2], Fraction(90)),
    }
    before, after = (
        release_of(tmp_path / "before", "2020-11", old),
        release_of(tmp_path / "after", "2020-12", new),
    )
    store(before, after)
    assert [fault for fault in other_decomposition(after, before) if "public" not in fault] == []
    file = after / "internal" / "decomposition.parquet"
    table = duckdb.sql(f"select * replace ({part} + 1 as {part}) from '{file}'").to_arrow_table()
    assert table.num_rows
    duckdb.from_arrow(table).write_parquet(str(file))
    assert any(
        fault.startswith("internal/decomposition is wrong")
        for fault in other_decomposition(after, before)
    )


@pytest.fixture
def months(tmp_path):
    """The example's November and December as releases."""
    folders = {}
    for period in ("2020-11", "2020-12"):
        folder = release_of(tmp_path / period, period, {})
        for table in ("union_index", "union_indicator", "area_index"):
            with (EXAMPLE / "expected" / period / f"{table}.csv").open(
                encoding="utf-8", newline=""
            ) as lines:
                write(
                    folder / "internal",
                    table,
                    [{"period": period, **row} for row in csv.DictReader(lines)],
                )
        folders[period] = folder
    return folders["2020-11"], folders["2020-12"]


def edit_methodology(release, table, old, new):
    file = release / "internal" / "methodology" / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def rescored(before, after):
    with duckdb.connect() as connection:
        rescore(connection, before, after)
        return dict(connection.sql("select union_id, units from rescored").fetchall())


def stored_indices(release):
    rows = duckdb.sql(
        f"select union_id, health_index from '{release}/internal/union_index.parquet'"
    ).fetchall()
    return {union: int(index * 10_000) for union, index in rows}


CHANGES = {
    "the same, written otherwise": [("indicators", "basic,9,percent", "basic,9.0,percent")],
    "weights": [
        ("indicators", "basic,9,percent", "basic,11,percent"),
        ("indicators", "basic,7,percent", "basic,5,percent"),
    ],
    "knots": [("scoring_knots", "enrolment_rate,90,100", "enrolment_rate,97,100")],
    "dimensions": [
        ("dimensions", "organization,1,30", "organization,1,26"),
        ("dimensions", "rights,2,30", "rights,2,34"),
        ("indicators", "basic,9,percent", "basic,5,percent"),
        ("indicators", "rights,6,basic,6", "rights,6,basic,10"),
    ],
}


@pytest.mark.parametrize("name", CHANGES)
def test_indices_by_another_methodology_are_those_of_the_reference(months, tmp_path, name):
    before, after = months
    for table, old, new in CHANGES[name]:
        edit_methodology(after, table, old, new)
    methodology = shutil.copytree(METHODOLOGY, tmp_path / "methodology")
    for table in COLUMNS:
        text = (after / "internal" / "methodology" / f"{table}.csv").read_text(encoding="utf-8-sig")
        (methodology / f"{table}.csv").write_text(text, encoding="utf-8")
    due = calculate(EXAMPLE / "source", methodology, ["2020-11"])["2020-11"]["union_index"]
    found = rescored(before, after)
    assert found == {row["union_id"]: int(Fraction(row["health_index"]) * 10_000) for row in due}
    assert (found == stored_indices(before)) == (name == "the same, written otherwise")


def test_there_is_no_other_formula_than_that_of_the_dbt_project(months, tmp_path, monkeypatch):
    before, after = months
    for table, old, new in CHANGES["knots"]:
        edit_methodology(after, table, old, new)
    as_released = rescored(before, after)
    project = shutil.copytree(
        DBT_PROJECT, tmp_path / "dbt_project", ignore=shutil.ignore_patterns("target")
    )
    monkeypatch.setattr(warehouse, "DBT_PROJECT", project)
    for module in (warehouse, compiled):
        monkeypatch.setattr(module, "DBT_TARGET", project / "target")
    macro = project / "macros" / "scoring.sql"
    text = macro.read_text(encoding="utf-8")
    missing_scores_0 = "'missing' then cast(0 as"
    assert missing_scores_0 in text
    macro.write_text(text.replace(missing_scores_0, "'missing' then cast(100 as"), encoding="utf-8")
    assert sum(rescored(before, after).values()) > sum(as_released.values())


def test_a_change_of_methodology_shows_as_method(months):
    before, after = months
    assert all(row["method"] in (0, None) for row in decomposed(before, after).values())
    for table, old, new in CHANGES["dimensions"]:
        edit_methodology(after, table, old, new)
    rows = decomposed(before, after)
    assert rows["3303"]["method"] != 0
    for row in rows.values():
        if row["change"] is not None:
            assert (
                row["change"] == row["data"] + row["membership"] + row["method"] + row["rounding"]
            )
