"""Versions of the methodology with other indicators and dimensions, month by month.

Each goes from source to release, trace and rebuild.
"""

import json

import duckdb
import pytest

from orchestration.contract.methodology import load_methodology, read_methodology
from orchestration.settings import METHODOLOGY
from quality.publication import published_tables
from tests.reference import calculate, indicators
from tests.support.cells import INTERVAL, cells
from tests.support.settings import EXAMPLE, settings_in
from tests.support.versions import (
    DECEMBER,
    NEW,
    NOVEMBER,
    OCTOBER,
    PERIODS,
    SEPTEMBER,
    copy_project,
    run_in,
    women,
)

pytestmark = pytest.mark.drill
COUNTS = {SEPTEMBER: (4, 2), OCTOBER: (20, 4), NOVEMBER: (19, 3), DECEMBER: (21, 5)}


def run_versions(folder):
    """The copied project, its home, and the results of all months as done.json.

    The results are of the months' runs, releases, traces and rebuilds.
    """
    done = run_in(copy_project(folder / "project"), folder / "home", EXAMPLE / "source")
    (folder / "done.json").write_text(json.dumps(done), encoding="utf-8")


@pytest.fixture(scope="module")
def project(prebuilt):
    return prebuilt("versions", run_versions) / "project"


@pytest.fixture(scope="module")
def done(project):
    return json.loads((project.parent / "done.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def expected(project):
    """The months by the independent calculation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(indicators.INDICATORS, NEW, women)
        return calculate(
            EXAMPLE / "source",
            project / "dbt_project" / "seeds" / "methodology",
            [str(period) for period in PERIODS],
        )


def read(project, period, table, query):
    file = project.parent / "home" / "candidates" / str(period) / "tables" / f"{table}.parquet"
    return duckdb.sql(f"{query} from '{file}'").fetchall()


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_every_table_is_that_of_the_independent_calculation(project, done, expected, period):
    settings = settings_in(project.parent / "home")
    for table in published_tables():
        due = [
            {column: cell for column, cell in row.items() if column not in INTERVAL}
            for row in expected[str(period)][table]
        ]
        assert cells(settings, str(period), table) == due, table


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_a_month_has_the_indicators_and_dimensions_of_its_version_alone(project, done, period):
    methodology = read_methodology(project / "dbt_project" / "seeds" / "methodology", period)
    for table, kind, number in (
        ("union_indicator", "indicator", 0),
        ("area_indicator", "indicator", 0),
        ("union_dimension", "dimension", 1),
        ("area_dimension", "dimension", 1),
    ):
        found = {name for (name,) in read(project, period, table, f"select distinct {kind}")}
        assert found == {row[kind] for row in methodology.tables[f"{kind}s"]}, table
        assert len(found) == COUNTS[period][number]
    assert read(
        project,
        period,
        "county_ranking",
        "select count(*) filter (where rank is not null and rank_low is null)",
    ) == [(0,)]


def test_all_months_pass_and_each_version_is_approved_by_its_own_digest(done):
    assert done["passed"] == [True] * 4, done["failed"]


def test_a_union_to_which_nothing_applies_has_nulls_and_counts_as_linked(project, done):
    [(unions, measured, ranked)] = read(
        project, SEPTEMBER, "union_index", "select count(*), count(health_index), count(city_rank)"
    )
    assert 0 < measured == ranked < unions
    assert read(project, SEPTEMBER, "area_index", "select linked, green + yellow + red") != []
    [(linked,)] = read(project, SEPTEMBER, "area_index", "select max(linked)")
    assert linked == unions
    briefing = next(
        (project.parent / "home" / "prepared" / "2020-09" / "internal").glob("*briefing*.docx")
    )
    assert f"enter no mean: {unions - measured}." in text_of(briefing)


def text_of(document):
    from docx import Document

    return "\n".join(paragraph.text for paragraph in Document(str(document)).paragraphs)


def test_traces_agree_and_rebuilds_are_identical_over_changes_of_version(done):
    assert done["differences"] == [[], [], [], []]
    assert [len(names) for names in done["indicators"]] == [4, 19, 21]
    assert done["rebuilt"] == [[True, None]] * 2


def test_a_trace_tells_of_unions_without_an_index(done):
    of_area, of_union = ("\n".join(lines) for lines in done["lines"])
    assert " without an index, " in of_area
    assert "no rank: no indicator applies to it" in of_union


def test_a_missing_recount_lets_neither_trace_nor_rebuild_pass(done):
    assert len(done["refused"]) == 3
    assert all(NEW in reason for reason in done["refused"])


def test_the_release_says_what_the_change_of_version_moved(project, done):
    release = project.parent / "home" / "releases" / "2020-12" / "r1"
    [(change, method)] = duckdb.sql(
        f"select change, method from '{release}/internal/decomposition.parquet'"
        " where level = 'city'"
    ).fetchall()
    assert change is not None
    assert method != 0
    rows = duckdb.sql(
        f"select distinct split_part(key, '/', 2) from '{release}/internal/changes.parquet' "
        "where table_name = 'union_indicator' and change = 'appeared'"
    ).fetchall()
    assert (NEW,) in rows


def test_the_shipped_version_is_in_the_copy_as_it_is(project):
    copied = read_methodology(project / "dbt_project" / "seeds" / "methodology", OCTOBER)
    assert copied.method_digest == load_methodology(METHODOLOGY, OCTOBER).method_digest
