"""The words by which platforms name what the contract asks for, by column.

They are the registry's own names and labels, and those of `vocabulary.yml` besides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from orchestration.contract.dictionary import described_column
from orchestration.contract.registry import SourceColumn, SourceTable

FILE = Path(__file__).with_name("vocabulary.yml")
KINDS = {"date": "day", "timestamptz": "day", "int": "count", "decimal": "money"}


@dataclass(frozen=True)
class Words:
    """The words for a table or a column.

    chinese, english: as a platform would name it; doubtful: Chinese words that may mean something
    else; ending: what such words end with, one of the vocabulary's, None of others; codes: the
    contract's code by each label; standard: the same by each code of a national standard.
    """

    chinese: frozenset[str]
    english: frozenset[str]
    doubtful: frozenset[str]
    ending: str | None
    codes: dict[str, str]
    standard: dict[str, str]


@cache
def vocabulary() -> dict[str, Any]:
    """The file's content."""
    content: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return content


@cache
def english_endings() -> dict[str, str]:
    """What each English ending stands for: a key, a day, a count or money."""
    return {
        word: ending
        for ending, words in reversed(vocabulary()["endings"]["en"].items())
        for word in words
    }


@cache
def audit_words() -> Words:
    """The words for what rows say of themselves."""
    entry = vocabulary()["audit"]
    chinese, english = frozenset(entry["zh"]), frozenset(entry["en"])
    return Words(chinese, english, frozenset(), ending=None, codes={}, standard={})


@cache
def words_that_say_nothing() -> frozenset[str]:
    """Chinese words that say of a column no more than what kind of thing it is."""
    content = vocabulary()
    return frozenset({*chain(*content["endings"]["zh"].values()), *content["vague"]})


@cache
def inner_keys() -> tuple[frozenset[str], frozenset[str]]:
    """The endings, in Chinese and English, of what a platform numbers its rows by for itself."""
    entry = vocabulary()["inner_keys"]
    return frozenset(entry["zh"]), frozenset(entry["en"])


def words_of_table(table: SourceTable) -> Words:
    """The words for a table."""
    entry = vocabulary()["tables"][table.name]
    english = {table.name.replace("_", " "), *entry["en"]}
    chinese = frozenset(entry["zh"])
    return Words(chinese, frozenset(english), frozenset(), ending=None, codes={}, standard={})


def words_of_column(table: SourceTable, column: SourceColumn) -> Words:
    """The words for a column, with those endings that it may have by what it holds."""
    return words_of(table.name, column.name, ending_of(table, column))


@cache
def words_of(table: str, column: str, ending: str | None) -> Words:
    """The same by names."""
    content = vocabulary()
    entry = content["tables"][table]["columns"].get(column) or content["anywhere"][column]
    described = described_column(table, column)
    codes = {label.zh: code for code, label in described.codes.items()}
    codes |= {label: code for code, known in entry.get("codes", {}).items() for label in known}
    doubtful = frozenset(with_endings(entry.get("doubtful", ()), ending))
    return Words(
        chinese=frozenset({described.name.zh, *with_endings(entry["zh"], ending)}) - doubtful,
        english=frozenset({column.replace("_", " "), *entry.get("en", ())}),
        doubtful=doubtful,
        ending=ending,
        codes=codes,
        standard=entry.get("standard", {}),
    )


def with_endings(stems: list[str], ending: str | None) -> Iterator[str]:
    """The stems, and each with every Chinese ending."""
    endings = vocabulary()["endings"]["zh"][ending] if ending else []
    for stem in stems:
        yield stem
        yield from (stem + end for end in endings)


def ending_of(table: SourceTable, column: SourceColumn) -> str | None:
    """What such names end with: of a key, a code, a day, a count or money; None of others."""
    if column.name in (*table.key, *table.references) and column.kind == "text":
        return "key"
    if column.pii and column.name != "name":
        return "key"
    if column.accepted:
        return "code"
    return KINDS.get(column.kind)
