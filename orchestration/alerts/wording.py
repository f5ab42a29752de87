"""What counties read of cases, in Chinese and English: the words of `words.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.documents.texts import Words, filled

FILE = Path(__file__).with_name("words.toml")


@cache
def words() -> dict[str, dict[str, list[str]]]:
    """The file of words: groups of pairs (Chinese, English) by key."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def say(group: str, key: str, **values: Any) -> Words:  # noqa: ANN401
    """The words of a key, filled in; a value that is a pair gives each language its own.

    Raises KeyError for an unknown key.
    """
    return filled(words()[group][key], values)
