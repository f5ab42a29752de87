"""The methodology as an expert hands it in: its tables, each cell in its type, and the version in force in a period.

What is read here is checked before anything is built: the types of all cells, the keys of all
tables, the versions' months, and of the version in force what `methodology_rules.py` asks of it.
"""

import codecs
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from orchestration import files, guarded, tables
from orchestration.errors import UsageError
from orchestration.methodology_rules import LABELS, check_version
from orchestration.periods import Period
from orchestration.tables import Code, Month, Number, Positive, Text

VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
OPERATORS = ("<", "<=", ">", ">=")
LEVELS = ("yellow", "red")
FULL_POINTS = 100
MOST_MONTHS = 1200

Row = dict[str, str]
Tables = dict[str, list[Row]]


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
VERSION_DIGEST, METHOD_DIGEST = "version_sha256", "method_sha256"
NOT_APPROVED = {"effective_to"}
NOT_THE_METHOD = {"methodology", "effective_from", "effective_to", "name_zh", "name_en"}


@dataclass(frozen=True)
class Methodology:
    """The version of the methodology in force in a period: its name, its rows by table, and three digests.

    tables: cells as text, each value written in one way (`27.5`, never `27.50`), an empty cell as
    an empty text. digest: of the tables' files, with all versions, as they are published, but for
    byte order marks.
    version_digest: of what is approved, the version's rows and the labels that it needs, without
    the month in which it ends. method_digest: of what figures are computed by, the version's rows
    without its name, its months and all wording; two months with the same one can be compared.
    """

    name: str
    tables: Tables
    digest: str
    version_digest: str
    method_digest: str

    def label(self, name: str, code: str) -> tuple[str, str]:
        """Chinese and English label of a code. Raises KeyError for one that validation did not ask for."""
        labels = {(row["list"], row["code"]): row for row in self.tables["labels"]}
        row = labels[name, code]
        return row["name_zh"], row["name_en"]

    def described(self) -> dict[str, str]:
        """What a verdict says of it."""
        return {
            "name": self.name,
            "sha256": self.digest,
            VERSION_DIGEST: self.version_digest,
            METHOD_DIGEST: self.method_digest,
        }


def load_methodology(folder: Path, period: Period) -> Methodology:
    """The methodology in force in a period, read and checked. Raises UsageError naming file, line and column."""
    methodology = read_methodology(folder, period)
    check_version(methodology.tables)
    return methodology


def read_methodology(folder: Path, period: Period) -> Methodology:
    """The methodology in force in a period, as the tables of a folder have it, which may be a release's. Raises UsageError."""
    rows = {table: tables.read_table(folder / f"{table}.csv", kind) for table, kind in TABLES.items()}
    written = {table: [tables.cells_of(row) for row in listed] for table, listed in rows.items()}
    for table, keys in KEYS.items():
        check_keys(table, written[table], keys)
    name = version_in_force(written["methodologies"], period)
    check_versions(written)
    own = {table: [row for row in listed if row.get("methodology", name) == name] for table, listed in written.items()}
    return Methodology(
        name=name,
        tables=own,
        digest=files.digest_of({table: hashlib.sha256(content_of(folder / f"{table}.csv")).hexdigest() for table in TABLES}),
        version_digest=digest_without(NOT_APPROVED, own | {"labels": needed_labels(own)}),
        method_digest=digest_without(NOT_THE_METHOD, {table: own[table] for table in own if table != "labels"}),
    )


def rows_of_version(folder: Path, name: str, wanted: Iterable[str]) -> Tables:
    """The rows of a version by table, as the tables of a folder have them, which may be a release's. Raises UsageError."""
    found = {}
    for table in wanted:
        rows = [tables.cells_of(row) for row in tables.read_table(folder / f"{table}.csv", TABLES[table])]
        found[table] = [row for row in rows if row.get("methodology", name) == name]
    return found


def content_of(file: Path) -> bytes:
    """The bytes of a table without its byte order mark. Raises UsageError."""
    return guarded.read_bytes(file, UsageError).removeprefix(codecs.BOM_UTF8)


def check_keys(table: str, rows: Sequence[Row], keys: Sequence[tuple[str, ...]]) -> None:
    """No key of a table is there twice. Raises UsageError."""
    for key in keys:
        counts = Counter(tuple(row[column] for column in key) for row in rows)
        doubled = [" ".join(values) for values, count in counts.items() if count > 1]
        if doubled:
            raise UsageError(f"{table}.csv: {' '.join(key)} {doubled[0]} is named more than once.")


def version_in_force(versions: Sequence[Row], period: Period) -> str:
    """The name of the version in force. Raises UsageError unless there is one."""
    matching = [
        row["methodology"]
        for row in versions
        if row["effective_from"] <= str(period) and (not row["effective_to"] or row["effective_to"] >= str(period))
    ]
    if len(matching) != 1:
        named = ", ".join(matching) or "none"
        raise UsageError(f"methodologies.csv: {len(matching)} methodologies match {period} ({named}); one must.")
    return matching[0]


def check_versions(written: Tables) -> None:
    """Versions end after they begin, no two are in force in a month, and every row is of one of them. Raises UsageError."""
    versions = written["methodologies"]
    for row in versions:
        if row["effective_to"] and row["effective_to"] < row["effective_from"]:
            raise UsageError(
                f"methodologies.csv: the version {row['methodology']} ends in {row['effective_to']}, "
                f"before it begins in {row['effective_from']}."
            )
    for earlier, later in combinations(sorted(versions, key=lambda row: row["effective_from"]), 2):
        if not earlier["effective_to"] or earlier["effective_to"] >= later["effective_from"]:
            raise UsageError(
                f"methodologies.csv: the versions {earlier['methodology']} and {later['methodology']} are both in force "
                f"in {later['effective_from']}; let the first end in the month before."
            )
    known = {row["methodology"] for row in versions}
    for table, rows in written.items():
        unknown = sorted({row["methodology"] for row in rows if "methodology" in row} - known)
        if unknown:
            raise UsageError(f"{table}.csv: the methodology {unknown[0]} is not in methodologies.csv.")


def needed_labels(own: Tables) -> list[Row]:
    """The labels that a version's tables and documents use: those that every version needs, and its types of items."""
    types = {row["item_type"] for row in own["indicators"]}
    needed = {*((name, code) for name, codes in LABELS.items() for code in codes), *(("item_type", each) for each in types)}
    return [row for row in own["labels"] if (row["list"], row["code"]) in needed]


def digest_without(left_out: set[str], own: Mapping[str, Sequence[Row]]) -> str:
    """SHA-256 of the rows of tables without some columns; neither the order of the rows nor the files' form counts."""
    content = {
        table: sorted([[name, cell] for name, cell in row.items() if name not in left_out] for row in rows)
        for table, rows in sorted(own.items())
    }
    return hashlib.sha256(files.to_json(content).encode()).hexdigest()


def is_same(digest: str, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two methodologies, as verdicts describe them, share a digest.

    Older verdicts have the digest of the files alone; by that they are compared, with their names.
    """
    if digest in one and digest in other:
        return one[digest] == other[digest]
    return (one["name"], one["sha256"]) == (other["name"], other["sha256"])


def same_method(before: Mapping[str, str] | None, now: Mapping[str, str]) -> bool | None:
    """Whether the figures of two months are computed alike, by what verdicts say of their methodologies; None without a month before."""
    return None if before is None else is_same(METHOD_DIGEST, before, now)
