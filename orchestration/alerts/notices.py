"""What is told of an evaluation: one notice for each county and channel.

A notice says what is new, escalated, near its due day, overdue, still holding though reported as
corrected, and closed. It names unions and rules, no person and no figure: channels are services of
others.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from orchestration.alerts.deadlines import Step
from orchestration.alerts.naming import Names, named
from orchestration.alerts.recipients import Language, Notify
from orchestration.alerts.records import Case, Evaluated, Level
from orchestration.errors import UsageError

TEMPLATES = Path(__file__).parent / "templates"
KINDS = ("escalated", "overdue", "unconfirmed", "new", "near_due", "closed")
LANGUAGES: tuple[Language, ...] = ("zh", "en")
MOST_LINES = 20


@dataclass(frozen=True)
class Notice:
    """A message to a channel about a county; cases: those that it tells of, by number."""

    county: str
    channel: str
    title: str
    body: str
    cases: tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """A kind of news, with its cases in the order of their due day."""

    kind: str
    cases: Sequence[Case]

    @property
    def shown(self) -> Sequence[Case]:
        """The cases that a notice names."""
        return self.cases[:MOST_LINES]

    @property
    def others(self) -> int:
        """How many more there are."""
        return len(self.cases) - len(self.shown)


def notices_of(
    entry: Evaluated,
    cases: Mapping[int, Case],
    steps: Sequence[Step],
    notify: Notify,
    names: Names,
) -> Iterator[Notice]:
    """The notices of an evaluation.

    cases: all open cases and those that it closed, after it. Raises UsageError for a template that
    cannot be used.
    """
    template = template_of(notify.templates, notify.language)
    news = sorted(news_of(entry, cases, steps), key=lambda each: each[1].county_code)
    for county, of_county in groupby(news, key=lambda each: each[1].county_code):
        told = list(of_county)
        for channel, levels in sorted(notify.levels_by_channel(county).items()):
            chosen = told_by_kind(told, levels)
            if chosen:
                yield written(template, entry, county, channel, chosen, names)


def news_of(
    entry: Evaluated,
    cases: Mapping[int, Case],
    steps: Sequence[Step],
) -> Iterator[tuple[str, Case]]:
    """Each case that there is news of, with its kind; what is silenced or hidden has none."""
    reds = {
        subject_of(case) for case in cases.values() if case.level == "red" and not case.closed_on
    }
    for number, kind in kinds_of(entry, cases, steps).items():
        case = cases[number]
        is_hidden = case.level == "yellow" and subject_of(case) in reds
        if not is_hidden and not is_silenced(case, entry.as_of):
            yield kind, case


def kinds_of(
    entry: Evaluated,
    cases: Mapping[int, Case],
    steps: Sequence[Step],
) -> dict[int, str]:
    """The kind of news of each case that an evaluation changed; of several the weightiest."""
    opened = {each.case for each in entry.opened}
    yellow_before = {
        subject_of(case)
        for case in cases.values()
        if case.level == "yellow" and case.number not in opened
    }
    found: dict[int, set[str]] = defaultdict(set)
    for number in opened:
        is_worse = cases[number].level == "red" and subject_of(cases[number]) in yellow_before
        found[number].add("escalated" if is_worse else "new")
    for stepped in entry.stepped:
        found[stepped.case].add(kind_of_step(stepped.step, steps))
    for number in entry.unconfirmed:
        found[number].add("unconfirmed")
    for closed in entry.closed:
        found[closed.case] = {"closed"}
    return {number: min(kinds, key=KINDS.index) for number, kinds in found.items()}


def kind_of_step(step: str, steps: Sequence[Step]) -> str:
    """The kind of news that a step is: due soon before the day, overdue, then escalated."""
    days = {each.step: each.working_days for each in steps}
    if days[step] < 0:
        return "near_due"
    first = min(number for number in days.values() if number > 0)
    return "overdue" if days[step] == first else "escalated"


def subject_of(case: Case) -> tuple[str, str, str]:
    """What a yellow and a red case of a union share: the measure, and the dimension if any."""
    return case.union_id, case.measure, case.dimension or ""


def is_silenced(case: Case, day: date) -> bool:
    """Whether a case sends nothing on a day."""
    return case.silenced_until is not None and day <= case.silenced_until


def told_by_kind(news: Sequence[tuple[str, Case]], levels: set[Level]) -> list[Told]:
    """The news of some levels by kind, the weightiest first."""
    chosen = []
    for kind in KINDS:
        cases = [case for each, case in news if each == kind and case.level in levels]
        if cases:
            chosen.append(Told(kind, sorted(cases, key=lambda case: (case.due_on, case.number))))
    return chosen


def written(
    template: "NoticeTemplate",
    entry: Evaluated,
    county: str,
    channel: str,
    told: Sequence[Told],
    names: Names,
) -> Notice:
    """A notice in words. Raises UsageError."""
    title, body = template.render(entry, county, told, names)
    numbers = tuple(sorted(case.number for each in told for case in each.cases))
    return Notice(county, channel, title, body, numbers)


@dataclass(frozen=True)
class NoticeTemplate:
    """The template of notices: its first line is the title, what follows the body."""

    environment: Environment
    language: Language

    @property
    def place(self) -> int:
        """Where its language stands in a pair of words."""
        return LANGUAGES.index(self.language)

    def name_in(self, names: Names) -> Callable[[str, str], str]:
        """What a template calls to name a code of a kind, such as a rule."""
        return lambda kind, code: named(getattr(names, kind), code)[self.place]

    def render(
        self,
        entry: Evaluated,
        county: str,
        told: Sequence[Told],
        names: Names,
    ) -> tuple[str, str]:
        """Title and body of a notice. Raises UsageError."""
        file = f"notice.{self.language}.txt"
        try:
            text = self.environment.get_template(file).render(
                as_of=entry.as_of,
                is_provisional=entry.is_provisional,
                county=named(names.counties, county)[self.place],
                told=told,
                name=self.name_in(names),
            )
        except TemplateError as error:
            raise UsageError(f"The template of notices {file}: {error}.") from None
        title, _, body = text.strip().partition("\n")
        return title.strip(), body.strip()


def template_of(folder: str | None, language: Language) -> NoticeTemplate:
    """The template of a language, from an office's own folder where that has it."""
    places = [*([folder] if folder else []), str(TEMPLATES)]
    environment = Environment(
        loader=FileSystemLoader(places),
        autoescape=False,  # noqa: S701 -- a notice is plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return NoticeTemplate(environment, language)
