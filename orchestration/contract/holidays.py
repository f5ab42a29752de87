"""The calendar of public holidays of the PRC and make-up working days (`public_holidays.csv`).

A line is a day that is otherwise than its day of the week. The State Council announces a year at a
time, so a year is official or projected as a whole, and the projected years follow the official
ones. `uhi calendar import` writes the table; dbt, the recount and Python read it.
"""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BeforeValidator

from orchestration.contract.tables import Day, Row, read_table
from orchestration.errors import HealthIndexError, UsageError
from orchestration.settings import DBT_PROJECT

HOLIDAYS = DBT_PROJECT / "seeds" / "public_holidays.csv"
SATURDAY = 5
OFFICIAL, PROJECTED = "official", "projected"
KINDS = {
    "holiday": "a weekend's day, off anyhow",
    "working_day": "a weekday, worked anyhow",
}


def kind(cell: str) -> str:
    """What a listed day is. Raises ValueError."""
    if cell not in KINDS:
        raise ValueError("holiday or working_day is due")
    return cell


def status(cell: str) -> str:
    """Who says so: the State Council, or the rule that projects. Raises ValueError."""
    if cell not in (OFFICIAL, PROJECTED):
        raise ValueError("official or projected is due")
    return cell


class ExceptionalDay(Row):
    """A weekday off, or a weekend's day that is worked."""

    date: Day
    kind: Annotated[str, BeforeValidator(kind)]

    @property
    def is_exception(self) -> bool:
        """Whether the day is otherwise than its day of the week."""
        return (self.kind == "holiday") == (self.date.weekday() < SATURDAY)


class ListedDay(ExceptionalDay):
    """The same as the table has it: official or projected."""

    status: Annotated[str, BeforeValidator(status)]

    @property
    def is_official(self) -> bool:
        """Whether it was announced."""
        return self.status == OFFICIAL


AnyDay = TypeVar("AnyDay", bound=ExceptionalDay)


def read_holidays(file: Path) -> list[ListedDay]:
    """The listed days, in their order; the official ones come first, and there are some.

    Raises UsageError naming file, line and column, or the year that is missing.
    """
    days = read_days(file, ListedDay, UsageError)
    if not days[0].is_official:
        raise UsageError(f"{file}, line 2, column status: the first year is not official.")
    for line, (earlier, later) in enumerate(pairwise(days), start=3):
        place = f"{file}, line {line}, column status"
        if later.is_official and not earlier.is_official:
            raise UsageError(f"{place}: {later.date} is official and follows a projected day.")
        if later.status != earlier.status and later.date.year == earlier.date.year:
            raise UsageError(
                f"{place}: {later.date} is projected, and {earlier.date} is official; "
                "a year is one or the other as a whole."
            )
    return days


def read_days(file: Path, row_type: type[AnyDay], error: type[HealthIndexError]) -> list[AnyDay]:
    """The days of a table, in their order; each year from its first to its last has some.

    Raises `error` naming file, line and column, or the year that is missing.
    """
    days = read_table(file, row_type, error)
    if not days:
        raise error(f"{file}: the calendar has no day.")
    for line, day in enumerate(days, start=2):
        if not day.is_exception:
            usual = KINDS[day.kind]
            raise error(f"{file}, line {line}, column kind: {day.date} is {usual}; leave it out.")
    for line, (earlier, later) in enumerate(pairwise(days), start=3):
        if later.date <= earlier.date:
            raise error(
                f"{file}, line {line}, column date: {later.date} does not come after "
                f"{earlier.date}, the day listed before it."
            )
    years = {day.date.year for day in days}
    if missing := set(range(min(years), max(years))) - years:
        raise error(f"{file}: no day of {min(missing)} is listed; every year has public holidays.")
    return days


def table_text(days: Iterable[ListedDay]) -> str:
    """The table of these days, as its file has it."""
    lines = [f"{day.date},{day.kind},{day.status}" for day in days]
    return "\n".join([",".join(ListedDay.model_fields), *lines, ""])
