"""What people state of a verdict or a release: approvals, overrides, and who looked before."""

from orchestration.home.records.record import (
    Digest,
    Moment,
    Month,
    Part,
    Record,
    RootRecord,
    Stated,
)


class Approval(Record):
    """`approvals/<n>.json` with its signature: these bytes are to be published.

    digest: SHA-256 of `SHA256SUMS`; record: of `record.json`; public: of `public/SHA256SUMS`, which
    releases of format 1 lack; ledger_head, ledger_at: the head of the ledger when it was signed,
    and the latest time that its lines stated, which older approvals lack; signature: an armoured
    SSH signature over all other fields.
    """

    period: Month
    digest: Digest
    record: Digest
    public: Digest | None = None
    ledger_head: Digest | None = None
    ledger_at: Moment | None = None
    by: Stated
    at: Moment
    signature: Stated


class Override(Part):
    """A person's exception for one check of the verdict with a SHA-256, as `overrides.json` has it.

    ledger_head, ledger_at: the head of the ledger when it was signed, and the latest time that its
    lines stated, which older overrides lack; signature: an armoured SSH signature over all other
    fields.
    """

    period: Month
    check: Stated
    reason: Stated
    by: Stated
    at: Moment
    verdict: Digest
    ledger_head: Digest | None = None
    ledger_at: Moment | None = None
    signature: Stated


class Overrides(RootRecord[tuple[Override, ...]]):
    """`overrides.json`: all overrides of a release's verdict."""


class Preview(Part):
    """Who looked at a release before its time, why and when."""

    by: Stated
    reason: Stated
    at: Moment
