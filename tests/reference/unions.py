"""Linked unions: who is measured, and each union's scores, dimension rates, points and index.

Here belongs the selection of frame and sample (index.md, Who is measured) and the way from readings
to one index per union (index.md, Scores, dimensions, index). Areas, ranks and alerts build on it
elsewhere.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from tests.reference.contract import TABLES, Row
from tests.reference.exact import rounded, weighted_mean
from tests.reference.indicators import INDICATORS, Reading, Unit, latest_event
from tests.reference.intake import Source
from tests.reference.methodology import Knots, Methodology
from tests.reference.spans import Span

OUT_OF_BUSINESS = {"closed", "merged"}
ABOUT_ENTERPRISES = ("operating_event", "violation")


@dataclass
class Result:
    """What becomes of one linked union in one period."""

    unit: Unit
    readings: dict[str, Reading]
    scores: dict[str, Fraction | None]
    rates: dict[str, Fraction | None]
    points: dict[str, Fraction | None]
    index: Fraction | None
    areas: list[str] = field(default_factory=list)


class City:
    """The accepted rows of a source, arranged by what they are about."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.regions = {row["region_code"]: row for row in source.rows["region"]}
        self.unions = {row["enterprise_id"]: row for row in source.rows["union_org"]}
        self.members = {row["member_id"]: row for row in source.rows["member"]}
        self.about_enterprise = {
            table: _grouped(source, table, "enterprise_id") for table in ABOUT_ENTERPRISES
        }
        self.about_union = {
            table: _grouped(source, table, "union_id")
            for table, declared in TABLES.items()
            if "union_id" in declared.columns and table != "union_org"
        }

    def areas_of(self, enterprise: Row) -> list[str]:
        """Give the areas that an enterprise lies in, the smallest first."""
        areas, code = [], enterprise["region_code"]
        while code is not None and code not in areas:
            areas.append(code)
            code = self.regions[code]["parent_code"]
        return areas

    def frame(self, span: Span) -> list[Row]:
        """Give the enterprises with a union and in business at D (index.md, Frame)."""
        framed = []
        for enterprise in self.source.rows["enterprise"]:
            union = self.unions.get(enterprise["enterprise_id"])
            if union is None or not span.happened(enterprise["established_on"]):
                continue
            event = latest_event(
                self.about_enterprise["operating_event"][enterprise["enterprise_id"]], span
            )
            if span.happened(union["established_on"]) and (
                event is None or event["event"] not in OUT_OF_BUSINESS
            ):
                framed.append(enterprise)
        return framed

    def linked(self, span: Span) -> list[Row]:
        """Give the enterprises of the frame whose union is linked at D."""
        unions = self.unions
        return [
            row
            for row in self.frame(span)
            if span.happened(unions[row["enterprise_id"]]["linked_on"])
        ]

    def unit(self, enterprise: Row, span: Span, methodology: Methodology) -> Unit:
        """Put together what is known of a linked enterprise's union."""
        union = self.unions[enterprise["enterprise_id"]]
        rows = {table: groups[union["union_id"]] for table, groups in self.about_union.items()}
        rows |= {
            table: groups[enterprise["enterprise_id"]]
            for table, groups in self.about_enterprise.items()
        }
        ratings = [(row, self.members[row["member_id"]]) for row in rows["member_rating"]]
        return Unit(union, enterprise, rows, ratings, span, methodology)

    def results(self, span: Span, methodology: Methodology) -> list[Result]:
        """Measure every linked union, in the order of their ids."""
        results = []
        for enterprise in self.linked(span):
            result = measure(self.unit(enterprise, span, methodology))
            result.areas = self.areas_of(enterprise)
            results.append(result)
        return sorted(results, key=lambda result: result.unit.union["union_id"])


def _grouped(source: Source, table: str, column: str) -> dict[str, list[Row]]:
    """Group a table's accepted rows by a column."""
    groups = defaultdict(list)
    for row in source.rows[table]:
        groups[row[column]].append(row)
    return groups


def score(reading: Reading, knots: Knots) -> Fraction | None:
    """Score a reading: linear between the knots, flat beyond the outer ones, rounded once."""
    if reading.status != "observed":
        return Fraction(0) if reading.status == "missing" else None
    value, (left, left_score) = reading.value, knots[0]
    if value <= left:
        return rounded(left_score)
    for right, right_score in knots[1:]:
        if value <= right:
            return rounded(
                left_score + (right_score - left_score) * (value - left) / (right - left)
            )
        left, left_score = right, right_score
    return rounded(left_score)


def measure(unit: Unit) -> Result:
    """Take a union from its rows to its index."""
    methodology = unit.methodology
    readings = {indicator: INDICATORS[indicator](unit) for indicator in methodology.weights}
    scores = {
        indicator: score(reading, methodology.knots[indicator])
        for indicator, reading in readings.items()
    }
    rates = {
        dimension: weighted_mean(
            (methodology.weights[indicator], scores[indicator])
            for indicator in methodology.indicators_of(dimension)
            if scores[indicator] is not None
        )
        for dimension in methodology.dimension_weights
    }
    known = [
        (methodology.dimension_weights[name], rate)
        for name, rate in rates.items()
        if rate is not None
    ]
    if not known:
        nothing = dict.fromkeys(rates)
        return Result(unit, readings, scores, nothing, nothing, None)
    rates = {name: weighted_mean(known) if rate is None else rate for name, rate in rates.items()}
    points = {
        name: rounded(weight * rates[name] / 100)
        for name, weight in methodology.dimension_weights.items()
    }
    return Result(unit, readings, scores, rates, points, sum(points.values(), Fraction(0)))
