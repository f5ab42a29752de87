"""The fixed words of the documents in both languages.

Words of judgement follow the thresholds of `briefing.yml`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.contract.parameters import with_parameters
from orchestration.documents import figures
from orchestration.documents.edition import Edition, Rows
from quality.check_entries import check_words
from quality.edited_files import Words

FILE = Path(__file__).with_name("briefing.yml")
LETTERS = 26


@dataclass(frozen=True)
class Text:
    """A text in Chinese and English; what has one language only has no English."""

    zh: str
    en: str = ""


Value = Text | str


@cache
def wording() -> dict[str, Any]:
    """The file of words and thresholds, with the parameters that the words name."""
    content: dict[str, Any] = yaml.safe_load(with_parameters(FILE.read_text(encoding="utf-8")))
    return content


def say(name: str, /, **values: Value) -> Text:
    """A sentence of the file with its places filled.

    Raises KeyError where it, or what fills a place, is missing.
    """
    sentence = wording()["text"][name]
    chinese = {
        place: value.zh if isinstance(value, Text) else value for place, value in values.items()
    }
    english = {
        place: value.en if isinstance(value, Text) else value for place, value in values.items()
    }
    return Text(sentence["zh"].format_map(chinese), sentence["en"].format_map(english))


def listed(texts: Iterable[Text]) -> Text:
    """Texts one after the other, with the commas of their language."""
    found = list(texts)
    comma = say("comma")
    return Text(comma.zh.join(text.zh for text in found), comma.en.join(text.en for text in found))


def one_line(text: str) -> str:
    """A text from outside without line breaks and other characters that nothing can be seen of."""
    return " ".join(
        "".join(character if character.isprintable() else " " for character in text).split()
    )


def named(row: dict[str, Any], figure: Value | None = None) -> Text:
    """The name of a row that has one, with a figure in brackets where one is given."""
    name = Text(one_line(row["name_zh"]), one_line(row["name_en"]))
    return name if figure is None else say("named", name=name, figure=figure)


def percent(value: Decimal | None) -> Text:
    """A rate or share with its sign."""
    return say("percent", rate=figures.rate(value))


def limit(value: Decimal) -> str:
    """A limit or threshold, as it was set."""
    return figures.true_minus(f"{value.normalize():f}")


def month(period: str) -> Text:
    """A period YYYY-MM in words."""
    year, number = period.split("-")
    return say(
        "month", year=year, number=str(int(number)), name=wording()["months"][int(number) - 1]
    )


def judged(judgement: str, value: Decimal) -> Text:
    """The word for a published figure: that of the last step that its size reaches, by its sign."""
    step = [
        step
        for step in wording()["judgements"][judgement]
        if abs(value) >= Decimal(str(step["from"]))
    ][-1]
    return Text(**step["down" if value < 0 else "up"])


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


def share(part: int | None, whole: int | None) -> Decimal | None:
    """A part in percent of a whole; None where there is none."""
    return None if part is None or not whole else Decimal(100 * part) / whole


def interval(row: dict[str, Any]) -> str:
    """A county's rank interval; one rank where both ends are the same."""
    ends = [figures.count(row[end]) for end in ("rank_low", "rank_high")]
    return "–".join(dict.fromkeys(ends))


def indistinct(ranking: Rows) -> dict[str, str]:
    """The letter of the group of each county that cannot be told apart from another, by its code.

    Counties whose rank intervals share a rank are in one group, and so are those linked by others
    of it; no two groups share a rank.
    """
    groups: list[list[dict[str, Any]]] = []
    highest = 0
    for row in sorted(
        (row for row in ranking if row["rank_low"] is not None),
        key=lambda row: (row["rank_low"], row["rank_high"]),
    ):
        if row["rank_low"] > highest:
            groups.append([])
        groups[-1].append(row)
        highest = max(highest, row["rank_high"])
    several = [group for group in groups if len(group) > 1]
    letters = [
        chr(ord("A") + number % LETTERS) * (number // LETTERS + 1) for number in range(len(several))
    ]
    return {
        row["area_code"]: letter
        for letter, group in zip(letters, several, strict=True)
        for row in group
    }


def extremes(
    rows: Sequence[dict[str, Any]], column: str, places: Decimal
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows whose published figure is the highest, and those where it is the lowest.

    Rows without one do not count.
    """
    shown = [
        (figures.published(row[column], places), row) for row in rows if row[column] is not None
    ]
    ends = [end(figure for figure, _ in shown) for end in (max, min)] if shown else []
    highest, lowest = (
        ([row for figure, row in shown if figure == end] for end in ends) if ends else ([], [])
    )
    return highest, lowest


def title_of(edition: Edition, area: dict[str, Any]) -> Text:
    """What a document of an edition on an area is about."""
    index = label(edition, "figure", "health_index")
    return say("title", area=named(area), index=Text(index.zh, index.en.lower()))


def mark_of(edition: Edition) -> Text | None:
    """What stands on every page of an edition that is not for everybody."""
    return say("internal") if edition.is_internal else None


def label(edition: Edition, name: str, code: str) -> Text:
    """A label of the methodology."""
    return Text(*edition.methodology.label(name, code))
