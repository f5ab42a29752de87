"""The city's clock: which day it is there, whatever zone a moment is told in."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.contract.parameters import parameters


def city_zone() -> ZoneInfo:
    """The time zone of the city, which is the parameter `city_zone`."""
    return ZoneInfo(parameters().city_zone)


def city_date(moment: datetime) -> date:
    """The day of a moment by the city's clock, whatever zone the moment is told in."""
    return moment.astimezone(city_zone()).date()


def today() -> date:
    """The day that it is in the city's time zone."""
    return city_date(datetime.now(UTC))


def yesterday() -> date:
    """The business date of an extraction: the day before today in the city's time zone."""
    return today() - timedelta(days=1)
