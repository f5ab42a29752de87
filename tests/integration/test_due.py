"""What is due, among several months in different states and files that systems leave in a home."""

import shutil

import dagster as dg
import pytest

from orchestration import state
from orchestration.audit import chain
from orchestration.audit.personal_data import inventory
from orchestration.definitions import build_defs
from orchestration.defs.operations import due_publications
from orchestration.extract.intakes import intake_records
from orchestration.home.releases import releases_of
from orchestration.privacy import retention
from orchestration.release import publication
from tests.support import ledgers
from tests.support.approvals import change_month_before, prepared_in
from tests.support.faults import copy_of
from tests.support.people import DECEMBER, approve
from tests.support.settings import settings_in

FOREIGN_FILES = (".DS_Store", "Thumbs.db", "notes.txt~", ".2020-12.swp", "2020-12.zip")
FOREIGN_FOLDERS = ("lost+found", "r1.bak", "2020-12 (copy)", "@eaDir", "2020-13")


@pytest.fixture
def settings(prepared_example, tmp_path):
    """A home with December prepared and approved by two, and due."""
    settings = settings_in(copy_of(prepared_example, tmp_path, "home"))
    approve(settings)
    return settings


def sensed(settings):
    with dg.DagsterInstance.ephemeral() as instance:
        repository = build_defs(settings).get_repository_def()
        context = dg.build_sensor_context(
            instance=instance, repository_def=repository, resources={"settings": settings}
        )
        tick = due_publications.evaluate_tick(context)
    return [request.partition_key for request in tick.run_requests], tick.skip_message


def prepare_other_months(settings):
    """Add to December three months: with ledger lines missing, empty, and torn."""
    prepared = settings.home.preparations
    shutil.copytree(prepared_in(settings), prepared / "2020-10")
    (prepared / "2020-11").mkdir()
    shutil.copytree(prepared_in(settings), prepared / "2021-01")
    sums = (prepared / "2021-01" / "SHA256SUMS").read_text(encoding="utf-8") + "torn"
    (prepared / "2021-01" / "SHA256SUMS").write_text(sums, encoding="utf-8")
    digest = publication.sums_digest(prepared / "2021-01")
    ledgers.append(settings.home.folder, "prepared", period="2021-01", digest=digest)
    (prepared / "2021-01" / "verdict.json").write_text("{", encoding="utf-8")


def test_a_month_that_is_due_is_published_whatever_the_others_wait_for(settings):
    prepare_other_months(settings)
    assert sensed(settings) == (["2020-12"], None)
    shutil.rmtree(prepared_in(settings))
    requested, reason = sensed(settings)
    assert requested == []
    assert "2020-10: the ledger does not have it" in reason
    assert "2020-11/SHA256SUMS is gone. Put it back from a backup" in reason
    assert "2021-01/verdict.json is damaged" in reason


def test_a_stale_month_waits_with_its_reason(settings):
    change_month_before(settings)
    requested, reason = sensed(settings)
    assert requested == []
    assert "the month before has changed" in reason


def test_nothing_prepared_is_said(settings):
    shutil.rmtree(prepared_in(settings))
    assert sensed(settings) == ([], "Nothing is prepared.")


def leave_foreign_files(home):
    """What systems, editors and people leave in every folder of a home."""
    rooms = ("candidates", "prepared", "releases", "retracted", "warehouse", "releases/2020-12")
    for room in (*rooms, "landing/intakes", "landing/objects"):
        (home / room).mkdir(parents=True, exist_ok=True)
        for name in FOREIGN_FILES:
            (home / room / name).write_text("foreign", encoding="utf-8")
        for name in FOREIGN_FOLDERS:
            (home / room / name).mkdir()
            for record in ("verdict.json", "SHA256SUMS", "intake.json", "plan.json"):
                (home / room / name / record).write_text("foreign", encoding="utf-8")
    (home / "landing" / "objects" / "notes.parquet").write_text("foreign", encoding="utf-8")


def test_foreign_files_in_a_home_stop_nothing(settings):
    before = retention.prune(settings, dry_run=True)
    leave_foreign_files(settings.home.folder)
    assert sensed(settings) == (["2020-12"], None)
    assert retention.prune(settings, dry_run=True) == before
    assert len(intake_records(settings.home)) == 1
    assert list(state.state_of(settings.home)["candidates"]) == ["2020-10", "2020-11", "2020-12"]
    release = publication.publish(settings.home, DECEMBER)
    assert release.name == "r1"
    shutil.copytree(release, release.with_name("r1.bak2"))
    assert releases_of(settings.home, DECEMBER) == [release]
    assert chain.verify(settings.home)["faults"] == []
    places = [made["place"] for made in inventory(settings)["made"]]
    assert places == [
        *(f"candidates/2020-{month}" for month in (10, 11, 12)),
        "releases/2020-12/r1",
    ]
