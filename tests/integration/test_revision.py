"""Releases that follow others: what they revise and why, and what changed."""

import json
import re
import shutil

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner

from orchestration.audit import tracing
from orchestration.cli.main import main
from orchestration.documents import figures
from orchestration.errors import RefusedError, UsageError
from orchestration.home import files, releases
from orchestration.periods import Period
from orchestration.release import bundle, comparison, preparation, publication, retraction
from orchestration.why import movement
from quality import pages, standing
from tests.support.briefings import squeezed, text_of
from tests.support.faults import copy_of
from tests.support.homes import PREPARED, REASON
from tests.support.people import DECEMBER, approve, publish_prepared
from tests.support.settings import settings_in

NOVEMBER = Period(2020, 11)


@pytest.fixture
def settings(revised, tmp_path):
    shutil.copytree(revised.home.folder.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    return settings_in(tmp_path / "home")


def rows(file, query="select *", condition="true"):
    return duckdb.sql(f"{query} from '{file}' where {condition}").fetchall()


def test_a_revision_says_what_it_is_and_what_it_supersedes(settings):
    first = settings.home.release("2020-12", "r1")
    second = publish_prepared(settings)
    assert (second.name, releases.in_force(settings.home)) == ("r2", {"2020-12": "r2"})
    manifest = bundle.verify(second).manifest.as_json()
    sums = files.sha256_of(first / "SHA256SUMS")
    assert manifest["revision"] == {
        "kind": "revision",
        "reason": REASON,
        "supersedes": "r1",
        "sha256sums": sums,
    }
    assert manifest["compared_with"] == {"period": "2020-12", "release": "r1", "sha256sums": sums}
    assert bundle.verify(first).manifest.revision is None


@pytest.mark.parametrize(
    ("kind", "reason", "error"),
    [
        (None, None, UsageError),
        ("revision", None, UsageError),
        (None, REASON, UsageError),
        ("update", REASON, UsageError),
        ("revision", " ", UsageError),
        ("method_change", REASON, RefusedError),
    ],
)
def test_a_revision_without_a_true_kind_and_a_reason_is_refused(settings, kind, reason, error):
    with pytest.raises(error):
        preparation.prepare(settings, DECEMBER, kind, reason)


def test_a_first_release_revises_nothing(settings):
    with pytest.raises(UsageError, match="no release that another could revise"):
        preparation.prepare(settings, NOVEMBER, "revision", REASON)


def test_another_methodology_is_a_method_change(settings):
    first = settings.home.release("2020-12", "r1") / "verdict.json"
    edited = files.read_json(first) | {"methodology": {"name": "2020", "sha256": "0" * 64}}
    first.write_text(files.to_json(edited), encoding="utf-8")
    with pytest.raises(
        RefusedError, match="another methodology than r1 is not of the kind revision"
    ):
        preparation.prepare(settings, DECEMBER, "revision", REASON)
    with pytest.raises(RefusedError, match="does not verify"):
        preparation.prepare(settings, DECEMBER, "method_change", REASON)


def test_every_figure_that_changed_is_stated(settings):
    prepared = settings.home.prepared("2020-12")
    first = settings.home.release("2020-12", "r1")
    for table, key in (
        ("union_indicator", "union_id || '/' || indicator"),
        ("county_ranking", "area_code"),
        ("area_index", "area_code"),
    ):
        old, new = (
            f"(select *, {key} as key from '{folder}/internal/{table}.parquet')"
            for folder in (first, prepared)
        )
        for column in duckdb.sql(f"from {old}").columns:
            if column not in ("key", "period", "area_code", "union_id", "indicator"):
                due = duckdb.sql(f"""
                    select old.key from {old} old join {new} new using (key)
                    where old.{column} is distinct from new.{column}
                """)
                found = duckdb.sql(f"""
                    select key from '{prepared}/internal/changes.parquet'
                    where table_name = '{table}' and column_name = '{column}'
                """)
                assert sorted(found.fetchall()) == sorted(due.fetchall()), (table, column)
    assert {
        table
        for (table,) in rows(
            prepared / "internal" / "changes.parquet", "select distinct table_name"
        )
    } >= {
        "union_indicator",
        "area_index",
    }


def test_the_public_edition_tells_of_the_city_alone_what_moved_it(settings):
    prepared = settings.home.prepared("2020-12")
    [city] = rows(
        prepared / "public" / "decomposition.parquet",
        "select area_code, change, data, membership, joined, left_sample",
    )
    assert city == ("3303", None, None, None, None, None), (
        "few unions were corrected, so nothing of the city is told"
    )
    assert {
        table
        for (table,) in rows(prepared / "public" / "changes.parquet", "select distinct table_name")
    } <= {
        "area_index",
        "area_dimension",
        "area_indicator",
        "county_ranking",
        "population_change",
    }


def test_a_revision_tells_nothing_of_areas_in_which_few_unions_were_corrected(settings):
    prepared = settings.home.prepared("2020-12")
    first = settings.home.release("2020-12", "r1")
    places = "unnest([substr(county_code, 1, 4), county_code, township_code])"
    unions = [
        f"""(
            select union_id, {places} as area, health_index
            from '{each}/internal/union_index.parquet'
        )"""
        for each in (first, prepared)
    ]
    corrected = dict(
        duckdb.sql(f"""
            select area, count(*)
            from {unions[0]} as old inner join {unions[1]} as new using (union_id, area)
            where old.health_index <> new.health_index group by area
        """).fetchall()
    )
    assert 0 < corrected["3303"] < 10
    hidden = [
        {
            code
            for code, suppressed in rows(
                each / "public" / "area_index.parquet", "select area_code, suppressed"
            )
            if suppressed
        }
        for each in (first, prepared)
    ]
    assert hidden[1] == hidden[0] | corrected.keys()


def test_a_first_release_is_compared_with_that_of_the_month_before(two_months):
    november = two_months / "releases" / "2020-11" / "r1"
    assert not (november / "internal" / "changes.parquet").exists()
    prepared = two_months.parent / PREPARED
    assert files.read_json(prepared / "manifest.json")["compared_with"]["period"] == "2020-11"
    kinds = {
        kind
        for (kind,) in rows(prepared / "internal" / "changes.parquet", "select distinct change")
    }
    assert kinds == {"changed", "appeared", "gone"}
    whole = rows(
        prepared / "internal" / "decomposition.parquet",
        "select change - data - membership - method - rounding, joined",
    )
    assert {left for left, _ in whole} <= {0, None}
    assert any(joined for _, joined in whole)
    [city] = rows(prepared / "public" / "decomposition.parquet", "select change, data, joined")
    assert (city[0] is None, city[1:]) == (False, (None, None))


SURFACES = (
    "index.html",
    "lineage.html",
    "briefing.docx",
    "briefing.pdf",
    "counties/330302.pdf",
    "union_health_index_2020-12.xlsx",
    "datapackage.json",
    "lineage.json",
)
INTERNAL_SURFACES = ("docs/index.html",)


def surfaces_of(edition):
    return SURFACES + (INTERNAL_SURFACES if edition == "internal" else ())


@pytest.mark.parametrize("edition", ["public", "internal"])
def test_every_document_of_a_revision_says_what_it_supersedes_and_why(revised, edition):
    folder = revised.home.prepared("2020-12") / edition
    for surface in surfaces_of(edition):
        text = text_of(folder / surface)
        assert "修订：本版取代2020年12月r1版" in text, surface
        assert squeezed(REASON) in text, surface
    for chart in ("ranking", "dimensions", "trend", "alerts"):
        assert "本图为修订后的数据，取代2020年12月r1版。" in text_of(
            folder / "charts" / f"{chart}.svg"
        )
    page = (folder / "index.html").read_text(encoding="utf-8")
    leads_to_r1 = 'href="../../r1/internal/index.html"' in page
    assert leads_to_r1 == (edition == "internal")
    assert "../../r1/public" not in page
    assert page.index("release_note") < page.index("<h1>")


def test_what_changed_is_told_from_the_tables_of_the_edition(revised):
    folder = revised.home.prepared("2020-12") / "internal"
    [(before, after, difference)] = rows(
        folder / "changes.parquet",
        "select before, after, difference",
        (
            "table_name = 'area_indicator' and key = '3303/member_satisfaction'"
            " and column_name = 'mean_score'"
        ),
    )
    page = (
        (folder / "index.html")
        .read_text(encoding="utf-8")
        .partition('<article id="changes">')[2]
        .partition("</article>")[0]
    )
    cells = re.findall("<td>([^<]*)</td>", page.partition('id="changes_indicators"')[2])
    assert cells == [figures.rate(before), figures.rate(after), f"{difference:+}".replace("-", "−")]
    [workbook] = folder.glob("*.xlsx")
    sheet = openpyxl.load_workbook(workbook)["变动情况 Changes"]
    stated = rows(
        folder / "changes.parquet",
        "select count(*)",
        "table_name not like 'union%' and table_name not in ('alert', 'data_quality')",
    )
    assert sheet.max_row == 4 + stated[0][0]
    assert "数据变化" in text_of(folder / "briefing.pdf")


def test_documents_that_do_not_say_what_they_correct_are_named(revised, tmp_path):
    """The documents of the release before in the place of those of the revision."""
    prepared, first = (
        revised.home.prepared("2020-12"),
        revised.home.release("2020-12", "r1"),
    )
    assert list(standing.unannounced(prepared, [first])) == []
    assert list(standing.unannounced(first, [])) == []
    silent = copy_of(prepared, tmp_path, "silent")
    charts = [f"charts/{chart}.svg" for chart in ("ranking", "dimensions", "trend", "alerts")]
    due = [
        f"{edition}/{name}"
        for edition in ("public", "internal")
        for name in (*surfaces_of(edition), *charts)
    ]
    for surface in due:
        shutil.copy(first / surface, silent / surface)
    named = list(standing.unannounced(silent, [first]))
    assert {fault.split()[0] for fault in named} == set(due)
    assert "public/index.html does not tell what changed" in named
    assert "it supersedes r1 and does not state so" in list(standing.unannounced(first, [first]))


def test_the_audit_says_why_ranks_moved_since_the_release_superseded(revised, monkeypatch):
    prepared = revised.home.prepared("2020-12")
    found = tracing.trace_area(prepared, revised.home.folder, "330328")
    before, superseded = found["movements"]
    assert (before["since"]["kind"], superseded["since"]["kind"]) == ("month_before", "superseded")
    assert superseded["since"]["release"] == "r1"
    [(change, data)] = rows(
        prepared / "internal" / "decomposition.parquet",
        "select change, data",
        "area_code = '330328'",
    )
    assert (superseded["change"], superseded["of_stayed"], superseded["of_members"]) == (
        change,
        data,
        change - data,
    )
    assert found["differences"] == []
    unbroken = movement.query_of
    broken = {
        "movement": unbroken("movement").replace("earlier.points * 10000", "earlier.points * 10001")
    }
    monkeypatch.setattr(movement, "query_of", lambda name: broken.get(name) or unbroken(name))
    differences = tracing.trace_area(prepared, revised.home.folder, "330328")["differences"]
    assert {(row["of"], row["figure"]) for row in differences} >= {("330328", "data")}


def test_a_figure_that_did_not_change_so_is_named_on_the_page(revised, tmp_path):
    spoiled = copy_of(revised.home.prepared("2020-12"), tmp_path, "spoiled")
    page = spoiled / "internal" / "index.html"
    head, told = page.read_text(encoding="utf-8").split('<article id="changes">')
    page.write_text(
        head + '<article id="changes">' + told.replace("<td>49.0</td>", "<td>48.7</td>", 1),
        encoding="utf-8",
    )
    assert list(pages.page_figures(spoiled)) == [
        "internal/index.html numbers told of changes that are in no table of its changes: 1"
    ]


def test_without_what_changed_there_is_no_release(settings):
    """Before publication another release is put in force that this one was not compared with."""
    approve(settings)
    retraction.retract(settings.home, DECEMBER, "wrong", "somebody")
    with pytest.raises(
        RefusedError, match="the release that it is compared with has changed; prepare it again"
    ):
        publication.publish(settings.home, DECEMBER)


def test_the_comparison_of_two_releases(settings):
    second = publish_prepared(settings)
    first = second.with_name("r1")
    told = json.loads(
        CliRunner()
        .invoke(main, ["diff", str(first), str(second), "--json"], catch_exceptions=False)
        .stdout
    )
    stated = rows(second / "internal" / "changes.parquet", "select table_name, key, column_name")
    assert [
        (each["table_name"], each["key"], each["column_name"]) for each in told["changes"]
    ] == stated
    assert told["methodology"] == []
    lines = (
        CliRunner()
        .invoke(main, ["diff", str(first), str(second)], catch_exceptions=False)
        .stdout.splitlines()
    )
    assert lines[0] == "2020-12 -> 2020-12"
    assert any(line.startswith("3303 ") for line in lines)
    assert (
        f"union_indicator: {sum(table == 'union_indicator' for table, *_ in stated)} differences"
        in lines
    )
    every = (
        CliRunner()
        .invoke(main, ["diff", str(first), str(second), "--all"], catch_exceptions=False)
        .stdout.splitlines()
    )
    assert len(every) > len(lines)
    same = comparison.lines_of(comparison.compare(first, first), every=False)
    assert "No figure differs." in same


def test_a_release_that_does_not_verify_is_not_compared(settings):
    second = publish_prepared(settings)
    (second.with_name("r1") / "internal" / "alert.csv").unlink()
    done = CliRunner().invoke(main, ["diff", str(second.with_name("r1")), str(second)])
    assert (done.exit_code, "alert.csv is missing" in done.stderr) == (5, True)


def test_a_release_published_and_prepared_again_needs_new_approvals(settings):
    publish_prepared(settings)
    preparation.prepare(settings, DECEMBER, "correction", "the page again")
    with pytest.raises(RefusedError, match="none of the 2 approvals"):
        publication.publish(settings.home, DECEMBER)
