"""What a home holds, and what is due: the answer of `uhi status`, read from the files alone."""

from collections.abc import Container, Iterator, Mapping
from typing import Any

from orchestration.contract.clock import today
from orchestration.contract.parameters import parameters
from orchestration.extract.intakes import intake_records
from orchestration.home import files
from orchestration.home.events import Published, Retracted
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.revisions import Revisions
from orchestration.home.records.verdict import Verdict
from orchestration.home.releases import in_force, stale_releases
from orchestration.periods import Period
from orchestration.release import preparation
from orchestration.release.holiday_report import format_reach, reach_on
from orchestration.release.release_calendar import read_calendar
from orchestration.release.rules.prepared import PreparedRelease, stale_reasons
from orchestration.revisions.text import revised_lines
from orchestration.signatures.overrides import as_overrides
from quality.nouns import counted_noun

State = dict[str, Any]


def state_of(home: Home) -> State:
    """The state of a home: intakes with their rows, candidates, releases, and what is due.

    Candidates have their verdicts and overrides; releases are prepared, released, stale or
    retracted.

    Raises UsageError where the release calendar or the calendar of holidays is unsound.
    """
    recorded = Ledger.of(home)
    published = in_force(home)
    return {
        "home": str(home),
        "allowed_signers": {"file": str(home.signers), "is_there": home.signers.is_file()},
        "landed": {intake.intake: intake.rows for intake in intake_records(home)},
        "candidates": candidates(home, recorded),
        "prepared": prepared(home),
        "published": published,
        "stale": stale(home),
        "revisions": revisions(home, published),
        "releases": [published_state(event) for event in recorded.every(Published)],
        "retracted": [retracted_state(event) for event in recorded.every(Retracted)],
        "due": due(home, published),
        "holidays": reach_on(today()),
    }


def candidates(home: Home, recorded: Ledger) -> State:
    """The candidates that have a verdict, by period."""
    found = {}
    for folder in home.candidate_folders():
        path = home.verdict(folder.name)
        if path.exists():
            verdict = Verdict.read(path)
            digest = files.sha256_of(path)
            overrides = recorded.overrides(verdict.period, digest)
            found[verdict.period] = {
                "as_of": verdict.as_of,
                "provisional": verdict.provisional,
                "passed": verdict.passed,
                "not_passed": [check.name for check in verdict.checks if not check.passed],
                "overrides": [entry.as_json() for entry in as_overrides(overrides)],
            }
    return found


def prepared(home: Home) -> State:
    """What is prepared, by period."""
    periods = preparation.prepared_periods(home)
    return {str(period): prepared_state(home, period) for period in periods}


def prepared_state(home: Home, period: Period) -> State:
    """The approvals and previews of what is prepared for a period, and why it is stale, if so."""
    release = PreparedRelease(home, period, home.prepared(period), Ledger.of(home))
    approvals = preparation.approvals_of(home, period)
    previews = preparation.previews_of_prepared(home, period)
    return {
        "stale": stale_reasons(release),
        "approvals": [entry.as_json() for entry in approvals],
        "previews": [entry.as_json() for entry in previews],
    }


def stale(home: Home) -> dict[str, str]:
    """The month and name of the release that a stale one was not built on, by its period."""
    found = {}
    for period, before in stale_releases(home).items():
        month = before.parent.name
        found[period] = f"{month} {before.name}"
    return found


def revisions(home: Home, published: Mapping[str, str]) -> State | None:
    """What the latest intake says otherwise than published months.

    published: the release in force of each period. None where there is none, or no intake.
    """
    intakes = intake_records(home)
    if not published or not intakes:
        return None
    latest = intakes[-1].intake
    found = Revisions.in_folder(home.revisions_of(latest))
    told = found and found.of_releases(published)
    return {"intake": latest, "found": told and told.as_json()}


def published_state(event: Published) -> State:
    """A release by the record of its publication."""
    return {
        "period": event.period,
        "release": event.release,
        "release_time": event.release_time,
        "published_at": event.at,
    }


def retracted_state(event: Retracted) -> State:
    """A release by the record of its retraction."""
    return {
        "period": event.period,
        "release": event.release,
        "reason": event.reason,
        "by": event.by,
        "at": event.at,
    }


def due(home: Home, published: Container[str]) -> State:
    """The planned releases that are not published, by release time: when, and whether it has come.

    published: the periods that have a release in force.
    """
    calendar = read_calendar(home.calendar)
    planned = sorted(calendar.items(), key=lambda row: row[1].due)
    found = {}
    for period, release in planned:
        if period not in published:
            found[period] = {
                "release_time": release.release_time,
                "has_come": release.is_due,
            }
    return found


def describe(state: State) -> list[str]:
    """The same in lines."""
    return [
        f"Home: {state['home']}",
        describe_signers(state["allowed_signers"]),
        *describe_landed(state["landed"]),
        *describe_candidates(state["candidates"]),
        *describe_prepared(state["prepared"]),
        *describe_published(state),
        *describe_revisions(state["revisions"]),
        *describe_due(state["due"]),
        *format_reach(state["holidays"]),
    ]


def describe_signers(found: State) -> str:
    """Which file says who may sign."""
    remark = "" if found["is_there"] else ", which is not there: nobody can approve"
    return f"Allowed signers: {found['file']}{remark}"


def describe_landed(landed: State) -> list[str]:
    """The intakes in lines."""
    if not landed:
        return ["Landed: nothing"]
    return [f"Landed: {name}, {counted_noun(rows, 'row')}" for name, rows in landed.items()]


def describe_candidates(found: State) -> Iterator[str]:
    """The candidates in lines."""
    for period, candidate in found.items():
        verdict = "passed" if candidate["passed"] else "refused"
        provisional = ", provisional" if candidate["provisional"] else ""
        failed = ", ".join(candidate["not_passed"])
        remarks = f" ({failed})" if failed else ""
        as_of = candidate["as_of"]
        yield f"Candidate: {period} as of {as_of}{provisional}, {verdict}{remarks}"
        for entry in candidate["overrides"]:
            yield f"  overridden: {entry['check']} {signed(entry)}: {entry['reason']}"


def signed(entry: State) -> str:
    """Who signed, and when."""
    return f"by {entry['by']}, {entry['at']}"


def describe_prepared(found: State) -> Iterator[str]:
    """What is prepared in lines."""
    needed = parameters().approvals_needed
    for period, release in found.items():
        given = len(release["approvals"])
        yield f"Prepared: {period}, {given} of {needed} approvals"
        for reason in release["stale"]:
            yield f"  stale, prepare it again: {reason}"
        for entry in release["approvals"]:
            yield f"  approved: {signed(entry)}"
        for entry in release["previews"]:
            yield f"  previewed: {signed(entry)}: {entry['reason']}"


def describe_published(state: State) -> Iterator[str]:
    """What is published, stale and retracted in lines."""
    published = state["published"]
    if not published:
        yield "Published: nothing"
    for period, name in published.items():
        yield f"Published: {period} {name}"
    for period, before in state["stale"].items():
        yield f"  {period} is stale: it was built on other tables than {before} has"
    for release in state["releases"]:
        planned = release["release_time"]
        yield f"  {name_of(release)}: planned {planned}, published {release['published_at']}"
    for release in state["retracted"]:
        yield f"Retracted: {name_of(release)} {signed(release)}: {release['reason']}"


def name_of(release: State) -> str:
    """A release by its period and name."""
    return f"{release['period']} {release['release']}"


def describe_revisions(found: State | None) -> list[str]:
    """What the latest intake says otherwise than published months, in lines."""
    if found is None:
        return []
    if found["found"] is None:
        return [
            f"Revised since published: not known of {found['intake']}; see uhi source revisions"
        ]
    return revised_lines(Revisions.model_validate(found["found"]))


def describe_due(found: State) -> Iterator[str]:
    """What is due in lines."""
    for period, release in found.items():
        remark = ", whose time has come" if release["has_come"] else ""
        yield f"Due: {period} at {release['release_time']}{remark}"
