"""Checks that nobody can override, proven against valid little cities made at random.

Each city is handed over, built, judged and prepared as any is; in the drill many are, and each is
published, corrected in a few unions and prepared anew. A check that stops one of them is a false
alarm, and one that does not report on them stops them too: so a new check is proven here, or this
fails.
"""

import shutil

import pytest

from orchestration import pipeline
from orchestration.build import warehouse
from orchestration.build.compiled import CompiledBuild
from orchestration.home.records.verdict import ReleaseVerdict
from orchestration.release import bundle, preparation, publication
from quality.release import required_release_checks
from quality.verdict import overridable_checks, required_checks
from tests.support.overrides import override
from tests.support.people import DECEMBER, allow, approve
from tests.support.settings import settings_in
from tests.support.valid_cities import correct, make_city

MONTH = str(DECEMBER)
EVERYDAY = (0,)
MANY = range(18)


@pytest.fixture
def home(example_run, tmp_path, monkeypatch):
    """Settings of the example's home as it was before its December.

    Warehouses are built of what dbt compiled for that month.
    """
    folder = example_run[0].home.folder
    monkeypatch.setattr(warehouse, "build", CompiledBuild(folder / "warehouse" / MONTH))
    without = {"warehouse", MONTH, f".{MONTH}-1"}
    shutil.copytree(
        folder, tmp_path / "home", symlinks=True, ignore=lambda _, names: without & set(names)
    )
    settings = settings_in(tmp_path / "home")
    allow(settings, "alice", "dave")
    return settings


def due():
    """The checks that nobody can override: of a candidate, and of a release."""
    stops = {name for name, severity in required_checks().items() if severity == "stop"}
    return stops - overridable_checks(), set(required_release_checks())


def judge(settings):
    """Build and judge the city: all passes that nobody can override.

    What can be overridden is: it says what is unlikely, which random cities are.
    """
    source = settings.home.folder.parent / "source"
    periods = pipeline.due_dates(MONTH, None)
    _, [outcome] = pipeline.run(settings, str(source), periods, "tests", lambda _: None)
    checks = outcome.verdict.checks
    passed = {check.name for check in checks if check.succeeded}
    assert due()[0] - passed == set()
    for check in checks:
        if check.severity == "stop" and not check.succeeded:
            override(settings, check.name)


def prepare(settings, *revision):
    """Prepare what was judged: all passes, else it is refused with what does not."""
    prepared = preparation.prepare(settings, DECEMBER, *revision)
    verdict = ReleaseVerdict.read(prepared / bundle.RELEASE_VERDICT)
    assert due()[1] == {check.name for check in verdict.checks if check.succeeded}


@pytest.mark.parametrize("number", EVERYDAY)
def test_no_check_that_nobody_can_override_stops_a_valid_city(home, number):
    make_city(number, home.home.folder.parent / "source")
    judge(home)
    prepare(home)


@pytest.mark.drill
@pytest.mark.parametrize("number", MANY)
def test_no_check_that_nobody_can_override_stops_a_city_or_its_correction(home, number):
    source = home.home.folder.parent / "source"
    make_city(number, source)
    judge(home)
    prepare(home)
    approve(home)
    publication.publish(home.home, DECEMBER)
    correct(number, source)
    judge(home)
    prepare(home, "correction", "a few unions were wrong")
