"""What must never leave: resident identity numbers, mobile phones and names of persons.

They are looked for in every cell and text of a release.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from stdnum.cn import ric

from quality.documents import UnknownFormError, texts_of
from quality.release_files import files_below

IDENTITY_NUMBER = re.compile(r"[1-8](?<![0-9A-Za-z].)[0-9]{16}[0-9Xx](?![0-9A-Za-z])")
DIGITS = bytes.maketrans(b"123456789", b"000000000")
LONG_NUMBER = b"0" * 17
REMEMBERED_BYTES = 2**22
MOBILE_PHONE = re.compile(
    r"1(?:(?<![0-9A-Za-z.].)|(?<=[^0-9A-Za-z.]86.)"
    r"|(?<=[^0-9A-Za-z.]86[ -].)|(?<=[^0-9A-Za-z.]0086.))"
    r"[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9A-Za-z])"
)


def personal(folder: Path, canaries: Sequence[str] = ()) -> Iterator[str]:
    """Files that hold something personal, and files of a form that nothing here can read.

    Says what and where, never the value.
    """
    for name, file in files_below(folder).items():
        content = file.read_bytes()
        is_small = len(content) <= REMEMBERED_BYTES
        look = kinds_of if is_small else kinds_of.__wrapped__
        try:
            kinds = look(file.name, content, tuple(canaries))
        except UnknownFormError:
            yield f"{name} is of a form that is not looked through"
            continue
        for kind in sorted(kinds):
            yield f"{name} holds {kind}"


@lru_cache(maxsize=512)
def kinds_of(
    name: str,
    content: bytes,
    canaries: Sequence[str],
) -> frozenset[str]:
    """The kinds of personal values in a file.

    Remembered by all that they depend on, for both editions have many files in common.
    """
    kinds = set[str]()
    for text in texts_of(name, content):
        kinds.update(kinds_in(text, canaries))
    return frozenset(kinds)


def kinds_in(text: str, canaries: Sequence[str]) -> Iterator[str]:
    """The kinds of personal values in a text."""
    text = "\n" + unicodedata.normalize("NFKC", text)
    # That there is no number so long is seen much sooner than that none is an identity number.
    if has_long_number(text) and has_identity_number(text):
        yield "an identity number"
    if MOBILE_PHONE.search(text):
        yield "a mobile phone number"
    names = [unicodedata.normalize("NFKC", canary) for canary in canaries]
    if any(name in text for name in names):
        yield "a name of a person"


def has_long_number(text: str) -> bool:
    """Whether a text has as many digits in a row as an identity number begins with."""
    zeros_for_digits = text.encode("utf-8", "surrogatepass").translate(DIGITS)
    return LONG_NUMBER in zeros_for_digits


def has_identity_number(text: str) -> bool:
    """Whether a text has a number of the form of an identity number, with its check digit."""
    numbers = IDENTITY_NUMBER.findall(text)
    return any(ric.calc_check_digit(number) == number[-1].upper() for number in numbers)
