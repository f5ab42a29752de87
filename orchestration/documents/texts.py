"""Texts of both languages, as every kind of document has them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# Chinese and English.
Words = tuple[str, str]


def names_of(row: Mapping[str, Any]) -> Words:
    """Both names of a row that has them."""
    return row["name_zh"], row["name_en"]


def filled(words: Sequence[str], values: Mapping[str, Any]) -> Words:
    """Words with their places filled; a value that is a pair gives each language its own.

    Raises KeyError where a value is missing.
    """
    chinese, english = words
    return (
        chinese.format_map(in_language(0, values)),
        english.format_map(in_language(1, values)),
    )


def in_language(place: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a language: of each pair the one at its place, and what is no pair."""
    found = {}
    for name, value in values.items():
        is_plain = isinstance(value, str | int)
        found[name] = value if is_plain else value[place]
    return found


def joined(
    words: Iterable[Words],
    chinese: str,
    english: str,
) -> Words:
    """Words one after the other; chinese, english: what stands between them."""
    pairs = list(words)
    return (
        chinese.join(pair[0] for pair in pairs),
        english.join(pair[1] for pair in pairs),
    )


def one_line(text: str) -> str:
    """A text from outside without line breaks and other characters that nothing can be seen of."""
    visible = [character if character.isprintable() else " " for character in text]
    words = "".join(visible).split()
    return " ".join(words)
