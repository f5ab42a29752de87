"""The words of what is said of the tables that are handed over: `words.toml`."""

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.contract.dictionary import DescribedColumn, Words
from orchestration.contract.registry import SourceColumn
from orchestration.documents.texts import filled, joined
from orchestration.extract.casting import decimal_parts

FILE = Path(__file__).with_name("words.toml")
# The date of files that have none, so that they are the same bytes each time.
UNDATED = datetime(1980, 1, 1, tzinfo=UTC)


@cache
def words() -> dict[str, dict[str, list[str]]]:
    """The file of words: groups of pairs (Chinese, English) by key."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def say(group: str, key: str, **values: Any) -> Words:  # noqa: ANN401
    """The words of a key, filled in; a value that is a pair gives each language its own.

    Raises KeyError for an unknown key.
    """
    return Words(*filled(words()[group][key], values))


def named(described: DescribedColumn) -> tuple[str, str]:
    """What a rule calls a column: its name in Chinese, and as it is written."""
    return described.name.zh, described.column.name


def both(text: Words) -> str:
    """Words in one line, Chinese first."""
    return f"{text.zh} {text.en}"


def lines(text: Words) -> str:
    """Words on a line for each language, Chinese first."""
    return f"{text.zh}\n{text.en}"


def type_of(column: SourceColumn) -> Words:
    """The type of a column, and how a value of it is written."""
    if column.kind != "decimal":
        return say("type", column.kind)
    width, places = decimal_parts(column.type)
    return say("type", "decimal", whole=width - places, places=places)


def personal(column: SourceColumn) -> Words | None:
    """What becomes of a personal column; None of other columns."""
    if column.pii is None:
        return None
    return say("mark", "dropped" if column.pii == "drop" else "pseudonym")


def codes_of(described: DescribedColumn) -> tuple[str, str]:
    """The codes of a column, each with its name."""
    return joined(
        ((f"{code} {name.zh}", f"{code} {name.en}") for code, name in described.codes.items()),
        "，",
        "; ",
    )
