"""What a home holds: the answer of `uhi status`, read from the files alone."""

import json
from pathlib import Path
from typing import Any

from orchestration import files, ledger
from orchestration.extract.intakes import intake_records
from orchestration.overrides import recorded_overrides
from orchestration.periods import Period
from orchestration.release.approvals import NEEDED
from orchestration.release.publication import approvals_of, in_force


def state_of(home: Path) -> dict[str, Any]:
    """Intakes with their rows, candidates with their verdicts and overrides, what is prepared with its approvals, and what is in force."""
    candidates = {}
    prepared = sorted(path.name for path in (home / "prepared").glob("*") if not path.name.startswith("."))
    for path in sorted((home / "candidates").glob("*/verdict.json")):
        if not path.parent.name.startswith("."):
            verdict = json.loads(path.read_text(encoding="utf-8"))
            candidates[verdict["period"]] = {
                "as_of": verdict["as_of"],
                "provisional": verdict["provisional"],
                "passed": verdict["passed"],
                "not_passed": [check["name"] for check in verdict["checks"] if not check["passed"]],
                "overrides": recorded_overrides(ledger.entries(home), verdict["period"], files.sha256_of(path)),
            }
    return {
        "home": str(home),
        "landed": {intake["intake"]: sum(table["rows"] for table in intake["tables"]) for intake in intake_records(home)},
        "candidates": candidates,
        "prepared": {name: approvals_of(home, Period.parse(name)) for name in prepared},
        "published": in_force(home),
    }


def describe(state: dict[str, Any]) -> list[str]:
    """The same in lines."""
    lines = [f"Home: {state['home']}"]
    lines += [f"Landed: {name}, {rows:,} rows" for name, rows in state["landed"].items()] or ["Landed: nothing"]
    for period, candidate in state["candidates"].items():
        verdict = "passed" if candidate["passed"] else "refused"
        provisional = ", provisional" if candidate["provisional"] else ""
        remarks = f" ({', '.join(candidate['not_passed'])})" if candidate["not_passed"] else ""
        lines.append(f"Candidate: {period} as of {candidate['as_of']}{provisional}, {verdict}{remarks}")
        lines += [f"  overridden: {entry['check']} by {entry['by']}, {entry['at']}: {entry['reason']}" for entry in candidate["overrides"]]
    for period, approvals in state["prepared"].items():
        lines.append(f"Prepared: {period}, {len(approvals)} of {NEEDED} approvals")
        lines += [f"  approved: by {entry['by']}, {entry['at']}" for entry in approvals]
    lines += [f"Published: {period} {release}" for period, release in state["published"].items()] or ["Published: nothing"]
    return lines
