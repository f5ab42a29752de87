"""Messages count with one helper: no `1 rows`."""

import re

import pytest

from orchestration.settings import PROJECT
from quality.nouns import counted_noun

COUNTED = re.compile(r"\{(?P<number>[^{}]+)\} (?:[a-z]+ ){0,2}(?!as|is|its)[a-z]+s\b")
COUNT = re.compile(r".*:,|len\(.*\)")
LIMIT = re.compile(r"[A-Z_]+(:,)?")
"""A limit is a constant above 1, and is written in capitals."""
NEVER_ONE = {
    "key.key_size:,",
    "len(matching)",
    "len(own['indicators'])",
    "len(required)",
    "len(sample):,",
    "len(sheets)",
    "len(text):,",
    "most_bytes:,",
    "read:,",  # a sheet's whole length
    "rebuilt['tables']:,",
    "size:,",
    "sum(unpacked):,",
    "unpacked:,",
}
"""Numbers that are above 1 wherever they are told."""


@pytest.mark.parametrize(
    ("number", "words", "text"),
    [
        (1, ("row",), "1 row"),
        (0, ("row",), "0 rows"),
        (1200, ("entry", "entries"), "1,200 entries"),
        (1, ("file differs", "files differ"), "1 file differs"),
    ],
)
def test_a_number_agrees_with_its_noun(number, words, text):
    assert counted_noun(number, *words) == text


def test_no_message_counts_a_plural_by_itself():
    files = (
        file
        for room in ("orchestration", "quality")
        for file in sorted((PROJECT / room).rglob("*.py"))
    )
    found = [
        f"{file.relative_to(PROJECT)}: {match[0]}"
        for file in files
        for match in COUNTED.finditer(file.read_text(encoding="utf-8"))
        if COUNT.fullmatch(match["number"])
        and not LIMIT.fullmatch(match["number"])
        and match["number"] not in NEVER_ONE
    ]
    assert found == [], found
