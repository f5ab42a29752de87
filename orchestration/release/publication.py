"""Prepare and publish: a release is built and judged whole, then only renamed; nothing is computed at publication."""

import json
import shutil
from pathlib import Path
from typing import Any

from orchestration import files, gate, ledger
from orchestration.candidate import candidate_folder, methodology_of
from orchestration.errors import RefusedError, VerificationError
from orchestration.extract.intakes import intake_record
from orchestration.periods import Period
from orchestration.release import bundle
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


def publish(settings: Settings, period: Period) -> Path:
    """Move what is prepared to the releases and point to it; returns the release's folder. Raises RefusedError with the reasons.

    A publication that was interrupted after its release had been verified and moved is finished first.
    """
    with files.locked(settings.home):
        prepared = settings.home / "prepared" / str(period)
        finished = finish_interrupted(settings.home, period)
        if not prepared.is_dir():
            if finished is None and str(period) not in in_force(settings.home):
                raise RefusedError(f"Nothing is prepared for {period}; prepare it first.")
            return finished or published_before(settings, period)
        verdict = sound_preparation(settings, period, prepared)
        if (unchanged := release_with(settings.home / "releases", period, verdict["tables"])) is not None:
            shutil.rmtree(prepared)
            return unchanged
        number = 1 + max((int(path.name[1:]) for path in releases_of(settings.home, period)), default=0)
        release = settings.home / "releases" / str(period) / f"r{number}"
        files.rename_folder(prepared, release)
        enforce(settings.home, period, release)
    return release


def sound_preparation(settings: Settings, period: Period, prepared: Path) -> dict[str, Any]:
    """The candidate's verdict, where what is prepared was made from it, judged, and is as the ledger records. Raises RefusedError."""
    try:
        verify(prepared)
    except VerificationError as error:
        raise RefusedError(str(error)) from None
    verdict = gate.sound_verdict(settings, period)
    judged = bundle.read_json(prepared / bundle.RELEASE_VERDICT)
    missing = sorted(set(required_release_checks()) - {check["name"] for check in judged["checks"]})
    grounds = {
        "it has another verdict than its candidate": bundle.read_json(prepared / "verdict.json") != verdict,
        "it has other overrides than its candidate": bundle.overrides_in(prepared) != gate.overrides_of(settings, period),
        "it is not the latest one that the ledger records": recorded(settings.home, period, "prepared")
        != files.sha256_of(prepared / bundle.SUMS),
        "its record is not the one that the ledger has of it": recorded(settings.home, period, "prepared", "record")
        != bundle.record_digest(prepared),
        "the verdict on its files is not the latest one that the ledger records": recorded(settings.home, period, RELEASE_VERDICT)
        != files.sha256_of(prepared / bundle.RELEASE_VERDICT),
        "the list of required checks of a release is another now": judged["required_checks"] != files.sha256_of(REQUIRED),
        f"the verdict on its files lacks the required check {', '.join(missing)}": bool(missing),
    }
    if reasons := [ground for ground, holds in grounds.items() if holds]:
        raise RefusedError(f"What is prepared for {period} cannot be published: " + "; ".join(reasons) + "; prepare it again.")
    return verdict


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


def finish_interrupted(home: Path, period: Period) -> Path | None:
    """Put a release in force that was moved to its place but is not in the ledger yet; returns it, or None where there is none."""
    entries = [entry for entry in ledger.entries(home) if entry["event"] == "publication" and entry["period"] == str(period)]
    left = [path for path in releases_of(home, period) if path.name not in {entry["release"] for entry in entries}]
    if not left:
        return None
    verify(left[-1])
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
