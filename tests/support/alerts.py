"""Findings, candidates and logs of alerts, made by hand, for tests."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from sqlalchemy import create_engine

from orchestration.alerts.deadlines import Deadlines
from orchestration.alerts.evaluation import Known, SoundCandidate, evaluation_of
from orchestration.alerts.fold import cases_of
from orchestration.alerts.records import Acted, Finding
from orchestration.alerts.store import Store
from orchestration.alerts.tables import METADATA

FIRST = date(2020, 10, 31)
RULES = ("index_low_red", "index_low_yellow", "dimension_low_yellow")
DEADLINES = Deadlines.read()


def finding(union="U1", rule="index_low_red", dimension=None, **others):
    """A rule that holds for a union."""
    stated = {
        "union_id": union,
        "union_name": f"{union} Works",
        "county_code": "330302",
        "rule": rule,
        "dimension": dimension,
        "level": "red" if rule.endswith("red") else "yellow",
        "measure": "index",
        "observed": Decimal("51.5000"),
        "threshold": Decimal("60.0000"),
    }
    return Finding(**stated | others)


def candidate(*findings, as_of=FIRST, measured=("U1", "U2", "U3"), rules=RULES, verdict="1"):
    """A sound candidate in which some rules hold."""
    return SoundCandidate(
        period=f"{as_of:%Y-%m}",
        as_of=as_of,
        is_provisional=True,
        verdict=verdict * 64,
        findings=findings,
        measured=frozenset(measured),
        rules=frozenset(rules),
    )


def known_of(cases):
    """What is known of some cases, by their number."""
    return Known(
        open_cases={case.key: case for case in cases.values() if not case.closed_on},
        last_closed={case.key: case for case in cases.values() if case.closed_on},
        next_number=len(cases) + 1,
    )


def evaluated(*candidates, deadlines=DEADLINES, log=()):
    """A log that goes on with the evaluations of candidates."""
    entries = list(log)
    for each in candidates:
        entries.append(evaluation_of(each, known_of(cases_of(entries)), deadlines))
    return entries


def acted(case=1, action="acknowledged", **others):
    """Something that was done about a case."""
    return Acted(case=case, action=action, by="Li Wei", door="command", **others)


@contextmanager
def store_of(log):
    """A store in memory that has a log."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        store = Store(connection)
        for entry in log:
            store.append(entry)
        yield store
    engine.dispose()
