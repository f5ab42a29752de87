"""The words of the answers to "why", in Chinese and English: `words.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("words.toml")
CHINESE, ENGLISH = 0, 1
VALUE, EMPTY = "value", "empty"


@cache
def words() -> dict[str, dict[str, list[str]]]:
    """The file of words: groups of pairs by key."""
    content: dict[str, dict[str, list[str]]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return content


def say(language: int, group: str, key: str, **values: object) -> str:
    """The words of a key in a language, filled in."""
    return words()[group][key][language].format_map(values)


def reason_in_words(language: int, reason: Mapping[str, Any]) -> str:
    """Why a union is not measured."""
    return say(language, "reason", reason["reason"], day=reason["happened_on"])


def outcome_in_words(language: int, row: Mapping[str, Any]) -> str:
    """What became of a row behind a grade; a level or event stands by its code."""
    known = row["why"] if row["why"] in words()["outcome"] else "other"
    return say(language, "outcome", known, code=row["why"], day=row["on"] or "–")


def since_in_words(language: int, since: Mapping[str, Any]) -> str:
    """What a rank is compared with."""
    return say(language, "since", since["kind"], period=since["period"], release=since["release"])


def values_in_words(language: int, row: Mapping[str, Any]) -> str:
    """The columns that a rule refused a row for, with their values where these may be told."""
    told = [value_in_words(language, *cell) for cell in cells_told(row)]
    return ", ".join(told) or str(row["detail"])


def value_in_words(language: int, column: str, state: str, value: str | None) -> str:
    """A column with its value, or why none is told."""
    if state == VALUE:
        return f"{column} = {value}"
    return (
        f"{column} = {say(language, 'values', EMPTY)}"
        if state == EMPTY
        else f"{column}: {say(language, 'values', state)}"
    )


def cells_told(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """The name, the telling and the value of each column that a rule refused a row for.

    The telling is what of the column can be told: a key of `values`, or VALUE.
    """
    for column in row["columns"]:
        value = row["values"].get(column)
        if column not in row["values"]:
            yield column, "personal", None
        elif row["rule"] == "type":
            yield column, "not_landed", None
        else:
            yield column, EMPTY if value is None else VALUE, value
