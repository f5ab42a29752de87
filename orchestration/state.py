"""What a home holds, and what is due: the answer of `uhi status`, read from the files alone."""

from typing import Any

from orchestration.contract.parameters import parameters
from orchestration.extract.intakes import intake_records
from orchestration.home import files
from orchestration.home.events import Published, Retracted
from orchestration.home.layout import Home, period_folders
from orchestration.home.ledger import Ledger
from orchestration.home.records.verdict import Verdict
from orchestration.home.releases import in_force, stale_releases
from orchestration.periods import Period
from orchestration.release import preparation
from orchestration.release.release_calendar import read_calendar
from orchestration.release.rules.prepared import PreparedRelease, stale_reasons
from orchestration.signatures.overrides import as_overrides


def state_of(home: Home) -> dict[str, Any]:
    """The state of a home: intakes with their rows, candidates, releases, and what is due.

    Candidates have their verdicts and overrides; releases are prepared, released, stale or
    retracted.

    Raises UsageError where the release calendar is unsound.
    """
    recorded = Ledger.of(home)
    candidates = {}
    for folder in period_folders(home.candidates):
        if (path := folder / "verdict.json").exists():
            verdict = Verdict.read(path)
            overrides = recorded.overrides(verdict.period, files.sha256_of(path))
            candidates[verdict.period] = {
                "as_of": verdict.as_of,
                "provisional": verdict.provisional,
                "passed": verdict.passed,
                "not_passed": [check.name for check in verdict.checks if not check.passed],
                "overrides": [entry.as_json() for entry in as_overrides(overrides)],
            }
    published = in_force(home)
    return {
        "home": str(home),
        "landed": {intake.intake: intake.rows for intake in intake_records(home)},
        "candidates": candidates,
        "prepared": {
            str(period): prepared_state(home, period)
            for period in preparation.prepared_periods(home)
        },
        "published": published,
        "stale": {
            period: f"{before.parent.name} {before.name}"
            for period, before in stale_releases(home).items()
        },
        "releases": [
            {
                "period": event.period,
                "release": event.release,
                "release_time": event.release_time,
                "published_at": event.at,
            }
            for event in recorded.every(Published)
        ],
        "retracted": [
            {name: getattr(event, name) for name in ("period", "release", "reason", "by", "at")}
            for event in recorded.every(Retracted)
        ],
        "due": {
            period: {"release_time": planned.release_time, "has_come": planned.is_due}
            for period, planned in sorted(
                read_calendar(home.calendar).items(), key=lambda row: row[1].due
            )
            if period not in published
        },
    }


def prepared_state(home: Home, period: Period) -> dict[str, Any]:
    """The approvals and previews of what is prepared for a period, and why it is stale, if so."""
    return {
        "stale": stale_reasons(PreparedRelease(home, period, home.prepared(period))),
        "approvals": [entry.as_json() for entry in preparation.approvals_of(home, period)],
        "previews": [entry.as_json() for entry in preparation.previews_of_prepared(home, period)],
    }


def describe(state: dict[str, Any]) -> list[str]:
    """The same in lines."""
    lines = [f"Home: {state['home']}"]
    lines += [f"Landed: {name}, {rows:,} rows" for name, rows in state["landed"].items()] or [
        "Landed: nothing"
    ]
    for period, candidate in state["candidates"].items():
        verdict = "passed" if candidate["passed"] else "refused"
        provisional = ", provisional" if candidate["provisional"] else ""
        remarks = f" ({', '.join(candidate['not_passed'])})" if candidate["not_passed"] else ""
        lines.append(
            f"Candidate: {period} as of {candidate['as_of']}{provisional}, {verdict}{remarks}"
        )
        lines += [
            f"  overridden: {entry['check']} by {entry['by']}, {entry['at']}: {entry['reason']}"
            for entry in candidate["overrides"]
        ]
    for period, prepared in state["prepared"].items():
        given = len(prepared["approvals"])
        lines.append(f"Prepared: {period}, {given} of {parameters().approvals_needed} approvals")
        lines += [f"  stale, prepare it again: {reason}" for reason in prepared["stale"]]
        lines += [f"  approved: by {entry['by']}, {entry['at']}" for entry in prepared["approvals"]]
        lines += [
            f"  previewed: by {entry['by']}, {entry['at']}: {entry['reason']}"
            for entry in prepared["previews"]
        ]
    lines += [
        f"Published: {period} {release}" for period, release in state["published"].items()
    ] or ["Published: nothing"]
    lines += [
        f"  {period} is stale: it was built on other tables than {before} has"
        for period, before in state["stale"].items()
    ]
    lines += [
        f"  {each['period']} {each['release']}: planned {each['release_time']}, "
        f"published {each['published_at']}"
        for each in state["releases"]
    ]
    lines += [
        f"Retracted: {each['period']} {each['release']} by {each['by']}, {each['at']}: "
        f"{each['reason']}"
        for each in state["retracted"]
    ]
    for period, due in state["due"].items():
        remark = ", whose time has come" if due["has_come"] else ""
        lines.append(f"Due: {period} at {due['release_time']}{remark}")
    return lines
