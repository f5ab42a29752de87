"""What a release says of itself, and what a home says of its releases."""

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from orchestration.home.records.intake import LandedTable
from orchestration.home.records.record import (
    Digest,
    Moment,
    Month,
    Part,
    Record,
    ReleaseName,
    RootRecord,
)
from orchestration.home.records.signed import Preview
from orchestration.home.records.verdict import CodeIdentity, LandingIdentity, MethodologyIdentity

FORMAT = 2
Kind = Literal["revision", "correction", "method_change"]


class Planned(Part):
    """When a release is due, by the release calendar."""

    kind: Literal["annual", "monthly"]
    release_time: Moment
    announced_on: str

    @property
    def due(self) -> datetime:
        """When the release may be published."""
        return datetime.fromisoformat(self.release_time)

    @property
    def is_due(self) -> bool:
        """Whether that time has come."""
        return datetime.now(UTC) >= self.due


class Revision(Part):
    """Why a release supersedes another one, and which."""

    kind: Kind
    reason: str
    supersedes: ReleaseName
    sha256sums: Digest


class ReleaseIdentity(Part):
    """A published release: its month, its name, and the SHA-256 of its `SHA256SUMS`."""

    period: Month
    release: ReleaseName
    sha256sums: Digest


class Neighbours(Part):
    """The releases of the months next to a release's."""

    month_before: tuple[ReleaseIdentity, ...]
    month_after: tuple[ReleaseIdentity, ...]


class Retraction(ReleaseIdentity):
    """A release that was withdrawn, when and why."""

    at: Moment
    reason: str


class Imprint(Part):
    """Who publishes a release, its time, and the next release; what is not stated is None."""

    publisher: str | None = None
    contact: str | None = None
    licence: str | None = None
    release_time: Moment | None = None
    next_period: Month | None = None
    next_release_time: Moment | None = None


class ApprovedMethodology(MethodologyIdentity):
    """The methodology of a release, and by which approval it counts."""

    approval: str


class TableRead(Part):
    """A source table: where it was read from, since which watermark, and what was landed."""

    table: str
    source: str
    rows: int
    rows_read: int
    since: Moment | None
    watermark_from: Moment | None
    watermark_to: Moment | None
    keys_gone: int | None
    sha256: Digest

    @classmethod
    def of(cls, landed: LandedTable) -> "TableRead":
        """What a release says of a table of its intake."""
        return cls(**{name: getattr(landed, name) for name in cls.model_fields})


class SourceRead(Part):
    """The source as its intake read it.

    source_map: SHA-256 of the map of a foreign source, where it was read by one.
    """

    location: str
    extracted_at: Moment
    whole_read_at: Moment
    registry: Digest
    tables: tuple[TableRead, ...]
    source_map: Digest | None = None


class Code(Part):
    """The code that judged the candidate, and that which made the release."""

    candidate: CodeIdentity | None
    release: CodeIdentity


class VerdictNamed(Part):
    """The verdict of a release, by its SHA-256."""

    passed: bool
    sha256: Digest


class OverridesNamed(Part):
    """The overrides of a release, by the SHA-256 of their file."""

    count: int
    sha256: Digest


class Manifest(Record):
    """`manifest.json`: what a release is and what it was made of.

    compared_with: the release that it follows; beside: those that it was public beside, which
    format 1 lacks; months: the releases in force of earlier months; retracted: what was withdrawn
    that its readers must know of; parameters: the contract's figures that are part of no version
    of the methodology, by name, which older releases lack.
    """

    format_version = FORMAT

    format: int
    period: Month
    as_of: str
    notice: str | None
    planned: Planned
    revision: Revision | None
    compared_with: ReleaseIdentity | None
    beside: Neighbours = Neighbours(month_before=(), month_after=())
    months: tuple[ReleaseIdentity, ...]
    site_url: str | None
    retracted: tuple[Retraction, ...] = ()
    imprint: Imprint = Imprint()
    methodology: ApprovedMethodology
    parameters: dict[str, int | str] = Field(default_factory=dict)
    landing: LandingIdentity
    source: SourceRead
    predecessor: dict[str, Digest]
    code: Code
    verdict: VerdictNamed
    overrides: OverridesNamed


class Environment(Part):
    """The versions of Python and of the packages that compute."""

    python: str
    packages: dict[str, str]


class PreparationRecord(Record):
    """`record.json`: one preparation of a release, bound to its digests.

    ledger_head: the head of the ledger at that time.
    """

    period: Month
    sha256sums: Digest
    prepared_at: Moment
    ledger_head: Digest
    environment: Environment


class PublicationRecord(Record):
    """`publication.json`: when a release was due and published, and who looked at it before."""

    period: Month
    release: ReleaseName
    sha256sums: Digest
    release_time: Moment
    published_at: Moment
    previews: tuple[Preview, ...]
    ledger_head: Digest


class Tombstone(Record):
    """`retraction.json`, in the place of a release that was withdrawn.

    digest: SHA-256 of its `SHA256SUMS`.
    """

    period: Month
    release: ReleaseName
    digest: Digest
    reason: str
    by: str
    at: Moment


class Current(RootRecord[dict[Month, ReleaseName]]):
    """`releases/CURRENT.json`: the release in force of each period."""
