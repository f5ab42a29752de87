"""The words of the answers to "why", in Chinese and English: `words.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("words.toml")
CHINESE, ENGLISH = 0, 1
VALUE, EMPTY = "value", "empty"
# The rules of cells of which nothing is landed.
NOT_LANDED = ("map", "type")


# By group and key, the words in Chinese and in English.
Wording = dict[str, dict[str, list[str]]]
Row = Mapping[str, Any]


@cache
def words() -> Wording:
    """The file of words: groups of pairs by key."""
    content: Wording = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return content


def say(
    language: int,
    group: str,
    key: str,
    **values: object,
) -> str:
    """The words of a key in a language, filled in."""
    text = words()[group][key][language]
    return text.format_map(values)


def pair(
    group: str,
    key: str,
    **values: object,
) -> tuple[str, str]:
    """The same in both languages."""
    return say(CHINESE, group, key, **values), say(ENGLISH, group, key, **values)


def reason_in_words(language: int, reason: Row) -> str:
    """Why a union is not measured."""
    return say(
        language,
        "reason",
        reason["reason"],
        day=reason["happened_on"],
    )


def outcome_in_words(language: int, row: Row) -> str:
    """What became of a row behind a grade; a level or event stands by its code."""
    code = row["why"]
    known = code if code in words()["outcome"] else "other"
    return say(
        language,
        "outcome",
        known,
        code=code,
        day=row["on"] or "–",
    )


def since_in_words(language: int, since: Row) -> str:
    """What a rank is compared with."""
    return say(
        language,
        "since",
        since["kind"],
        period=since["period"],
        release=since["release"],
    )


def values_in_words(language: int, row: Row) -> str:
    """The columns that a rule refused a row for, with their values where these may be told."""
    values = [value_in_words(language, *cell) for cell in cells_told(row)]
    if not values:
        return str(row["detail"])
    return ", ".join(values)


def value_in_words(
    language: int,
    column: str,
    state: str,
    value: str | None,
) -> str:
    """A column with its value, or why none is told."""
    if state == VALUE:
        return f"{column} = {value}"
    words_of_state = say(language, "values", state)
    if state == EMPTY:
        return f"{column} = {words_of_state}"
    return f"{column}: {words_of_state}"


def cells_told(row: Row) -> Iterator[tuple[str, str, str | None]]:
    """The name, the telling and the value of each column that a rule refused a row for.

    The telling is what of the column can be told: a key of `values`, or VALUE.
    """
    values = row["values"]
    for column in row["columns"]:
        if column not in values:
            yield column, "personal", None
        elif row["rule"] in NOT_LANDED:
            yield column, "not_landed", None
        elif values[column] is None:
            yield column, EMPTY, None
        else:
            yield column, VALUE, values[column]
