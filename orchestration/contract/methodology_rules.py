"""What must hold together in the version of the methodology in force.

That is its weights, knots, grades, labels, alert rules, and each indicator's parts. Each rule is a
function of the version's rows by table, cells as text, and raises UsageError.
"""

import re
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from decimal import Decimal
from itertools import product

from orchestration.contract.needed_codes import needed_grades, needed_labels
from orchestration.errors import UsageError
from orchestration.settings import DBT_PROJECT, PROJECT

INDICATOR_MODELS = DBT_PROJECT / "models" / "indicators"
INDICATOR_NAMES = DBT_PROJECT / "macros" / "indicator_names.sql"
LISTED_MODEL = re.compile(r"^        '([a-z0-9_]+)',$", re.MULTILINE)
RECOUNTS = PROJECT / "orchestration" / "audit" / "recounts" / "indicators"
UNITS = ("percent", "months", "yes_no", "per_100_employees", "count", "grade", "stars")
FIGURE_MEASURES = {"index", "dimension_rate", "index_change", "months_yellow"}
FULL_POINTS = 100
MOST_INDICATORS = 62  # whose applicability the rank intervals count by one 64-bit number

Rows = Sequence[Mapping[str, str]]
Version = Mapping[str, Rows]


def check_version(own: Version) -> None:
    """The version is whole and fits the models and recounts that there are.

    Raises UsageError naming table and row.
    """
    check_indicators(own)
    check_weights(own)
    check_knots(own)
    check_grades(own)
    check_labels(own)
    check_alert_rules(own)


def check_indicators(own: Version) -> None:
    """Check that each indicator has all that it needs.

    That is its model, its line among the values, its recount, a known unit and a dimension.
    """
    if len(own["indicators"]) > MOST_INDICATORS:
        raise UsageError(
            f"indicators.csv: {len(own['indicators'])} indicators; "
            f"at most {MOST_INDICATORS} can be ranked."
        )
    listed = set(LISTED_MODEL.findall(INDICATOR_NAMES.read_text(encoding="utf-8")))
    dimensions = {row["dimension"] for row in own["dimensions"]}
    for row in own["indicators"]:
        check_parts(row["indicator"], listed)
        check_unit_and_dimension(row, dimensions)


def check_parts(name: str, listed: Container[str]) -> None:
    """Check that an indicator has its model, its recount, and a name of its own.

    listed: the indicators that dbt is told of.
    """
    if name in FIGURE_MEASURES:
        raise UsageError(
            f"indicators.csv: an indicator cannot be called '{name}'; alert rules call a figure so."
        )
    if not (INDICATOR_MODELS / f"ind_{name}.sql").exists():
        raise UsageError(
            f"indicators.csv: nothing measures the indicator '{name}'; it has no model ind_{name}."
        )
    if name not in listed:
        raise UsageError(
            f"indicators.csv: '{name}' is not in {INDICATOR_NAMES.name} yet; "
            "run `make models` in the project."
        )
    if not (RECOUNTS / f"{name}.sql").exists():
        raise UsageError(
            f"indicators.csv: nothing recounts the indicator '{name}'; "
            f"add {RECOUNTS.name}/{name}.sql to the recounts."
        )


def check_unit_and_dimension(row: Mapping[str, str], dimensions: Container[str]) -> None:
    """Check that an indicator has a known unit and one of these dimensions."""
    name = row["indicator"]
    if row["unit"] not in UNITS:
        raise UsageError(
            f"indicators.csv: the unit '{row['unit']}' of {name} is none of {', '.join(UNITS)}."
        )
    if row["dimension"] not in dimensions:
        raise UsageError(
            f"indicators.csv: the dimension '{row['dimension']}' of {name} "
            "is not in dimensions.csv."
        )


def check_weights(own: Version) -> None:
    """Dimension weights sum to 100, indicator weights to their dimension's."""
    weights = {row["dimension"]: Decimal(row["weight"]) for row in own["dimensions"]}
    total = sum(weights.values())
    if total != FULL_POINTS:
        raise UsageError(f"dimensions.csv: the weights sum to {total} instead of {FULL_POINTS}.")
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in own["indicators"]:
        sums[row["dimension"]] += Decimal(row["weight"])
    for dimension, weight in weights.items():
        if sums[dimension] != weight:
            raise UsageError(
                f"indicators.csv: the weights of {dimension} sum to {sums[dimension]} "
                f"instead of {weight}."
            )


def check_knots(own: Version) -> None:
    """Each indicator has knots of rising value."""
    check_known_indicators(own, "scoring_knots")
    last: dict[str, Decimal] = {}
    for row in own["scoring_knots"]:
        name = row["indicator"]
        value = Decimal(row["value"])
        if name in last and value <= last[name]:
            raise UsageError(f"scoring_knots.csv: the knots of {name} are out of order at {value}.")
        last[name] = value
    indicators = {row["indicator"] for row in own["indicators"]}
    missing = sorted(indicators - last.keys())
    if missing:
        raise UsageError(f"scoring_knots.csv: no knots for {', '.join(missing)}.")


def check_known_indicators(own: Version, table: str) -> None:
    """A table's rows are of indicators of the version."""
    indicators = {row["indicator"] for row in own["indicators"]}
    for row in own[table]:
        if row["indicator"] not in indicators:
            raise UsageError(
                f"{table}.csv: the indicator '{row['indicator']}' is not in indicators.csv."
            )


def check_grades(own: Version) -> None:
    """Graded indicators have each of their grades, and no other."""
    check_known_indicators(own, "grades")
    graded: dict[str, list[str]] = defaultdict(list)
    for row in own["grades"]:
        graded[row["indicator"]].append(row["grade"])
    needed = needed_grades()
    for row in own["indicators"]:
        name = row["indicator"]
        if name in needed:
            check_grades_of(
                name,
                needed[name],
                graded[name],
            )


def check_grades_of(
    name: str,
    needed: Sequence[str],
    graded: Sequence[str],
) -> None:
    """An indicator has the grades that it needs, and no other."""
    for grade in needed:
        if grade not in graded:
            raise UsageError(f"grades.csv: the grade {grade} of {name} is missing.")
    for grade in graded:
        if grade not in needed:
            raise UsageError(
                f"grades.csv: {name} has no grade {grade}; it has {', '.join(needed)}."
            )


def check_labels(own: Version) -> None:
    """Every label that a result can need is there."""
    labelled = {(row["list"], row["code"]) for row in own["labels"]}
    for name, codes in needed_labels().items():
        for code in codes:
            if (name, code) not in labelled:
                raise UsageError(f"labels.csv: the label {code} of {name} is missing.")
    for row in own["indicators"]:
        if ("item_type", row["item_type"]) not in labelled:
            raise UsageError(
                f"labels.csv: the label {row['item_type']} of item_type, "
                f"which {row['indicator']} has, is missing."
            )


def check_alert_rules(own: Version) -> None:
    """Each rule measures what exists; a red notice is never the milder one."""
    measures = FIGURE_MEASURES | {row["indicator"] for row in own["indicators"]}
    for row in own["alert_rules"]:
        if row["measure"] not in measures:
            raise UsageError(
                f"alert_rules.csv: the measure '{row['measure']}' of {row['rule']} "
                "is no figure or indicator."
            )
    for yellow, red in product(own["alert_rules"], repeat=2):
        if is_milder(red, yellow):
            raise UsageError(
                f"alert_rules.csv: the red notice {red['rule']} holds "
                f"before the yellow alert {yellow['rule']} does."
            )


def is_milder(red: Mapping[str, str], yellow: Mapping[str, str]) -> bool:
    """Whether a red notice holds before the yellow alert on the same measure does."""
    levels = (yellow["level"], red["level"])
    if levels != ("yellow", "red") or yellow["measure"] != red["measure"]:
        return False
    yellow_threshold = Decimal(yellow["threshold"])
    red_threshold = Decimal(red["threshold"])
    if red["operator"].startswith("<"):
        return red_threshold > yellow_threshold
    return red_threshold < yellow_threshold
