"""The desks of counties: a page for each, of its open cases by deadline; internal.

A page says what the figure is and must be, what would bring it there, and what was done so far. It
names no person. It is static, for a phone and for paper, and loads nothing but the font of all
desks, which lies beside them.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.alerts.desk.gains import Gains
from orchestration.alerts.desk.history import Event, histories
from orchestration.alerts.listing import Wanted, listed
from orchestration.alerts.naming import Names, named, names_in
from orchestration.alerts.records import Case, Evaluated
from orchestration.alerts.store import Store
from orchestration.alerts.wording import say
from orchestration.build.candidate import candidate_month, methodology_of
from orchestration.documents import palette
from orchestration.documents.figures import true_minus
from orchestration.documents.site.wording import both
from orchestration.documents.texts import Words, names_of
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.periods import Period

PAGE = "index.html"
FONT = "regular.ttf"
MOST_KEPT = 4096  # words that a page says many times
SCORED = ("index", "dimension_rate")
"""The measures that scores of indicators make up."""


@dataclass(frozen=True)
class Facts:
    """What the cards of all counties are made of, beside the cases."""

    names: Names
    gains: Gains
    indicators: Mapping[str, Words]
    histories: Mapping[int, Sequence[Event]]


@dataclass(frozen=True)
class Card:
    """A case as a desk shows it; sign: how its figure must compare with the threshold."""

    case: Case
    level: Words
    rule: Words
    dimension: Words | None
    sign: str
    target: Words
    gains: Sequence[Words]
    history: Sequence[Event]


def refresh(store: Store, home: Home, counties: Container[str] | None = None) -> list[Path]:
    """Write the pages of all counties that have or had a case; returns their files by county.

    counties: only those of these, or that have no page yet.
    """
    last = store.last_evaluated()
    if last is None:
        return []
    facts = facts_of(store, home, last)
    page = environment(facts).get_template("desk.html")
    files.keep_private(home.desks)
    written = []
    open_cases = store.open_cases()
    for county in sorted({case.county_code for case in store.cases()}):
        file = home.desks / county / PAGE
        if counties is not None and county not in counties and file.exists():
            continue
        cases = listed(open_cases, Wanted(county))
        title = say("desk", "title", county=named(facts.names.counties, county))
        cards = [card_of(case, facts) for case in cases]
        html = page.render(title=title, as_of=last.as_of.isoformat(), cards=cards)
        files.write_atomically(file, html)
        file.chmod(files.FILE_OF_OWNER)
        written.append(file)
    if written:
        write_font(home.desks)
    return written


def write_font(desks: Path) -> None:
    """Write the Chinese font of all desks, with the characters that their pages have."""
    from orchestration.documents import fonts
    from orchestration.documents.page_fonts import characters_of

    texts = [page.read_text(encoding="utf-8") for page in sorted(desks.glob(f"*/{PAGE}"))]
    made = desks / f".{FONT}"
    fonts.write_cut_font(characters_of(texts), made)
    made.chmod(files.FILE_OF_OWNER)
    made.replace(desks / FONT)


def facts_of(store: Store, home: Home, last: Evaluated) -> Facts:
    """What the cards are made of, as of the last evaluation. Raises UsageError."""
    methodology = methodology_of(Period.parse(last.period))
    return Facts(
        names=names_in(home, last.period),
        gains=Gains.of(evaluated_tables(home, last), methodology),
        indicators={row["indicator"]: names_of(row) for row in methodology.tables["indicators"]},
        histories=histories(store.entries()),
    )


def evaluated_tables(home: Home, last: Evaluated) -> Path | None:
    """The tables of the candidate of an evaluation; None where another took its place since."""
    for place in (home, home.watched):
        stored = candidate_month(place, Period.parse(last.period))
        if stored and files.sha256_of(stored.verdict) == last.verdict:
            return stored.tables
    return None


def environment(facts: Facts) -> Environment:
    """The templates, with the words and how figures and events are said."""
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {
        "say": say,
        "said": lru_cache(MOST_KEPT)(said),
        "both": lru_cache(MOST_KEPT)(both),
        "figure": figure,
        "palette": Markup(palette.style_sheet()),  # noqa: S704 - colours of this project
        "event_words": lambda event: words_of(event, facts.names.steps),
    }
    return found


def said(group: str, key: str) -> Markup:
    """Words of a key that has no places to fill, in both languages."""
    return both(say(group, key))


def card_of(case: Case, facts: Facts) -> Card:
    """A case as a desk shows it."""
    names = facts.names
    sign = names.signs.get(case.rule, "")
    is_scored = case.measure in SCORED
    indicators = facts.gains.most(case.union_id, case.dimension) if is_scored else []
    return Card(
        case=case,
        level=named(names.levels, case.level),
        rule=named(names.rules, case.rule),
        dimension=named(names.dimensions, case.dimension) if case.dimension else None,
        sign=sign,
        target=target_of(case, sign),
        gains=[named(facts.indicators, indicator) for indicator in indicators],
        history=facts.histories[case.number],
    )


def target_of(case: Case, sign: str) -> Words:
    """How far the figure of a case is from what it must be; nothing where no rule says."""
    if not sign:
        return "", ""
    gap = figure(abs(case.threshold - case.observed))
    return say("target", sign, gap=gap, threshold=figure(case.threshold))


def words_of(event: Event, steps: Mapping[str, Words]) -> Words:
    """What happened, in words."""
    return say("event", event.what, **dict(shown(event.values, steps)))


def shown(values: Mapping[str, Any], steps: Mapping[str, Words]) -> Iterator[tuple[str, Any]]:
    """The values of an event as a reader sees them."""
    for name, value in values.items():
        if name == "step":
            yield name, named(steps, value)
        else:
            yield name, figure(value) if isinstance(value, Decimal) else str(value)


def figure(value: Decimal) -> str:
    """A figure without zeros at its end."""
    return true_minus(f"{value.normalize():f}")
