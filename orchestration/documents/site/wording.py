"""The fixed words of the site, Chinese and English, and how both stand in a page."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from orchestration.contract.parameters import with_parameters
from orchestration.documents.texts import Words, filled

WORDING = Path(__file__).with_name("wording.toml")
PAIR = Markup('<span lang="zh-Hans">{}</span> <span lang="en">{}</span>')


@cache
def wording() -> dict[str, Any]:
    """Every word by its key: (Chinese, English), or a table of such.

    A parameter that a text names (`{smallest_area}`) stands filled in.
    """
    return tomllib.loads(with_parameters(WORDING.read_text(encoding="utf-8")))


def both(pair: Words | list[str]) -> Markup:
    """Chinese and English beside each other, each marked as what it is."""
    return PAIR.format(*pair)


def say(key: str, **values: Any) -> Markup:  # noqa: ANN401
    """The words of a key, filled in; a value that is a pair gives each language its own.

    Raises KeyError for an unknown key.
    """
    return both(pair_of(key, **values))


def pair_of(key: str, **values: Any) -> Words:  # noqa: ANN401
    """The words of a key as plain text in both languages."""
    return filled(wording()[key], values)
