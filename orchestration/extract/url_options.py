"""The options of a driver after the `?` of a database's URL: known ones, in their types."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import URL

from orchestration.errors import UsageError


@dataclass(frozen=True)
class OptionKind:
    """How an option is written: in words, as a pattern, and what its value is made with."""

    words: str
    pattern: str
    convert: Callable[[str], str | int | bool]


TEXT = OptionKind("text", r"[^\0]+", str)
WHOLE = OptionKind("a whole number", r"[0-9]{1,6}", int)
FLAG = OptionKind("true or false", r"true|false", "true".__eq__)


def url_options(url: URL, known: dict[str, OptionKind]) -> dict[str, str | int | bool]:
    """The options of a URL. Raises UsageError, which shows no value, for one that is not known."""
    return {name: option_value(name, value, known) for name, value in url.query.items()}


def option_value(
    name: str,
    value: str | tuple[str, ...],
    known: dict[str, OptionKind],
) -> str | int | bool:
    """One option in its type. Raises UsageError."""
    kind = known.get(name)
    if kind is None:
        names = ", ".join(sorted(known)) or "none"
        raise UsageError(f"The source's URL: the option {name} is not taken; known are: {names}.")
    if not isinstance(value, str) or not re.fullmatch(kind.pattern, value):
        raise UsageError(f"The source's URL: the option {name} is due once, as {kind.words}.")
    return kind.convert(value)
