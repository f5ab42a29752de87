"""The rules of what is prepared: whether it is sound, or must be prepared again."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.errors import RefusedError
from orchestration.home import files
from orchestration.home.events import Judged, Prepared, ReleaseJudged
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.release import Manifest
from orchestration.home.records.verdict import ReleaseVerdict, Verdict
from orchestration.home.releases import beside, followed, months_before, releases_of
from orchestration.periods import Period
from orchestration.release import bundle
from orchestration.release.context import identities_of, identity_of, neighbours, sums_digest
from orchestration.release.release_calendar import planned_release
from orchestration.release.rules.judgement import SOUND_VERDICT, STALE_VERDICT, Judgement
from orchestration.release.rules.rule import Rule, reasons_against
from orchestration.signatures import overrides
from quality.release import REQUIRED as REQUIRED_OF_RELEASE
from quality.release import required_release_checks


@dataclass(frozen=True)
class PreparedRelease:
    """What is prepared for a period, in its folder, and what the ledger and the home know of it.

    recorded: the ledger.
    """

    home: Home
    period: Period
    folder: Path
    recorded: Ledger

    @cached_property
    def manifest(self) -> Manifest:
        """Its manifest."""
        return Manifest.read(self.folder / "manifest.json")

    @cached_property
    def files_verdict(self) -> ReleaseVerdict:
        """The verdict on its files."""
        return ReleaseVerdict.read(self.folder / bundle.RELEASE_VERDICT)

    @cached_property
    def preparation(self) -> Prepared | None:
        """The period's latest preparation, whatever it was of."""
        return self.recorded.latest(Prepared, str(self.period))

    @cached_property
    def before(self) -> Ledger:
        """The ledger up to that preparation, with it; empty without one."""
        return self.recorded.until(self.preparation) if self.preparation else Ledger(())

    @cached_property
    def judgement(self) -> Judgement:
        """The verdict that it was prepared by, with the overrides that it carries."""
        return Judgement(
            home=self.home,
            period=self.period,
            verdict=Verdict.read(self.folder / "verdict.json"),
            digest=files.sha256_of(self.folder / "verdict.json"),
            overrides=bundle.overrides_in(self.folder),
            judged=self.before.latest(Judged, str(self.period)),
        )


# Is what is prepared what would be prepared now?


def other_release_time(state: PreparedRelease) -> str | None:
    """The calendar has another time. Raises RefusedError where it has none."""
    planned = planned_release(state.home, state.period)
    is_same_time = state.manifest.planned == planned.described()
    return None if is_same_time else f"the calendar plans it for {planned.release_time} now"


def other_superseded(state: PreparedRelease) -> str | None:
    """Another release would be superseded."""
    earlier = releases_of(state.home, state.period)
    superseded = state.manifest.revision and state.manifest.revision.sha256sums
    is_same_one = superseded == (sums_digest(earlier[-1]) if earlier else None)
    return None if is_same_one else "the release that it supersedes has changed"


def other_compared(state: PreparedRelease) -> str | None:
    """It would be compared with another release."""
    compared = followed(state.home, state.period)
    is_same_one = state.manifest.compared_with == (identity_of(compared) if compared else None)
    return None if is_same_one else "the release that it is compared with has changed"


def other_trend(state: PreparedRelease) -> str | None:
    """Other releases of earlier months are in force."""
    months = identities_of(months_before(state.home, state.period))
    is_same_trend = state.manifest.months == months
    return None if is_same_trend else "the releases of earlier months in its trend have changed"


def other_neighbours(state: PreparedRelease) -> str | None:
    """The months next to it have other releases."""
    is_same_ones = state.manifest.beside == neighbours(beside(state.home, state.period))
    return None if is_same_ones else "the releases of the months next to it have changed"


STALE_CONTEXT: Sequence[Rule[PreparedRelease]] = (
    other_release_time,
    other_superseded,
    other_compared,
    other_trend,
    other_neighbours,
)


def stale_reasons(state: PreparedRelease) -> list[str]:
    """Why what is prepared is not what would be prepared now, if anything could be."""
    try:
        return [
            *reasons_against(STALE_VERDICT, state.judgement),
            *reasons_against(STALE_CONTEXT, state),
        ]
    except RefusedError as error:
        return [str(error).rstrip(".")]


# May what is prepared be looked at, approved, and published?


def unrecorded_verdict(state: PreparedRelease) -> str | None:
    """The verdict that it was prepared by is not the ledger's."""
    judged = state.judgement.judged
    is_recorded = judged is not None and judged.digest == state.judgement.digest
    return None if is_recorded else "its verdict is not the one that the ledger records"


def unrecorded_overrides(state: PreparedRelease) -> str | None:
    """The overrides that it carries are not the ledger's."""
    found = state.before.overrides(str(state.period), state.judgement.digest)
    is_recorded = state.judgement.overrides == overrides.as_overrides(found)
    return None if is_recorded else "it has other overrides than the ledger records"


def unrecorded_files(state: PreparedRelease) -> str | None:
    """Its files are not those of the latest preparation."""
    latest = state.preparation
    is_recorded = latest is not None and latest.digest == sums_digest(state.folder)
    return None if is_recorded else "it is not the latest one that the ledger records"


def unrecorded_record(state: PreparedRelease) -> str | None:
    """Its record is not that of the latest preparation."""
    latest = state.preparation
    is_recorded = latest is not None and latest.record == bundle.record_digest(state.folder)
    return None if is_recorded else "its record is not the one that the ledger has of it"


def unrecorded_files_verdict(state: PreparedRelease) -> str | None:
    """The verdict on its files is not the ledger's latest."""
    judged = state.recorded.latest(ReleaseJudged, str(state.period))
    digest = files.sha256_of(state.folder / bundle.RELEASE_VERDICT)
    if judged is not None and judged.digest == digest:
        return None
    return "the verdict on its files is not the latest one that the ledger records"


def other_required_checks_of_release(state: PreparedRelease) -> str | None:
    """Other checks of a release are required now."""
    is_same_list = state.files_verdict.required_checks == files.sha256_of(REQUIRED_OF_RELEASE)
    return None if is_same_list else "the list of required checks of a release has changed"


def missing_required_check_of_release(state: PreparedRelease) -> str | None:
    """A check that is required did not judge its files."""
    present = {check.name for check in state.files_verdict.checks}
    missing = sorted(set(required_release_checks()) - present)
    if not missing:
        return None
    return f"the verdict on its files lacks the required check {', '.join(missing)}"


RECORDED: Sequence[Rule[PreparedRelease]] = (
    unrecorded_verdict,
    unrecorded_overrides,
    unrecorded_files,
    unrecorded_record,
    unrecorded_files_verdict,
    other_required_checks_of_release,
    missing_required_check_of_release,
)


def unsound_reasons(state: PreparedRelease) -> list[str]:
    """Why what is prepared may be neither looked at, approved nor published."""
    return [
        *reasons_against(RECORDED, state),
        *stale_reasons(state),
        *reasons_against(SOUND_VERDICT, state.judgement),
    ]
