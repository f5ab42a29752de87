"""Every command over a home of which one file is damaged: an error by name, never a traceback.

Each file is damaged at random (`tests.support.damage`) and put back; no command that is tried may
succeed in what it would write.
"""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli.main import main
from tests.support.damage import damages
from tests.support.faults import UHI, copy_of, environment_of
from tests.support.settings import KEY

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
    """Each damage of a file ends each command with a message and a code of the contract."""
    content, recorded = file.read_bytes(), (home / "ledger.jsonl").read_bytes()
    found = list(damages(content, seed, fields).values())
    chosen = found if fields == MANY else [found[seed % len(found)], found[-1]]
    for damaged in chosen:
        for name in names.split():
            file.write_bytes(damaged)
            done = CliRunner().invoke(main, tried[name])
            assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
            assert done.exit_code in CODES
            assert done.exit_code == 0 or "uhi: " in done.output
            if file.name != "ledger.jsonl":
                assert (home / "ledger.jsonl").read_bytes() == recorded
    file.write_bytes(content)


@pytest.mark.parametrize("fields", [FEW, pytest.param(MANY, marks=pytest.mark.drill)])
def test_no_damage_of_a_release_gives_a_traceback(released, fields):
    home, tried = released
    for seed, (name, commands_of) in enumerate(READ.items()):
        assert_named(home, tried, home / name, commands_of, fields, seed)


@pytest.mark.parametrize("fields", [FEW, pytest.param(MANY, marks=pytest.mark.drill)])
def test_no_damage_of_what_is_prepared_gives_a_traceback(awaiting, fields):
    home, tried = awaiting
    for seed, (name, commands_of) in enumerate(READ_OF_PREPARED.items()):
        [file, *_] = sorted(home.glob(name))
        assert_named(home, tried, file, commands_of, fields, seed)


FULL_DEVICE = Path("/dev/full")
FULL = ["status", "--help", "ledger verify --json"]
MORE_FULL = ["--version", "verify --help", "personal-data", "prune --dry-run"]


@pytest.mark.parametrize(
    "command",
    [*FULL, *(pytest.param(each, marks=pytest.mark.drill) for each in MORE_FULL)],
)
def test_output_that_cannot_be_written_is_told(released, command):
    home, _ = released
    with FULL_DEVICE.open("wb") as full:
        done = subprocess.run(
            [UHI, *command.split()],
            env=environment_of(home),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
