"""The names of people: how they are written, and when two are of one person.

A name is written in Latin letters, with accents or without, in Chinese characters, and in digits
and a few marks between them. That is a positive list. So nothing invisible is in a name, and no
letter of another script that looks like one of these. (Unicode's table of what can be confused, in
UTS #39, has thousands of rows; most are about other scripts.) Within the list, UTS #39 takes as one
what its ASCII rows do: 0 and O; 1, l and I; m and rn.

Two names are of one person where they are the same after NFKC, case folding and these rows. A name
that looks like another's therefore never makes a second person. In return, people who are truly
called Ian and Lan need names that differ more.
"""

import re
import unicodedata

from orchestration.errors import UsageError
from orchestration.plain_text import LONGEST_NAME, problem_of

LETTER = re.compile(
    r"LATIN (SMALL|CAPITAL) LETTER [A-Z]( WITH .+)?|CJK UNIFIED IDEOGRAPH-[0-9A-F]+"
)
MARKS = frozenset("0123456789 .'·-_@+/\\&()")
WRITTEN = (
    "a name is written in Latin letters, Chinese characters, digits, single spaces "
    "and . ' · - _ @ + / \\ & ( ), without patterns"
)
LOOKS_LIKE = (("0", "o"), ("1", "l"), ("i", "l"), ("rn", "m"))


def person_name(text: str) -> str:
    """A person's name as it was given, with single spaces between its words.

    Raises UsageError where it is blank or too long, or has a character that is not for names.
    """
    name = " ".join(text.split())
    error = problem_of(name, LONGEST_NAME) or format_error(name)
    if error:
        raise UsageError(f"The name of a person cannot be read: {error}.")
    return name


def format_error(name: str) -> str | None:
    """Why a text is no person's name as it is written here; None where it is."""
    if not name:
        return f"it is empty; {WRITTEN}"
    if name != " ".join(name.split()):
        return f"it has spaces before, behind or in a row; {WRITTEN}"
    foreign = [char for char in unicodedata.normalize("NFKC", name) if not is_for_names(char)]
    return f"it has {character(foreign[0])}; {WRITTEN}" if foreign else None


def is_for_names(char: str) -> bool:
    """Whether a character is a Latin letter, a Chinese character, or a mark that names have."""
    return char in MARKS or LETTER.fullmatch(unicodedata.name(char, "")) is not None


def character(char: str) -> str:
    """A character by its number and its Unicode name, as one that cannot be seen is shown."""
    return f"U+{ord(char):04X} ({unicodedata.name(char, 'without a name')})"


def key_of(name: str) -> str:
    """What is the same of all spellings of a person's name that look alike."""
    words = " ".join(name.split())
    found = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", words).casefold())
    for seen, taken_as in LOOKS_LIKE:
        found = found.replace(seen, taken_as)
    return found


def share_a_name(names: frozenset[str], others: frozenset[str]) -> bool:
    """Whether a name of some is one of the others', however it is spelled."""
    return not {key_of(name) for name in names}.isdisjoint(key_of(name) for name in others)
