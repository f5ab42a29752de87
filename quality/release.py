"""What a built release must be like before it counts as prepared.

Each check looks for faults in the files alone, and is written apart from what builds them, on
purpose. Files and bytes are in `completeness.py`, cells in `cells.py`, pages in `pages.py` and
`sites.py`; what a release might give away in `disclosure.py`, `hidden_figures.py`,
`hidden_ranks.py`, `recovery.py` and `egress.py`; what the public edition leads to in
`references.py`; what it says of itself in `description.py`, `standing.py`, `changes.py`,
`lineage.py`, `lineage_events.py` and `provenance.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import TypeAdapter

from quality import (
    cells,
    changes,
    completeness,
    description,
    disclosure,
    egress,
    hidden_figures,
    hidden_ranks,
    lineage,
    lineage_events,
    pages,
    provenance,
    recovery,
    references,
    sites,
    standing,
)
from quality.check_entries import ENTRIES, entries_judged_by, hold_against_entries
from quality.edited_files import EditedFileError, read_yaml
from quality.parallel import parallel
from quality.verdict import CheckResult, Severity

REQUIRED = Path(__file__).with_name("required_release_checks.yml")

REQUIRED_CHECKS: TypeAdapter[dict[str, Severity]] = TypeAdapter(dict[str, Severity])


def required_release_checks() -> dict[str, Severity]:
    """The reviewed list of the checks of a release with their severities.

    Raises EditedFileError where functions, entries in `checks.yml` and the list do not agree.
    """
    listed = read_yaml(REQUIRED, REQUIRED_CHECKS)
    entries = entries_judged_by("release")
    apart = sorted(entries.keys() ^ CHECKS.keys())
    if apart:
        message = f"{ENTRIES}: {apart[0]} needs both an entry and a function in {__name__}.CHECKS."
        raise EditedFileError(message)
    hold_against_entries(listed, entries, REQUIRED)
    return listed


@dataclass(frozen=True)
class BuiltRelease:
    """A release's folder, and those that it is held against.

    earlier: folders of the earlier releases of the period; before: that of the release which it
    follows; months: those of earlier months in force; canaries: names of persons that must be
    nowhere; month_before, month_after: folders of all releases of the months next to it.
    """

    folder: Path
    earlier: Sequence[Path] = ()
    before: Path | None = None
    months: Sequence[Path] = ()
    canaries: Sequence[str] = ()
    month_before: Sequence[Path] = ()
    month_after: Sequence[Path] = ()

    @property
    def others(self) -> list[Path]:
        """All other releases that it is held against, each once."""
        compared = [self.before] if self.before else []
        around = [*self.earlier, *self.month_before, *self.month_after]
        return list(dict.fromkeys([*compared, *around, *self.months]))


def judge_release(release: BuiltRelease, processes: int = 1) -> Iterator[CheckResult]:
    """Run every check over a release, in so many processes."""
    pieces = [partial(judge_by, name, release) for name in CHECKS]
    return parallel(pieces, processes)


def judge_by(name: str, release: BuiltRelease) -> CheckResult:
    """Run one check. One that raises is reported as not executed."""
    try:
        faults = list(CHECKS[name](release))
    except Exception as error:  # noqa: BLE001 - whatever it was, it is not judged
        return CheckResult(
            name,
            passed=False,
            observed=f"raised {type(error).__name__}",
            executed=False,
        )
    return CheckResult(
        name,
        passed=not faults,
        observed="; ".join(faults) or "no fault",
    )


# Those that take longest come first, for they are judged side by side.
CHECKS: dict[str, Callable[[BuiltRelease], Iterator[str]]] = {
    "release.personal": lambda release: egress.personal(release.folder, release.canaries),
    "release.site": lambda release: sites.site_figures(release.folder, release.months),
    "release.hidden_figures": lambda release: hidden_figures.hidden_figures_told(
        release.folder, release.others
    ),
    "release.changes": lambda release: changes.other_changes(release.folder, release.before),
    "release.csv_equals_parquet": lambda release: cells.other_csv(release.folder),
    "release.formula": lambda release: cells.formulas(release.folder),
    "release.finite": lambda release: cells.not_finite(release.folder),
    "release.standing": lambda release: standing.unannounced(release.folder, release.earlier),
    "release.page": lambda release: pages.page_figures(release.folder),
    "release.recoverable": lambda release: recovery.recoverable(
        release.folder,
        release.earlier,
        release.month_before,
        release.month_after,
    ),
    "release.datapackage": lambda release: description.misdescribed(release.folder),
    "release.files": lambda release: completeness.other_files(release.folder),
    "release.internal_bytes": lambda release: completeness.other_bytes(release.folder),
    "release.methodology": lambda release: completeness.other_methodology(release.folder),
    "release.manifest": lambda release: description.other_manifest(release.folder),
    "release.public_equals_internal": lambda release: disclosure.differences(release.folder),
    "release.findings": lambda release: disclosure.findings_disclosed(release.folder),
    "release.small_areas": lambda release: disclosure.small_areas_shown(release.folder),
    "release.ranks": lambda release: hidden_ranks.ranks_told(release.folder, release.month_before),
    "release.references": lambda release: references.references_outside(release.folder),
    "release.lineage": lambda release: lineage.other_lineage(release.folder),
    "release.events": lambda release: lineage_events.other_events(release.folder),
    "release.provenance": lambda release: provenance.other_statement(release.folder),
}
