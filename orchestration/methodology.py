"""The methodology as an expert hands it in: read from its tables and checked before anything is built (contract, index and methodology).

Only what would make a build meaningless is refused here: weights that do not sum, knots out of order, a missing grade or label.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import product
from pathlib import Path

from orchestration import files
from orchestration.errors import UsageError
from orchestration.periods import Period
from orchestration.settings import DBT_PROJECT

INDICATOR_MODELS = DBT_PROJECT / "models" / "indicators"
COLUMNS = {
    "methodologies": (
        "methodology,effective_from,effective_to,window_months,min_raters,request_limit_working_days,small_union_employees,"
        "womens_committee_threshold"
    ),
    "dimensions": "methodology,dimension,position,weight,name_zh,name_en",
    "indicators": "methodology,indicator,dimension,position,item_type,weight,unit,name_zh,name_en",
    "scoring_knots": "methodology,indicator,value,score",
    "grades": "methodology,indicator,grade,value",
    "alert_rules": "methodology,rule,level,measure,operator,threshold,name_zh,name_en",
    "labels": "list,code,name_zh,name_en",
}
OPTIONAL = {"effective_to"}
GRADES = {
    "collective_contract": ("registered", "in_force", "none"),
    "innovation_studio": ("national", "province", "city", "county", "enterprise", "none"),
    "operating_status": ("opened", "resumed", "converted", "relocated", "suspended"),
    "open_affairs": ("congress", "disclosure", "disclosures_counted"),
}
LABELS = {
    "item_type": ("basic", "improvement", "fix_on_sight", "operating"),
    "alert_level": ("yellow", "red"),
    "health_code": ("green", "yellow", "red"),
    "status": ("observed", "missing", "not_applicable"),
    "area_level": ("city", "county", "township"),
    "event": ("opened", "resumed", "converted", "relocated", "suspended", "merged", "closed"),
    "figure": ("health_index", "sampling_rate", "rate", "points", "rank", "linked", "frame"),
}
FIGURE_MEASURES = {"index", "dimension_rate", "index_change", "months_yellow"}
OPERATORS = {"<", "<=", ">", ">="}
FULL_POINTS = 100

Row = dict[str, str]


@dataclass(frozen=True)
class Methodology:
    """The methodology of a period: its name, the rows of each table that belong to it, and the digest of all tables as files."""

    name: str
    tables: dict[str, list[Row]]
    digest: str

    def label(self, name: str, code: str) -> tuple[str, str]:
        """Chinese and English label of a code. Raises KeyError for one that validation did not ask for."""
        labels = {(row["list"], row["code"]): (row["name_zh"], row["name_en"]) for row in self.tables["labels"]}
        return labels[name, code]


def load_methodology(folder: Path, period: Period) -> Methodology:
    """Read and check the methodology in force in a period. Raises UsageError naming table, row and column."""
    tables = {table: read_table(folder / f"{table}.csv", header.split(",")) for table, header in COLUMNS.items()}
    matching = [
        row["methodology"]
        for row in tables["methodologies"]
        if row["effective_from"] <= str(period) and (not row["effective_to"] or row["effective_to"] >= str(period))
    ]
    if len(matching) != 1:
        raise UsageError(f"methodologies.csv: {len(matching)} methodologies match {period} ({', '.join(matching) or 'none'}); one must.")
    own = {table: [row for row in rows if row.get("methodology", matching[0]) == matching[0]] for table, rows in tables.items()}
    check_parameters(own["methodologies"][0])
    check_weights(own)
    check_knots(own)
    check_grades_and_labels(own)
    check_alert_rules(own)
    return Methodology(matching[0], own, files.digest_of({table: files.sha256_of(folder / f"{table}.csv") for table in COLUMNS}))


def read_table(path: Path, columns: list[str]) -> list[Row]:
    """Rows of a methodology table. Raises UsageError where it is missing, has other columns, or leaves a cell empty."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"Methodology table {path.name} cannot be read: {error}.") from None
    if not rows or rows[0] != columns:
        raise UsageError(f"{path.name}: the header must be {','.join(columns)}.")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(columns):
            raise UsageError(f"{path.name}, row {number}: {len(row)} cells instead of {len(columns)}.")
        empty = [column for column, cell in zip(columns, row, strict=True) if not cell and column not in OPTIONAL]
        if empty:
            raise UsageError(f"{path.name}, row {number}: {', '.join(empty)} is empty.")
    return [dict(zip(columns, row, strict=True)) for row in rows[1:]]


def number(table: str, row: Row, column: str) -> Decimal:
    """A decimal cell. Raises UsageError."""
    try:
        value = Decimal(row[column])
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        named = " ".join(row[name] for name in ("indicator", "dimension", "rule", "grade") if name in row)
        raise UsageError(f"{table}.csv: {column} of {named or row['methodology']} is '{row[column]}', not a number.")
    return value


def check_parameters(parameters: Row) -> None:
    """Windows, limits and thresholds are whole numbers above 0."""
    for column in COLUMNS["methodologies"].split(",")[3:]:
        value = number("methodologies", parameters, column)
        if value != value.to_integral_value() or value < 1:
            raise UsageError(f"methodologies.csv: {column} is '{parameters[column]}'; a whole number above 0 is due.")


def check_weights(tables: dict[str, list[Row]]) -> None:
    """Dimension weights sum to 100, indicator weights to their dimension's; nothing is named twice, and each indicator has its model."""
    for table, column in (("dimensions", "dimension"), ("indicators", "indicator"), ("alert_rules", "rule")):
        names = [row[column] for row in tables[table]]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise UsageError(f"{table}.csv: {column} {', '.join(doubled)} is named more than once.")
    weights = {row["dimension"]: number("dimensions", row, "weight") for row in tables["dimensions"]}
    if sum(weights.values()) != FULL_POINTS:
        raise UsageError(f"dimensions.csv: the weights sum to {sum(weights.values())} instead of {FULL_POINTS}.")
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in tables["indicators"]:
        weight = number("indicators", row, "weight")
        if not (INDICATOR_MODELS / f"ind_{row['indicator']}.sql").exists():
            raise UsageError(
                f"indicators.csv: nothing measures the indicator '{row['indicator']}'; it has no model ind_{row['indicator']}."
            )
        if row["dimension"] not in weights:
            raise UsageError(f"indicators.csv: the dimension '{row['dimension']}' of {row['indicator']} is not in dimensions.csv.")
        if weight <= 0:
            raise UsageError(f"indicators.csv: the weight of {row['indicator']} is {weight}; it must be above 0.")
        sums[row["dimension"]] += weight
    for dimension, weight in weights.items():
        if sums[dimension] != weight:
            raise UsageError(f"indicators.csv: the weights of {dimension} sum to {sums[dimension]} instead of {weight}.")


def check_knots(tables: dict[str, list[Row]]) -> None:
    """Each indicator has knots of rising value, with scores from 0 to 100."""
    knots: dict[str, list[Decimal]] = defaultdict(list)
    indicators = {row["indicator"] for row in tables["indicators"]}
    for row in tables["scoring_knots"]:
        value, score = number("scoring_knots", row, "value"), number("scoring_knots", row, "score")
        if row["indicator"] not in indicators:
            raise UsageError(f"scoring_knots.csv: the indicator '{row['indicator']}' is not in indicators.csv.")
        if not 0 <= score <= FULL_POINTS:
            raise UsageError(f"scoring_knots.csv: the score of {row['indicator']} at {value} is {score}; it must lie from 0 to 100.")
        if knots[row["indicator"]] and value <= knots[row["indicator"]][-1]:
            raise UsageError(f"scoring_knots.csv: the knots of {row['indicator']} are out of order at {value}.")
        knots[row["indicator"]].append(value)
    missing = sorted(indicators - set(knots))
    if missing:
        raise UsageError(f"scoring_knots.csv: no knots for {', '.join(missing)}.")


def check_grades_and_labels(tables: dict[str, list[Row]]) -> None:
    """Every grade and label that a result can need is there."""
    graded = {(row["indicator"], row["grade"]) for row in tables["grades"]}
    for row in tables["grades"]:
        number("grades", row, "value")
    for indicator, grades in GRADES.items():
        for grade in grades:
            if (indicator, grade) not in graded:
                raise UsageError(f"grades.csv: the grade {grade} of {indicator} is missing.")
    labelled = {(row["list"], row["code"]) for row in tables["labels"]}
    for name, codes in LABELS.items():
        for code in codes:
            if (name, code) not in labelled:
                raise UsageError(f"labels.csv: the label {code} of {name} is missing.")


def check_alert_rules(tables: dict[str, list[Row]]) -> None:
    """Each rule measures what exists, with a known operator and level; a red notice is never the milder one."""
    measures = FIGURE_MEASURES | {row["indicator"] for row in tables["indicators"]}
    for row in tables["alert_rules"]:
        number("alert_rules", row, "threshold")
        if row["measure"] not in measures:
            raise UsageError(f"alert_rules.csv: the measure '{row['measure']}' of {row['rule']} is no figure or indicator.")
        if row["operator"] not in OPERATORS:
            raise UsageError(f"alert_rules.csv: the operator '{row['operator']}' of {row['rule']} is not one of <, <=, >, >=.")
        if row["level"] not in LABELS["alert_level"]:
            raise UsageError(f"alert_rules.csv: the level '{row['level']}' of {row['rule']} is neither yellow nor red.")
    for yellow, red in product(tables["alert_rules"], repeat=2):
        if (yellow["level"], red["level"]) == ("yellow", "red") and yellow["measure"] == red["measure"]:
            thresholds = number("alert_rules", yellow, "threshold"), number("alert_rules", red, "threshold")
            if list(thresholds) != sorted(thresholds, reverse=red["operator"].startswith("<")):
                raise UsageError(f"alert_rules.csv: the red notice {red['rule']} holds before the yellow alert {yellow['rule']} does.")
