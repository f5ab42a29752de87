"""Fixtures that tests of several folders share.

Settings over a home of their own, and the contract's example.
"""

import os

import pytest
from hypothesis import settings as hypothesis_settings

from tests.support.prebuilt import Prebuilt
from tests.support.settings import CALENDAR, EXAMPLE, settings_in

pytest_plugins = ["tests.support.fixtures"]
hypothesis_settings.register_profile("no_clock", deadline=None)
hypothesis_settings.load_profile("no_clock")


@pytest.fixture(autouse=True, scope="session")
def _own_environment():
    """No setting of the person who runs the tests takes part.

    Releases are due by the calendar of the tests.

    They are made in one process: small ones are sooner made than processes started. Tests of
    several say how many.
    """
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("UHI_")]:
            environment.delenv(name)
        environment.setenv("UHI_RELEASE_CALENDAR", str(CALENDAR))
        environment.setenv("UHI_PROCESSES", "1")
        yield


@pytest.fixture(scope="session")
def prebuilt(request):
    """Folders that are filled once for all: `prebuilt(name, make, …)` (tests.support.prebuilt)."""
    return Prebuilt(request.config.cache.mkdir("prebuilt"))


@pytest.fixture
def settings(tmp_path):
    return settings_in(tmp_path / "home")


@pytest.fixture
def example():
    return EXAMPLE
