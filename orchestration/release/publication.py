"""Prepare, publish, verify: a release is built and judged whole, then only renamed; nothing is computed at publication.

A release folder holds `public/`, `internal/`, `verdict.json`, `overrides.json`, `manifest.json`, and `SHA256SUMS` for stock tools.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from orchestration import files, gate, ledger
from orchestration.candidate import candidate_folder, methodology_of
from orchestration.errors import RefusedError, UsageError, VerificationError
from orchestration.methodology import COLUMNS
from orchestration.overrides import Override, faults, not_overridden, releasable
from orchestration.periods import Period
from orchestration.release.editions import write_internal, write_public
from orchestration.release.summary import write_summary
from orchestration.settings import METHODOLOGY, Settings

FORMAT = 2
WITHOUT_OVERRIDES = 1


def prepare(settings: Settings, period: Period) -> Path:
    """Build the whole release of a period from its passed candidate; returns its folder. Raises RefusedError with the reasons."""
    with files.locked(settings.home):
        verdict = gate.sound_verdict(settings, period)
        overrides = gate.overrides_of(settings, period)
        candidate = candidate_folder(settings.home, str(period)).resolve()
        prepared = settings.home / "prepared" / str(period)
        with files.scratch_folder(prepared.with_name(f".{period}")) as folder:
            write_internal(candidate / "tables", folder / "internal")
            shutil.copytree(candidate / "staging", folder / "internal" / "staging")
            write_public(candidate / "tables", folder / "public")
            for edition in ("public", "internal"):
                (folder / edition / "methodology").mkdir()
                for table in COLUMNS:
                    shutil.copyfile(METHODOLOGY / f"{table}.csv", folder / edition / "methodology" / f"{table}.csv")
            write_summary(folder / "public", methodology_of(period), verdict, overrides, folder / "public" / "index.html")
            shutil.copyfile(folder / "public" / "index.html", folder / "internal" / "index.html")
            shutil.copyfile(candidate / "verdict.json", folder / "verdict.json")
            (folder / "overrides.json").write_text(files.to_json(overrides), encoding="utf-8")
            (folder / "manifest.json").write_text(files.to_json(manifest_of(folder, verdict)), encoding="utf-8")
            (folder / "SHA256SUMS").write_text(
                "".join(f"{digest}  {name}\n" for name, digest in digests_of(folder).items()), encoding="utf-8"
            )
            verify(folder)
            files.replace_folder(folder, prepared)
        ledger.append(settings.home, "prepared", period=str(period), digest=files.sha256_of(prepared / "SHA256SUMS"))
    return prepared


def manifest_of(folder: Path, verdict: dict[str, Any]) -> dict[str, Any]:
    """What the release is and what it was made of, beside the digest of each of its files."""
    return {
        "format": FORMAT,
        "period": verdict["period"],
        "as_of": verdict["as_of"],
        "notice": verdict["notice"],
        "methodology": verdict["methodology"],
        "landing": verdict["landing"],
        "predecessor": verdict["predecessor"],
        "files": digests_of(folder),
    }


def digests_of(folder: Path) -> dict[str, str]:
    """SHA-256 of each file below a release folder, but for the list of digests itself."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / "SHA256SUMS"]
    return {path.relative_to(folder).as_posix(): files.sha256_of(path) for path in paths}


def verify(folder: Path, allowed_signers: Path | None = None) -> dict[str, Any]:
    """Check a release with nothing but its own files, and its signatures where the allowed signers are given; returns its manifest.

    Raises VerificationError naming every difference, UsageError where the folder is no release or the file of allowed signers is unsound.
    """
    if not (folder / "SHA256SUMS").is_file():
        raise UsageError(f"{folder} is no release: it has no SHA256SUMS.")
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = digests_of(folder)
    differences = [f"{name} is missing" for name in listed if name not in found]
    differences += [f"{name} is not listed" for name in found if name not in listed]
    differences += [f"{name} has changed" for name in found if name in listed and listed[name] != found[name]]
    if differences:
        raise VerificationError(f"{folder} is not as it was built: " + "; ".join(differences) + ".")
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    differences = unreleasable(folder, manifest, allowed_signers)
    if manifest["files"] != {name: digest for name, digest in found.items() if name != "manifest.json"}:
        differences.append("its manifest lists other files")
    if differences:
        raise VerificationError(f"{folder} is not what was judged: " + "; ".join(differences) + ".")
    return manifest


def unreleasable(folder: Path, manifest: dict[str, Any], allowed_signers: Path | None) -> list[str]:
    """Why a release's own verdict and overrides do not allow its tables."""
    verdict = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    overrides = overrides_in(folder, manifest)
    reasons = gate.changed(folder / "internal", verdict["tables"])
    reasons += [f"the check {check['name']} did not pass and is not overridden" for check in not_overridden(verdict, overrides)]
    if not releasable(verdict, overrides):
        reasons.append("its verdict is not passed")
    return reasons + faults(verdict, files.sha256_of(folder / "verdict.json"), overrides, allowed_signers)


def overrides_in(folder: Path, manifest: dict[str, Any]) -> list[Override]:
    """The overrides that a release carries; releases of the first format could have none. Raises VerificationError."""
    if manifest["format"] == WITHOUT_OVERRIDES:
        return []
    if not (folder / "overrides.json").is_file():
        raise VerificationError(f"{folder} has no overrides.json, which says what was overridden.")
    overrides: list[Override] = json.loads((folder / "overrides.json").read_text(encoding="utf-8"))
    return overrides


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
        try:
            manifest = verify(prepared)
        except VerificationError as error:
            raise RefusedError(str(error)) from None
        verdict = gate.sound_verdict(settings, period)
        if json.loads((prepared / "verdict.json").read_text(encoding="utf-8")) != verdict or manifest["period"] != str(period):
            raise RefusedError(f"What is prepared for {period} has another verdict than its candidate; prepare it again.")
        if overrides_in(prepared, manifest) != gate.overrides_of(settings, period):
            raise RefusedError(f"What is prepared for {period} has other overrides than its candidate; prepare it again.")
        if (unchanged := release_with(settings.home / "releases", period, verdict["tables"])) is not None:
            shutil.rmtree(prepared)
            return unchanged
        number = 1 + max((int(path.name[1:]) for path in releases_of(settings.home, period)), default=0)
        release = settings.home / "releases" / str(period) / f"r{number}"
        files.rename_folder(prepared, release)
        enforce(settings.home, period, release)
    return release


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
    ledger.append(home, "publication", period=str(period), release=release.name, digest=files.sha256_of(release / "SHA256SUMS"))


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
    verdict = json.loads((releases / str(period) / name / "verdict.json").read_text(encoding="utf-8"))
    return releases / str(period) / name if verdict["tables"] == tables else None


def in_force(home: Path) -> dict[str, str]:
    """The release in force of each period."""
    path = home / "releases" / "CURRENT.json"
    current: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return dict(sorted(current.items()))
