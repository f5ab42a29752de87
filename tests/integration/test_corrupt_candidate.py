"""A candidate, or what it is compared with, spoiled in one place.

The check that names it fires, and no others than those foreseen.
"""

import filecmp
import shutil
from dataclasses import replace

import duckdb
import pytest

from orchestration.build import gate
from orchestration.build.candidate import CandidateFiles, planned_build
from orchestration.contract import holidays
from orchestration.contract.holidays import HOLIDAYS
from orchestration.home.records.verdict import MethodologyIdentity
from orchestration.periods import Period
from orchestration.release.rules.judgement import Judgement, other_holidays
from quality.evidence import open_evidence
from quality.publication import published_tables
from quality.queries import judge_queries
from quality.suites import expectations, judge_tables
from quality.verdict import required_checks
from tests.corruptions import listed
from tests.corruptions.spoiling import by_query
from tests.support.lanes import everyday

OTHER_METHODOLOGY = MethodologyIdentity(name="2020", sha256="0" * 64)


DECEMBER = Period(2020, 12)
CORRUPTIONS = listed("candidate")
# One of each room of checks.
EVERYDAY = (
    "a row unaccounted for",
    "a column too many",
    "points a little higher",
    "an indicator left out",
    "a rate of other weights",
    "a tie broken in a county",
    "an area's index a little higher",
    "an indicator's count in a township higher",
    "a county ranked first",
    "an alert of another threshold",
    "months with alerts forgotten",
    "a closed enterprise counted in the frame",
    "a city's index moved by twenty points",
    "amounts in another unit",
)
KINDS = ("floor", "unique", "filled", "due", "codes", "bounds")
pytestmark = pytest.mark.corruption


@pytest.fixture(scope="module")
def sound(example_run):
    """The example's home, and the plan of its candidate of December."""
    settings, _ = example_run
    return settings, planned_build(settings.home, str(DECEMBER))


@pytest.fixture
def spoilable(sound, tmp_path):
    """A copy of what December is judged by: `candidate/`, `before/` and `landing/`."""
    settings, plan = sound
    shutil.copytree(settings.home.candidate(DECEMBER).resolve(), tmp_path / "candidate")
    shutil.copytree(settings.home.candidate(DECEMBER.previous).resolve(), tmp_path / "before")
    shutil.copytree(settings.home.intake(plan.intake), tmp_path / "landing")
    return tmp_path


def same_bytes(settings, folder, table):
    sound = settings.home.candidate(DECEMBER) / "tables" / f"{table}.parquet"
    return filecmp.cmp(sound, folder / "candidate" / "tables" / f"{table}.parquet", shallow=False)


def faults(sound, folder):
    """What the checks that do not pass observed.

    A table that is not spoiled passed its suite when it was judged.
    """
    settings, plan = sound
    given, build = gate.evidence_files(
        settings.home, CandidateFiles.of_candidate(folder / "candidate"), plan
    )
    before = {
        "before_tables": folder / "before" / "tables",
        "before_staging": folder / "before" / "staging",
    }
    with open_evidence(replace(given, **before, landing=folder / "landing"), build) as evidence:
        spoiled = [table for table in published_tables() if not same_bytes(settings, folder, table)]
        results = [
            *judge_tables({table: evidence.table(table).df() for table in spoiled}),
            *judge_queries(evidence),
        ]
    assert all(result.executed for result in results)
    return {(result.name, result.observed) for result in results if not result.passed}


@pytest.fixture(scope="module")
def remarks(sound, tmp_path_factory):
    """The remarks on the sound candidate.

    There is one: the sampling rate of a county of five enterprises moved.
    """
    settings, plan = sound
    folder = tmp_path_factory.mktemp("sound")
    for name, period in (("candidate", DECEMBER), ("before", DECEMBER.previous)):
        (folder / name).symlink_to(settings.home.candidate(period).resolve())
    (folder / "landing").symlink_to(settings.home.intake(plan.intake))
    return faults(sound, folder)


def test_the_sound_candidate_has_one_small_county_that_moved(remarks):
    [(name, observed)] = remarks
    assert name == "plausibility.county_sampling_change"
    assert observed.endswith(": 330328 20.0000")


@pytest.mark.parametrize("corruption", everyday(CORRUPTIONS, *EVERYDAY))
def test_a_corruption_is_named(sound, remarks, spoilable, corruption):
    corruption.spoil(spoilable)
    fired = {name for name, _ in faults(sound, spoilable) - remarks}
    assert fired == {corruption.check, *corruption.also}
    assert required_checks()[corruption.check] == corruption.severity


def in_one_row(cells):
    """A query that puts other cells into the first row."""
    replaced = ", ".join(
        f"case when row_number() over () = 1 then {cell} else {column} end as {column}"
        for column, cell in cells.items()
    )
    return f"select * replace ({replaced}) from given"


def breaking(table):
    """For each kind of expectation of a table, the queries that break it.

    A query breaks all columns at once, each in as few rows as are enough.
    """
    published = published_tables()[table]
    yield "floor", ["from given limit 0"]
    yield "unique", ["from given union all (from given limit 1)"]
    yield "filled", [in_one_row(dict.fromkeys(published.filled, "null"))]
    nulls = ", ".join(f"null as {column}" for column in published.least_shares)
    yield "due", [f"select * replace ({nulls}) from given"] if nulls else []
    yield "codes", [in_one_row(dict.fromkeys(published.codes, "'?'"))] if published.codes else []
    lows = {column: low - 1 for column, (low, _) in published.bounds.items() if low is not None}
    highs = {column: high + 1 for column, (_, high) in published.bounds.items() if high is not None}
    yield "bounds", [in_one_row(lows), *([in_one_row(highs)] if highs else [])]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("table", everyday(published_tables(), "area_index"))
def test_every_expectation_is_broken(sound, tmp_path, table, kind):
    settings, _ = sound
    queries = dict(breaking(table))[kind]
    broken = set()
    for query in queries:
        shutil.copy(settings.home.candidate(DECEMBER) / "tables" / f"{table}.parquet", tmp_path)
        by_query(table, query)(tmp_path)
        with duckdb.connect() as connection:
            results = judge_tables(
                {table: connection.from_parquet(str(tmp_path / f"{table}.parquet")).df()}
            )
        broken |= {result.name for result in results if result.executed and not result.passed}
    assert {name for name in expectations(table) if name.endswith(f".{kind}")} <= broken


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"methodology": OTHER_METHODOLOGY}, "methodology.unchanged"),
        ({"landing_digest": "0" * 64}, "landing.unchanged"),
        ({"predecessor": {}}, "predecessor.stored"),
        ({"holidays": "0" * 64}, "holidays.unchanged"),
    ],
)
def test_a_plan_of_something_else_is_named(sound, spoilable, changes, check):
    settings, plan = sound
    verdict = gate.verdict_on(
        settings.home, spoilable / "candidate", plan.model_copy(update=changes)
    )
    assert check in {each.name for each in verdict.checks if not each.passed}


@pytest.fixture
def calendar(tmp_path, monkeypatch):
    """Lets another calendar take the place of the shipped one: a function of its lines."""
    file = tmp_path / "public_holidays.csv"
    monkeypatch.setattr(holidays, "HOLIDAYS", file)

    def write(line_of):
        lines = HOLIDAYS.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join(filter(None, map(line_of, lines))), encoding="utf-8")

    return write


@pytest.mark.parametrize(
    ("provisional", "check"), [(False, "holidays.official"), (True, "holidays.projected")]
)
def test_a_closed_month_by_projected_holidays_stops_and_a_running_one_warns(
    sound, spoilable, calendar, provisional, check
):
    settings, plan = sound
    announced = [str(year) for year in range(2004, 2020)]
    calendar(
        lambda line: (
            line if line[:4] in {"date", *announced} else line.replace("official", "projected")
        )
    )
    verdict = gate.verdict_on(
        settings.home,
        spoilable / "candidate",
        plan.model_copy(update={"provisional": provisional}),
    )
    failing = [
        each for each in verdict.checks if each.name.startswith("holidays.") and not each.passed
    ]
    assert [(each.name, each.severity) for each in failing] == [
        (check, "warn" if provisional else "stop")
    ]
    assert failing[0].observed == (
        "the official days reach 2019-12-31, the figures 2020-12-31; "
        "run uhi calendar import, then the month again"
    )
    assert verdict.passed == provisional


def test_a_month_is_stale_where_a_day_up_to_its_end_is_another_and_only_there(
    sound, spoilable, calendar
):
    settings, plan = sound
    for left_out, is_unchanged in (("2021-01-01", True), ("2020-10-01", False)):
        calendar(lambda line, day=left_out: None if line.startswith(day) else line)
        verdict = gate.verdict_on(settings.home, spoilable / "candidate", plan)
        assert verdict.check("holidays.unchanged").passed == is_unchanged
        state = Judgement(settings.home, DECEMBER, verdict, "0" * 64, (), None)
        assert (other_holidays(state) is None) == is_unchanged


def test_a_running_month_is_not_stale(sound, spoilable):
    settings, plan = sound
    by_query(
        "candidate/staging/row_balance",
        "select * replace (date '2020-12-01' as latest_change) from given",
    )(spoilable)
    for provisional in (False, True):
        given, build = gate.evidence_files(
            settings.home, CandidateFiles.of_candidate(spoilable / "candidate"), plan
        )
        with open_evidence(given, replace(build, provisional=provisional)) as evidence:
            results = {result.name: result.passed for result in judge_queries(evidence)}
        assert results["plausibility.latest_change"] == provisional


def test_what_an_older_version_did_not_store_of_the_month_before_has_no_rows(
    sound, spoilable, remarks
):
    for name in ("tables/county_ranking", "staging/refused_rows", "staging/source_profile"):
        (spoilable / "before" / f"{name}.parquet").unlink()
    assert faults(sound, spoilable) <= remarks


def test_a_missing_table_is_not_judged(sound, spoilable):
    (spoilable / "candidate" / "tables" / "alert.parquet").unlink()
    with pytest.raises(duckdb.IOException, match="alert"):
        faults(sound, spoilable)
