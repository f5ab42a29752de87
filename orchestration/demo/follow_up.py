"""What a county does about its alerts in the demonstration, and who is told.

After November one county acknowledges some of its cases, falling indices first, and reports half of
these as corrected. The city's data of December say which were. Nobody else does anything, so other
cases become overdue.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from orchestration import pipeline
from orchestration.alerts import acting
from orchestration.alerts.listing import STATES
from orchestration.alerts.records import Acted, Case, Evaluated
from orchestration.alerts.store import opened
from orchestration.home import files
from orchestration.pipeline import Outcome
from orchestration.screen import Progress
from orchestration.settings import Settings

PERIOD = "2020-11"
PERSON = "demo-county"
ACKNOWLEDGED = 30
REPORTED = 15
FALLING = "index_change"
CORRECTED_ON = date(2020, 12, 18)
NOTIFY = """\
[channels.archive]
folder = "{folder}"
messages_per_minute = 1000

[[recipients]]
counties = ["*"]
channels = ["archive"]
"""


def telling_files(settings: Settings) -> Settings:
    """The settings with notices that go to files of the demonstration."""
    folder = settings.home.demo
    file = folder / "notify.toml"
    files.write_atomically(file, NOTIFY.format(folder=(folder / "notices").resolve()))
    return settings.model_copy(update={"home": replace(settings.home, recipients=file)})


def follow_up(settings: Settings, outcome: Outcome, progress: Progress) -> None:
    """Send the notices of a month, and let a county act on theirs of one."""
    pipeline.tell(settings, progress)
    if outcome.period != PERIOD or not isinstance(outcome.evaluation, Evaluated):
        return
    with opened(settings) as store:
        chosen = first_county(store.open_cases())[:ACKNOWLEDGED]
        for place, case in enumerate(chosen):
            acting.act(store, action_on(case, is_reported=place < REPORTED))


def first_county(cases: Sequence[Case]) -> list[Case]:
    """The cases of the county with the lowest code, falling indices first."""
    by_county = groupby(sorted(cases, key=county_of), key=county_of)
    _, of_county = next(by_county, ("", iter(())))
    return sorted(of_county, key=lambda case: (case.measure != FALLING, case.number))


def county_of(case: Case) -> str:
    """The code of a case's county."""
    return case.county_code


def action_on(case: Case, *, is_reported: bool) -> Acted:
    """What the county says of a case: corrected, or seen."""
    if not is_reported:
        return Acted(case=case.number, action="acknowledged", by=PERSON, door="command")
    return Acted(
        case=case.number,
        action="corrected",
        by=PERSON,
        door="command",
        on=CORRECTED_ON,
        evidence=f"demo-{case.number}",
    )


def outcome_of(settings: Settings) -> dict[str, str]:
    """How far the cases are in the end, and where the notices lie, by what they are."""
    with opened(settings) as store:
        cases = store.cases()
    states = Counter(case.state for case in cases)
    named = [f"{states[state]:,} {name}" for state, name in STATES.items() if states[state]]
    overdue = sum(case.step == "proposal" and case.closed_on is None for case in cases)
    return {
        "cases of alerts": f"{', '.join(named)}; {overdue:,} long overdue",
        "desks of counties": str(settings.home.desks),
        "notices to counties": str(settings.home.demo / "notices"),
    }
