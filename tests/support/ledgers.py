"""Ledgers as somebody writes them who knows how: any lines, each bound to the one before."""

import json
from datetime import UTC, datetime
from itertools import takewhile

from orchestration.home import files, ledger
from orchestration.home.layout import SUMS, Home

PREPARED = {"record": "0" * 64, "release_time": "2021-01-20T10:00:00+08:00"}
DUE = {
    "verdict": {"passed": True, "provisional": False, "failed": []},
    "release_verdict": {"passed": True, "failed": []},
    "prepared": PREPARED,
    "publication": PREPARED,
}


def entries(home):
    """What each line of a home's ledger says, in order, with the line that it is bound to."""
    return [json.loads(line) for line in ledger.complete_lines(Home(home))]


def append(home, event, **details):
    """Add a line that says this, whatever it is worth; what it must say besides is filled in."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    stated = {"at": at, "event": event, **DUE.get(event, {}), **details}
    with Home(home).ledger.open("a", encoding="utf-8") as file:
        line = json.dumps(stated | {"previous": ledger.head(Home(home))}, ensure_ascii=False)
        file.write(f"{line}\n")


def publish(home, folder, period, release):
    """Let a home have the files of a release, of which only the list is there, as published."""
    folder.mkdir(parents=True)
    (folder / SUMS).write_text(f"{release}\n", encoding="utf-8")
    digest = files.sha256_of(folder / SUMS)
    append(home, "publication", period=str(period), release=release, digest=digest)


def rewrite(home, found):
    """Write a ledger of these entries in the place of the one there.

    Lines that are no others before the first that is keep their bytes; the rest is bound anew.
    """
    lines, before = ledger.complete_lines(Home(home)), entries(home)
    kept = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, found, strict=False))))
    Home(home).ledger.write_bytes(b"".join(line + b"\n" for line in lines[:kept]))
    for entry in found[kept:]:
        details = {name: value for name, value in entry.items() if name != "previous"}
        append(home, details.pop("event"), **details)


def say(home, event, **details):
    """Let the latest line of a kind of event say something else, and bind what follows anew."""
    found = entries(home)
    latest = max(number for number, entry in enumerate(found) if entry["event"] == event)
    found[latest] |= details
    rewrite(home, found)
