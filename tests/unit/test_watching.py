"""What a watcher knows and says: which tables moved, what came of a round, how long it waits."""

from datetime import UTC, date, datetime

import pytest

from orchestration.alerts.records import Closed, Evaluated, PassedOver
from orchestration.errors import UsageError
from orchestration.extract.watermarks import Marks, watched_location
from orchestration.home.records.watch import WatchState
from orchestration.watch.state import describe_watch, state_of_watch
from orchestration.watch.watcher import Round

DAY = date(2020, 12, 21)
MOMENT = datetime(2020, 12, 21, 2, 14, 7, tzinfo=UTC)
STATED = {"period": "2020-12", "as_of": DAY}


def marks(**tables):
    return Marks({name: frozenset(found) for name, found in tables.items()})


def test_only_tables_with_new_marks_changed():
    earlier = marks(venue=[("V1", "1"), ("V2", "1")], activity=[("A1", "1")])
    later = marks(venue=[("V2", "2"), ("V3", "2")], activity=[])
    assert later.changes_since(earlier) == {"venue": 2}
    assert earlier.changes_since(earlier) == {}


def test_the_digest_does_not_depend_on_order():
    first = marks(venue=[("V1", "1"), ("V2", "1")], activity=[])
    second = marks(activity=[], venue=[("V2", "1"), ("V1", "1")])
    assert first.digest == second.digest
    assert first.digest != marks(venue=[("V1", "1")], activity=[]).digest


def test_the_location_has_no_credentials(settings):
    location = watched_location(settings, "postgresql://reader:hidden@platform.example/city")
    assert location == "postgresql://platform.example/city"
    with pytest.raises(UsageError, match="no watermarks"):
        watched_location(settings, "/srv/source")


def test_a_round_is_one_line():
    closed = (Closed(case=4, reason="corrected"),)
    entry = Evaluated(**STATED, is_provisional=True, verdict="0" * 64, closed=closed)
    line = Round(DAY, {"venue": 1200, "member": 34}, entry, 6.25).line(MOMENT)
    assert line == "10:14:07 as of 2020-12-21: 1,234 changes, 0 cases opened, 1 closed, 6.2 s"
    entry = PassedOver(**STATED, reason="it was refused by venue.rows.floor")
    line = Round(DAY, None, entry, 6.25).line(MOMENT)
    assert line.endswith("all changes, no case changed: it was refused by venue.rows.floor")


def state(**changes):
    nothing = {"evaluated_at": None, "away_since": None, "problem": None}
    return WatchState(
        **{"source": "postgresql:///city", "started_at": MOMENT.isoformat()} | nothing | changes
    )


def test_without_a_watcher_there_is_nothing_to_say(settings):
    assert state_of_watch(settings.home) is None


def test_a_watcher_that_is_gone_is_told(settings):
    settings.home.alerts.mkdir(parents=True)
    state(problem="refused").write(settings.home.watch_state)
    assert list(describe_watch(state_of_watch(settings.home))) == [
        "Watch: postgresql:///city, evaluated never yet",
        "  it was ended by force; start it again",
        "  changes wait: refused",
    ]
