"""What a letter says, as plain data for both forms, in one language at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orchestration.alerts.deadlines import Step
from orchestration.alerts.desk.cards import figure
from orchestration.alerts.letters.choosing import Subject, group_of
from orchestration.alerts.naming import Names, named
from orchestration.alerts.records import Case, Due
from orchestration.alerts.wording import say, words
from orchestration.documents.texts import Words, one_line

LANGUAGES = ("zh", "en")
SLIP = ("received_on", "measures", "done_on", "evidence", "seal_and_day")


@dataclass(frozen=True)
class FactTable:
    """The facts: a head and rows of cells; widths: shares of the columns."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


@dataclass(frozen=True)
class Slip:
    """The slip on which the addressee replies; rows: what is filled in."""

    title: str
    addressee: str
    sentence: str
    rows: Sequence[str]
    note: str


@dataclass(frozen=True)
class Letter:
    """A letter in one language; signature: what stands at its end, a line each."""

    language: str
    sender: str
    number: str
    title: str
    addressee: str
    facts: str
    table: FactTable
    demands: Sequence[str]
    signature: Sequence[str]
    copies: str | None
    slip: Slip
    internal: str


@dataclass(frozen=True)
class LetterContent:
    """What a letter is made of.

    cases: by deadline; as_of: the day of the figures; reply: until when a reply is due; city: name
    of the sender's city.
    """

    subject: Subject
    step: Step
    cases: Sequence[Case]
    as_of: date
    reply: Due
    city: Words
    names: Names

    @property
    def number(self) -> str:
        """Its number: the step, the subject and the day of the figures."""
        prefix = say("letter", "case_prefix")[0] if self.subject.kind == "case" else ""
        return f"{self.step.name_zh}-{prefix}{self.subject.code}-{self.as_of:%Y%m%d}"

    def in_both(self) -> list[Letter]:
        """The letter in each language."""
        return [Writer(self, place).letter() for place in range(len(LANGUAGES))]


@dataclass(frozen=True)
class Writer:
    """Writes a letter in one language; place: of the language in pairs of words."""

    content: LetterContent
    place: int

    def say(self, group: str, key: str, **values: Any) -> str:  # noqa: ANN401
        """Words of a key in the language."""
        return say(group, key, **values)[self.place]

    def letter(self) -> Letter:
        """The letter."""
        content, group = self.content, group_of(self.content.step.step)
        sender = self.say("letter", "sender", city=content.city)
        return Letter(
            language=LANGUAGES[self.place],
            sender=sender,
            number=self.say("letter", "number", number=content.number),
            title=self.say(group, "title"),
            addressee=self.say("letter", "addressee", name=self.addressee()),
            facts=self.facts(),
            table=self.table(),
            demands=list(self.demands()),
            signature=[sender + self.say("letter", "seal"), self.say("letter", "day")],
            copies=None if self.is_of_county() else self.copies(),
            slip=self.slip(sender),
            internal=self.say("sheet", "internal"),
        )

    def is_of_county(self) -> bool:
        """Whether the letter goes to a county."""
        return self.content.subject.kind == "county"

    def county(self) -> str:
        """The name of the county's union."""
        county = named(self.content.names.counties, self.content.cases[0].county_code)
        return self.say("letter", "county", county=county)

    def addressee(self) -> str:
        """Whom the letter goes to: the county's union, or the union that the cases are of."""
        return self.county() if self.is_of_county() else one_line(self.content.cases[0].union_name)

    def copies(self) -> str:
        """Who gets a copy."""
        return self.say("letter", "copies", name=self.county())

    def facts(self) -> str:
        """The sentence above the facts.

        It names no earlier letter: where months lie between evaluations, cases pass over steps.
        """
        content = self.content
        key = "facts_county" if self.is_of_county() else "facts_union"
        return self.say(
            group_of(content.step.step),
            key,
            as_of=content.as_of.isoformat(),
            count=len(content.cases),
            days=content.step.working_days,
        )

    def table(self) -> FactTable:
        """The facts: a row for each case."""
        columns = ["number", "rule", "observed", "threshold", "opened_on", "due_on"]
        widths = [10, 34, 12, 12, 16, 16]
        if self.is_of_county():
            columns.insert(1, "union_name")
            widths = [9, 22, 19, 11, 9, 15, 15]
        head = [self.say("column", column) for column in columns]
        rows = [[self.cell(case, column) for column in columns] for case in self.content.cases]
        return FactTable(head, rows, widths)

    def cell(self, case: Case, column: str) -> str:
        """What stands in a column of a case."""
        names = self.content.names
        if column == "rule":
            rule = named(names.rules, case.rule)[self.place]
            dimension = (
                named(names.dimensions, case.dimension)[self.place] if case.dimension else ""
            )
            return " · ".join(filter(None, [rule, dimension]))
        if column == "observed":
            return figure(case.observed)
        if column == "threshold":
            return f"{names.signs.get(case.rule, '')} {figure(case.threshold)}".strip()
        if column == "union_name":
            return f"{one_line(case.union_name)} {case.union_id}"
        return str(getattr(case, column))

    def demands(self) -> Iterator[str]:
        """What is demanded until when, and how a case is closed."""
        group, reply = group_of(self.content.step.step), self.content.reply
        for key in words()[group]:
            if key.startswith("demand"):
                yield self.say(group, key, reply_by=reply.day.isoformat())
        if reply.is_projected:
            yield self.say("letter", "projected", reply_by=reply.day.isoformat())
        yield self.say("desk", "closing")
        yield self.say(group, "end")

    def slip(self, sender: str) -> Slip:
        """The slip on which the addressee replies."""
        return Slip(
            title=self.say("letter", "slip"),
            addressee=self.say("letter", "addressee", name=sender),
            sentence=self.say("letter", "reply", number=self.content.number),
            rows=[self.say("slip", key) for key in SLIP],
            note=self.say("slip", "note"),
        )
