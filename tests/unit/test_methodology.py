"""A methodology that would make a build meaningless is refused before anything is built; one that nobody approved is named."""

import shutil

import pytest

from orchestration.errors import UsageError
from orchestration.methodology import load_methodology
from orchestration.periods import Period
from orchestration.settings import METHODOLOGY
from quality.verdict import approval_of, required_checks
from tests.corruptions import listed

PERIOD = Period(2020, 12)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(METHODOLOGY, tmp_path / "methodology")


def test_the_shipped_methodology_is_sound_and_approved():
    methodology = load_methodology(METHODOLOGY, PERIOD)
    assert methodology.name == "2020"
    assert approval_of(methodology.digest)[0]


@pytest.mark.corruption
@pytest.mark.parametrize("corruption", listed("methodology"), ids=lambda corruption: corruption.name)
def test_a_corruption_is_named(folder, corruption):
    corruption.spoil(folder)
    if corruption.check == "usage":
        with pytest.raises(UsageError, match=corruption.message):
            load_methodology(folder, PERIOD)
    else:
        assert corruption.check == "methodology.approved"
        assert required_checks()[corruption.check] == corruption.severity
        approved, observed = approval_of(load_methodology(folder, PERIOD).digest)
        assert not approved
        assert "is not in approved_methodologies.yml" in observed


def test_a_missing_table_is_named(folder):
    (folder / "grades.csv").unlink()
    with pytest.raises(UsageError, match=r"grades\.csv cannot be read"):
        load_methodology(folder, PERIOD)
