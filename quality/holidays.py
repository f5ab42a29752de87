"""Whether the working days that a candidate counts are those that the State Council announced."""

from collections.abc import Iterator
from datetime import date

from quality.verdict import CheckResult

REMEDY = "run uhi calendar import, then the month again"


def judge_holidays(
    as_of: date, announced_until: date, *, provisional: bool
) -> Iterator[CheckResult]:
    """The two checks of the calendar that a candidate counts working days by.

    A closed month must count official days alone; a running one may count projected ones, which is
    told. as_of: the last day that it counts; announced_until: the last official day.
    """
    is_announced = as_of <= announced_until
    observed = f"the official days reach {announced_until}, the figures {as_of}"
    if not is_announced:
        observed = f"{observed}; {REMEDY}"
    yield CheckResult("holidays.official", is_announced or provisional, observed)
    yield CheckResult("holidays.projected", is_announced or not provisional, observed)
