"""What a release says of its origin: the manifest, and the record of one preparation of it.

The manifest is the same for the same candidate.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.home import files
from orchestration.overrides import Override
from orchestration.provenance import environment_identity
from orchestration.release.standing import Standing

FORMAT = 2
TABLE_FACTS = (
    "table",
    "source",
    "rows",
    "rows_read",
    "since",
    "watermark_from",
    "watermark_to",
    "keys_gone",
    "sha256",
)


def manifest_of(
    folder: Path,
    verdict: dict[str, Any],
    overrides: list[Override],
    intake: dict[str, Any],
    standing: Standing,
    code: dict[str, Any],
) -> dict[str, Any]:
    """What a release is and what it was made of.

    folder: has its verdict and overrides; intake: the record of its intake; code: the identity of
    the code that makes the release.

    Of each source table: where it was read from, since which watermark (null: whole), how many rows
    came, and what was landed.
    """
    approval = next(
        check["observed"] for check in verdict["checks"] if check["name"] == "methodology.approved"
    )
    return {
        "format": FORMAT,
        "period": verdict["period"],
        "as_of": verdict["as_of"],
        "notice": verdict["notice"],
        **standing.described(),
        "methodology": verdict["methodology"] | {"approval": approval},
        "landing": verdict["landing"],
        "source": {
            "location": intake["source"],
            "extracted_at": intake["extracted_at"],
            "whole_read_at": intake["whole_read_at"],
            "registry": intake["registry"],
            "tables": [{name: table[name] for name in TABLE_FACTS} for table in intake["tables"]],
        },
        "predecessor": verdict["predecessor"],
        "code": {"candidate": verdict.get("code"), "release": code},
        "verdict": {
            "passed": verdict["passed"],
            "sha256": files.sha256_of(folder / "verdict.json"),
        },
        "overrides": {
            "count": len(overrides),
            "sha256": files.sha256_of(folder / "overrides.json"),
        },
    }


def record_of_preparation(period: str, sums: Path, ledger_head: str) -> dict[str, Any]:
    """What differs from one preparation of a candidate to the next: when, by what, on what ledger.

    It is bound to the digests of the release. ledger_head: the head of the ledger at that time.
    """
    return {
        "period": period,
        "sha256sums": files.sha256_of(sums),
        "prepared_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "ledger_head": ledger_head,
        "environment": environment_identity(),
    }
