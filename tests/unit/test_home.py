"""The layout of a home: said in one class, which the settings make of a folder."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.errors import UsageError
from orchestration.home import layout
from orchestration.home.layout import Home
from orchestration.periods import Period
from orchestration.settings import DBT_PROJECT, PROJECT, Settings, load_settings, made_folder
from orchestration.state import describe, state_of

ROOMS = {
    "landing",
    "intakes",
    "objects",
    "warehouse",
    "candidates",
    "prepared",
    "releases",
    "retracted",
    "revisions",
    "dagster",
    "demo",
    ".locks",
    "ledger.jsonl",
    "CURRENT.json",
}


def paths_by_name(file):
    """The names that a module joins to a path."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.BinOp(op=ast.Div(), right=ast.Constant(value=name)):
                yield name


def test_no_other_module_says_where_a_room_lies():
    modules = (PROJECT / "orchestration").rglob("*.py")
    others = [file for file in modules if file != Path(layout.__file__)]
    found = {file.name: ROOMS & set(paths_by_name(file)) for file in others}
    assert {name: rooms for name, rooms in found.items() if rooms} == {}


def settings_file(folder, monkeypatch, text):
    """Have the settings read from a file in a folder."""
    folder.mkdir(exist_ok=True)
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("UHI_CONFIG", str(file))


def test_no_folder_says_who_may_sign_because_it_is_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("uhi.toml").write_text('allowed_signers = "people"\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"uhi.toml in the working folder is not read by itself"):
        load_settings()
    monkeypatch.setenv("UHI_CONFIG", "uhi.toml")
    assert load_settings().home.signers == Path("people")
    monkeypatch.setenv("UHI_CONFIG", "gone.toml")
    with pytest.raises(UsageError, match=r"gone\.toml"):
        load_settings()


def test_the_settings_make_a_home_of_its_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UHI_RELEASE_CALENDAR")
    assert load_settings().home == Home(Path("data"))
    settings_file(tmp_path / "etc", monkeypatch, 'home = "told"\nallowed_signers = "people"\n')
    people = tmp_path / "etc" / "people"
    assert load_settings().home == Home(tmp_path / "etc" / "told", people)
    monkeypatch.setenv("UHI_HOME", "stated")
    monkeypatch.setenv("UHI_RELEASE_CALENDAR", "days.csv")
    assert load_settings().home == Home(Path("stated"), people, Path("days.csv"))
    assert load_settings(home=tmp_path).home.folder == tmp_path
    assert Settings(home=Home(tmp_path)).home == Home(tmp_path)


def test_a_named_file_of_recipients_that_is_not_there_is_wrong_usage(tmp_path, monkeypatch):
    """Nobody would be told, and nobody would know; without a name, no file is nobody."""
    file = tmp_path / "notify.toml"
    monkeypatch.setenv("UHI_NOTIFY", str(file))
    with pytest.raises(UsageError, match=r"notify: .*notify\.toml is not there"):
        load_settings(home=tmp_path)
    file.touch()
    assert load_settings(home=tmp_path).home.notify == file


@pytest.mark.parametrize(
    ("written", "problem"), [("3", "valid path"), ('"a*b"', "choose a path without them")]
)
def test_what_is_no_folder_is_named(tmp_path, monkeypatch, written, problem):
    settings_file(tmp_path, monkeypatch, f"home = {written}\n")
    with pytest.raises(UsageError, match=f"home: .*{problem}"):
        load_settings()


OF_NOBODY = """
import os
from pathlib import Path
from orchestration.settings import DBT_PROJECT, made_folder
os.setuid(65534)
print(made_folder(DBT_PROJECT, Path("/cache")))
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can take the place of another user")
def test_what_is_made_of_read_only_code_is_kept_in_the_cache(tmp_path):
    assert made_folder(DBT_PROJECT, tmp_path) == DBT_PROJECT / "target"
    done = subprocess.run(
        [sys.executable, "-c", OF_NOBODY],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
    )
    assert Path(done.stdout.strip()).parent == Path("/cache/union-health-index")


def test_the_status_shows_where_it_stands_who_may_sign(tmp_path):
    stated = Home(tmp_path, tmp_path / "people", tmp_path / "days.csv")
    shown = describe(state_of(stated))
    assert (
        f"Allowed signers: {tmp_path / 'people'}, which is not there: nobody can approve" in shown
    )
    (tmp_path / "people").touch()
    assert f"Allowed signers: {tmp_path / 'people'}" in describe(state_of(stated))


def test_people_and_times_lie_in_the_home_unless_stated(tmp_path):
    home = Home(tmp_path)
    assert home.signers == tmp_path / "allowed_signers"
    assert home.calendar == tmp_path / "release_calendar.csv"
    elsewhere = Home(tmp_path, Path("people"), Path("days.csv"))
    assert (elsewhere.signers, elsewhere.calendar) == (Path("people"), Path("days.csv"))


def test_a_month_is_a_period_or_its_text(tmp_path):
    home = Home(tmp_path)
    for place in (home.build, home.plan, home.candidate, home.verdict, home.prepared):
        assert place(Period(2020, 12)) == place("2020-12")
    assert home.release(Period(2020, 12), "r1") == tmp_path / "releases" / "2020-12" / "r1"
    assert str(home) == str(tmp_path)
