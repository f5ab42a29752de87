"""Keyed pseudonyms of persons (HMAC-SHA256, RFC 2104) in whole columns.

The key leaves this module only as padded blocks in memory.

Each purpose has a key of its own, derived from the one secret, so that an identity number and a
telephone number never share a pseudonym.
"""

import hashlib
import hmac
import os
import stat
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from duckdb.func import PythonUDFType
from duckdb.sqltypes import VARCHAR

from orchestration import guarded
from orchestration.errors import UsageError
from orchestration.settings import Settings
from quality.nouns import counted_noun

KEY_BYTES = 32
FEWEST_DIFFERENT = 8
OTHERS = stat.S_IRWXG | stat.S_IRWXO
MAKE_A_KEY = (
    "Make one at random and keep it, for another key makes other pseudonyms: "
    "(umask 077 && head -c 48 /dev/urandom | base64 > pseudonym.key)"
)
BLOCK_BYTES = 64
PURPOSES = ("identity_number", "phone")
IDENTITY_WEIGHTS = [2**power % 11 for power in range(17, 0, -1)]
CHECK_CHARACTERS = "10X98765432"


def pseudonym_key(settings: Settings) -> bytes:
    """The secret of the pseudonyms.

    Raises UsageError where it is missing, unreadable, readable by others than its owner, shorter
    than 32 bytes, or easily guessed.
    """
    if settings.pseudonym_key is not None and settings.pseudonym_key_file is not None:
        raise UsageError("Set UHI_PSEUDONYM_KEY or UHI_PSEUDONYM_KEY_FILE, not both.")
    if settings.pseudonym_key is not None:
        key = settings.pseudonym_key.get_secret_value().encode()
    elif settings.pseudonym_key_file is not None:
        key = read_key_file(settings.pseudonym_key_file)
    else:
        raise UsageError(
            "No pseudonym key: set UHI_PSEUDONYM_KEY, or UHI_PSEUDONYM_KEY_FILE to a file that "
            f"holds at least {KEY_BYTES} bytes. {MAKE_A_KEY}"
        )
    refuse_weak(key)
    return key


def refuse_weak(key: bytes) -> None:
    """Raise UsageError where a key is too short, has few different bytes, or repeats itself.

    Whoever guesses the key finds every person by trying all identity numbers. A random key of 32
    bytes has about 30 different ones, and 14 even when written in hexadecimal; that one has fewer
    than 8 does not happen, so that such a key was not made at random. The same goes for one that is
    a shorter one written several times.
    """
    if len(key) < KEY_BYTES:
        raise UsageError(
            f"The pseudonym key has {counted_noun(len(key), 'byte')}; at least {KEY_BYTES} are "
            f"needed. {MAKE_A_KEY}"
        )
    different = len(set(key))
    if different < FEWEST_DIFFERENT:
        raise UsageError(
            f"The pseudonym key has only {counted_noun(different, 'different byte')} and is easily "
            "guessed. "
            f"{MAKE_A_KEY}"
        )
    if key in (key + key)[1:-1]:
        raise UsageError(
            f"The pseudonym key repeats a shorter one and is easily guessed. {MAKE_A_KEY}"
        )


def read_key_file(path: Path) -> bytes:
    """Bytes of a key file without its final line break.

    Raises UsageError, also where others than its owner may read or change it.
    """
    with guarded.open_plain(path, UsageError) as opened:
        mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
    if mode & OTHERS:
        raise UsageError(
            f"{path} holds the pseudonym key and is open to others than its owner (mode "
            f"{mode:04o}); close it: chmod 600 {path}"
        )
    return guarded.read_bytes(path, UsageError).rstrip(b"\r\n")


def key_identifier(key: bytes) -> str:
    """A name of the key that does not reveal it: which key made a landing's pseudonyms."""
    return hmac.new(key, b"key identifier", hashlib.sha256).hexdigest()[:16]


def normalised(cells: pa.Array) -> pa.Array:
    """Normal form of personal numbers: NFKC, trimmed, upper case."""
    return pc.utf8_upper(pc.utf8_trim_whitespace(pc.utf8_normalize(cells, form="NFKC")))


def open_pseudonyms(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give a connection what the SQL below needs: the normal form, and padded keys as variables."""
    connection.create_function(
        "normalised", normalised, [VARCHAR], VARCHAR, type=PythonUDFType.ARROW
    )
    for purpose in PURPOSES:
        purpose_key = (
            hmac.new(key, purpose.encode(), hashlib.sha256).digest().ljust(BLOCK_BYTES, b"\0")
        )
        for pad, byte in (("inner", 0x36), ("outer", 0x5C)):
            connection.execute(
                f"set variable {purpose}_{pad} = $1", [bytes(each ^ byte for each in purpose_key)]
            )


def pseudonym(cell: str, purpose: str) -> str:
    """SQL of the pseudonym of a normalised cell, hexadecimal; null of null."""
    inner = f"sha256(getvariable('{purpose}_inner') || encode({cell}))"
    return f"sha256(getvariable('{purpose}_outer') || unhex({inner}))"


def identity_number_valid(cell: str) -> str:
    """SQL of whether a normalised identity number is valid.

    It has 18 characters, the last of which is the right check character (GB 11643, ISO 7064 MOD
    11-2).
    """
    digits = f"regexp_full_match({cell}, '\\d{{17}}[\\dX]')"
    total = " + ".join(
        f"{weight} * (ascii(substr({cell}, {place}, 1)) - 48)"
        for place, weight in enumerate(IDENTITY_WEIGHTS, start=1)
    )
    check = f"substr('{CHECK_CHARACTERS}', cast(({total}) % 11 as integer) + 1, 1)"
    return f"({digits} and substr({cell}, 18, 1) = {check})"


def identity_number_placeholder(cell: str) -> str:
    """SQL of whether a normalised identity number is a filler.

    That is one digit repeated, or digits counted up.
    """
    repeated = f"length(translate({cell}, substr({cell}, 1, 1), '')) = 0"
    counted_up = f"starts_with('12345678901234567890', substr({cell}, 1, 17))"
    return f"({repeated} or {counted_up})"
