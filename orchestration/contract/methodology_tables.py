"""The methodology's tables: a row type for each, with its columns as fields, and their keys."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from orchestration.contract import tables
from orchestration.contract.tables import Code, Month, Number, Positive, Text

VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
OPERATORS = ("<", "<=", ">", ">=")
LEVELS = ("yellow", "red")
FULL_POINTS = 100
MOST_MONTHS = 1200


def version(cell: str) -> str:
    """The name of a version: letters, digits, `_`, `.` and `-`. Raises ValueError."""
    if not VERSION.fullmatch(cell):
        raise ValueError("the name of a version is due, in letters and digits, such as 2020")
    return cell


def weight(number: Decimal) -> Decimal:
    """A weight in points. Raises ValueError unless it is above 0 and at most 100."""
    if not 0 < number <= FULL_POINTS:
        raise ValueError("a weight must be above 0 and at most 100")
    return number


def score(number: Decimal) -> Decimal:
    """A score. Raises ValueError unless it lies from 0 to 100."""
    if not 0 <= number <= FULL_POINTS:
        raise ValueError("a score must lie from 0 to 100")
    return number


def window(months: int) -> int:
    """The months of a window. Raises ValueError for more than a century."""
    if months > MOST_MONTHS:
        raise ValueError(f"at most {MOST_MONTHS} months are allowed")
    return months


def operator(cell: str) -> str:
    """A comparison. Raises ValueError."""
    if cell not in OPERATORS:
        raise ValueError(f"one of {', '.join(OPERATORS)} is due")
    return cell


def level(cell: str) -> str:
    """The level of an alert. Raises ValueError."""
    if cell not in LEVELS:
        raise ValueError(f"one of {', '.join(LEVELS)} is due")
    return cell


Version = Annotated[str, BeforeValidator(version)]
Weight = Annotated[Number, AfterValidator(weight)]
Score = Annotated[Number, AfterValidator(score)]
Window = Annotated[Positive, AfterValidator(window)]
Operator = Annotated[str, BeforeValidator(operator)]
Level = Annotated[str, BeforeValidator(level)]


class VersionRow(tables.Row):
    """A version of the methodology: its months, and the parameters of its indicators."""

    methodology: Version
    effective_from: Month
    effective_to: Month | None = None
    window_months: Window
    min_raters: Positive
    request_limit_working_days: Positive
    small_union_employees: Positive
    womens_committee_threshold: Positive


class DimensionRow(tables.Row):
    """A dimension of a version."""

    methodology: Version
    dimension: Code
    position: Positive
    weight: Weight
    name_zh: Text
    name_en: Text


class IndicatorRow(tables.Row):
    """An indicator of a version."""

    methodology: Version
    indicator: Code
    dimension: Code
    position: Positive
    item_type: Code
    weight: Weight
    unit: Code
    name_zh: Text
    name_en: Text


class KnotRow(tables.Row):
    """A knot of an indicator's scoring: the score of a value."""

    methodology: Version
    indicator: Code
    value: Number
    score: Score


class GradeRow(tables.Row):
    """The value of a grade of an indicator."""

    methodology: Version
    indicator: Code
    grade: Code
    value: Number


class AlertRuleRow(tables.Row):
    """A rule of yellow alerts or red notices."""

    methodology: Version
    rule: Code
    level: Level
    measure: Code
    operator: Operator
    threshold: Number
    name_zh: Text
    name_en: Text


class LabelRow(tables.Row):
    """Names of a code; labels belong to no version."""

    list: Code
    code: Code
    name_zh: Text
    name_en: Text


TABLES: dict[str, type[tables.Row]] = {
    "methodologies": VersionRow,
    "dimensions": DimensionRow,
    "indicators": IndicatorRow,
    "scoring_knots": KnotRow,
    "grades": GradeRow,
    "alert_rules": AlertRuleRow,
    "labels": LabelRow,
}
KEYS: dict[str, list[tuple[str, ...]]] = {
    "methodologies": [("methodology",)],
    "dimensions": [("methodology", "dimension"), ("methodology", "position")],
    "indicators": [("methodology", "indicator"), ("methodology", "position")],
    "scoring_knots": [("methodology", "indicator", "value")],
    "grades": [("methodology", "indicator", "grade")],
    "alert_rules": [("methodology", "rule")],
    "labels": [("list", "code")],
}
COLUMNS = {table: tuple(kind.model_fields) for table, kind in TABLES.items()}
