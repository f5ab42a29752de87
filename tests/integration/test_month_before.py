"""What a month is compared with, and when that is stale.

The month before: its release in force where it has one, else its candidate.
"""

import shutil
from dataclasses import replace
from decimal import Decimal

import dagster as dg
import duckdb
import pytest

from orchestration import pipeline
from orchestration.build import candidate, gate
from orchestration.defs.operations import due_publications
from orchestration.errors import RefusedError
from orchestration.home import files, releases
from orchestration.home.ledger import Ledger
from orchestration.periods import Period
from orchestration.release import preparation, publication, retraction
from orchestration.release.context import sums_digest
from orchestration.release.rules.judgement import STALE_VERDICT, Judgement
from orchestration.release.rules.prepared import PreparedRelease, stale_reasons
from orchestration.release.rules.rule import reasons_against
from orchestration.release.verdicts import sound_judgement
from orchestration.state import describe, state_of
from tests.support import ledgers
from tests.support.faults import copy_of
from tests.support.people import DECEMBER, approve
from tests.support.settings import EXAMPLE, settings_in

NOVEMBER = Period(2020, 11)


def run(settings, source, period):
    """Run one month, and give its verdict."""
    _, [outcome] = pipeline.run(
        settings, str(source), pipeline.due_dates(str(period), None), "tests", lambda _: None
    )
    return outcome.verdict


def release(settings, period):
    preparation.prepare(settings, period)
    approve(settings, period=period)
    return publication.publish(settings.home, period)


def figures(edition, column, table="area_index", where="level = 'city'"):
    """A column of a table of areas of an edition, by area."""
    return dict(
        duckdb.sql(
            f"select area_code, {column} from '{edition}/{table}.parquet' where {where}"
        ).fetchall()
    )


def release_november(prepared_example, folder):
    """December is prepared, then November released with the tables that it was built on."""
    release(settings_in(copy_of(prepared_example, folder, "home")), NOVEMBER)


def run_other_november(november_released, folder):
    """November run once more on other data, and not released."""
    shutil.copytree(november_released, folder, symlinks=True, dirs_exist_ok=True)
    settings = settings_in(folder / "home")
    source = shutil.copytree(EXAMPLE / "source", folder / "source")
    ratings = (source / "member_rating.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (source / "member_rating.csv").write_text(
        "".join([*ratings[:1], *ratings[1::2]]), encoding="utf-8"
    )
    verdict = run(settings, source, NOVEMBER)
    assert (
        verdict.tables
        != files.read_json(settings.home.release("2020-11", "r1") / "verdict.json")["tables"]
    )


def release_december(other_november, folder):
    """December run and released beside that."""
    shutil.copytree(other_november, folder, symlinks=True, dirs_exist_ok=True)
    settings = settings_in(folder / "home")
    verdict = run(settings, EXAMPLE / "source", DECEMBER)
    [remark] = [check.observed for check in verdict.checks if check.name == "predecessor.stored"]
    assert remark == "2020-11, released as r1, passed"
    release(settings, DECEMBER)


@pytest.fixture(scope="module")
def november_released(prepared_example, prebuilt):
    return settings_in(prebuilt("november_released", release_november, prepared_example) / "home")


@pytest.fixture(scope="module")
def other_november(november_released, prebuilt):
    return settings_in(
        prebuilt("other_november", run_other_november, november_released.home.folder.parent)
        / "home"
    )


@pytest.fixture(scope="module")
def december_released(other_november, prebuilt):
    return settings_in(
        prebuilt("december_released", release_december, other_november.home.folder.parent) / "home"
    )


def test_a_month_before_whose_figures_and_verdict_were_changed_is_not_built_on(
    prepared_example, tmp_path
):
    """Its verdict names the bytes as they are now; the ledger knows another verdict."""
    settings = settings_in(copy_of(prepared_example, tmp_path, "home"))
    stored = candidate.stored_month(settings.home, NOVEMBER)
    file = stored.tables / "area_index.parquet"
    higher = duckdb.sql(f"select * replace (health_index + 1 as health_index) from '{file}'")
    higher.write_parquet(str(tmp_path / "higher.parquet"))
    shutil.move(tmp_path / "higher.parquet", file)
    verdict = files.read_json(stored.verdict)
    verdict["tables"]["area_index"] = files.sha256_of(file)
    stored.verdict.write_text(files.to_json(verdict), encoding="utf-8")
    with pytest.raises(RefusedError, match=r"is not the verdict that was given on 2020-11: it has"):
        run(settings, EXAMPLE / "source", DECEMBER)


def test_published_changes_are_those_between_two_publications(december_released):
    home = december_released.home.folder
    november, december = (home / "releases" / period / "r1" for period in ("2020-11", "2020-12"))
    for edition in ("public", "internal"):
        before, after = (
            figures(folder / edition, "health_index") for folder in (november, december)
        )
        [stated] = figures(december / edition, "index_change").values()
        assert stated == after["3303"] - before["3303"] != Decimal(0)
        assert figures(december / edition, "change", "decomposition") == {"3303": stated}
        ranks = figures(november / edition, "rank", where="level <> 'city'")
        previous = figures(
            december / edition,
            "previous_rank",
            where="level <> 'city' and previous_rank is not null",
        )
        assert previous == {area: rank for area, rank in ranks.items() if area in previous}
        # A hidden area is among those of every rank of the example's public edition.
        assert bool(previous) == (edition == "internal")


def test_runs_of_alerts_go_on_from_what_was_published(december_released):
    home = december_released.home.folder
    november, december = (
        home / "releases" / period / "r1" / "internal" / "alert.parquet"
        for period in ("2020-11", "2020-12")
    )
    query = "select (union_id, rule, dimension), opened_period, months_open from '{}'"
    before, after = (
        {alert: run for alert, *run in duckdb.sql(query.format(file)).fetchall()}
        for file in (november, december)
    )
    for alert, run in after.items():
        opened, months = before.get(alert, ("2020-12", 0))
        assert run == [opened, months + 1]
    assert any(months > 1 for _, months in after.values())


def test_a_release_of_the_same_tables_makes_nothing_stale(november_released, other_november):
    """What December was built on was released since.

    Nor does it matter what is run after that and not released.
    """
    for settings in (november_released, other_november):
        assert sound_judgement(settings.home, DECEMBER).verdict.predecessor


def test_what_was_prepared_before_the_month_before_was_released_is_stale(november_released):
    prepared = preparation.what_is_prepared(november_released.home, DECEMBER)
    with pytest.raises(
        RefusedError, match="the release that it is compared with has changed"
    ) as refused:
        preparation.approve(
            november_released.home,
            DECEMBER,
            "alice",
            november_released.home.folder.parent / "alice",
        )
    assert "the releases of earlier months in its trend have changed" in str(refused.value)
    recorded = Ledger.of(november_released.home)
    state = PreparedRelease(november_released.home, DECEMBER, prepared, recorded)
    assert len(stale_reasons(state)) == 3


def test_a_verdict_is_stale_once_other_tables_of_the_month_before_are_released(other_november):
    """It was built on the candidate that is stored now; the release in force has other tables."""
    judgement = Judgement.of_candidate(other_november.home, DECEMBER)
    stored = gate.read_verdict(other_november.home, NOVEMBER).tables
    for predecessor in (stored, {}):
        verdict = judgement.verdict.model_copy(update={"predecessor": predecessor})
        reasons = reasons_against(STALE_VERDICT, replace(judgement, verdict=verdict))
        assert reasons == [
            (
                "the month before is not the one it was built on (2020-11, released as r1, passed);"
                " run 2020-12 again"
            )
        ]


def test_a_verdict_is_stale_once_the_month_before_is_retracted(december_released, tmp_path):
    settings = settings_in(copy_of(december_released.home.folder, tmp_path, "home"))
    retraction.retract(settings.home, NOVEMBER, "wrong", "erin")
    with pytest.raises(
        RefusedError, match=r"not the one it was built on \(2020-11, refused\); run 2020-12 again"
    ):
        preparation.prepare(settings, DECEMBER, "revision", "again")
    plan = candidate.planned_build(settings.home, "2020-12")
    with pytest.raises(RefusedError, match="not those that it was planned on"):
        candidate.build_variables(settings.home, plan)


def test_a_release_in_force_that_is_gone_is_told(december_released, tmp_path):
    settings = settings_in(copy_of(december_released.home.folder, tmp_path, "home"))
    (settings.home.release("2020-11", "r1") / "verdict.json").unlink()
    with pytest.raises(RefusedError, match="in force for 2020-11, is not there whole"):
        candidate.stored_month(settings.home, NOVEMBER)


def other_tables(release, table):
    """Let a release say that one of its tables has other bytes."""
    verdict = files.read_json(release / "verdict.json")
    verdict["tables"][table] = "0" * 64
    (release / "verdict.json").write_text(files.to_json(verdict), encoding="utf-8")


def test_a_release_whose_month_before_was_superseded_shows_as_stale(
    december_released, november_released, tmp_path
):
    assert state_of(december_released.home)["stale"] == {}
    settings = settings_in(copy_of(december_released.home.folder, tmp_path, "home"))
    second = copy_of(settings.home.release("2020-11", "r1"), tmp_path, "r2").rename(
        settings.home.release("2020-11", "r2")
    )
    other_tables(second, "data_quality")
    ledgers.append(
        settings.home.folder,
        "publication",
        period="2020-11",
        release="r2",
        digest=sums_digest(second),
        record="0" * 64,
        release_time="2020-12-20T10:00:00+08:00",
    )
    assert state_of(settings.home)["stale"] == {}, "December reads no data quality of November"
    other_tables(second, "alert")
    assert "  2020-12 is stale: it was built on other tables than 2020-11 r2 has" in describe(
        state_of(settings.home)
    )
    [reason, *_] = state_of(november_released.home)["prepared"]["2020-12"]["stale"]
    assert f"  stale, prepare it again: {reason}" in describe(state_of(november_released.home))


def test_what_is_stale_is_not_due(november_released, tmp_path, monkeypatch):
    settings = settings_in(copy_of(november_released.home.folder, tmp_path, "home"))
    monkeypatch.setattr("orchestration.release.publication.PUBLICATION", ())
    context = dg.build_sensor_context(resources={"settings": settings})
    [skipped] = due_publications(context)
    assert isinstance(skipped, dg.SkipReason)
    assert "the release that it is compared with has changed" in skipped.skip_message
    assert releases.in_force(settings.home) == {"2020-11": "r1"}
