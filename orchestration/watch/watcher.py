"""A watcher: what it does when it looks at its source once, and what it knows in between."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from orchestration.alerts.evaluating import Recorded, record, show
from orchestration.alerts.records import Evaluated, PassedOver
from orchestration.build import candidate, gate
from orchestration.contract.clock import city_zone, today
from orchestration.contract.registry import source_tables
from orchestration.errors import AlertsError, HomeBusyError, RefusedError, SourceError
from orchestration.extract.landing import extract
from orchestration.extract.watermarks import (
    Marks,
    read_marks,
    watched_location,
    windows_since,
)
from orchestration.periods import Period
from orchestration.settings import Settings
from orchestration.watch.rounds import begun, latest_intake
from orchestration.watch.warm import WarmBuild
from quality.nouns import counted_noun

MAY_PASS = (AlertsError, HomeBusyError, RefusedError, SourceError)
"""What keeps changes from being evaluated, and may be otherwise at another time."""


@dataclass(frozen=True)
class Round:
    """What came of the changes since the last round.

    changes: by table, None of a first round; seconds: since they were noticed.
    """

    day: date
    changes: Mapping[str, int] | None
    entry: Evaluated | PassedOver
    seconds: float

    def line(self, moment: datetime) -> str:
        """The round in one line for a reader, at a moment."""
        clock = f"{moment.astimezone(city_zone()):%H:%M:%S}"
        many = "all changes"
        if self.changes is not None:
            many = counted_noun(sum(self.changes.values()), "change")
        said = f"{clock} as of {self.day}: {many}, "
        if isinstance(self.entry, PassedOver):
            return f"{said}no case changed: {self.entry.reason}"
        opened, closed = len(self.entry.opened), len(self.entry.closed)
        cases = counted_noun(opened, "case opened", "cases opened")
        return f"{said}{cases}, {closed:,} closed, {self.seconds:.1f} s"


class Watcher:
    """Looks at a source, and evaluates what changed since it looked last."""

    def __init__(
        self, settings: Settings, source: str, day_of_city: Callable[[], date] = today
    ) -> None:
        """source: the URL of a database; day_of_city: the day as of which it evaluates.

        Raises UsageError where the source cannot be watched.
        """
        self.settings, self.source, self.day_of_city = settings, source, day_of_city
        self.location = watched_location(settings, source)
        self.builder = WarmBuild(settings.home.watch / "compiled")
        self.marks: Marks | None = None
        self.day: date | None = None
        self.unshown: Recorded | None = None
        self.has_shown = False

    def look(self) -> Round | None:
        """Evaluate what came since the last look, if anything did, or if another day began.

        At first all changes since the latest intake are evaluated. Raises UsageError,
        SourceLostError where the source is away, and one of MAY_PASS where the changes could not be
        evaluated; then they still count as not looked at.
        """
        began = time.perf_counter()
        day = self.day_of_city()
        latest = latest_intake(self.settings.home, self.location)
        marks = None
        if latest:
            windows = windows_since(self.settings, latest[1])
            marks = read_marks(self.settings, self.source, windows)
        changes = marks.changes_since(self.marks) if marks and self.marks else None
        if changes == {} and day == self.day:
            return None
        recorded = self.evaluate(day, changes)
        knows_what_is_shown = self.has_shown and self.unshown is None
        self.unshown = recorded if knows_what_is_shown else replace(recorded, counties=None)
        self.marks, self.day = marks, day
        return Round(day, changes, recorded.entry, time.perf_counter() - began)

    def show(self) -> None:
        """Write the desks of which the last round brought something new, unless they are written.

        All of them after a first round, and where the round before could not be shown. Raises one
        of MAY_PASS.
        """
        if self.unshown:
            show(self.settings, self.unshown)
            self.unshown, self.has_shown = None, True

    def evaluate(self, day: date, changes: Mapping[str, int] | None) -> Recorded:
        """Read, build, judge and evaluate the running month as of a day.

        changes: by table; None where they are not known, so all tables are read.
        """
        period = Period.of(day)
        unmoved = set() if changes is None else source_tables().keys() - changes.keys()
        home = self.settings.home
        with begun(home, latest_intake(home, self.location)) as own:
            settings = self.settings.model_copy(update={"home": own})
            intake = extract(settings, self.source, lambda _: None, unmoved=unmoved)
            plan = candidate.plan_build(own, intake.folder, period, day)
            candidate.build_warehouse(own, plan, lambda _: None, self.builder)
            gate.judge(own, plan)
        return record(self.settings, period, home.watched)
