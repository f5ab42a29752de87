"""A release's folder: built from a passed candidate, judged whole, sealed with the digests of its files, and verified by them alone.

It holds `public/`, `internal/`, `verdict.json`, `overrides.json` and, made of these, `release_verdict.json`, `manifest.json` and
`SHA256SUMS` (which stock tools verify); beside them, listed nowhere, the approvals of all that in `approvals/`.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from orchestration import files, gate
from orchestration.errors import UsageError, VerificationError
from orchestration.methodology import COLUMNS, Methodology
from orchestration.overrides import Override, faults, not_overridden, releasable, stopping
from orchestration.release import approvals
from orchestration.release.editions import write_internal, write_public
from orchestration.release.summary import write_summary
from orchestration.settings import METHODOLOGY
from quality.release import REQUIRED, judge_release, required_release_checks
from quality.verdict import decide

FORMAT = 1
RELEASE_VERDICT = "release_verdict.json"
SUMS = "SHA256SUMS"
OVERRIDES = "overrides.json"
RECORDS = ("manifest.json", "verdict.json", RELEASE_VERDICT)


def build(
    folder: Path,
    candidate: Path,
    verdict: dict[str, Any],
    overrides: list[Override],
    methodology: Methodology,
    earlier: Sequence[Path],
) -> None:
    """Write every file of both editions from a judged candidate's folder; earlier are the releases that there are of the period."""
    write_internal(candidate / "tables", folder / "internal")
    shutil.copytree(candidate / "staging", folder / "internal" / "staging")
    write_public(candidate / "tables", folder / "public", earlier)
    for edition in ("public", "internal"):
        (folder / edition / "methodology").mkdir()
        for table in COLUMNS:
            shutil.copyfile(METHODOLOGY / f"{table}.csv", folder / edition / "methodology" / f"{table}.csv")
    write_summary(folder / "public", methodology, verdict, overrides, folder / "public" / "index.html")
    shutil.copyfile(folder / "public" / "index.html", folder / "internal" / "index.html")
    shutil.copyfile(candidate / "verdict.json", folder / "verdict.json")
    (folder / OVERRIDES).write_text(files.to_json(overrides), encoding="utf-8")


def judge(folder: Path, period: str, earlier: Sequence[Path]) -> dict[str, Any]:
    """Judge a built folder, and store and return the verdict on it: every check, and the digests of the files judged."""
    passed, checks = decide(judge_release(folder, earlier), required_release_checks())
    verdict = {
        "passed": passed,
        "period": period,
        "checks": checks,
        "files": digests_of(folder),
        "required_checks": files.sha256_of(REQUIRED),
    }
    (folder / RELEASE_VERDICT).write_text(files.to_json(verdict), encoding="utf-8")
    return verdict


def seal(folder: Path, verdict: dict[str, Any]) -> None:
    """Write the manifest and the digests of all files of a judged folder, and verify it."""
    (folder / "manifest.json").write_text(files.to_json(manifest_of(folder, verdict)), encoding="utf-8")
    lines = [f"{digest}  {name}\n" for name, digest in digests_of(folder).items()]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    verify(folder)


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
    """SHA-256 of each file below a release folder, but for the list of digests itself and its approvals."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / SUMS]
    paths = [path for path in paths if folder / approvals.FOLDER not in path.parents]
    return {path.relative_to(folder).as_posix(): files.sha256_of(path) for path in paths}


def read_json(file: Path) -> dict[str, Any]:
    """A JSON object of a release."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def overrides_in(folder: Path) -> list[Override]:
    """The overrides that a release carries."""
    overrides: list[Override] = json.loads((folder / OVERRIDES).read_text(encoding="utf-8"))
    return overrides


def verify(folder: Path, allowed_signers: Path | None = None) -> dict[str, Any]:
    """Check a release with nothing but its own files; returns its manifest.

    Where the allowed signers are given, its signatures too, and that two people approved it: what is only prepared fails then.
    Raises VerificationError naming every difference, UsageError where the folder is no release or the file of allowed signers is unsound.
    """
    if not (folder / SUMS).is_file():
        raise UsageError(f"{folder} is no release: it has no {SUMS}.")
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = digests_of(folder)
    differences = [f"{name} is missing" for name in listed if name not in found]
    differences += [f"{name} is not listed" for name in found if name not in listed]
    differences += [f"{name} has changed" for name in found if name in listed and listed[name] != found[name]]
    differences += [f"{name} is not there" for name in (*RECORDS, OVERRIDES) if name not in found]
    if differences:
        raise VerificationError(f"{folder} is not as it was built: " + "; ".join(differences) + ".")
    manifest, verdict, release_verdict = (read_json(folder / name) for name in RECORDS)
    differences = gate.changed(folder / "internal", verdict["tables"])
    differences += unreleasable(folder, verdict, allowed_signers) + unapproved(folder, verdict, allowed_signers)
    if not release_verdict["passed"] or stopping(release_verdict):
        differences.append("the verdict on its files is not passed")
    if release_verdict["files"] != {name: digest for name, digest in found.items() if name not in ("manifest.json", RELEASE_VERDICT)}:
        differences.append("the verdict on its files is of other files")
    if manifest["files"] != {name: digest for name, digest in found.items() if name != "manifest.json"}:
        differences.append("its manifest lists other files")
    if len({record["period"] for record in (manifest, verdict, release_verdict)}) > 1:
        differences.append("its manifest and verdicts are of different periods")
    if differences:
        raise VerificationError(f"{folder} is not what was judged: " + "; ".join(differences) + ".")
    return manifest


def unreleasable(folder: Path, verdict: dict[str, Any], allowed_signers: Path | None) -> list[str]:
    """Why a release's own verdict and overrides do not allow its tables."""
    overrides = overrides_in(folder)
    reasons = [f"the check {check['name']} did not pass and is not overridden" for check in not_overridden(verdict, overrides)]
    if not releasable(verdict, overrides):
        reasons.append("its verdict is not passed")
    return reasons + faults(verdict, files.sha256_of(folder / "verdict.json"), overrides, allowed_signers)


def unapproved(folder: Path, verdict: dict[str, Any], allowed_signers: Path | None) -> list[str]:
    """Why a release's approvals do not hold, or, where the allowed signers are given, are too few."""
    entries = approvals.approvals_in(folder)
    reasons = approvals.faults(verdict, files.sha256_of(folder / SUMS), entries, allowed_signers)
    return reasons + (approvals.shortage(entries) if allowed_signers else [])
