"""The fixed words of the documents in both languages.

Words of judgement follow the thresholds of `briefing.yml`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.contract.parameters import with_parameters
from orchestration.documents import figures
from orchestration.documents.edition import Edition, Row
from orchestration.documents.texts import one_line
from quality.check_entries import check_words
from quality.edited_files import Words

FILE = Path(__file__).with_name("briefing.yml")


@dataclass(frozen=True)
class Text:
    """A text in Chinese and English; what has one language only has no English."""

    zh: str
    en: str = ""


Value = Text | str
Cells = list[Value]


@cache
def wording() -> dict[str, Any]:
    """The file of words and thresholds, with the parameters that the words name."""
    text = FILE.read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(with_parameters(text))
    return content


def as_text(value: Value) -> Text:
    """A value as a text; one without a language is the same in both."""
    return value if isinstance(value, Text) else Text(value, value)


def say(name: str, /, **values: Value) -> Text:
    """A sentence of the file with its places filled.

    Raises KeyError where it, or what fills a place, is missing.
    """
    sentence = wording()["text"][name]
    texts = {place: as_text(value) for place, value in values.items()}
    chinese = {place: text.zh for place, text in texts.items()}
    english = {place: text.en for place, text in texts.items()}
    return Text(
        sentence["zh"].format_map(chinese),
        sentence["en"].format_map(english),
    )


def listed(texts: Iterable[Text]) -> Text:
    """Texts one after the other, with the commas of their language."""
    found = list(texts)
    comma = say("comma")
    chinese = comma.zh.join(text.zh for text in found)
    english = comma.en.join(text.en for text in found)
    return Text(chinese, english)


def named(row: Row, figure: Value | None = None) -> Text:
    """The name of a row that has one, with a figure in brackets where one is given."""
    name = Text(
        one_line(row["name_zh"]),
        one_line(row["name_en"]),
    )
    if figure is None:
        return name
    return say("named", name=name, figure=figure)


def percent(value: Decimal | None) -> Text:
    """A rate or share with its sign."""
    shown = figures.percent(value)
    return Text(shown, shown)


def limit(value: Decimal) -> str:
    """A limit or threshold, as it was set."""
    return figures.true_minus(f"{value.normalize():f}")


def month(period: str) -> Text:
    """A period YYYY-MM in words."""
    year, digits = period.split("-")
    number = int(digits)
    name = wording()["months"][number - 1]
    return say("month", year=year, number=str(number), name=name)


def judged(judgement: str, value: Decimal) -> Text:
    """The word for a published figure: that of the last step that its size reaches, by its sign."""
    size = abs(value)
    reached: dict[str, Any] = {}
    for step in wording()["judgements"][judgement]:
        if size >= Decimal(str(step["from"])):
            reached = step
    direction = "down" if value < 0 else "up"
    return Text(**reached[direction])


@cache
def checks_in_words() -> dict[str, Words]:
    """The words for each check that a release can carry failed."""
    return check_words()


def check_in_words(name: str) -> Text:
    """What a check that did not pass means to a reader.

    Raises KeyError for one that no release can carry failed.
    """
    words = checks_in_words()[name]
    return Text(words.zh, words.en)


def title_of(edition: Edition, area: Row) -> Text:
    """What a document of an edition on an area is about."""
    index = label(edition, "figure", "health_index")
    within_a_title = Text(index.zh, index.en.lower())
    return say("title", area=named(area), index=within_a_title)


def mark_of(edition: Edition) -> Text | None:
    """What stands on every page of an edition that is not for everybody."""
    return say("internal") if edition.is_internal else None


def label(edition: Edition, name: str, code: str) -> Text:
    """A label of the methodology."""
    return Text(*edition.methodology.label(name, code))
