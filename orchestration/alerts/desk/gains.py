"""By which indicators a union can gain most: of its index, or of a dimension.

An indicator loses its weight, as a share of those of its dimension that apply, times the weight of
its dimension and what its score lacks of 100. Only the order is told; where a dimension does not
apply at all, the others count for more alike.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Self

from orchestration.contract.methodology import Methodology
from quality.release_files import Cells, read_rows

MOST = 3
FULL = 100
SCORES = """
    select union_id, indicator, score
    from read_parquet($scores)
    where score is not null and list_contains($unions, union_id)
"""
Lost = list[tuple[Fraction, str]]


@dataclass(frozen=True)
class Gains:
    """What the indicators of unions lose; dimensions: of each indicator."""

    scores: Mapping[str, Mapping[str, Decimal]]
    weights: Mapping[str, Decimal]
    dimension_weights: Mapping[str, Decimal]
    dimensions: Mapping[str, str]

    @classmethod
    def of(cls, tables: Path | None, methodology: Methodology, unions: Collection[str]) -> Self:
        """What these unions lose, by a candidate's tables, of indicators that a methodology has.

        tables: None without a candidate; then nothing is known.
        """
        rows = methodology.tables["indicators"]
        dimensions = methodology.tables["dimensions"]
        dimension_of = {row["indicator"]: row["dimension"] for row in rows}
        scores: dict[str, dict[str, Decimal]] = defaultdict(dict)
        for union, indicator, score in scores_in(tables, unions) if tables else ():
            if indicator in dimension_of:
                scores[union][indicator] = score
        return cls(
            scores=scores,
            weights={row["indicator"]: Decimal(row["weight"]) for row in rows},
            dimension_weights={row["dimension"]: Decimal(row["weight"]) for row in dimensions},
            dimensions=dimension_of,
        )

    def most(self, union: str, dimension: str | None = None) -> list[str]:
        """The indicators by which a union can gain most, of a dimension or of all."""
        scores = self.scores.get(union, {})
        applicable: dict[str, Decimal] = defaultdict(Decimal)
        for indicator in scores:
            applicable[self.dimensions[indicator]] += self.weights[indicator]
        lost: Lost = []
        for indicator, score in scores.items():
            own = self.dimensions[indicator]
            share = Fraction(self.weights[indicator]) / Fraction(applicable[own])
            loss = share * Fraction(self.dimension_weights[own]) * Fraction(FULL - score)
            if loss > 0 and dimension in (None, own):
                lost.append((-loss, indicator))
        return [indicator for _, indicator in sorted(lost)[:MOST]]


def scores_in(tables: Path, unions: Collection[str]) -> list[Cells]:
    """Union, indicator and score of each score of these unions in a candidate's tables."""
    return read_rows(SCORES, scores=tables / "union_indicator.parquet", unions=sorted(unions))
