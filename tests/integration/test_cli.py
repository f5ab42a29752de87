"""The door: exit codes, plain and JSON output, and the lock, as its user meets them."""

import getpass
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock

from orchestration.cli.main import SECTIONS, main
from orchestration.settings import DBT_PROJECT
from tests.support import warm
from tests.support.faults import UHI, environment_of
from tests.support.people import allow
from tests.support.settings import EXAMPLE, settings_in


def uhi(home, *arguments, **variables):
    """What came of `uhi` as a process of its own, beside the home."""
    return warm.run(arguments, environment_of(home, **variables), folder=home.parent)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (["run", "--source", "x", "--period", "2020-13"], {}, "'2020-13' is no period"),
        (["run", "--source", "x", "--period", "2999-01"], {}, "has not begun"),
        (["run", "--source", "x", "--period", "2018-12"], {}, "0 methodologies match 2018-12"),
        (["run", "--period", "2020-12"], {}, "No source"),
        (
            ["run", "--source", str(EXAMPLE / "source"), "--period", "2020-12"],
            {"UHI_PSEUDONYM_KEY": "short"},
            "at least 32",
        ),
        (
            ["run", "--source", "oracle://user:secret@host/db", "--period", "2020-12"],
            {},
            "oracle are not read",
        ),
        (["prepare"], {}, "Missing argument"),
        (["verify", "."], {}, "is no release"),
        (["--config", "gone.toml", "status"], {}, "gone.toml cannot be read"),
        (["status"], {"UHI_HOME_": "x", "UHI_PSEUDONYM_KEY_FILE": ""}, ""),
    ],
)
def test_wrong_usage_exits_2(home, arguments, variables, message):
    done = uhi(home, *arguments, **variables)
    if message:
        assert done.returncode == 2, done.stderr
        assert message in done.stderr
        assert "secret" not in done.stderr
        assert "Traceback" not in done.stderr
        assert not home.exists()
    else:
        assert done.returncode == 0, done.stderr


def test_help_tells_of_every_command_once_in_the_order_of_the_work():
    names = [command.name for commands in SECTIONS.values() for command in commands]
    assert sorted(names) == sorted(main.commands)
    shown = CliRunner().invoke(main, ["--help"]).stdout.partition("Options:")[2]
    assert "..." not in shown
    places = [shown.index(f"\n  {name} ") for name in names]
    assert places == sorted(places)


def test_a_source_that_breaks_its_contract_exits_4(home, tmp_path):
    source = shutil.copytree(EXAMPLE / "source", tmp_path / "source")
    (source / "venue.csv").unlink()
    done = uhi(home, "run", "--source", str(source), "--period", "2020-12")
    assert done.returncode == 4
    assert "Table venue is missing" in done.stderr
    done = uhi(
        home, "run", "--source", "postgresql://user:secret@127.0.0.1:1/db", "--period", "2020-12"
    )
    assert done.returncode == 4
    assert "secret" not in done.stderr


def test_a_home_in_use_exits_75(home):
    (home / ".locks").mkdir(parents=True)
    with FileLock(home / ".locks" / "landing"):
        done = uhi(home, "run", "--source", str(EXAMPLE / "source"), "--period", "2020-12")
    assert done.returncode == 75
    assert "Another process" in done.stderr


def test_from_source_to_release(home, tmp_path):
    done = uhi(
        home,
        "run",
        "--source",
        str(EXAMPLE / "source"),
        "--period",
        "2020-12",
        "--as",
        "bob",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    [period] = json.loads(done.stdout)["periods"]
    assert period["passed"]
    assert [check["name"] for check in period["not_passed"]] == ["predecessor.stored"]
    verdict = home / "candidates" / "2020-12" / "verdict.json"
    assert json.loads(verdict.read_text(encoding="utf-8"))["prepared_by"] == "bob"
    assert uhi(home, "publish", "2020-12").returncode == 3
    assert uhi(home, "prepare", "2020-12").returncode == 0
    allow(settings_in(home), "alice", "dave")
    alice, dave = (
        ["approve", "2020-12", "--as", name, "--key", str(tmp_path / name)]
        for name in ("alice", "dave")
    )
    assert json.loads(uhi(home, *alice, "--json").stdout)["by"] == "alice"
    assert re.search(
        "Prepared: 2020-12, 1 of 2 approvals\n  approved: by alice, ", uhi(home, "status").stdout
    )
    too_few = uhi(home, "publish", "2020-12")
    assert too_few.returncode == 3
    assert "it has 1 of the 2 approvals that it needs, by alice." in too_few.stderr
    assert uhi(home, *dave).stdout == "Approved 2020-12, by dave\n"
    published = uhi(home, "publish", "2020-12", "--json")
    release = Path(json.loads(published.stdout)["release"])
    assert (
        "signatures: 2 approvals (alice, dave), 0 overrides: not verified"
        in uhi(home, "verify", str(release)).stdout
    )
    verified = uhi(home, "verify", str(release), "--keys", str(home / "allowed_signers"), "--json")
    assert json.loads(verified.stdout)["signatures_verified"]
    status = uhi(home, "status")
    assert "Published: 2020-12 r1" in status.stdout
    (release / "verdict.json").unlink()
    assert uhi(home, "verify", str(release)).returncode == 5


def test_a_refused_candidate_exits_3_and_stays(home, tmp_path):
    source = shutil.copytree(EXAMPLE / "source", tmp_path / "source")
    venues = (source / "venue.csv").read_text(encoding="utf-8").replace(",sports,", ",swimming,")
    (source / "venue.csv").write_text(venues, encoding="utf-8")
    done = uhi(home, "run", "--source", str(source), "--period", "2020-12")
    assert done.returncode == 3
    assert (
        "rows.refused_share: source tables of which more than 0.5 % of the rows were refused (1):"
        " venue 56 of 179"
    ) in done.stdout
    assert not json.loads(
        (home / "candidates" / "2020-12" / "verdict.json").read_text(encoding="utf-8")
    )["passed"]
    assert uhi(home, "prepare", "2020-12").returncode == 3


@pytest.mark.drill
def test_a_relative_home_keeps_everything_inside(tmp_path):
    """The installed command, which imports all that it needs."""
    command = [UHI, "run", "--source", str(EXAMPLE / "source"), "--period", "2020-12"]
    done = subprocess.run(
        command,
        env=environment_of("home"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "home" / "warehouse" / "2020-12" / "dbt" / "run_results.json").exists()
    assert not (DBT_PROJECT / "home").exists()
    verdict = json.loads(
        (tmp_path / "home" / "candidates" / "2020-12" / "verdict.json").read_text(encoding="utf-8")
    )
    assert verdict["prepared_by"] == getpass.getuser()
