"""The calendar and the embargo.

Nothing is out before its time by any way, and early access is recorded.
"""

import json
import shutil
import subprocess

import dagster as dg
import pytest

from orchestration.definitions import build_defs
from orchestration.defs.operations import due_publications
from orchestration.errors import RefusedError, UsageError
from orchestration.home import files, ledger, locks, releases
from orchestration.home.layout import PUBLICATION_RECORD, Home
from orchestration.release import bundle, preparation, public_edition, publication
from orchestration.release.release_calendar import COLUMNS
from orchestration.state import describe, state_of
from tests.support import ledgers
from tests.support.faults import copy_of, environment_of, needs_faketime, uhi
from tests.support.people import DECEMBER, approve
from tests.support.settings import settings_in

LATER, BEFORE_LATER = "2098-01-20T10:00:00+08:00", "2098-01-20 01:59:30"


def plan(settings, release_time):
    rows = [",".join(COLUMNS), f"2020-12,annual,{release_time},2020-12-21"]
    settings.home.calendar.write_text("\n".join(rows) + "\n", encoding="utf-8")


def prepare_embargoed(example, folder):
    """A home with December prepared and approved by two, due in many years."""
    home = copy_of(example, folder, "home")
    shutil.rmtree(home / "warehouse")
    settings = with_own_calendar(home)
    plan(settings, LATER)
    preparation.prepare(settings, DECEMBER)
    approve(settings)


def with_own_calendar(home):
    return settings_in(home, home / "release_calendar.csv")


@pytest.fixture
def settings(example_run, prebuilt, tmp_path):
    folder = prebuilt("embargoed", prepare_embargoed, example_run[0].home.folder)
    shutil.copytree(folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    return with_own_calendar(tmp_path / "home")


def assert_nothing_is_out(settings):
    assert releases.in_force(settings.home) == {}
    assert not (settings.home.releases).exists()


def test_no_command_and_no_job_publishes_before_the_time(settings):
    with pytest.raises(RefusedError, match=f"embargoed until {LATER.replace('+', '.')}"):
        publication.publish(settings.home, DECEMBER)
    done = subprocess.run(
        uhi("publish", DECEMBER),
        env=environment_of(settings.home.folder, UHI_RELEASE_CALENDAR=str(settings.home.calendar)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "embargoed until" in done.stderr) == (3, True)
    with dg.DagsterInstance.ephemeral() as instance:
        job = build_defs(settings).resolve_job_def("publication")
        assert not job.execute_in_process(
            instance=instance, partition_key="2020-12", raise_on_error=False
        ).success
    assert_nothing_is_out(settings)


def test_a_release_moved_to_its_place_before_its_time_is_not_put_in_force(settings):
    prepared = settings.home.prepared("2020-12")
    record = {
        "period": "2020-12",
        "release": "r1",
        "sha256sums": files.sha256_of(prepared / "SHA256SUMS"),
        "release_time": LATER,
        "published_at": LATER,
        "previews": [],
        "ledger_head": ledger.head(settings.home),
    }
    (prepared / PUBLICATION_RECORD).write_text(files.to_json(record), encoding="utf-8")
    public_edition.copy_approvals(prepared)
    files.rename_folder(prepared, settings.home.release("2020-12", "r1"))
    with pytest.raises(RefusedError, match="embargoed until"):
        publication.publish(settings.home, DECEMBER)
    assert releases.in_force(settings.home) == {}


@pytest.mark.drill
def test_bringing_the_time_forward_needs_another_preparation_and_other_approvals(settings):
    plan(settings, "2021-01-20T10:00:00+08:00")
    with pytest.raises(
        RefusedError,
        match=r"the calendar plans it for 2021-01-20T10:00:00\+08:00 now; prepare it again",
    ):
        publication.publish(settings.home, DECEMBER)
    preparation.prepare(settings, DECEMBER)
    with pytest.raises(RefusedError, match="none of the 2 approvals"):
        publication.publish(settings.home, DECEMBER)
    assert_nothing_is_out(settings)


def test_a_period_that_is_not_in_the_calendar_is_neither_prepared_nor_published(settings):
    settings.home.calendar.unlink()
    with pytest.raises(RefusedError, match="2020-12 has no release time"):
        preparation.prepare(settings, DECEMBER)
    with pytest.raises(RefusedError, match="2020-12 has no release time"):
        publication.publish(settings.home, DECEMBER)


def sensed(settings):
    with dg.DagsterInstance.ephemeral() as instance:
        repository = build_defs(settings).get_repository_def()
        context = dg.build_sensor_context(
            instance=instance, repository_def=repository, resources={"settings": settings}
        )
        tick = due_publications.evaluate_tick(context)
    return tick.run_requests, tick.skip_message


def test_the_sensor_waits_for_the_time_and_the_approvals(settings):
    requests, waiting = sensed(settings)
    assert requests == []
    assert waiting == f"2020-12: it is embargoed until {LATER}"
    plan(settings, "2021-01-20T10:00:00+08:00")
    preparation.prepare(settings, DECEMBER)
    assert "none of the 2 approvals" in sensed(settings)[1]
    approve(settings)
    [request] = sensed(settings)[0]
    assert request.partition_key == "2020-12"
    assert sensed(settings)[0][0].run_key == request.run_key


@needs_faketime
def test_when_the_time_has_come_it_is_published_and_both_times_are_kept(settings):
    environment = environment_of(
        settings.home.folder, UHI_RELEASE_CALENDAR=str(settings.home.calendar), TZ="UTC"
    )
    early, late = (
        subprocess.run(
            ["faketime", "-f", f"@{moment}", *uhi("publish", DECEMBER)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        for moment in (BEFORE_LATER, "2098-01-20 02:00:01")
    )
    assert (early.returncode, late.returncode) == (3, 0), late.stderr
    release = settings.home.release("2020-12", "r1")
    record = files.read_json(release / PUBLICATION_RECORD)
    assert (record["release_time"], record["published_at"][:13]) == (LATER, "2098-01-20T02")
    *_, entry = ledgers.entries(settings.home.folder)
    assert (entry["event"], entry["release_time"], entry["record"]) == (
        "publication",
        LATER,
        files.sha256_of(release / PUBLICATION_RECORD),
    )
    assert any(
        f"r1: planned {LATER}, published 2098-01-20T02" in line
        for line in describe(state_of(settings.home))
    )
    assert bundle.verify(release).manifest.planned.as_json() == {
        "kind": "annual",
        "release_time": LATER,
        "announced_on": "2020-12-21",
    }


def test_a_preview_is_recorded_before_anything_is_shown(settings):
    done = subprocess.run(
        uhi(
            "preview",
            DECEMBER,
            "--as",
            "mayor's office",
            "--reason",
            "briefing of the press",
            "--json",
        ),
        env=environment_of(settings.home.folder, UHI_RELEASE_CALENDAR=str(settings.home.calendar)),
        capture_output=True,
        text=True,
        check=True,
    )
    shown = json.loads(done.stdout)
    assert shown["public"] == str(settings.home.prepared("2020-12") / "public" / "index.html")
    *_, entry = ledgers.entries(settings.home.folder)
    assert (entry["event"], entry["by"], entry["reason"]) == (
        "preview",
        "mayor's office",
        "briefing of the press",
    )
    assert entry["digest"] == files.sha256_of(settings.home.prepared("2020-12") / "SHA256SUMS")
    assert any("previewed: by mayor's office" in line for line in describe(state_of(settings.home)))


@pytest.mark.parametrize(
    ("by", "reason", "due"),
    [
        ("", "why", "The name of a person"),
        ("w\u200bho", "why", "The name of a person"),
        ("who", " ", "needs a reason"),
        ("who", "a\x1b[2Jb", "needs a reason"),
    ],
)
def test_a_preview_needs_who_and_why(settings, by, reason, due):
    with pytest.raises(UsageError, match=due):
        preparation.preview(settings.home, DECEMBER, by, reason)


def test_nothing_unsound_is_previewed(settings):
    page = settings.home.prepared("2020-12") / "public" / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"index\.html has changed"):
        preparation.preview(settings.home, DECEMBER, "who", "why")
    shutil.rmtree(settings.home.prepared("2020-12"))
    with pytest.raises(RefusedError, match="Nothing is prepared"):
        preparation.preview(settings.home, DECEMBER, "who", "why")
    assert "preview" not in [entry["event"] for entry in ledgers.entries(settings.home.folder)]


def test_what_is_due_is_told(settings):
    assert state_of(settings.home)["due"] == {"2020-12": {"release_time": LATER, "has_come": False}}
    plan(settings, "2021-01-20T10:00:00+08:00")
    assert "Due: 2020-12 at 2021-01-20T10:00:00+08:00, whose time has come" in describe(
        state_of(settings.home)
    )


def test_what_is_not_released_is_for_the_owner_of_the_home_alone(settings, tmp_path):
    with locks.held(Home(tmp_path / "new"), locks.LANDING):
        modes = {
            path.name: path.stat().st_mode & 0o777
            for path in (tmp_path / "new").iterdir()
            if path.is_dir()
        }
    rooms = (
        ".locks",
        "alerts",
        "candidates",
        "landing",
        "prepared",
        "retracted",
        "revisions",
        "warehouse",
    )
    assert modes == dict.fromkeys(rooms, 0o700)
