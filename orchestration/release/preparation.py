"""Prepare, preview, approve: a release is built and judged whole, then people look at it and sign.

What is prepared is frozen. It is compared with the ledger as it was when the release was prepared,
not with the period's candidate, which a later run may replace. It is stale, and neither approved
nor published, once one of these has changed: the tables of the month before (its release in force,
else its candidate), the methodology, the lists of required checks, its time in the calendar, the
release that it follows, or those of its trend. Preparing again discards the approvals.
"""

from collections.abc import Sequence
from pathlib import Path

from orchestration.build.candidate import CandidateFiles, methodology_of, stored_month
from orchestration.build.provenance import code_identity
from orchestration.errors import RefusedError, VerificationError
from orchestration.extract.intakes import intake_record
from orchestration.home import files, ledger, locks
from orchestration.home.events import Approved, Prepared, Previewed, ReleaseJudged
from orchestration.home.layout import Home, period_folders
from orchestration.home.ledger import Ledger
from orchestration.home.records.signed import Approval, Preview
from orchestration.home.records.verdict import Verdict
from orchestration.periods import Period
from orchestration.plain_text import LONGEST_REASON, stated_line
from orchestration.release import building, bundle
from orchestration.release.bundle import verify
from orchestration.release.context import ReleaseContext, context_of, sums_digest
from orchestration.release.rejudging import (
    check_candidate,
    check_prepared,
    check_releases_read,
)
from orchestration.release.rules.judgement import Judgement
from orchestration.release.rules.prepared import PreparedRelease, unsound_reasons
from orchestration.release.verdicts import sound_judgement
from orchestration.screen import Progress
from orchestration.settings import Settings
from orchestration.signatures import approvals
from orchestration.signatures.people import person_name
from orchestration.signatures.statement import times_in_ledger
from quality import parallel

# What only one piece of work needs, it imports itself: so all begin sooner.
WRITING_AND_JUDGING = (
    "orchestration.cli.main",
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

    kind, reason: what a release is that supersedes another of the period (context.KINDS), and why.
    Raises UsageError where they are not stated, or stated of a first release; RefusedError with the
    reasons.
    """
    with locks.held(settings.home, str(period)):
        judgement = sound_judgement(settings.home, period)
        context = context_of(settings, period, judgement.verdict, kind, reason)
        parallel.preload(settings.processes, WRITING_AND_JUDGING)
        check_releases_read(context.releases_read)
        judged = judged_candidate(judgement)
        check_methodology(judged)
        progress("judging the candidate again")
        candidate = CandidateFiles.of_candidate(judged.folder)
        check_candidate(settings.home, judged.verdict, candidate)
        prepared = settings.home.prepared(period)
        with files.scratch_folder(prepared.with_name(f".{period}")) as folder:
            building.build(
                folder,
                judged,
                context,
                settings.processes,
                progress,
            )
            judge(settings, period, folder, context, progress)
            bundle.seal(folder, str(period), ledger.head(settings.home))
            files.replace_folder(folder, prepared)
        event = Prepared(
            period=str(period),
            digest=sums_digest(prepared),
            record=bundle.record_digest(prepared),
            release_time=context.planned.release_time,
        )
        ledger.append(settings.home, event)
    return prepared


def judged_candidate(judgement: Judgement) -> building.JudgedCandidate:
    """The candidate of a sound verdict as it stands.

    Raises RefusedError where the record of its intake is gone.
    """
    home = judgement.home
    period = judgement.period
    verdict = judgement.verdict
    return building.JudgedCandidate(
        folder=home.built_candidate(period).resolve(),
        verdict=verdict,
        overrides=list(judgement.overrides),
        methodology=methodology_of(period),
        intake=intake_record(home, verdict.landing.intake),
        predecessor=stored_month(home, period.previous) if verdict.predecessor else None,
        code=code_identity(),
    )


def check_methodology(judged: building.JudgedCandidate) -> None:
    """The methodology's tables, which the release shows whole, are those that were judged.

    Raises RefusedError.
    """
    if judged.verdict.methodology.sha256 != judged.methodology.digest:
        period = judged.verdict.period
        raise RefusedError(
            f"The methodology's tables have changed since {period} was judged; run it again."
        )


def judge(
    settings: Settings,
    period: Period,
    folder: Path,
    context: ReleaseContext,
    progress: Progress,
) -> None:
    """Judge a built release, record its verdict, and refuse one that does not pass.

    Raises RefusedError naming every failing check.
    """
    verdict = bundle.judge(
        folder,
        str(period),
        context,
        settings.processes,
        progress,
    )
    failed = [check for check in verdict.checks if not check.succeeded]
    event = ReleaseJudged(
        period=str(period),
        passed=verdict.passed,
        failed=tuple(check.name for check in failed),
        digest=files.sha256_of(folder / bundle.RELEASE_VERDICT),
    )
    ledger.append(settings.home, event)
    if not verdict.passed:
        reasons = [f"the check {check.name} did not pass: {check.observed}" for check in failed]
        stated = "; ".join(reasons)
        raise RefusedError(f"The release built for {period} is refused: {stated}.")


def preview(
    home: Home,
    period: Period,
    by: str,
    reason: str,
) -> Path:
    """Record that a person looks at what is prepared for a period before its time, and why.

    Returns its folder.

    Raises UsageError without a name or a reason, RefusedError where nothing sound is prepared.
    """
    person = person_name(by)
    stated = stated_line(reason, "A preview needs a reason", LONGEST_REASON)
    with locks.held(home, str(period)):
        prepared = what_is_prepared(home, period)
        sound_preparation(home, period, prepared)
        event = Previewed(
            period=str(period),
            digest=sums_digest(prepared),
            by=person,
            reason=stated,
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


def approve(
    home: Home,
    period: Period,
    by: str,
    key_file: Path,
    processes: int = 1,
    progress: Progress = lambda _: None,
) -> Approval:
    """Record a person's signed approval of what is prepared; returns it.

    What is signed is judged again first, in so many processes. Raises UsageError, and RefusedError
    with the reasons.

    Interrupted, it leaves an approval that is not in the ledger and does not count; given again, it
    replaces that.
    """
    with locks.held(home, str(period)):
        prepared = what_is_prepared(home, period)
        entries = with_approval(home, period, prepared, by, key_file)
        check_prepared(home, period, prepared, processes, progress)
        record_approval(home, prepared, entries)
    return entries[-1]


def with_approval(
    home: Home,
    period: Period,
    prepared: Path,
    by: str,
    key_file: Path,
) -> list[Approval]:
    """The approvals of what is prepared, and that of one more person, made now and not written.

    Raises UsageError, and RefusedError with the reasons why this person's does not count.
    """
    verdict = sound_preparation(home, period, prepared)
    digest = sums_digest(prepared)
    recorded = Ledger.of(home)
    preparation = recorded.preparations(str(period), digest)[-1]
    made = bundle.approvable(prepared)
    entry = approvals.make_approval(made, by, key_file, ledger.mark(home))
    given = recorded.since(preparation).approvals(str(period), digest)
    entries = [*approvals.as_approvals(given), entry]
    reasons = approvals.invalid_reasons(
        made,
        verdict.prepared_by,
        entries,
        allowed_signers=home.signers,
        times=times_in_ledger(recorded, Approved, entries),
        prepared_at=preparation.at,
    )
    if reasons:
        stated = "; ".join(reasons)
        raise RefusedError(f"What is prepared for {period} cannot be approved: {stated}.")
    return entries


def record_approval(home: Home, prepared: Path, entries: Sequence[Approval]) -> None:
    """Write all approvals of what is prepared, and record the last of them."""
    approvals.write_approvals(prepared, entries)
    ledger.append(home, Approved(**entries[-1].as_json()))


def sound_preparation(
    home: Home,
    period: Period,
    prepared: Path,
) -> Verdict:
    """The verdict that a release was prepared by, if all that is prepared is sound.

    It is sound where every file, the verdict and the overrides are as the ledger records them, and
    the same would be prepared now. Raises RefusedError with the reasons, VerificationError where a
    record is damaged that the ledger is held against.
    """
    recorded = Ledger.of(home)
    try:
        verify(prepared)
    except VerificationError as error:
        raise RefusedError(str(error)) from None
    state = PreparedRelease(home, period, prepared, recorded)
    reasons = unsound_reasons(state)
    if reasons:
        stated = "; ".join(reasons)
        raise RefusedError(
            f"What is prepared for {period} cannot be released: {stated}; prepare it again."
        )
    return state.judgement.verdict


def approvals_of(home: Home, period: Period) -> list[Approval]:
    """The approvals that the ledger records of what is prepared for a period.

    Approvals that do not hold are among them.
    """
    preparation = preparation_of(home, period)
    if preparation is None:
        return []
    since = Ledger.of(home).since(preparation)
    events = since.approvals(preparation.period, preparation.digest)
    return approvals.as_approvals(events)


def previews_of_prepared(home: Home, period: Period) -> list[Preview]:
    """Who has looked at what is prepared for a period, when and why."""
    preparation = preparation_of(home, period)
    return previews_of(home, preparation) if preparation else []


def preparation_of(home: Home, period: Period) -> Prepared | None:
    """The preparation of what is prepared for a period now; None where nothing is."""
    if not home.prepared(period).is_dir():
        return None
    return Ledger.of(home).latest(Prepared, str(period))
