"""What is decided about each check: its entry in `checks.yml`.

An entry says what the check's failing does, the limit that it judges by and why, and what its
failing means to a reader.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from quality.edited_files import Day, EditedFileError, Entry, Line, Words, read_yaml
from quality.publication import published_tables

ENTRIES = Path(__file__).with_name("checks.yml")
QUERIES = Path(__file__).with_name("checks")

ListedSeverity = Literal["stop", "stop_unless_overridden", "warn"]
Judge = Literal["query", "gate", "release"]


class Group(Words):
    """What the checks with the same first part of their name look at.

    about: the same for those who run it.
    """

    about: Line


class CheckEntry(Entry):
    """What is decided about a check.

    judged_by: what judges it: its query, the gate, or a function over a release's files. severity:
    what its failing does. threshold and the other figures: its limit. reason, since: why, and from
    which day on. words: what its failing means to a reader, where a release can carry it.
    """

    judged_by: Judge = "query"
    severity: ListedSeverity
    threshold: int | float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
    )
    smallest: int | None = Field(default=None, gt=0)
    highest: dict[Line, int] | None = None
    years_ahead: int | None = Field(default=None, gt=0)
    placeholders: list[date] | None = None
    reason: Line | None = None
    since: Day | None = None
    words: Words | None = None

    @model_validator(mode="after")
    def has_its_reason_and_words(self) -> Self:
        """The entry, whole. Raises ValueError where a limit has no reason, or words are missing."""
        is_there = {bool(self.figures), bool(self.reason), bool(self.since)}
        if len(is_there) > 1:
            message = "a limit has its reason and the date since which it holds, and they a limit"
            raise ValueError(message)
        if (self.severity == "stop") == bool(self.words):
            message = "words are due where a release can carry the check failed, and only there"
            raise ValueError(message)
        return self

    @property
    def figures(self) -> dict[str, Any]:
        """The figures of the limit, by name; none where the check has no limit."""
        named = {
            "threshold": self.threshold,
            "smallest": self.smallest,
            "highest": self.highest,
            "years_ahead": self.years_ahead,
            "placeholders": self.placeholders,
        }
        return {name: value for name, value in named.items() if value is not None}


class CheckList(Entry):
    """The whole file: groups of checks in their order for readers, and each check's entry.

    The groups of the published tables, which their models name, stand between them.
    """

    groups_before_tables: dict[Line, Group]
    groups_after_tables: dict[Line, Group]
    checks: dict[Line, CheckEntry]


CHECK_LIST = TypeAdapter(CheckList)


@cache
def read_check_list(file: Path) -> CheckList:
    """The whole file, read once in a process. Raises EditedFileError."""
    return read_yaml(file, CHECK_LIST)


def check_entries() -> dict[str, CheckEntry]:
    """The entry of each check, by name.

    Raises EditedFileError, also where a query has no entry, or an entry no query.
    """
    entries = read_check_list(ENTRIES).checks
    of_queries = {name for name, entry in entries.items() if entry.judged_by == "query"}
    queries = {path.stem for path in QUERIES.glob("*.sql")}
    unknown = sorted(of_queries - queries)
    if unknown:
        raise EditedFileError(f"{ENTRIES}: there is no query {QUERIES.name}/{unknown[0]}.sql.")
    missing = sorted(queries - of_queries)
    if missing:
        raise EditedFileError(f"{ENTRIES}: the check {missing[0]} has no entry; add it.")
    return entries


def entries_judged_by(judge: Judge) -> dict[str, CheckEntry]:
    """The entries of the checks that the gate, a query, or a function over a release judges."""
    entries = check_entries().items()
    return {name: entry for name, entry in entries if entry.judged_by == judge}


def check_groups() -> dict[str, Group]:
    """What the groups of checks look at, in their order for readers. Raises EditedFileError.

    A group is a published table, or a question to several.
    """
    listed = read_check_list(ENTRIES)
    return {
        **listed.groups_before_tables,
        **groups_of_tables(),
        **listed.groups_after_tables,
    }


def groups_of_tables() -> dict[str, Group]:
    """The groups of the published tables, in their order for readers. Raises EditedFileError."""
    tables = published_tables().values()
    groups = {}
    for table in sorted(tables, key=lambda table: table.checks.position):
        groups[table.name] = Group(
            zh=table.checks.zh,
            en=table.checks.en,
            about=f"Sound by itself: {table.description}",
        )
    return groups


def check_words() -> dict[str, Words]:
    """What it means to a reader that a check did not pass, by check; only what can be released."""
    entries = check_entries().items()
    return {name: entry.words for name, entry in entries if entry.words}


def hold_against_entries(
    listed: Mapping[str, ListedSeverity],
    entries: dict[str, CheckEntry],
    file: Path,
) -> None:
    """Hold the reviewed list of a file against the entries.

    Raises EditedFileError where a check with an entry is missing from the list, or has another
    severity there. A check without an entry stops.
    """
    for name, severity in listed.items():
        if severity != "stop" and name not in entries:
            raise EditedFileError(f"{file}: {name} has no entry in {ENTRIES.name}; add it.")
    for name, entry in entries.items():
        if name not in listed:
            raise EditedFileError(f"{file}: {name} is in {ENTRIES.name}; list it here too.")
        if listed[name] != entry.severity:
            raise EditedFileError(
                f"{file}: {name} is listed as {listed[name]}, and in {ENTRIES.name} it is "
                f"{entry.severity}; they must agree."
            )
