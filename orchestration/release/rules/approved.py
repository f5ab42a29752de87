"""The rules of publishing: whether enough people approve what is prepared and its time has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.home.events import Approved, Prepared
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.release import Manifest
from orchestration.home.records.signed import Approval
from orchestration.home.records.verdict import Verdict
from orchestration.release import bundle
from orchestration.release.rules.rule import Rule, joined
from orchestration.signatures import approvals
from orchestration.signatures.statement import times_in_ledger


@dataclass(frozen=True)
class ApprovedRelease:
    """A prepared release, in its folder, with its approvals; preparation: the ledger's event."""

    home: Home
    folder: Path
    preparation: Prepared

    @cached_property
    def entries(self) -> list[Approval]:
        """The approvals that it carries."""
        return approvals.approvals_in(self.folder)


def unrecorded_approvals(state: ApprovedRelease) -> str | None:
    """The ledger has not recorded an approval since the release was prepared."""
    preparation = state.preparation
    since = Ledger.of(state.home).since(preparation)
    on_record = approvals.as_approvals(since.approvals(preparation.period, preparation.digest))
    unrecorded = [entry.by for entry in state.entries if entry not in on_record]
    return joined([f"the ledger does not record the approval by {by}" for by in unrecorded])


def invalid_approvals(state: ApprovedRelease) -> str | None:
    """Approvals do not hold, or are not by different people who may approve."""
    prepared_by = Verdict.read(state.folder / "verdict.json").prepared_by
    found = approvals.invalid_reasons(
        bundle.approvable(state.folder),
        prepared_by,
        state.entries,
        state.home.signers,
        times_in_ledger(Ledger.of(state.home), Approved, state.entries),
        state.preparation.at,
    )
    return joined(found)


def too_few_approvals(state: ApprovedRelease) -> str | None:
    """It needs more approvals."""
    return joined(approvals.shortage(state.entries))


def embargoed(state: ApprovedRelease) -> str | None:
    """Its time has not come."""
    planned = Manifest.read(state.folder / "manifest.json").planned
    return None if planned.is_due else f"it is embargoed until {planned.release_time}"


PUBLICATION: Sequence[Rule[ApprovedRelease]] = (
    unrecorded_approvals,
    invalid_approvals,
    too_few_approvals,
    embargoed,
)
