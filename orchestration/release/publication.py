"""Prepare, approve, publish: a release is built and judged whole, signed by two people, then only renamed.

What is prepared is frozen: it is held against the ledger as that stood when it was prepared, not against the period's candidate, which a
later run may replace. It is stale, and neither approved nor published, once the tables of the month before, the methodology or the lists of
required checks are others. Preparing again discards the approvals. Nothing is computed at publication.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from orchestration import files, gate, ledger
from orchestration.candidate import candidate_folder, methodology_of
from orchestration.errors import RefusedError, VerificationError
from orchestration.extract.intakes import intake_record
from orchestration.overrides import faults, recorded_overrides
from orchestration.periods import Period
from orchestration.release import approvals, bundle
from orchestration.release.approvals import Approval
from orchestration.release.bundle import verify
from orchestration.settings import Settings
from quality.release import REQUIRED, required_release_checks

RELEASE_VERDICT = "release_verdict"


def prepare(settings: Settings, period: Period) -> Path:
    """Build and judge the whole release of a period from its passed candidate; returns its folder. Raises RefusedError with the reasons."""
    with files.locked(settings.home):
        verdict = gate.sound_verdict(settings, period)
        overrides = gate.overrides_of(settings, period)
        candidate = candidate_folder(settings.home, str(period)).resolve()
        earlier = releases_of(settings.home, period)
        prepared = settings.home / "prepared" / str(period)
        with files.scratch_folder(prepared.with_name(f".{period}")) as folder:
            intake = intake_record(settings.home, verdict["landing"]["intake"])
            bundle.build(folder, candidate, verdict, overrides, methodology_of(period), intake, earlier)
            judge(settings, period, folder, earlier)
            bundle.seal(folder, str(period), ledger.head(settings.home))
            files.replace_folder(folder, prepared)
        sums = files.sha256_of(prepared / bundle.SUMS)
        ledger.append(settings.home, "prepared", period=str(period), digest=sums, record=bundle.record_digest(prepared))
    return prepared


def judge(settings: Settings, period: Period, folder: Path, earlier: list[Path]) -> None:
    """Judge a built release, record its verdict, and refuse one that does not pass. Raises RefusedError naming every failing check."""
    verdict = bundle.judge(folder, str(period), earlier)
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
        reasons = "; ".join(f"the check {check['name']} did not pass: {check['observed']}" for check in failed)
        raise RefusedError(f"The release built for {period} is refused: {reasons}.")


def approve(settings: Settings, period: Period, by: str, key_file: Path) -> Approval:
    """Record a person's signed approval of what is prepared; returns it. Raises UsageError, and RefusedError with the reasons.

    Interrupted, it leaves an approval that is not in the ledger and does not count; given again, it replaces that.
    """
    with files.locked(settings.home):
        prepared = settings.home / "prepared" / str(period)
        if not prepared.is_dir():
            raise RefusedError(f"Nothing is prepared for {period}; prepare it first.")
        verdict = sound_preparation(settings, period, prepared)
        digest = files.sha256_of(prepared / bundle.SUMS)
        since = since_prepared(ledger.entries(settings.home), period, digest)[-1]
        record = bundle.record_digest(prepared)
        entry = approvals.make_approval(period, digest, record, by, key_file)
        entries = [*approvals.recorded_approvals(since, period, digest), entry]
        if found := approvals.faults(verdict, digest, record, entries, settings.signers_file, since[0]["at"]):
            raise RefusedError(f"What is prepared for {period} cannot be approved: " + "; ".join(found) + ".")
        approvals.write_approvals(prepared, entries)
        ledger.append(settings.home, "approval", **entry)
    return entry


def publish(settings: Settings, period: Period) -> Path:
    """Move what is prepared to the releases and point to it; returns the release's folder. Raises RefusedError with the reasons.

    A publication that was interrupted after its release had been verified and moved is finished first.
    """
    with files.locked(settings.home):
        prepared = settings.home / "prepared" / str(period)
        finished = finish_interrupted(settings, period)
        if not prepared.is_dir():
            if finished is None and str(period) not in in_force(settings.home):
                raise RefusedError(f"Nothing is prepared for {period}; prepare it first.")
            return finished or published_before(settings, period)
        verdict = sound_preparation(settings, period, prepared)
        digest = files.sha256_of(prepared / bundle.SUMS)
        check_approved(settings, period, prepared, since_prepared(ledger.entries(settings.home), period, digest)[-1])
        if (unchanged := release_with(settings.home / "releases", period, verdict["tables"])) is not None:
            shutil.rmtree(prepared)
            return unchanged
        number = 1 + max((int(path.name[1:]) for path in releases_of(settings.home, period)), default=0)
        release = settings.home / "releases" / str(period) / f"r{number}"
        files.rename_folder(prepared, release)
        enforce(settings.home, period, release)
    return release


def sound_preparation(settings: Settings, period: Period, prepared: Path) -> dict[str, Any]:
    """The verdict that it was prepared by, where that, and all that is prepared, is as the ledger records. Raises RefusedError."""
    try:
        verify(prepared)
    except VerificationError as error:
        raise RefusedError(str(error)) from None
    entries = ledger.entries(settings.home)
    before = entries[: 1 + max((number for number, entry in enumerate(entries) if is_preparation(entry, period)), default=-1)]
    verdict, overrides = bundle.read_json(prepared / "verdict.json"), bundle.overrides_in(prepared)
    digest, recorded_verdict = files.sha256_of(prepared / "verdict.json"), gate.recorded_verdict(before, period)
    judged = bundle.read_json(prepared / bundle.RELEASE_VERDICT)
    missing = sorted(set(required_release_checks()) - {check["name"] for check in judged["checks"]})
    grounds = {
        "it has another verdict than the ledger records": digest != recorded_verdict.get("digest"),
        "it has other overrides than the ledger records": overrides != recorded_overrides(before, str(period), digest),
        "it is not the latest one that the ledger records": recorded(settings.home, period, "prepared")
        != files.sha256_of(prepared / bundle.SUMS),
        "its record is not the one that the ledger has of it": recorded(settings.home, period, "prepared", "record")
        != bundle.record_digest(prepared),
        "the verdict on its files is not the latest one that the ledger records": recorded(settings.home, period, RELEASE_VERDICT)
        != files.sha256_of(prepared / bundle.RELEASE_VERDICT),
        "the list of required checks of a release is another now": judged["required_checks"] != files.sha256_of(REQUIRED),
        f"the verdict on its files lacks the required check {', '.join(missing)}": bool(missing),
    }
    reasons = [ground for ground, holds in grounds.items() if holds] + gate.outdated(settings, period, verdict)
    reasons += faults(verdict, digest, overrides, settings.signers_file, recorded_verdict.get("at"))
    if reasons:
        raise RefusedError(f"What is prepared for {period} cannot be released: " + "; ".join(reasons) + "; prepare it again.")
    return verdict


def is_preparation(entry: dict[str, Any], period: Period) -> bool:
    """Whether an entry of the ledger says that a release of the period was prepared."""
    return (entry["event"], entry.get("period")) == ("prepared", str(period))


def since_prepared(entries: list[dict[str, Any]], period: Period, digest: str) -> list[list[dict[str, Any]]]:
    """The ledger's entries from each preparation of a release with that digest on."""
    return [entries[number:] for number, entry in enumerate(entries) if is_preparation(entry, period) and entry["digest"] == digest]


def approvals_of(home: Path, period: Period) -> list[Approval]:
    """The approvals that the ledger records of what is prepared for a period, whether they hold or not."""
    digest = recorded(home, period, "prepared")
    if digest is None or not (home / "prepared" / str(period)).is_dir():
        return []
    return approvals.recorded_approvals(since_prepared(ledger.entries(home), period, digest)[-1], period, digest)


def check_approved(settings: Settings, period: Period, release: Path, since: list[dict[str, Any]]) -> None:
    """Two people approve exactly these bytes, and the ledger has recorded it since they were prepared. Raises RefusedError."""
    verdict, digest, entries = bundle.read_json(release / "verdict.json"), since[0]["digest"], approvals.approvals_in(release)
    on_record = approvals.recorded_approvals(since, period, digest)
    reasons = [f"the ledger does not record the approval by {entry['by']}" for entry in entries if entry not in on_record]
    record = bundle.record_digest(release)
    reasons += approvals.faults(verdict, digest, record, entries, settings.signers_file, since[0]["at"]) + approvals.shortage(entries)
    if reasons:
        raise RefusedError(f"What is prepared for {period} cannot be published: " + "; ".join(reasons) + ".")


def recorded(home: Path, period: Period, event: str, what: str = "digest") -> str | None:
    """The digest (or another field) of the latest entry of an event of a period in the ledger."""
    found = [entry.get(what) for entry in ledger.entries(home) if entry["event"] == event and entry["period"] == str(period)]
    return found[-1] if found else None


def published_before(settings: Settings, period: Period) -> Path:
    """The release in force where it is of the period's candidate, so that publishing it once more is done already. Raises RefusedError."""
    verdict = gate.sound_verdict(settings, period)
    unchanged = release_with(settings.home / "releases", period, verdict["tables"])
    if unchanged is None:
        raise RefusedError(f"Nothing is prepared for {period}, whose figures have changed since its release; prepare it first.")
    return unchanged


def enforce(home: Path, period: Period, release: Path) -> None:
    """Point to a release and record its publication."""
    current = in_force(home) | {str(period): release.name}
    files.write_atomically(home / "releases" / "CURRENT.json", files.to_json(current))
    ledger.append(home, "publication", period=str(period), release=release.name, digest=files.sha256_of(release / bundle.SUMS))


def finish_interrupted(settings: Settings, period: Period) -> Path | None:
    """Put a release in force that was moved to its place but is not in the ledger yet; returns it, or None where there is none.

    Raises VerificationError, and RefusedError where it was never prepared or is not approved.
    """
    home, recorded_entries = settings.home, ledger.entries(settings.home)
    entries = [entry for entry in recorded_entries if entry["event"] == "publication" and entry["period"] == str(period)]
    left = [path for path in releases_of(home, period) if path.name not in {entry["release"] for entry in entries}]
    if not left:
        return None
    verify(left[-1])
    since = since_prepared(recorded_entries, period, files.sha256_of(left[-1] / bundle.SUMS))
    if not since:
        raise RefusedError(f"{left[-1]} was never prepared here; take it away.")
    check_approved(settings, period, left[-1], since[0])
    enforce(home, period, left[-1])
    return left[-1]


def releases_of(home: Path, period: Period) -> list[Path]:
    """Releases of a period, in order."""
    return sorted((home / "releases" / str(period)).glob("r*"), key=lambda path: int(path.name[1:]))


def release_with(releases: Path, period: Period, tables: dict[str, str]) -> Path | None:
    """The release in force of a period where its tables are these: unchanged figures are not published twice."""
    name = in_force(releases.parent).get(str(period))
    if name is None:
        return None
    verdict = bundle.read_json(releases / str(period) / name / "verdict.json")
    return releases / str(period) / name if verdict["tables"] == tables else None


def in_force(home: Path) -> dict[str, str]:
    """The release in force of each period."""
    path = home / "releases" / "CURRENT.json"
    current: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return dict(sorted(current.items()))
