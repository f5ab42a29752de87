"""What a text of people or of a source may hold, and how long it may be: one definition for all.

A hidden letter shows nothing, or changes how others show: control, format and private characters,
line separators, fillers, variation selectors. Two names that differ in one of them look the same.
No name in Chinese needs one: the middle dot (U+00B7), the ideographic space and Han of every plane
are none, and a code point that is not assigned yet is none either, for Han are added every few
years.
"""

import unicodedata
from functools import cache

from orchestration.errors import UsageError

LONGEST_NAME = 100  # of a person, a publisher or an address
LONGEST_REASON = 500
LONGEST_NOTICE = 2_000
LONGEST_CELL = 200  # of a source's row or header, and of a table that people edit
LINES_AND_TABS = "\n\r\t"

HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
OTHER_HIDDEN = (  # first and last: joiner, fillers, selectors, blank of Braille, no characters
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0100, 0xE01EF),
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
)
HIDDEN_IN_CELLS = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\p{Cf}\p{Co}\p{Zl}\p{Zp}"
    + "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in OTHER_HIDDEN)
    + "]"
)
"""A hidden letter as a pattern of DuckDB, but for line breaks and tabs."""


@cache
def is_hidden(letter: str) -> bool:
    """Whether a letter is hidden; line breaks and tabs are."""
    if unicodedata.category(letter) in HIDDEN_CATEGORIES:
        return True
    return any(first <= ord(letter) <= last for first, last in OTHER_HIDDEN)


def hidden_letter(text: str, allowed: str = "") -> str | None:
    """The first hidden letter of a text, as `hidden character U+200B`; None without one.

    allowed: letters that may stand there all the same.
    """
    found = (letter for letter in text if letter not in allowed and is_hidden(letter))
    letter = next(found, None)
    if letter is None:
        return None
    kind = "control" if unicodedata.category(letter) == "Cc" else "hidden"
    return f"{kind} character U+{ord(letter):04X}"


def visible(text: str) -> str:
    """A text with each hidden letter shown as its code point, as `<U+200B>`."""
    return "".join(f"<U+{ord(each):04X}>" if is_hidden(each) else each for each in text)


def problem_of(text: str, longest: int, allowed: str = "") -> str | None:
    """Why a text may not stand as it is; None where it may.

    longest: how many characters it may have; allowed: as in hidden_letter.
    """
    if len(text) > longest:
        return f"it has {len(text):,} characters; at most {longest:,} are allowed"
    hidden = hidden_letter(text, allowed)
    return f"the {hidden} is not allowed; remove it" if hidden else None


def stated_line(text: str, need: str, longest: int) -> str:
    """What a person states, in one line without blanks around it.

    need: what it is needed for, as a message begins (`A retraction needs its reason`). Raises
    UsageError where nothing is stated, or not as plain text.
    """
    line = " ".join(text.split())
    problem = problem_of(line, longest) if line else "nothing is stated"
    if problem:
        raise UsageError(f"{need}, in plain text: {problem}.")
    return line
