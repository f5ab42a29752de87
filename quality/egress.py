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
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, content = file.relative_to(folder).as_posix(), file.read_bytes()
        look = kinds_of if len(content) <= REMEMBERED_BYTES else kinds_of.__wrapped__
        try:
            found = look(file.name, content, tuple(canaries))
        except UnknownFormError:
            yield f"{name} is of a form that is not looked through"
        else:
            yield from (f"{name} holds {kind}" for kind in sorted(found))


@lru_cache(maxsize=512)
def kinds_of(name: str, content: bytes, canaries: Sequence[str]) -> frozenset[str]:
    """The kinds of personal values in a file.

    Remembered by all that they depend on, for both editions have many files in common.
    """
    return frozenset(kind for text in texts_of(name, content) for kind in kinds_in(text, canaries))


def kinds_in(text: str, canaries: Sequence[str]) -> Iterator[str]:
    """The kinds of personal values in a text."""
    text = "\n" + unicodedata.normalize("NFKC", text)
    # That there is no number so long is seen much sooner than that none is an identity number.
    is_worth_looking = LONG_NUMBER in text.encode("utf-8", "surrogatepass").translate(DIGITS)
    if is_worth_looking and any(
        ric.calc_check_digit(number) == number[-1].upper()
        for number in IDENTITY_NUMBER.findall(text)
    ):
        yield "an identity number"
    if MOBILE_PHONE.search(text):
        yield "a mobile phone number"
    if any(unicodedata.normalize("NFKC", canary) in text for canary in canaries):
        yield "a name of a person"
