"""The pages of a county as HTML: its desk, and one for each case."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.alerts.desk.cards import Card, card_of, figure, steps_of, words_of
from orchestration.alerts.desk.facts import Facts
from orchestration.alerts.desk.history import condensed
from orchestration.alerts.listing import Wanted, listed
from orchestration.alerts.naming import named
from orchestration.alerts.records import Case
from orchestration.alerts.wording import say
from orchestration.documents import figures, palette
from orchestration.documents.site.wording import both
from orchestration.why.words import pair

PAGE = "index.html"
MOST_KEPT = 4096  # words that a page says many times


class Pages:
    """Renders the pages of counties."""

    def __init__(self, facts: Facts) -> None:
        """Load the templates; facts: what the pages are made of."""
        self.facts = facts
        self.templates = environment(facts)

    def of_county(self, county: str, cases: Sequence[Case]) -> dict[str, str]:
        """The pages of a county by the name of their file; cases: all that it ever had.

        A case has a page while it is open, and for as long after as another of its run would reopen
        it.
        """
        cards = [card_of(case, self.facts) for case in listed(cases, Wanted(with_closed=True))]
        shown = [card for card in cards if self.is_shown(card.case)]
        open_cards = [card for card in shown if card.case.closed_on is None]
        closed_cards = [card for card in shown if card.case.closed_on]
        title = say("desk", "title", county=named(self.facts.names.counties, county))
        desk = {
            "title": title,
            "cards": open_cards,
            "closed": closed_cards,
            "quality": self.facts.qualities.get(county),
        }
        pages = {PAGE: self.render("desk", **desk)}
        for card in shown:
            pages[file_name(card.case)] = self.case_page(card, title)
        return pages

    def is_shown(self, case: Case) -> bool:
        """Whether a case has a page."""
        if case.closed_on is None:
            return True
        return self.facts.deadlines.reopens(case.rule, case.closed_on, self.facts.last.as_of)

    def case_page(self, card: Card, desk_title: object) -> str:
        """The page of a case."""
        title = say("case", "title", number=card.case.number, union=card.case.union_name)
        steps = list(steps_of(card, self.facts))
        return self.render("case", title=title, card=card, steps=steps, desk_title=desk_title)

    def render(self, template: str, **values: Any) -> str:  # noqa: ANN401
        """A page by its template."""
        as_of = self.facts.last.as_of.isoformat()
        return self.templates.get_template(f"{template}.html").render(as_of=as_of, **values)


def file_name(case: Case) -> str:
    """The name of a case's page."""
    return f"case-{case.number}.html"


def environment(facts: Facts) -> Environment:
    """The templates, with the words and how figures and events are said."""
    found = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {
        "say": say,
        "said": lru_cache(MOST_KEPT)(said),
        "of_score": lru_cache(MOST_KEPT)(of_score),
        "both": lru_cache(MOST_KEPT)(both),
        "figure": figure,
        "points": figures.index,
        "file_name": file_name,
        "condensed": condensed,
        "palette": Markup(palette.style_sheet()),  # noqa: S704 - colours of this project
        "event_words": lambda event: words_of(event, facts.names.steps),
    }
    return found


def said(group: str, key: str) -> Markup:
    """Words of a key that has no places to fill, in both languages."""
    return both(say(group, key))


def of_score(key: str) -> Markup:
    """Words about the score of data quality, in both languages."""
    return both(pair("quality", key))
