"""The events of the ledger, each as one frozen type."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from orchestration.home.records.intake import ErasureStatement
from orchestration.home.records.record import Digest, Moment, Month, Part, ReleaseName
from orchestration.home.records.signed import Approval, Override


def now() -> str:
    """The moment, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def latest(moments: Iterable[str]) -> str:
    """The latest of some times, each with its offset from UTC. Raises ValueError without one."""
    return max(moments, key=datetime.fromisoformat)


class Event(Part):
    """Something that was done, and when."""

    at: Moment = Field(default_factory=now)

    def as_json(self) -> dict[str, Any]:
        """The moment, the kind of the event, and its details that there are."""
        fields = self.model_dump(mode="json", exclude_none=True)
        return {name: fields.pop(name) for name in ("at", "event")} | fields


class Extracted(Event):
    """An intake was landed.

    digest: over its files; rows: of all tables; record: SHA-256 of its record, which older ledgers
    lack.
    """

    event: Literal["extraction"] = "extraction"
    intake: str
    source: str
    digest: Digest
    rows: int
    record: Digest | None = None


class Planned(Event):
    """A build was planned; digest: SHA-256 of the plan."""

    event: Literal["plan"] = "plan"
    period: Month
    digest: Digest


class Judged(Event):
    """A candidate was judged, or its build gave none, for a reason.

    failed: the checks that did not pass; digest: SHA-256 of the verdict.
    """

    event: Literal["verdict"] = "verdict"
    period: Month
    passed: bool
    provisional: bool
    failed: tuple[str, ...] | None = None
    digest: Digest | None = None
    reason: str | None = None


class Overridden(Event, Override):
    """A check of a verdict was overridden."""

    event: Literal["override"] = "override"


class ReleaseJudged(Event):
    """The files of a release that was built were judged; digest: SHA-256 of the verdict."""

    event: Literal["release_verdict"] = "release_verdict"
    period: Month
    passed: bool
    failed: tuple[str, ...]
    digest: Digest


class Prepared(Event):
    """A release was prepared; digest: SHA-256 of `SHA256SUMS`; record: of `record.json`."""

    event: Literal["prepared"] = "prepared"
    period: Month
    digest: Digest
    record: Digest
    release_time: Moment


class Previewed(Event):
    """Somebody looked at what is prepared, by its digest."""

    event: Literal["preview"] = "preview"
    period: Month
    digest: Digest
    by: str
    reason: str


class Approved(Event, Approval):
    """What is prepared was approved."""

    event: Literal["approval"] = "approval"


class Published(Event):
    """A release was put in force; digest: of `SHA256SUMS`; record: of `publication.json`."""

    event: Literal["publication"] = "publication"
    period: Month
    release: ReleaseName
    digest: Digest
    record: Digest
    release_time: Moment


class Retracted(Event):
    """A release was withdrawn; digest: of `SHA256SUMS`."""

    event: Literal["retraction"] = "retraction"
    period: Month
    release: ReleaseName
    digest: Digest
    reason: str
    by: str


class Pruned(Event):
    """Intakes by name, and landed files, were removed; bytes: that this freed."""

    event: Literal["prune"] = "prune"
    intakes: tuple[str, ...]
    objects: int
    bytes: int


class HolidaysChanged(Event):
    """Official days that published releases rest on were changed in the calendar of holidays.

    source: what has the days as they are now.
    """

    event: Literal["holidays"] = "holidays"
    source: str
    days: tuple[str, ...]
    reason: str
    by: str


class Erased(Event, ErasureStatement):
    """Rows about one person were taken out of the landing."""

    event: Literal["erasure"] = "erasure"


AnyEvent = Annotated[
    Extracted
    | Planned
    | Judged
    | Overridden
    | ReleaseJudged
    | Prepared
    | Previewed
    | Approved
    | Published
    | Retracted
    | Pruned
    | HolidaysChanged
    | Erased,
    Field(discriminator="event"),
]
EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
