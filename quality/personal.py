"""The one recogniser of personal values: resident identity numbers and mobile phone numbers.

Extraction looks with it at each cell before it lands, the check of a release at each text of its
files, and erasure at what the ledger is to keep.

A text is brought to a normal form first: full-width and other digits become plain ones, invisible
characters go, all hyphens, brackets and middle dots become a hyphen. Then a number is looked for as
people write it, whole or in groups with spaces, hyphens, dots or brackets between. A single dot is
a decimal point: a figure is no number of a person. Digits beside a letter are part of a code.

An identity number (GB 11643) begins with a code of GB/T 2260, and has a day of birth that has been.
The last of 18 characters checks the others (ISO 7064 MOD 11-2); then the code's province is enough.
Numbers of 15, as before 1999, have none, and figures in a row fall into groups of one size by
chance: of both the whole code must be one that is or was in force.
"""

import re
import unicodedata
from collections.abc import Container, Iterator
from datetime import UTC, date, datetime
from functools import cache

from stdnum import numdb
from stdnum.cn import ric

IDENTITY_NUMBER = "an identity number"
MOBILE_PHONE = "a mobile phone number"
OLD_LENGTH = 15
FIRST_BIRTH = date(1850, 1, 1)

# All but ASCII, Chinese, and what stands for bytes that are no text.
UNUSUAL = re.compile(r"[^\x00-\x7f\u3001\u3002\u4e00-\u9fff\ufffd]")
FILLERS = "\u115f\u1160"
DOTS = "\u00b7\u2022\u2027\u2219\u22c5\u30fb"
MINUS = "\u2212"
BLANKS = "\u1680\u2800"
REMOVED = ("Cf", "Mn", "Me")
PARTING = ("Pd", "Ps", "Pe")

# What stands before a first digit: no letter or digit, and for most numbers no decimal point.
ALONE = "(?<![0-9A-Za-z].)"
NO_FRACTION = r"(?<![0-9]\..)"
END = "(?![0-9A-Za-z])"
GAP = r"[ ._()\[\]{}~-]{1,4}"
SEPARATORS = b" ._()[]{}~-"
NOT_IN_A_NUMBER = re.compile("[^0-9A-Z]")

# A country code, or the 0 of a call from another place, right before a number.
CODES_BEFORE = ("86", "0086", "0")
BEFORE = "|".join(f"(?<=[^0-9A-Za-z.]{code}.)" for code in CODES_BEFORE)
# Groups of fewer digits are small figures in a row, such as those of a table in a PDF.
PHONE_GROUPS = (
    (3, 4, 4),
    (3, 3, 5),
    (3, 5, 3),
    (4, 3, 4),
    (4, 4, 3),
    (5, 3, 3),
    (3, 8),
    (4, 7),
    (5, 6),
    (6, 5),
    (7, 4),
    (8, 3),
)
YEAR = "(?:18|19|20)[0-9]{2}"
MONTH = "(?:0[1-9]|1[0-2])"
DAY = "(?:0[1-9]|[12][0-9]|3[01])"
EQUAL_GROUPS = (1, 2, 3, 4, 6)

ZEROS_FOR_DIGITS = bytes.maketrans(b"123456789", b"000000000")
LONG_NUMBER = b"0" * OLD_LENGTH


def personal_kinds(text: str, known_ids: Container[str] = ()) -> Iterator[str]:
    """The kinds of personal values in a text, each once; line breaks part one from the next.

    known_ids: reviewed identifiers, which are none, whatever they look like.
    """
    yield from kinds_in_normal_form(normal_form(text), known_ids)


def kinds_in_normal_form(plain: str, known_ids: Container[str]) -> Iterator[str]:
    """The same of a text in its normal form."""
    # The patterns look back, so that something stands before the first character.
    plain = f"\n{plain}"
    if has_long_number(plain) and is_in(identity_numbers(plain), known_ids):
        yield IDENTITY_NUMBER
    if is_in(mobile_phones(plain), known_ids):
        yield MOBILE_PHONE


def is_in(numbers: Iterator[str], known_ids: Container[str]) -> bool:
    """Whether one of these numbers is no reviewed identifier."""
    return any(number not in known_ids for number in numbers)


def normal_form(text: str) -> str:
    """A text in NFKC, with plain digits, without invisible characters, and one sign for a gap."""
    if text.isascii():
        return text
    return UNUSUAL.sub(plain_character, unicodedata.normalize("NFKC", text))


def plain_character(match: re.Match[str]) -> str:
    """What stands for a character in a normal form: nothing, a gap, a digit, or itself."""
    character = match[0]
    category = unicodedata.category(character)
    if category in REMOVED or character in FILLERS:
        return ""
    if category in PARTING or character in DOTS or character == MINUS:
        return "-"
    if category == "Zs" or character in BLANKS:
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return character


def compact(text: str) -> str:
    """Digits and capital letters of a text's normal form, all else left out."""
    return NOT_IN_A_NUMBER.sub("", normal_form(text).upper())


def names_number(text: str, number: str) -> bool:
    """Whether a text has an identity number in it, however it is written, or its 15 digits."""
    sought = compact(number)
    old = sought[:6] + sought[8:17]
    held = compact(text)
    return bool(sought) and (sought in held or (len(old) == OLD_LENGTH and old in held))


def has_long_number(plain: str) -> bool:
    """Whether a text has as many digits in a row, but for gaps, as an identity number may have.

    That it has not is seen much sooner than that no number is one.
    """
    digits = plain.encode("utf-8", "surrogatepass").translate(ZEROS_FOR_DIGITS, SEPARATORS)
    return LONG_NUMBER in digits


def mobile_phones(plain: str) -> Iterator[str]:
    """The mobile phone numbers in a normal form, 11 digits each."""
    for found in phone_pattern().finditer(plain):
        if not is_figure(found[0]):
            yield compact(found[0])


def identity_numbers(plain: str) -> Iterator[str]:
    """The identity numbers in a normal form, of 18 or 15 characters."""
    for found in identity_pattern().finditer(plain):
        number = compact(found[0])
        whole_code = found.lastgroup is None
        if not is_figure(found[0]) and is_identity_number(number, whole_code=whole_code):
            yield number


def is_figure(written: str) -> bool:
    """Whether what is written has a decimal point, a single one."""
    return written.count(".") == 1


def is_identity_number(number: str, *, whole_code: bool) -> bool:
    """Whether 18 or 15 characters are an identity number.

    whole_code: whether the province of its code is not enough.
    """
    if len(number) == OLD_LENGTH:
        birth = f"19{number[6:12]}"
    elif ric.calc_check_digit(number) == number[-1]:
        birth = number[6:14]
    else:
        return False
    return has_been(birth) and is_place(number[:6], whole=whole_code)


def has_been(day: str) -> bool:
    """Whether eight digits are a day on which a person with a number can have been born."""
    try:
        return FIRST_BIRTH <= date.fromisoformat(day) <= datetime.now(UTC).date()
    except ValueError:
        return False


@cache
def is_place(code: str, *, whole: bool) -> bool:
    """Whether six digits are a code of GB/T 2260 that is or was in force, or at least begin so."""
    known = [names for _, names in numdb.get("cn/loc").info(code)]
    return bool(known[0]) and (not whole or all(known))


@cache
def phone_pattern() -> re.Pattern[str]:
    """Mobile phone numbers; a country code or a 0 may stand right before one."""
    shapes = ["[3-9][0-9]{9}"]
    for first, *others in PHONE_GROUPS:
        rest = "".join(f"{GAP}[0-9]{{{size}}}" for size in others)
        shapes.append(f"[3-9][0-9]{{{first - 2}}}{rest}")
    return re.compile(f"1(?:{ALONE}{NO_FRACTION}|{BEFORE})(?:{'|'.join(shapes)}){END}")


@cache
def identity_pattern() -> re.Pattern[str]:
    """What may be an identity number; in its own parts it is the group `parts`."""
    gap = f"(?:{GAP})?"
    birth = gap.join([YEAR, MONTH, DAY])
    parts = gap.join(["[0-9]{5}", birth, "[0-9]{3}", "[0-9Xx]"])
    # Written whole alone: codes of a county and of a township side by side have its form.
    old = f"[0-9]{{7}}{MONTH}{DAY}[0-9]{{3}}"
    others = "|".join([old, *map(equal_groups, EQUAL_GROUPS)])
    return re.compile(f"[1-8]{ALONE}(?:(?P<parts>{parts})|{NO_FRACTION}(?:{others})){END}")


def equal_groups(size: int) -> str:
    """The pattern of 18 characters in groups of one size, without the first character."""
    rest = ["[0-9]"] * 16 + ["[0-9Xx]"]
    for place in range(size - 1, 17, size):
        rest[place] = GAP + rest[place]
    return "".join(rest)
