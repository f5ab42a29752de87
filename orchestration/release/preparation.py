"""Prepare, preview, approve: a release is built and judged whole, then people look at it and sign.

What is prepared is frozen. It is compared with the ledger as it was when the release was prepared,
not with the period's candidate, which a later run may replace. It is stale, and neither approved
nor published, once one of these has changed: the tables of the month before (its release in force,
else its candidate), the methodology, the lists of required checks, its time in the calendar, the
release that it follows, or those of its trend. Preparing again discards the approvals.
"""

from pathlib import Path

from orchestration.build import gate
from orchestration.build.candidate import methodology_of, stored_month
from orchestration.build.provenance import code_identity
from orchestration.errors import RefusedError, UsageError, VerificationError
from orchestration.extract.intakes import intake_record
from orchestration.home import files, ledger, locks
from orchestration.home.events import Approved, Judged, Prepared, Previewed, ReleaseJudged
from orchestration.home.layout import Home, period_folders
from orchestration.home.ledger import Ledger
from orchestration.home.records.release import Manifest
from orchestration.home.records.signed import Approval, Preview
from orchestration.home.records.verdict import ReleaseVerdict, Verdict
from orchestration.periods import Period
from orchestration.release import bundle, standing
from orchestration.release.bundle import verify
from orchestration.screen import Progress
from orchestration.settings import Settings
from orchestration.signatures import approvals
from orchestration.signatures.overrides import as_overrides, faults
from quality import side_by_side
from quality.release import REQUIRED, required_release_checks

# What only one piece of work needs, it imports itself: so all begin sooner.
WRITING_AND_JUDGING = (
    "orchestration.cli",
    "orchestration.release.changes",
    "orchestration.documents.site",
    "orchestration.documents.workbook",
    "quality.release",
)


def prepare(
    settings: Settings,
    period: Period,
    kind: str | None = None,
    reason: str | None = None,
    progress: Progress = lambda _: None,
) -> Path:
    """Build and judge the whole release of a period from its passed candidate; returns its folder.

    kind, reason: what a release is that supersedes another of the period (standing.KINDS), and why.
    Raises UsageError where they are not stated, or stated of a first release; RefusedError with the
    reasons.
    """
    with locks.held(settings.home, str(period)):
        verdict = gate.sound_verdict(settings.home, period)
        stands = standing.standing_of(settings, period, verdict, kind, reason)
        side_by_side.ready(settings.processes, WRITING_AND_JUDGING)
        check_followed(stands)
        judged = judged_candidate(settings.home, period, verdict)
        check_methodology(judged)
        prepared = settings.home.prepared(period)
        with files.scratch_folder(prepared.with_name(f".{period}")) as folder:
            bundle.build(folder, judged, stands, settings.processes, progress)
            judge(settings, period, folder, stands, progress)
            bundle.seal(folder, str(period), ledger.head(settings.home))
            files.replace_folder(folder, prepared)
        event = Prepared(
            period=str(period),
            digest=standing.sums_digest(prepared),
            record=bundle.record_digest(prepared),
            release_time=stands.planned.release_time,
        )
        ledger.append(settings.home, event)
    return prepared


def judged_candidate(home: Home, period: Period, verdict: Verdict) -> bundle.JudgedCandidate:
    """The period's candidate as it stands, whose verdict is sound.

    Raises RefusedError where the record of its intake is gone.
    """
    return bundle.JudgedCandidate(
        folder=home.candidate(period).resolve(),
        verdict=verdict,
        overrides=gate.overrides_of(home, period),
        methodology=methodology_of(period),
        intake=intake_record(home, verdict.landing.intake),
        predecessor=stored_month(home, period.previous) if verdict.predecessor else None,
        code=code_identity(),
    )


def check_methodology(judged: bundle.JudgedCandidate) -> None:
    """The methodology's tables, which the release shows whole, are those that were judged.

    Raises RefusedError.
    """
    if judged.verdict.methodology.sha256 != judged.methodology.digest:
        period = judged.verdict.period
        raise RefusedError(
            f"The methodology's tables have changed since {period} was judged; run it again."
        )


def check_followed(stands: standing.Standing) -> None:
    """The release that one is compared with is as it was built. Raises RefusedError."""
    if stands.compared_with:
        try:
            verify(stands.compared_with)
        except VerificationError as error:
            raise RefusedError(
                f"The release that it would be compared with does not verify. {error}"
            ) from None


def judge(
    settings: Settings, period: Period, folder: Path, stands: standing.Standing, progress: Progress
) -> None:
    """Judge a built release, record its verdict, and refuse one that does not pass.

    Raises RefusedError naming every failing check.
    """
    verdict = bundle.judge(folder, str(period), stands, settings.processes, progress)
    failed = [check for check in verdict.checks if not check.succeeded]
    event = ReleaseJudged(
        period=str(period),
        passed=verdict.passed,
        failed=tuple(check.name for check in failed),
        digest=files.sha256_of(folder / bundle.RELEASE_VERDICT),
    )
    ledger.append(settings.home, event)
    if not verdict.passed:
        reasons = "; ".join(
            f"the check {check.name} did not pass: {check.observed}" for check in failed
        )
        raise RefusedError(f"The release built for {period} is refused: {reasons}.")


def preview(home: Home, period: Period, by: str, reason: str) -> Path:
    """Record that a person looks at what is prepared for a period before its time, and why.

    Returns its folder.

    Raises UsageError without a name or a reason, RefusedError where nothing sound is prepared.
    """
    stated = {"by": " ".join(by.split()), "reason": " ".join(reason.split())}
    if not all(text and text.isprintable() for text in stated.values()):
        raise UsageError("A preview needs a name and a reason, in plain text.")
    with locks.held(home, str(period)):
        prepared = what_is_prepared(home, period)
        sound_preparation(home, period, prepared)
        digest = standing.sums_digest(prepared)
        event = Previewed(
            period=str(period), digest=digest, by=stated["by"], reason=stated["reason"]
        )
        ledger.append(home, event)
    return prepared


def prepared_periods(home: Home) -> list[Period]:
    """The periods for which something is prepared."""
    return [Period.parse(folder.name) for folder in period_folders(home.preparations)]


def what_is_prepared(home: Home, period: Period) -> Path:
    """The folder of what is prepared for a period. Raises RefusedError where nothing is."""
    prepared = home.prepared(period)
    if not prepared.is_dir():
        raise RefusedError(f"Nothing is prepared for {period}; prepare it first.")
    return prepared


def previews_of(home: Home, preparation: Prepared) -> list[Preview]:
    """Who looked at a release since it was prepared and before its time, when and why."""
    since = Ledger.of(home).since(preparation)
    found = since.previews(preparation.period, preparation.digest)
    return [Preview(by=event.by, reason=event.reason, at=event.at) for event in found]


def approve(home: Home, period: Period, by: str, key_file: Path) -> Approval:
    """Record a person's signed approval of what is prepared; returns it.

    Raises UsageError, and RefusedError with the reasons.

    Interrupted, it leaves an approval that is not in the ledger and does not count; given again, it
    replaces that.
    """
    with locks.held(home, str(period)):
        prepared = what_is_prepared(home, period)
        verdict = sound_preparation(home, period, prepared)
        digest = standing.sums_digest(prepared)
        recorded = Ledger.of(home)
        preparation = recorded.preparations(str(period), digest)[-1]
        made = bundle.approvable(prepared)
        entry = approvals.make_approval(made, by, key_file)
        given = recorded.since(preparation).approvals(str(period), digest)
        entries = [*approvals.as_approvals(given), entry]
        if found := approvals.faults(
            made, verdict.prepared_by, entries, home.signers, preparation.at
        ):
            raise RefusedError(
                f"What is prepared for {period} cannot be approved: " + "; ".join(found) + "."
            )
        approvals.write_approvals(prepared, entries)
        ledger.append(home, Approved(**entry.as_json()))
    return entry


def sound_preparation(home: Home, period: Period, prepared: Path) -> Verdict:
    """The verdict that a release was prepared by, if all that is prepared is sound.

    It is sound where every file, the verdict and the overrides are as the ledger records them, and
    the same would be prepared now. Raises RefusedError with the reasons.
    """
    try:
        verify(prepared)
    except VerificationError as error:
        raise RefusedError(str(error)) from None
    before = until_prepared(home, period)
    verdict = Verdict.read(prepared / "verdict.json")
    reasons = [
        *unrecorded_inputs(before, period, prepared),
        *unrecorded_files(home, period, prepared),
        *unjudged_files(prepared),
        *stale_reasons(home, period, prepared),
        *unsound_verdict(home, before, period, prepared),
    ]
    if reasons:
        reasons_text = "; ".join(reasons)
        raise RefusedError(
            f"What is prepared for {period} cannot be released: {reasons_text}; prepare it again."
        )
    return verdict


def unrecorded_inputs(before: Ledger, period: Period, prepared: Path) -> list[str]:
    """Why the verdict and the overrides that a release was prepared by are not the ledger's.

    before: the ledger up to its preparation.
    """
    digest = files.sha256_of(prepared / "verdict.json")
    given = before.latest(Judged, str(period))
    recorded = as_overrides(before.overrides(str(period), digest))
    reasons = []
    if given is None or given.digest != digest:
        reasons.append("its verdict is not the one that the ledger records")
    if bundle.overrides_in(prepared) != recorded:
        reasons.append("it has other overrides than the ledger records")
    return reasons


def unrecorded_files(home: Home, period: Period, prepared: Path) -> list[str]:
    """Why a prepared release is not the latest one that the ledger records for the period."""
    recorded = Ledger.of(home)
    latest = recorded.latest(Prepared, str(period))
    judged = recorded.latest(ReleaseJudged, str(period))
    verdict_digest = files.sha256_of(prepared / bundle.RELEASE_VERDICT)
    reasons = []
    if latest is None or latest.digest != standing.sums_digest(prepared):
        reasons.append("it is not the latest one that the ledger records")
    if latest is None or latest.record != bundle.record_digest(prepared):
        reasons.append("its record is not the one that the ledger has of it")
    if judged is None or judged.digest != verdict_digest:
        reasons.append("the verdict on its files is not the latest one that the ledger records")
    return reasons


def unjudged_files(prepared: Path) -> list[str]:
    """Why the verdict on a prepared release's files is not by the checks that are required now."""
    judged = ReleaseVerdict.read(prepared / bundle.RELEASE_VERDICT)
    present = {check.name for check in judged.checks}
    missing = sorted(set(required_release_checks()) - present)
    reasons = []
    if judged.required_checks != files.sha256_of(REQUIRED):
        reasons.append("the list of required checks of a release has changed")
    if missing:
        reasons.append(f"the verdict on its files lacks the required check {', '.join(missing)}")
    return reasons


def unsound_verdict(home: Home, before: Ledger, period: Period, prepared: Path) -> list[str]:
    """Why the verdict that a release was prepared by allows no release.

    It was given before the period was over, or its overrides do not hold. before: the ledger up
    to the preparation.
    """
    given = before.latest(Judged, str(period))
    verdict = Verdict.read(prepared / "verdict.json")
    digest = files.sha256_of(prepared / "verdict.json")
    overrides = bundle.overrides_in(prepared)
    judged_at = given.at if given else None
    override_faults = faults(verdict, digest, overrides, home.signers, judged_at)
    return gate.judged_early(period, given) + override_faults


def until_prepared(home: Home, period: Period) -> Ledger:
    """The ledger up to the latest preparation of a release of the period, with it.

    Empty where nothing has been prepared for the period.
    """
    recorded = Ledger.of(home)
    latest = recorded.latest(Prepared, str(period))
    return recorded.until(latest) if latest else Ledger(())


def stale_reasons(home: Home, period: Period, prepared: Path) -> list[str]:
    """Why what is prepared for a period is not what would be prepared now, if anything could be."""
    verdict = Verdict.read(prepared / "verdict.json")
    manifest = Manifest.read(prepared / "manifest.json")
    try:
        return gate.outdated(home, period, verdict) + standing.outdated(home, period, manifest)
    except RefusedError as error:
        return [str(error).rstrip(".")]


def approvals_of(home: Home, period: Period) -> list[Approval]:
    """The approvals that the ledger records of what is prepared for a period.

    Approvals that do not hold are among them.
    """
    preparation = preparation_of(home, period)
    if preparation is None:
        return []
    since = Ledger.of(home).since(preparation)
    return approvals.as_approvals(since.approvals(preparation.period, preparation.digest))


def previews_of_prepared(home: Home, period: Period) -> list[Preview]:
    """Who has looked at what is prepared for a period, when and why."""
    preparation = preparation_of(home, period)
    return previews_of(home, preparation) if preparation else []


def preparation_of(home: Home, period: Period) -> Prepared | None:
    """The preparation of what is prepared for a period now; None where nothing is."""
    if not home.prepared(period).is_dir():
        return None
    return Ledger.of(home).latest(Prepared, str(period))
