"""Prepare, preview, approve: a release is built and judged whole, then people look at it and sign.

What is prepared is frozen. It is compared with the ledger as it was when the release was prepared,
not with the period's candidate, which a later run may replace. It is stale, and neither approved
nor published, once one of these has changed: the tables of the month before (its release in force,
else its candidate), the methodology, the lists of required checks, its time in the calendar, the
release that it follows, or those of its trend. Preparing again discards the approvals.
"""

from pathlib import Path
from typing import Any

from orchestration import gate
from orchestration.candidate import candidate_folder, methodology_of, stored_month
from orchestration.errors import RefusedError, UsageError, VerificationError
from orchestration.extract.intakes import intake_record
from orchestration.home import files, ledger
from orchestration.home.layout import period_folders
from orchestration.lineage.sending import reported
from orchestration.overrides import faults, recorded_overrides
from orchestration.periods import Period
from orchestration.provenance import code_identity
from orchestration.release import approvals, bundle, standing
from orchestration.release.approvals import Approval
from orchestration.release.bundle import verify
from orchestration.release.retraction import finish_retractions
from orchestration.screen import Progress
from orchestration.settings import Settings
from quality import side_by_side
from quality.release import REQUIRED, required_release_checks

Entry = dict[str, Any]

RELEASE_VERDICT = "release_verdict"
# What only one piece of work needs, it imports itself: so all begin sooner.
WRITING_AND_JUDGING = (
    "orchestration.cli",
    "orchestration.release.changes",
    "orchestration.release.documents.site",
    "orchestration.release.documents.workbook",
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
    with reported(settings, "preparation", str(period)) as report, files.locked(settings.home):
        finish_retractions(settings.home)
        verdict = gate.sound_verdict(settings, period)
        stands = standing.standing_of(settings, period, verdict, kind, reason)
        side_by_side.ready(settings.processes, WRITING_AND_JUDGING)
        check_followed(stands)
        judged = judged_candidate(settings, period, verdict)
        check_methodology(judged)
        prepared = prepared_folder(settings.home, period)
        with files.scratch_folder(prepared.with_name(f".{period}")) as folder:
            bundle.build(folder, judged, stands, settings.processes, progress)
            judge(settings, period, folder, stands, progress)
            bundle.seal(folder, str(period), ledger.head(settings.home))
            files.replace_folder(folder, prepared)
        ledger.append(
            settings.home,
            "prepared",
            period=str(period),
            digest=standing.sums_digest(prepared),
            record=bundle.record_digest(prepared),
            release_time=stands.planned["release_time"],
        )
        report(prepared)
    return prepared


def judged_candidate(
    settings: Settings, period: Period, verdict: dict[str, Any]
) -> bundle.JudgedCandidate:
    """The period's candidate as it stands, whose verdict is sound.

    Raises RefusedError where the record of its intake is gone.
    """
    return bundle.JudgedCandidate(
        folder=candidate_folder(settings.home, str(period)).resolve(),
        verdict=verdict,
        overrides=gate.overrides_of(settings, period),
        methodology=methodology_of(period),
        intake=intake_record(settings.home, verdict["landing"]["intake"]),
        predecessor=stored_month(settings.home, period.previous)
        if verdict["predecessor"]
        else None,
        code=code_identity(),
    )


def check_methodology(judged: bundle.JudgedCandidate) -> None:
    """The methodology's tables, which the release shows whole, are those that were judged.

    Raises RefusedError.
    """
    if judged.verdict["methodology"]["sha256"] != judged.methodology.digest:
        period = judged.verdict["period"]
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


def prepared_folder(home: Path, period: Period) -> Path:
    """Where what is prepared for a period lies."""
    return home / "prepared" / str(period)


def judge(
    settings: Settings, period: Period, folder: Path, stands: standing.Standing, progress: Progress
) -> None:
    """Judge a built release, record its verdict, and refuse one that does not pass.

    Raises RefusedError naming every failing check.
    """
    verdict = bundle.judge(folder, str(period), stands, settings.processes, progress)
    failed = [check for check in verdict["checks"] if not (check["passed"] and check["executed"])]
    ledger.append(
        settings.home,
        RELEASE_VERDICT,
        period=str(period),
        passed=verdict["passed"],
        failed=[check["name"] for check in failed],
        digest=files.sha256_of(folder / bundle.RELEASE_VERDICT),
    )
    if not verdict["passed"]:
        reasons = "; ".join(
            f"the check {check['name']} did not pass: {check['observed']}" for check in failed
        )
        raise RefusedError(f"The release built for {period} is refused: {reasons}.")


def preview(settings: Settings, period: Period, by: str, reason: str) -> Path:
    """Record that a person looks at what is prepared for a period before its time, and why.

    Returns its folder.

    Raises UsageError without a name or a reason, RefusedError where nothing sound is prepared.
    """
    stated = {"by": " ".join(by.split()), "reason": " ".join(reason.split())}
    if not all(text and text.isprintable() for text in stated.values()):
        raise UsageError("A preview needs a name and a reason, in plain text.")
    with files.locked(settings.home):
        prepared = what_is_prepared(settings, period)
        sound_preparation(settings, period, prepared)
        ledger.append(
            settings.home,
            "preview",
            period=str(period),
            digest=standing.sums_digest(prepared),
            **stated,
        )
    return prepared


def prepared_periods(home: Path) -> list[Period]:
    """The periods for which something is prepared."""
    return [Period.parse(folder.name) for folder in period_folders(home, "prepared")]


def what_is_prepared(settings: Settings, period: Period) -> Path:
    """The folder of what is prepared for a period. Raises RefusedError where nothing is."""
    prepared = prepared_folder(settings.home, period)
    if not prepared.is_dir():
        raise RefusedError(f"Nothing is prepared for {period}; prepare it first.")
    return prepared


def previews_of(entries: list[Entry], period: Period, digest: str) -> list[dict[str, str]]:
    """Who looked at a release of a period before its time, when and why, by the ledger's entries.

    digest: that of the release's list of digests.
    """
    return [
        {name: entry[name] for name in ("by", "reason", "at")}
        for entry in entries
        if (entry["event"], entry.get("period"), entry.get("digest"))
        == ("preview", str(period), digest)
    ]


def approve(settings: Settings, period: Period, by: str, key_file: Path) -> Approval:
    """Record a person's signed approval of what is prepared; returns it.

    Raises UsageError, and RefusedError with the reasons.

    Interrupted, it leaves an approval that is not in the ledger and does not count; given again, it
    replaces that.
    """
    with files.locked(settings.home):
        prepared = what_is_prepared(settings, period)
        verdict = sound_preparation(settings, period, prepared)
        digest = standing.sums_digest(prepared)
        since = since_prepared(ledger.entries(settings.home), period, digest)[-1]
        made = bundle.approvable(prepared)
        entry = approvals.make_approval(made, by, key_file)
        entries = [*approvals.recorded_approvals(since, period, digest), entry]
        if found := approvals.faults(
            made, verdict["prepared_by"], entries, settings.signers_file, since[0]["at"]
        ):
            raise RefusedError(
                f"What is prepared for {period} cannot be approved: " + "; ".join(found) + "."
            )
        approvals.write_approvals(prepared, entries)
        ledger.append(settings.home, "approval", **entry)
    return entry


def sound_preparation(settings: Settings, period: Period, prepared: Path) -> dict[str, Any]:
    """The verdict that a release was prepared by, if all that is prepared is sound.

    It is sound where every file, the verdict and the overrides are as the ledger records them, and
    the same would be prepared now. Raises RefusedError with the reasons.
    """
    try:
        verify(prepared)
    except VerificationError as error:
        raise RefusedError(str(error)) from None
    before = until_prepared(ledger.entries(settings.home), period)
    verdict: dict[str, Any] = files.read_json(prepared / "verdict.json")
    reasons = [
        *unrecorded_inputs(before, period, prepared),
        *unrecorded_files(settings.home, period, prepared),
        *unjudged_files(prepared),
        *stale_reasons(settings, period, prepared),
        *unsound_verdict(settings, before, period, prepared),
    ]
    if reasons:
        reasons_text = "; ".join(reasons)
        raise RefusedError(
            f"What is prepared for {period} cannot be released: {reasons_text}; prepare it again."
        )
    return verdict


def unrecorded_inputs(before: list[Entry], period: Period, prepared: Path) -> list[str]:
    """Why the verdict and the overrides that a release was prepared by are not the ledger's.

    before: the ledger's entries up to its preparation.
    """
    digest = files.sha256_of(prepared / "verdict.json")
    overrides = bundle.overrides_in(prepared)
    reasons = []
    if digest != gate.recorded_verdict(before, period).get("digest"):
        reasons.append("its verdict is not the one that the ledger records")
    if overrides != recorded_overrides(before, str(period), digest):
        reasons.append("it has other overrides than the ledger records")
    return reasons


def unrecorded_files(home: Path, period: Period, prepared: Path) -> list[str]:
    """Why a prepared release is not the latest one that the ledger records for the period."""
    reasons = []
    if recorded(home, period, "prepared") != standing.sums_digest(prepared):
        reasons.append("it is not the latest one that the ledger records")
    if recorded(home, period, "prepared", "record") != bundle.record_digest(prepared):
        reasons.append("its record is not the one that the ledger has of it")
    verdict_digest = files.sha256_of(prepared / bundle.RELEASE_VERDICT)
    if recorded(home, period, RELEASE_VERDICT) != verdict_digest:
        reasons.append("the verdict on its files is not the latest one that the ledger records")
    return reasons


def unjudged_files(prepared: Path) -> list[str]:
    """Why the verdict on a prepared release's files is not by the checks that are required now."""
    judged = files.read_json(prepared / bundle.RELEASE_VERDICT)
    present = {check["name"] for check in judged["checks"]}
    missing = sorted(set(required_release_checks()) - present)
    reasons = []
    if judged["required_checks"] != files.sha256_of(REQUIRED):
        reasons.append("the list of required checks of a release has changed")
    if missing:
        reasons.append(f"the verdict on its files lacks the required check {', '.join(missing)}")
    return reasons


def unsound_verdict(
    settings: Settings, before: list[Entry], period: Period, prepared: Path
) -> list[str]:
    """Why the verdict that a release was prepared by allows no release.

    It was given before the period was over, or its overrides do not hold. before: the ledger's
    entries up to the preparation.
    """
    given = gate.recorded_verdict(before, period)
    verdict = files.read_json(prepared / "verdict.json")
    digest = files.sha256_of(prepared / "verdict.json")
    overrides = bundle.overrides_in(prepared)
    override_faults = faults(verdict, digest, overrides, settings.signers_file, given.get("at"))
    return gate.judged_early(period, given) + override_faults


def until_prepared(entries: list[Entry], period: Period) -> list[Entry]:
    """The ledger's entries up to the latest preparation of a release of the period, with it.

    Empty where nothing has been prepared for the period.
    """
    preparations = [number for number, entry in enumerate(entries) if is_preparation(entry, period)]
    return entries[: preparations[-1] + 1] if preparations else []


def stale_reasons(settings: Settings, period: Period, prepared: Path) -> list[str]:
    """Why what is prepared for a period is not what would be prepared now, if anything could be."""
    verdict = files.read_json(prepared / "verdict.json")
    manifest = files.read_json(prepared / "manifest.json")
    try:
        return gate.outdated(settings, period, verdict) + standing.outdated(
            settings, period, manifest
        )
    except RefusedError as error:
        return [str(error).rstrip(".")]


def is_preparation(entry: Entry, period: Period) -> bool:
    """Whether an entry of the ledger says that a release of the period was prepared."""
    return (entry["event"], entry.get("period")) == ("prepared", str(period))


def since_prepared(entries: list[Entry], period: Period, digest: str) -> list[list[Entry]]:
    """The ledger's entries from each preparation of a release with that digest on."""
    return [
        entries[number:]
        for number, entry in enumerate(entries)
        if is_preparation(entry, period) and entry["digest"] == digest
    ]


def approvals_of(home: Path, period: Period) -> list[Approval]:
    """The approvals that the ledger records of what is prepared for a period.

    Approvals that do not hold are among them.
    """
    digest = recorded(home, period, "prepared")
    if digest is None or not prepared_folder(home, period).is_dir():
        return []
    return approvals.recorded_approvals(
        since_prepared(ledger.entries(home), period, digest)[-1], period, digest
    )


def previews_of_prepared(home: Path, period: Period) -> list[dict[str, str]]:
    """Who has looked at what is prepared for a period, when and why."""
    digest = recorded(home, period, "prepared")
    if digest is None or not prepared_folder(home, period).is_dir():
        return []
    return previews_of(since_prepared(ledger.entries(home), period, digest)[-1], period, digest)


def recorded(home: Path, period: Period, event: str, what: str = "digest") -> str | None:
    """The digest (or another field) of the latest entry of an event of a period in the ledger."""
    found = [
        entry.get(what)
        for entry in ledger.entries(home)
        if entry["event"] == event and entry["period"] == str(period)
    ]
    return found[-1] if found else None
