"""Figures of the contract that are part of no version of the methodology: `parameters.csv`.

Each stands there alone, with its unit and source; code and texts take it from here. The table is a
seed of dbt, so that the models read the same one.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from orchestration.contract.tables import Code, Positive, Row, Text, read_table, reason_of
from orchestration.errors import UsageError
from orchestration.settings import DBT_PROJECT

FILE = DBT_PROJECT / "seeds" / "parameters.csv"
WHOLE_PERCENT = 100
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
TEENS = range(11, 14)
WEIGHTS = (
    "quality_completeness_weight",
    "quality_conformity_weight",
    "quality_consistency_weight",
    "quality_timeliness_weight",
)
"""The weights of the parts of a county's data quality, which add up to 100."""


def percent(number: int) -> int:
    """The number. Raises ValueError unless it is below 100."""
    if number >= WHOLE_PERCENT:
        raise ValueError("a whole number from 1 to 99 is due")
    return number


def zone(cell: str) -> str:
    """The name of a time zone. Raises ValueError."""
    try:
        return ZoneInfo(cell).key
    except (KeyError, ValueError, OSError):
        raise ValueError("a time zone is due, such as Asia/Shanghai") from None


Zone = Annotated[str, BeforeValidator(zone)]
Percent = Annotated[Positive, AfterValidator(percent)]


class ParameterRow(Row):
    """A row of the table: what a parameter is called, its value, unit and source."""

    parameter: Code
    value: Text
    unit: Text
    source: Text


class Parameters(BaseModel):
    """All parameters.

    smallest_area: linked unions from which on the public edition shows an area; least_interval:
    percent of its range that what a reader knows must leave open to a hidden mean over few unions;
    approvals_needed: people who must approve exactly the prepared bytes, none of them the preparer;
    city_code_length, county_code_length and township_code_length: characters of an area's code;
    city_zone: the time zone whose clock tells the day of a moment;
    rank_draws: draws of the weights for the rank intervals, rank_spread: percent by which they vary
    a weight, rank_low_percentile and rank_high_percentile: the ends of an interval;
    projected_years: years past the last official one that the calendar of holidays is projected
    for; calendar_warning_days: days before the end of the official ones from which on to warn;
    quality_*_weight: percent of the parts of a county's data quality; quality_faulty_rows: refused,
    or conflicting, rows in a thousand from which on their part is 0; quality_prompt_days,
    quality_late_days: days late up to which timeliness is 100, and from which on it is 0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    smallest_area: Positive
    least_interval: Percent
    approvals_needed: Positive
    city_code_length: Positive
    county_code_length: Positive
    township_code_length: Positive
    city_zone: Zone
    rank_draws: Positive
    rank_spread: Percent
    rank_low_percentile: Percent
    rank_high_percentile: Percent
    projected_years: Positive
    calendar_warning_days: Positive
    quality_completeness_weight: Percent
    quality_conformity_weight: Percent
    quality_consistency_weight: Percent
    quality_timeliness_weight: Percent
    quality_faulty_rows: Positive
    quality_prompt_days: Positive
    quality_late_days: Positive

    @field_validator(WEIGHTS[-1])
    @classmethod
    def makes_them_whole(cls, weight: int, before: ValidationInfo) -> int:
        """The weight. Raises ValueError unless it and those before it add up to 100."""
        total = weight + sum(before.data.get(name, 0) for name in WEIGHTS[:-1])
        if total != WHOLE_PERCENT:
            names = ", ".join(WEIGHTS)
            raise ValueError(f"{names} add up to {total}; make them add up to {WHOLE_PERCENT}")
        return weight

    @field_validator("quality_late_days")
    @classmethod
    def is_after_prompt_days(cls, days: int, before: ValidationInfo) -> int:
        """The days. Raises ValueError unless they are more than those that are prompt."""
        prompt = before.data.get("quality_prompt_days", 0)
        if days <= prompt:
            raise ValueError(f"more than quality_prompt_days, {prompt}, is due")
        return days

    @property
    def code_lengths(self) -> tuple[int, int, int]:
        """Characters of an area's code by level, that of the city first."""
        return self.city_code_length, self.county_code_length, self.township_code_length


@cache
def parameters() -> Parameters:
    """The parameters, read once a process. Raises UsageError naming file and line."""
    return read_parameters(FILE)


def read_parameters(file: Path) -> Parameters:
    """The parameters of a table.

    Raises UsageError naming the file, and the line of a parameter that is unknown, there twice or
    not of its type, or the parameter that is missing.
    """
    known = tuple(Parameters.model_fields)
    places: dict[str, str] = {}
    values: dict[str, Any] = {}
    for line, row in enumerate(read_table(file, ParameterRow), start=2):
        name = row.parameter
        place = f"{file}, line {line}"
        if name not in known:
            raise UsageError(
                f"{place}: there is no parameter '{name}'; the parameters are {', '.join(known)}."
            )
        if name in values:
            raise UsageError(f"{place}: {name} is named more than once; keep one line.")
        places[name] = place
        values[name] = row.value
    missing = [name for name in known if name not in values]
    if missing:
        raise UsageError(f"{file}: the parameter {missing[0]} is missing; add a line for it.")
    try:
        return Parameters(**values)
    except ValidationError as failure:
        name, reason = reason_of(failure)
        raise UsageError(f"{places[name]}, column value: '{values[name]}': {reason}.") from None


def with_parameters(text: str) -> str:
    """A text with the parameters that it names filled in.

    `{rank_draws}` stands for the value, `{rank_low_percentile_ordinal}` for 5th in English.
    """
    for name, value in parameters():
        if isinstance(value, int):
            text = text.replace(f"{{{name}}}", f"{value:,}")
            text = text.replace(f"{{{name}_ordinal}}", ordinal(value))
        else:
            text = text.replace(f"{{{name}}}", value)
    return text


def ordinal(number: int) -> str:
    """A whole number as an English ordinal, such as 1st, 12th or 23rd."""
    is_teen = number % 100 in TEENS
    ending = "th" if is_teen else ENDINGS.get(number % 10, "th")
    return f"{number:,}{ending}"
