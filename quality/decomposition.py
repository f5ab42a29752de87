"""What a release says has moved its indices, recounted from it and from the one it follows.

The parts are recounted in exact fractions, union by union. Where the methodologies score
differently, only the sum of method, data and membership is judged.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from quality.connection import reading
from quality.nouns import counted_noun
from quality.release_files import read_csv, read_json

SCORING = {
    "dimensions": ("dimension", "weight"),
    "indicators": ("dimension", "indicator", "weight"),
    "scoring_knots": ("indicator", "value", "score"),
}
NUMBERS = {"weight", "value", "score"}
PARTS = ("data", "membership", "method")
COUNTS = ("stayed", "joined", "left_sample")
MOST_ROUNDING = Decimal("0.0003")
SMALLEST_GROUP = 10
UNITS = 10_000

Row = dict[str, Any]
ScoringRow = tuple[str | Decimal, ...]


@dataclass(frozen=True)
class Sample:
    """An area in a release: its index, and the indices of its unions by union.

    The unions' indices are in units of the fourth decimal.
    """

    index: Decimal | None
    unions: dict[str, int]


@dataclass(frozen=True)
class ReleaseFigures:
    """The figures of a release that the movement of its indices is recounted from."""

    folder: Path

    @cached_property
    def areas(self) -> list[Row]:
        """The rows of the areas."""
        return rows_of(self.folder / "internal" / "area_index.parquet")

    @cached_property
    def areas_by_code(self) -> dict[str, Row]:
        """The rows of the areas by code."""
        return {row["area_code"]: row for row in self.areas}

    @cached_property
    def cities(self) -> list[str]:
        """The codes of the areas that are a city: one."""
        return [row["area_code"] for row in self.areas if row["level"] == "city"]

    @cached_property
    def unions(self) -> dict[str, dict[str, int]]:
        """The indices of the unions that have one, by area and union."""
        file = self.folder / "internal" / "union_index.parquet"
        columns = "union_id, county_code, township_code, health_index"
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for row in rows_of(file, columns):
            index = row["health_index"]
            if index is None:
                continue
            areas = (self.cities[0], row["county_code"], row["township_code"])
            for area in areas:
                found[area][row["union_id"]] = int(index * UNITS)
        return found

    @cached_property
    def scoring(self) -> dict[str, list[ScoringRow]]:
        """The weights and knots that the release scores by."""
        verdict = read_json(self.folder / "verdict.json")
        name = verdict["methodology"]["name"]
        tables = self.folder / "internal" / "methodology"
        return {
            table: scoring_rows(tables / f"{table}.csv", name, columns)
            for table, columns in SCORING.items()
        }

    def sample(self, area: str) -> Sample:
        """An area as the release has it."""
        row = self.areas_by_code.get(area, {})
        return Sample(row.get("health_index"), self.unions.get(area, {}))


def scoring_rows(
    file: Path,
    name: str,
    columns: tuple[str, ...],
) -> list[ScoringRow]:
    """The cells in these columns of one version's rows of a table of the methodology, sorted."""
    rows = [row for row in read_csv(file) if row["methodology"] == name]
    return sorted(tuple(scoring_cell(row, column) for column in columns) for row in rows)


def scoring_cell(row: dict[str, str], column: str) -> str | Decimal:
    """A cell as it compares: numbers by their value."""
    cell = row[column]
    return Decimal(cell) if column in NUMBERS else cell


def other_decomposition(folder: Path, before: Path) -> Iterator[str]:
    """Areas for which a release states wrongly what moved their index.

    The parts do not add up, or are not those that the unions of both releases give.
    """
    old, new = ReleaseFigures(before), ReleaseFigures(folder)
    rows = rows_of(folder / "internal" / "decomposition.parquet")
    by_area = {row["area_code"]: row for row in rows}
    yield from other_internal_decomposition(by_area, old, new)
    yield from other_public_decomposition(by_area, old, new)


def other_internal_decomposition(
    rows: dict[str, Row],
    old: ReleaseFigures,
    new: ReleaseFigures,
) -> Iterator[str]:
    """How the internal table, given by area, is not what the two releases give."""
    areas = new.areas_by_code.keys()
    if rows.keys() != old.areas_by_code.keys() & areas:
        yield "internal/decomposition is of other areas"
    is_scored_alike = old.scoring == new.scoring
    wrong = 0
    for code in rows.keys() & areas:
        wrong += other_row(
            rows[code],
            old.sample(code),
            new.sample(code),
            is_scored_alike=is_scored_alike,
        )
    if wrong:
        yield f"internal/decomposition is wrong for {counted_noun(wrong, 'area')}"


def other_row(
    row: Row,
    old: Sample,
    new: Sample,
    *,
    is_scored_alike: bool,
) -> bool:
    """Whether an area's row is not what the area's indices and unions in both releases give."""
    if other_basis(row, old, new):
        return True
    if not old.unions or not new.unions:
        told = [row[name] for name in ("change", *PARTS, "rounding")]
        return any(figure is not None for figure in told)
    if other_sum(row) or abs(row["rounding"]) > MOST_ROUNDING:
        return True
    return is_scored_alike and other_parts(row, old, new)


def other_basis(
    row: Row,
    old: Sample,
    new: Sample,
) -> bool:
    """Whether an area's row has other counts of unions or other indices."""
    stayed = len(old.unions.keys() & new.unions.keys())
    counts = [stayed, len(new.unions) - stayed, len(old.unions) - stayed]
    if [row[name] for name in COUNTS] != counts:
        return True
    return [row["before"], row["after"]] != [old.index, new.index]


def other_sum(row: Row) -> bool:
    """Whether the change of an area's row is not after less before, or not the sum of its parts."""
    if row["change"] != row["after"] - row["before"]:
        return True
    parts = [row[name] for name in (*PARTS, "rounding")]
    return bool(row["change"] != sum(parts))


def other_parts(
    row: Row,
    old: Sample,
    new: Sample,
) -> bool:
    """Whether the parts of an area's row are not the exact ones, rounded.

    Both releases score alike, so the method has moved nothing.
    """
    stayed = old.unions.keys() & new.unions.keys()
    differences = {union: new.unions[union] - old.unions[union] for union in stayed}
    data = mean(differences) if differences else Fraction(0)
    membership = mean(new.unions) - mean(old.unions) - data
    due = {
        "data": data,
        "membership": membership,
        "method": Fraction(0),
    }
    return any(row[name] != rounded(due[name]) for name in PARTS)


def mean(values: dict[str, int]) -> Fraction:
    """The exact mean."""
    return Fraction(sum(values.values()), len(values))


def rounded(units: Fraction) -> Decimal:
    """Units of the fourth decimal, rounded half away from zero, as a figure."""
    whole = int((2 * abs(units) + 1) // 2)
    return Decimal(whole if units >= 0 else -whole) / UNITS


def other_public_decomposition(
    rows: dict[str, Row],
    old: ReleaseFigures,
    new: ReleaseFigures,
) -> Iterator[str]:
    """Where the public table has areas other than the city, wrong figures, or few unions.

    rows: the internal table by area.
    """
    shown = rows_of(new.folder / "public" / "decomposition.parquet")
    if [row["area_code"] for row in shown] != new.cities:
        yield "public/decomposition is not of the city alone"
    for row in shown:
        told = [name for name in (*PARTS, "rounding", *COUNTS) if row[name] is not None]
        if not told:
            continue
        internal = rows.get(row["area_code"], {})
        if any(row[name] != internal.get(name) for name in told):
            yield "public/decomposition tells otherwise than the internal one"
        if tells_of_few_unions(row, old, new):
            yield "public/decomposition tells of few unions"
        moved = [name for name in PARTS if row[name]]
        if are_of_one_month(old, new) and len(moved) > 1:
            yield "public/decomposition parts the movement of a revision"


def tells_of_few_unions(
    row: Row,
    old: ReleaseFigures,
    new: ReleaseFigures,
) -> bool:
    """Whether a public row tells of a group of unions that is too small to be shown."""
    area = row["area_code"]
    groups = [row[name] for name in COUNTS]
    if old.scoring == new.scoring:
        groups.append(moved_by_data(old.sample(area), new.sample(area)))
    return any(0 < count < SMALLEST_GROUP for count in groups)


def moved_by_data(old: Sample, new: Sample) -> int:
    """How many unions of an area in both releases have another index."""
    stayed = old.unions.keys() & new.unions.keys()
    moved = [union for union in stayed if old.unions[union] != new.unions[union]]
    return len(moved)


def are_of_one_month(old: ReleaseFigures, new: ReleaseFigures) -> bool:
    """Whether two releases are of the same month."""
    months = {row["period"] for release in (old, new) for row in release.areas}
    return len(months) == 1


def rows_of(file: Path, columns: str = "*") -> list[Row]:
    """Rows of a Parquet file."""
    with reading() as connection:
        relation = connection.read_parquet(str(file)).select(columns)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
