"""Records of a home and of a release, as small as they may be."""

from orchestration.home.records.signed import Override
from orchestration.home.records.verdict import (
    CodeIdentity,
    LandingIdentity,
    MethodologyIdentity,
    Verdict,
)
from orchestration.periods import Period
from quality.verdict import Check, stopping

CODE = CodeIdentity(
    version="0.1.0", commit=None, clean=None, remark="no commit known", requirements_lock=None
)


def check(name, observed="", *, passed=True, **changes):
    """A check that is required and stops, unless changed."""
    stated = {"executed": True, "required": True, "severity": "stop", "override": "none"}
    return Check(name=name, passed=passed, observed=observed, **stated | changes)


def verdict(period="2020-12", checks=(), **changes):
    """The verdict on a candidate of a period, built on no month before."""
    stated = {
        "passed": not stopping(checks),
        "period": period,
        "as_of": str(Period.parse(period).last_day),
        "provisional": False,
        "prepared_by": "tests",
        "notice": None,
        "checks": tuple(checks),
        "refused_rows": {},
        "tables": {},
        "staging": {},
        "methodology": MethodologyIdentity(name="2020", sha256="0" * 64),
        "landing": LandingIdentity(intake="20210101T000000Z-0123456789ab", sha256="ab" * 32),
        "required_checks": "0" * 64,
        "predecessor": {},
        "code": CODE,
    }
    return Verdict(**stated | changes)


def override(name, **changes):
    """An override of a check, with a signature that nobody verifies."""
    stated = {
        "period": "2020-12",
        "check": name,
        "reason": "checked by hand",
        "by": "alice",
        "at": "2021-01-02T00:00:00+00:00",
        "verdict": "0" * 64,
        "signature": "none",
    }
    return Override(**stated | changes)
