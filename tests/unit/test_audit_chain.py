"""The chain of a ledger: every line that is edited, removed, inserted or moved is named."""

import hashlib
import json

import pytest

from orchestration.audit import chain
from orchestration.home import ledger

EVENTS = ("extraction", "verdict", "prepared", "approval", "publication", "verdict")


def written(events):
    """A ledger's lines as they are written."""
    lines = []
    for event in events:
        previous = hashlib.sha256(lines[-1]).hexdigest() if lines else ledger.BEGINNING
        lines.append(
            json.dumps({"event": event, "number": len(lines), "previous": previous}).encode()
        )
    return lines


def faults(lines, heads=()):
    hashes = [hashlib.sha256(line).hexdigest() for line in lines]
    return [
        str(fault)
        for fault in chain.chain_faults(
            hashes, [chain.entry_of(line) for line in lines], set(heads)
        )
    ]


def line_after(line, **content):
    return json.dumps({**content, "previous": hashlib.sha256(line).hexdigest()}).encode()


LINES = written(EVENTS)
EDITED = LINES[1].replace(b"verdict", b"VERDICT")
CASES = {
    "as written": (LINES, []),
    "edited": (
        [LINES[0], EDITED, *LINES[2:]],
        [
            (
                "line 3: it does not follow line 2 as that is now:"
                " line 2 was edited, or what stood between was removed"
            )
        ],
    ),
    "unreadable": ([LINES[0], b"{", *LINES[2:]], ["line 2: it cannot be read; it was edited"]),
    "first edited": (
        [LINES[0].replace(b"extraction", b"none"), *LINES[1:]],
        [
            (
                "line 2: it does not follow line 1 as that is now:"
                " line 1 was edited, or what stood between was removed"
            )
        ],
    ),
    "removed": (
        [*LINES[:2], *LINES[3:]],
        [
            (
                "line 3: it does not follow line 2 as that is now:"
                " line 2 was edited, or what stood between was removed"
            )
        ],
    ),
    "first removed": (
        LINES[1:],
        ["line 1: it is not the first that was written; what stood before it was removed"],
    ),
    "inserted": (
        [*LINES[:2], line_after(LINES[1], event="approval"), *LINES[2:]],
        ["line 3: it was inserted; the line after it was written when it was not there"],
    ),
    "two inserted": (
        [*LINES[:2], line_after(LINES[1], event="a"), line_after(LINES[1], event="b"), *LINES[2:]],
        [
            f"line {number}: it was inserted; the line after it was written when it was not there"
            for number in (3, 4)
        ],
    ),
    "inserted without a bond": (
        [*LINES[:2], line_after(b"another ledger", event="approval"), *LINES[2:]],
        ["line 3: it was inserted; the line after it was written when it was not there"],
    ),
    "inserted first": (
        [line_after(b"", event="approval"), *LINES],
        ["line 1: it was inserted; the line after it was written when it was not there"],
    ),
    "moved": (
        [LINES[0], LINES[2], LINES[1], *LINES[3:]],
        [
            "line 2: it is out of order; it was written directly after what is line 3 now",
            "line 3: it is out of order; it was written directly after what is line 1 now",
            "line 4: it is out of order; it was written directly after what is line 2 now",
        ],
    ),
    "doubled": (
        [*LINES[:2], LINES[1], *LINES[2:]],
        ["line 3: it is out of order; it was written directly after what is line 1 now"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_done_to_a_line_is_said(case):
    lines, expected = CASES[case]
    assert faults(lines) == expected


def test_a_line_that_a_release_names_was_not_edited():
    removed = [*LINES[:2], *LINES[3:]]
    assert faults(removed, [hashlib.sha256(LINES[1]).hexdigest()]) == [
        "line 3: what stood between it and line 2 was removed"
    ]
