"""From a source that revises published months to what is said of each row and figure.

The contract's example, with November and December published; then its source changes.
"""

import csv
import json
import shutil
from collections import Counter
from types import SimpleNamespace

import dagster as dg
import pytest
from click.testing import CliRunner

from orchestration.build import candidate
from orchestration.cli.build import Comparison
from orchestration.cli.main import main
from orchestration.defs.revisions import revision_results
from orchestration.errors import VerificationError
from orchestration.extract.landing import extract
from orchestration.home.layout import Home
from orchestration.home.records.revisions import Revisions
from orchestration.periods import Period
from orchestration.release.changes import changes_between
from orchestration.revisions import figures
from orchestration.revisions.comparing import revisions_of
from orchestration.settings import METHODOLOGY
from orchestration.state import describe, state_of
from quality.connection import connect
from tests.support.faults import copy_of, digests
from tests.support.settings import CALENDAR, EXAMPLE, KEY, settings_in

ANNOUNCED = "2099-01-01T00:00:00+08:00"
BEFORE = "2020-11-01"
WINDOW = "2019-12-31"


class Source:
    """A copy of the example's source that a test changes; `revised` counts what that revises."""

    def __init__(self, folder):
        self.folder = folder
        unions = self.rows("union_org")
        self.unions = {row["union_id"]: row["enterprise_id"] for row in unions}
        self.linked = {row["enterprise_id"] for row in unions if "" < row["linked_on"] < BEFORE}
        self.regions = {row["enterprise_id"]: row["region_code"] for row in self.rows("enterprise")}
        self.revised = {"2020-11": Counter(), "2020-12": Counter()}

    def rows(self, table):
        with (self.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, table, rows):
        with (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def place(self, row):
        return row.get("enterprise_id") or self.unions[row["union_id"]]

    def change(self, table, wanted, changes, *counted, months=("2020-11", "2020-12"), kind=None):
        """Change the first wanted row of a linked enterprise; with a kind, remove or add it."""
        rows = self.rows(table)
        row = next(each for each in rows if wanted(each) and self.place(each) in self.linked)
        if kind == "gone":
            rows.remove(row)
        elif kind == "added":
            rows.append(row | changes)
        else:
            row |= changes
        self.write(table, rows)
        county = self.regions[self.place(row)][:6]
        for month in months:
            self.revised[month].update((table, county, each) for each in counted)


def before(column):
    return lambda row: WINDOW < row[column] < BEFORE


def revise(source):
    """Change a source announced, silently, and after the months that are published."""
    source.change(
        "enterprise",
        lambda row: int(row["employee_count"] or 0) > 50,
        {"employee_count": "26", "updated_at": ANNOUNCED},
        "changed",
    )
    source.change("activity", before("held_on"), {"participants": "1"}, "changed", "unannounced")
    source.change("workers_congress", before("held_on"), {}, "gone", "unannounced", kind="gone")
    source.change(
        "violation",
        before("found_on"),
        {"violation_id": "V999", "due_on": "2020-10-05", "rectified_on": ""},
        "added",
        "unannounced",
        kind="added",
    )
    december = {"activity_id": "A998", "held_on": "2020-12-05", "updated_at": ANNOUNCED}
    source.change(
        "activity", before("held_on"), december, "added", months=("2020-12",), kind="added"
    )
    january = {"activity_id": "A999", "held_on": "2021-01-05"}
    source.change("activity", before("held_on"), january, months=(), kind="added")
    source.change(
        "fund_remittance",
        lambda row: not row["paid_on"] and row["month"] < BEFORE,
        {"amount_paid": "5.00", "paid_on": "2021-01-10"},
        months=(),
    )


def uhi(home, *arguments):
    environment = {
        "UHI_HOME": str(home),
        "UHI_PSEUDONYM_KEY": KEY,
        "UHI_RELEASE_CALENDAR": str(CALENDAR),
    }
    return CliRunner().invoke(main, arguments, env=environment)


@pytest.fixture(scope="module")
def night(two_months, tmp_path_factory):
    """What an intake of the revised source says, and a run of November on the same rows after it.

    The intake is held against the releases with their builds still there; the run has a candidate
    of November instead.
    """
    folder = tmp_path_factory.mktemp("revised")
    home = copy_of(two_months, folder, "home")
    source = Source(shutil.copytree(EXAMPLE / "source", folder / "source"))
    revise(source)
    settings = settings_in(home)
    intake = extract(settings, str(source.folder), lambda _: None).record.intake
    untouched = digests(home)
    built = []
    found = revisions_of(settings, intake, built.append)
    touched = {name: digest for name, digest in digests(home).items() if "revisions/" not in name}
    untold = uhi(home, "source", "revisions", "--intake", intake)
    run = uhi(home, "run", "--source", str(source.folder), "--period", "2020-11", "--as", "carol")
    return SimpleNamespace(
        settings=settings,
        home=home,
        source=source,
        found=found,
        progress=built,
        untouched=untouched == touched,
        command=untold,
        run=run,
    )


def counted(month):
    """The revised rows of a month as the source counts them."""
    kinds = ("added", "changed", "gone", "unannounced")
    return Counter(
        {
            (each.table, each.county, kind): getattr(each, kind)
            for each in month.rows
            for kind in kinds
            if getattr(each, kind)
        }
    )


def test_the_rows_of_each_month_are_counted_by_table_and_county(night):
    assert [month.period for month in night.found.months] == ["2020-11", "2020-12"]
    for month in night.found.months:
        assert counted(month) == night.source.revised[month.period]
        assert month.rows_problem is None
        assert month.figures_problem is None


def test_the_figures_that_would_move_are_those_of_a_new_build_of_the_month(night):
    home = Home(night.home)
    moved = changes_between(
        home.release("2020-11", "r1") / "internal", home.built_candidate("2020-11") / "tables"
    )
    told = home.revisions_of(night.found.intake) / "revised_figures.parquet"
    columns = (
        "table_name, key, change, column_name, before, after, difference, before_text, after_text"
    )
    with connect() as connection:
        built = set(connection.sql(f"select {columns} from ({moved})").fetchall())
        query = f"select {columns} from read_parquet('{told}') where period = '2020-11'"
        figures_told = connection.sql(query).fetchall()
    assert len(built) > 20
    assert len(figures_told) == len(built) == sum(f.figures for f in night.found.months[0].figures)
    assert set(figures_told) == built
    indices = [row for row in built if row[3] == "health_index"]
    largest = max(indices, key=lambda row: (abs(row[6]), row[0] == "area_index"))
    assert night.found.months[0].largest_move.code == largest[1]


def test_a_candidate_of_the_month_on_the_intake_gives_the_same(night):
    latest = json.loads(uhi(night.home, "source", "revisions", "--json").stdout)
    assert latest["intake"] != night.found.intake
    assert latest["months"] == [month.as_json() for month in night.found.months]


def test_nothing_of_the_home_changes_but_what_it_says_of_revisions(night):
    assert night.untouched
    assert any("2020-11 r1: models and tests built" in line for line in night.progress)


def test_each_door_tells_it_in_a_line(night):
    [november, december] = [
        line for line in describe(state_of(night.settings.home)) if line.startswith("Revised")
    ]
    rows = "4 rows in 4 tables (3 unannounced)"
    assert november.startswith(f"Revised since published: 2020-11 r1: {rows}, ")
    assert "figures would move, county 3303" in november
    assert "5 rows in 4 tables (3 unannounced)" in december
    assert november in night.run.output
    assert november in uhi(night.home, "status").output
    assert f"  2020-11 r1: {rows}" in night.command.output
    assert "largest move of an index: " in night.command.output


def test_the_check_in_dagster_warns_and_shows_no_figure(night):
    [made, warned] = revision_results(night.settings.home, Period(2020, 11))
    assert (made.metadata["published_months"], made.metadata["revised_months"]) == (2, 2)
    assert (warned.passed, warned.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "2020-11 r1: 4 rows in 4 tables (3 unannounced)" in warned.description
    assert "| 2020-12 | activity | " in warned.metadata["rows"].value
    assert "| 2020-11 | area_index | city | " in warned.metadata["figures"].value
    assert night.found.months[0].largest_move.after not in str(warned)


def test_what_is_written_is_read_again_unless_it_was_changed(night, tmp_path):
    home = copy_of(night.home, tmp_path, "home")
    folder = Home(home).revisions_of(night.found.intake)
    written = digests(folder)
    assert revisions_of(settings_in(home), night.found.intake, lambda _: None) == night.found
    assert digests(folder) == written
    (folder / "revised_rows.parquet").write_bytes(b"")
    done = uhi(home, "source", "revisions", "--intake", night.found.intake)
    assert done.exit_code == VerificationError.exit_code
    assert "is not as it was written: revised_rows. Take it away" in done.output


def asked_anew(night, tmp_path):
    """Settings of a copy of the home in which nothing is known of revisions."""
    home = copy_of(night.home, tmp_path, "home")
    shutil.rmtree(Home(home).revisions)
    return settings_in(home)


def test_a_landing_that_is_gone_is_named(night, tmp_path):
    settings = asked_anew(night, tmp_path)
    home = settings.home
    found = describe(state_of(home))
    assert any(line.startswith("Revised since published: not known of ") for line in found)
    release = json.loads((home.release("2020-11", "r1") / "manifest.json").read_text())
    published = home.intake(release["landing"]["intake"])
    [object_of_venues] = [(published / "activity.parquet").resolve()]
    object_of_venues.unlink()
    revised = revisions_of(settings, night.found.intake, lambda _: None)
    assert "the landed files of activity of the intake" in revised.months[0].rows_problem
    assert revised.revised == list(revised.months)
    shutil.rmtree(home.revisions)
    shutil.rmtree(published)
    revised = revisions_of(settings, night.found.intake, lambda _: None)
    assert revised.months[0].rows_problem == (
        f"the home does not have the intake {published.name} any more"
    )


def test_figures_by_another_methodology_are_said_not_to_be_known(night, tmp_path, monkeypatch):
    settings = asked_anew(night, tmp_path)
    changed = shutil.copytree(METHODOLOGY, tmp_path / "methodology")
    with (changed / "grades.csv").open("a", encoding="utf-8") as grades:
        grades.write("\n")
    monkeypatch.setattr(candidate, "METHODOLOGY", changed)
    revised = revisions_of(settings, night.found.intake, lambda _: None)
    assert counted(revised.months[0]) == night.source.revised["2020-11"]
    assert revised.months[0].figures == ()
    assert "The methodology has changed since the release" in revised.months[0].figures_problem


def test_an_intake_is_held_against_so_many_of_the_latest_months(night, tmp_path):
    settings = asked_anew(night, tmp_path)
    none = settings.model_copy(update={"revision_months": 0})
    assert revisions_of(none, night.found.intake, lambda _: None).months == ()


def test_what_cannot_be_compared_leaves_the_verdicts_and_is_raised_after_them(night, tmp_path):
    settings = asked_anew(night, tmp_path)
    table = settings.home.release("2020-12", "r1") / "internal" / "area_index.parquet"
    table.chmod(0o600)
    table.write_bytes(b"")
    comparison = Comparison.of(settings, night.found.intake, lambda _: None)
    assert isinstance(comparison.problem, VerificationError)
    assert "internal/area_index.parquet" in str(comparison.problem)
    assert "What was judged stands" in comparison.lines()[0]
    assert not settings.home.revisions_of(night.found.intake).exists()
    assert Revisions.in_folder(settings.home.revisions_of(night.found.intake)) is None


def test_the_release_s_own_build_is_begun_with_where_it_is_there(two_months, tmp_path):
    home = Home(copy_of(two_months, tmp_path, "home"))
    plan = candidate.planned_build(home, "2020-12")
    variables = candidate.build_variables(home, plan)
    kept = figures.builder_of(home, plan, variables)
    assert kept.__class__.__name__ == "CompiledBuild"
    other = plan.model_copy(update={"as_of": "2020-12-30"})
    assert figures.builder_of(home, other, variables) is figures.warehouse.build
