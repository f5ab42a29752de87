"""The methodology of a period, read from its CSV files.

Here belongs which weights, knots, grades, thresholds and rules hold for a period (index.md, Time;
methodology/*.csv), as exact numbers. Nothing is computed from them here.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tests.reference.cells import read_table

Knots = list[tuple[Fraction, Fraction]]


@dataclass(frozen=True)
class Rule:
    """One alert rule."""

    name: str
    level: str
    measure: str
    operator: str
    threshold: Fraction


@dataclass(frozen=True)
class Methodology:
    """Everything that one methodology settles."""

    name: str
    window_months: int
    min_raters: int
    request_limit_working_days: int
    small_union_employees: int
    womens_committee_threshold: int
    dimension_weights: dict[str, Fraction]
    dimension_of: dict[str, str]
    weights: dict[str, Fraction]
    knots: dict[str, Knots]
    grades: dict[tuple[str, str], Fraction]
    rules: list[Rule]

    def indicators_of(self, dimension: str) -> list[str]:
        """Give the indicators of a dimension."""
        return [indicator for indicator, own in self.dimension_of.items() if own == dimension]


def read_methodology(folder: Path | str, period: str) -> Methodology:
    """Read the methodology in force in a period; exactly one must be."""
    folder = Path(folder)
    matching = [
        row
        for row in read_table(folder / "methodologies.csv")[1]
        if row["effective_from"] <= period <= (row["effective_to"] or period)
    ]
    if len(matching) != 1:
        raise ValueError(f"{period} has {len(matching)} methodologies, not one")
    parameters = matching[0]
    name = parameters["methodology"]

    def rows(table: str) -> list[dict[str, str | None]]:
        return [row for row in read_table(folder / f"{table}.csv")[1] if row["methodology"] == name]

    knots: dict[str, Knots] = {}
    for row in rows("scoring_knots"):
        knots.setdefault(row["indicator"], []).append(
            (Fraction(row["value"]), Fraction(row["score"]))
        )
    return Methodology(
        name=name,
        window_months=int(parameters["window_months"]),
        min_raters=int(parameters["min_raters"]),
        request_limit_working_days=int(parameters["request_limit_working_days"]),
        small_union_employees=int(parameters["small_union_employees"]),
        womens_committee_threshold=int(parameters["womens_committee_threshold"]),
        dimension_weights={row["dimension"]: Fraction(row["weight"]) for row in rows("dimensions")},
        dimension_of={row["indicator"]: row["dimension"] for row in rows("indicators")},
        weights={row["indicator"]: Fraction(row["weight"]) for row in rows("indicators")},
        knots={indicator: sorted(pairs) for indicator, pairs in knots.items()},
        grades={(row["indicator"], row["grade"]): Fraction(row["value"]) for row in rows("grades")},
        rules=[
            Rule(
                row["rule"],
                row["level"],
                row["measure"],
                row["operator"],
                Fraction(row["threshold"]),
            )
            for row in rows("alert_rules")
        ],
    )
