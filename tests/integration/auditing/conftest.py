"""The release that is audited, and a prepared candidate with overrides."""

import pytest

from orchestration.audit import audit
from orchestration.home.layout import Home
from tests.support.people import DECEMBER


@pytest.fixture(scope="package")
def home(two_months):
    return two_months


@pytest.fixture(scope="package")
def release(home):
    return home / "releases" / "2020-12" / "r1"


@pytest.fixture(scope="package")
def found(release):
    return audit.audit_release(release)


@pytest.fixture(scope="package")
def overridden(overridden_home):
    """A prepared candidate with refused rows and two overridden checks: (home, its folder)."""
    home = overridden_home / "home"
    return home, Home(home).prepared(DECEMBER)
