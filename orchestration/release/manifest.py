"""What a release says of its origin: the manifest, and the record of one preparation of it.

The manifest is the same for the same candidate.
"""

from collections.abc import Sequence
from pathlib import Path

from orchestration.build.provenance import environment_identity
from orchestration.contract.parameters import parameters
from orchestration.home import files
from orchestration.home.events import now
from orchestration.home.records.intake import IntakeRecord
from orchestration.home.records.release import (
    FORMAT,
    ApprovedMethodology,
    Code,
    Manifest,
    OverridesNamed,
    PreparationRecord,
    SourceRead,
    TableRead,
    VerdictNamed,
)
from orchestration.home.records.signed import Override
from orchestration.home.records.verdict import CodeIdentity, Verdict
from orchestration.release.context import ReleaseContext, identities_of, identity_of, neighbours


def manifest_of(
    folder: Path,
    verdict: Verdict,
    overrides: Sequence[Override],
    intake: IntakeRecord,
    context: ReleaseContext,
    code: CodeIdentity,
) -> Manifest:
    """What a release is and what it was made of.

    folder: has its verdict and overrides; intake: the record of its intake; code: the identity of
    the code that makes the release.
    """
    compared = context.compared_with
    return Manifest(
        format=FORMAT,
        period=verdict.period,
        as_of=verdict.as_of,
        notice=verdict.notice,
        planned=context.planned,
        revision=context.revision,
        compared_with=identity_of(compared) if compared else None,
        beside=neighbours(context.beside),
        months=identities_of(context.months),
        site_url=context.site_url,
        retracted=tuple(context.retracted),
        imprint=context.imprint,
        methodology=approved_methodology(verdict),
        parameters=parameters().model_dump(),
        landing=verdict.landing,
        source=source_read(intake),
        predecessor=verdict.predecessor,
        code=Code(candidate=verdict.code, release=code),
        verdict=VerdictNamed(
            passed=verdict.passed, sha256=files.sha256_of(folder / "verdict.json")
        ),
        overrides=OverridesNamed(
            count=len(overrides), sha256=files.sha256_of(folder / "overrides.json")
        ),
    )


def approved_methodology(verdict: Verdict) -> ApprovedMethodology:
    """The methodology of a verdict, and by which approval it counts."""
    approval = next(
        check.observed for check in verdict.checks if check.name == "methodology.approved"
    )
    return ApprovedMethodology(**verdict.methodology.as_json(), approval=approval)


def source_read(intake: IntakeRecord) -> SourceRead:
    """The source as an intake read it, with each table."""
    return SourceRead(
        location=intake.source,
        extracted_at=intake.extracted_at,
        whole_read_at=intake.whole_read_at,
        registry=intake.registry,
        source_map=intake.source_map,
        tables=tuple(TableRead.of(table) for table in intake.tables),
    )


def record_of_preparation(period: str, sums: Path, ledger_head: str) -> PreparationRecord:
    """What differs from one preparation of a candidate to the next: when, by what, on what ledger.

    It is bound to the digests of the release. ledger_head: the head of the ledger at that time.
    """
    return PreparationRecord(
        period=period,
        sha256sums=files.sha256_of(sums),
        prepared_at=now(),
        ledger_head=ledger_head,
        environment=environment_identity(),
    )
