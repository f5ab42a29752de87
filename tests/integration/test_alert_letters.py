"""Letters by command: out of a home, for its owner alone, the same each time."""

import json

import pytest

from orchestration.alerts.store import opened
from tests.support.faults import copy_of, done, uhi
from tests.support.settings import settings_in


@pytest.fixture
def home(example_run, tmp_path):
    return copy_of(example_run[0].home.folder, tmp_path, "home")


def letters_of(home, *options):
    outcome = done(home, uhi("alert", "letter", "--json", *options))
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)["letters"]


def test_letters_go_out_for_each_step_that_cases_reached(home, tmp_path):
    with opened(settings_in(home)) as store:
        cases = [case for case in store.open_cases() if case.step not in (None, "near_due")]
    county = cases[0].county_code
    letters = letters_of(home, "--county", county)
    expected = {case.step for case in cases if case.county_code == county}
    assert {letter["step"] for letter in letters} == expected
    written = [file for letter in letters for file in letter["files"]]
    assert {file.rpartition(".")[2] for file in written} == {"docx", "pdf"}
    folder = home / "alerts" / "letters"
    assert sorted(map(str, folder.iterdir())) == sorted(written)
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    again = letters_of(home, "--county", county, "--to", tmp_path / "again")
    for file in (file for letter in again for file in letter["files"]):
        name = file.rpartition("/")[2]
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_of_what_has_no_case_there_is_no_letter(home):
    outcome = done(home, uhi("alert", "letter", "--union", "none"))
    assert outcome.returncode == 2
    assert "There is no open case of the union none" in outcome.stderr
    assert done(home, uhi("alert", "letter")).returncode == 2
