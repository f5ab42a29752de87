"""Every command over a home of which one file is damaged: an error by name, never a traceback.

Each file is damaged at random (`tests.support.damage`) and put back; no command that is tried may
succeed in what it would write.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli.main import main
from tests.support.damage import damages
from tests.support.faults import UHI, copy_of, environment_of
from tests.support.lanes import everyday
from tests.support.settings import EXAMPLE, KEY

CODES = {0, 1, 2, 3, 4, 5, 75}  # of the contract
FEW, MANY = 1, 40
RELEASE, BEFORE = "releases/2020-12/r1", "releases/2020-11/r1"
READ = {
    f"{RELEASE}/record.json": "verify audit ledger",
    f"{RELEASE}/publication.json": "verify status",
    f"{RELEASE}/SHA256SUMS": "verify trace diff",
    f"{RELEASE}/public/SHA256SUMS": "verify public",
    f"{RELEASE}/manifest.json": "verify audit ledger",
    f"{RELEASE}/verdict.json": "verify status trace",
    f"{RELEASE}/release_verdict.json": "verify audit",
    f"{RELEASE}/overrides.json": "verify ledger",
    f"{RELEASE}/approvals/1.json": "verify audit",
    f"{RELEASE}/approvals/1.json.sig": "verify ledger",
    f"{RELEASE}/public/approvals/1.json": "public",
    f"{BEFORE}/verdict.json": "status diff",
    f"{BEFORE}/manifest.json": "diff ledger",
    "releases/CURRENT.json": "status",
    "ledger.jsonl": "status ledger approve override prune personal-data",
}
READ_OF_PREPARED = {
    "prepared/2020-12/record.json": "publish approve status",
    "prepared/2020-12/SHA256SUMS": "publish status",
    "prepared/2020-12/manifest.json": "approve status",
    "prepared/2020-12/verdict.json": "publish status",
    "prepared/2020-12/overrides.json": "publish",
    "prepared/2020-12/release_verdict.json": "publish",
    "candidates/2020-12/verdict.json": "status override personal-data",
    "candidates/2020-11/verdict.json": "status override",
    "landing/intakes/*/intake.json": "status override prune personal-data",
    "ledger.jsonl": "publish approve",
}


def commands(home, key):
    """The commands that are tried, by name; people and checks that they name are not known."""
    release = home / RELEASE
    signed = ["2020-12", "--as", "nobody", "--key", str(key)]
    return {
        "status": ["status"],
        "verify": ["verify", str(release)],
        "public": ["verify", str(release / "public")],
        "audit": ["audit", str(release)],
        "ledger": ["ledger", "verify"],
        "diff": ["diff", str(home / BEFORE), str(release)],
        "trace": ["trace", "--release", str(release), "--area", "330302"],
        "personal-data": ["personal-data"],
        "prune": ["prune", "--dry-run"],
        "publish": ["publish", "2020-12"],
        "approve": ["approve", *signed],
        "preview": ["preview", "2020-12", "--as", "bea", "--reason", "a test"],
        "override": ["override", *signed, "--check", "none", "--reason", "a test"],
    }


@pytest.fixture
def released(two_months, tmp_path, monkeypatch):
    """A copy of the home with two releases, which the commands are told of."""
    home = copy_of(two_months, tmp_path, "home")
    return told_of(home, monkeypatch), commands(home, two_months.parent / "alice")


@pytest.fixture
def awaiting(awaiting_approval, two_months, tmp_path, monkeypatch):
    """The same of a home with a release that nobody has approved."""
    home = copy_of(awaiting_approval / "home", tmp_path, "home")
    return told_of(home, monkeypatch), commands(home, two_months.parent / "alice")


def told_of(home, monkeypatch):
    monkeypatch.setenv("UHI_HOME", str(home))
    monkeypatch.setenv("UHI_PSEUDONYM_KEY", KEY)
    return home


def assert_named(home, tried, file, names, fields, seed):
    """Each damage of a file, and its loss, end each command with a message and a due code."""
    content, recorded = file.read_bytes(), (home / "ledger.jsonl").read_bytes()
    found = list(damages(content, seed, fields).values())
    chosen = found if fields == MANY else [found[seed % len(found)], found[-1]]
    for damaged in (*chosen, None):
        for name in names.split():
            put(file, damaged)
            done = CliRunner().invoke(main, tried[name])
            assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
            assert done.exit_code in CODES
            assert done.exit_code == 0 or "uhi: " in done.output
            if file.name != "ledger.jsonl":
                assert (home / "ledger.jsonl").read_bytes() == recorded
    file.write_bytes(content)


def put(file, content):
    """Let a file have this content; None takes it away."""
    if content is None:
        file.unlink(missing_ok=True)
    else:
        file.write_bytes(content)


@pytest.mark.parametrize("fields", everyday([MANY]))
def test_no_damage_of_a_release_gives_a_traceback(released, fields):
    home, tried = released
    for seed, (name, commands_of) in enumerate(READ.items()):
        assert_named(home, tried, home / name, commands_of, fields, seed)


@pytest.mark.parametrize("fields", everyday([FEW, MANY], FEW))
def test_no_damage_of_what_is_prepared_gives_a_traceback(awaiting, fields):
    home, tried = awaiting
    for seed, (name, commands_of) in enumerate(READ_OF_PREPARED.items()):
        [file, *_] = sorted(home.glob(name))
        assert_named(home, tried, file, commands_of, fields, seed)


@pytest.mark.parametrize("name", ["publish", "approve", "preview", "status", "override"])
def test_a_cut_record_of_what_is_prepared_is_one_code_at_every_command(awaiting, name):
    """The ledger is held against it, so no command may act on what is prepared."""
    home, tried = awaiting
    record = home / "prepared/2020-12/record.json"
    record.write_bytes(record.read_bytes()[:100])
    done = CliRunner().invoke(main, tried[name])
    assert done.exit_code == 5, done.output
    assert f"{record} is damaged: it is no JSON" in done.output


@pytest.mark.parametrize("name", ["manifest.json", "verdict.json", "overrides.json"])
@pytest.mark.parametrize("content", [b"{", None], ids=["cut", "gone"])
def test_status_names_a_file_of_what_is_prepared_that_is_damaged_or_gone(awaiting, name, content):
    home, tried = awaiting
    file = home / "prepared/2020-12" / name
    put(file, content)
    done = CliRunner().invoke(main, tried["status"])
    assert done.exit_code == 5, done.output
    what = "gone. Put it back" if content is None else "damaged: it is no JSON"
    assert f"{file} is {what}" in done.output


FULL_DEVICE = Path("/dev/full")
RESULTS = ["status", "ledger verify --json"]
MORE_RESULTS = ["personal-data", "prune --dry-run"]
HELP = ["--help", "verify --help", "ledger verify -h", "--version"]
WRONG = ["verify", "no-such-command", "status --no-such-option", "ledger no-such-command"]


def run_with(home, command, **streams):
    """What comes of a command whose streams are these."""
    return subprocess.run(
        [UHI, *command.split()],
        env=environment_of(home),
        text=True,
        check=False,
        **streams,
    )


def assert_output_told(home, command):
    """Standard output that takes nothing is told as such, plainly."""
    with FULL_DEVICE.open("wb") as full:
        done = run_with(home, command, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert "could not be written to standard output: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    "command",
    everyday([*RESULTS, *MORE_RESULTS], *RESULTS),
)
def test_a_result_that_cannot_be_written_is_told(released, command):
    assert_output_told(released[0], command)


@pytest.mark.parametrize("command", HELP)
def test_a_help_text_that_cannot_be_written_is_told(tmp_path, command):
    assert_output_told(tmp_path, command)


@pytest.mark.parametrize("command", WRONG)
@pytest.mark.parametrize("streams", [["stderr"], ["stdout", "stderr"]], ids="+".join)
def test_wrong_usage_is_exit_2_wherever_its_message_goes(tmp_path, command, streams):
    with FULL_DEVICE.open("wb") as full:
        done = run_with(tmp_path, command, **dict.fromkeys(streams, full))
    assert done.returncode == 2


def test_progress_that_cannot_be_shown_stops_nothing(tmp_path):
    """The source breaks its contract, which the command tells once it has told that it reads it."""
    source = shutil.copytree(EXAMPLE / "source", tmp_path / "source")
    (source / "region.csv").unlink()
    command = f"run --source {source} --period 2020-12"
    assert run_with(tmp_path / "home", command, stderr=subprocess.PIPE).stderr.count("\n") > 1
    with FULL_DEVICE.open("wb") as full:
        assert run_with(tmp_path / "home", command, stderr=full).returncode == 4


def test_a_reader_that_goes_away_is_no_error_to_tell(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = run_with(tmp_path, "--help", stdout=pipe, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, "")
