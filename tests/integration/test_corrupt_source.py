"""What the platform hands over, spoiled in one table, from the source to the verdict: the check that names it fires."""

import shutil

import pytest

from orchestration import pipeline
from orchestration.demo.city import make_city
from tests.corruptions import listed
from tests.support.settings import settings_in

pytestmark = pytest.mark.corruption


def run(folder, period):
    _, [outcome] = pipeline.run(
        settings_in(folder / "home"), str(folder / "source"), pipeline.due_dates(period, None), "tests", lambda _: None
    )
    return outcome


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A sound city of 400 enterprises, and its home with the candidate of November."""
    folder = tmp_path_factory.mktemp("city")
    make_city(folder / "source", enterprises=400)
    assert run(folder, "2020-11").passed
    return folder


def test_the_sound_city_gives_nothing_to_say(city, tmp_path):
    shutil.copytree(city, tmp_path / "city", symlinks=True)
    assert run(tmp_path / "city", "2020-12").failed_checks() == []


@pytest.mark.parametrize("corruption", listed("source"), ids=lambda corruption: corruption.name)
def test_a_corruption_is_named(city, tmp_path, corruption):
    shutil.copytree(city, tmp_path / "city", symlinks=True)
    corruption.spoil(tmp_path / "city" / "source")
    failed = {check["name"]: check["severity"] for check in run(tmp_path / "city", "2020-12").failed_checks()}
    assert set(failed) == {corruption.check, *corruption.also}
    assert failed[corruption.check] == corruption.severity
