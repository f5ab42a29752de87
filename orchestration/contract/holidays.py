"""The calendar of public holidays of the PRC and make-up working days (`public_holidays.csv`)."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from orchestration.contract.tables import Day, Row, read_table
from orchestration.errors import UsageError
from orchestration.settings import DBT_PROJECT

HOLIDAYS = DBT_PROJECT / "seeds" / "public_holidays.csv"
SATURDAY = 5


def kind(cell: str) -> str:
    """What a listed day is. Raises ValueError."""
    if cell not in ("holiday", "working_day"):
        raise ValueError("holiday or working_day is due")
    return cell


class ListedDay(Row):
    """A weekday off, or a weekend's day that is worked."""

    date: Day
    kind: Annotated[str, BeforeValidator(kind)]

    @property
    def is_exception(self) -> bool:
        """Whether the day is otherwise than its day of the week."""
        return (self.kind == "holiday") == (self.date.weekday() < SATURDAY)


def read_holidays(file: Path) -> list[date]:
    """The listed days, in their order.

    Raises UsageError naming file, line and column, or the day that is wrong.
    """
    rows = read_table(file, ListedDay)
    if not rows:
        raise UsageError(f"{file}: the calendar has no day.")
    for row in rows:
        if not row.is_exception:
            usual = (
                "a weekend's day, off anyhow"
                if row.kind == "holiday"
                else "a weekday, worked anyhow"
            )
            raise UsageError(f"{file}: {row.date} is {usual}; leave it out.")
    for earlier, later in pairwise(rows):
        if later.date <= earlier.date:
            raise UsageError(
                f"{file}: {later.date} does not come after {earlier.date}, "
                "the day listed before it."
            )
    years = {row.date.year for row in rows}
    if missing := set(range(min(years), max(years))) - years:
        raise UsageError(
            f"{file}: no day of {min(missing)} is listed; every year has public holidays."
        )
    return [row.date for row in rows]
