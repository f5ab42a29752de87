"""An edition as its documents see it: its own tables, and what describes them.

Nothing else can be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.contract.methodology import Methodology
from orchestration.contract.methodology import Row as MethodologyRow
from orchestration.documents import figures
from orchestration.home.layout import CASES, CASES_RECORD
from orchestration.home.records.release import Imprint
from orchestration.home.records.signed import Override
from orchestration.home.records.verdict import Verdict
from orchestration.home.release_note import ReleaseNote
from quality.connection import reading, rows_as_dictionaries
from quality.verdict import Check

Row = dict[str, Any]
Rows = list[Row]


@dataclass(frozen=True)
class Edition:
    """An edition of a release, whose tables are written.

    folder: `public` or `internal` of the release; earlier: the same edition's folders of the
    releases in force of earlier months, oldest first; site_url: where the site will stand, if
    anywhere; note: what the release is, which every document says; imprint: who publishes it, and
    when (`standing.imprint_of`).
    """

    folder: Path
    methodology: Methodology
    verdict: Verdict
    overrides: Sequence[Override]
    earlier: Sequence[Path] = ()
    site_url: str | None = None
    note: ReleaseNote = field(default_factory=ReleaseNote)
    imprint: Imprint = field(default_factory=Imprint)

    @property
    def is_internal(self) -> bool:
        """Whether unions may be shown."""
        return self.folder.name == "internal"

    @property
    def has_cases(self) -> bool:
        """Whether it has the cases of alerts as of the evaluation of its candidate."""
        return (self.folder / CASES / CASES_RECORD).is_file()

    def observed(self, check: str) -> str:
        """What a check observed; nothing in the public edition.

        It may name small areas and their figures.
        """
        if not self.is_internal:
            return ""
        by_name = {each.name: each for each in self.verdict.checks}
        return figures.true_minus(by_name[check].observed)

    @property
    def warnings(self) -> list[Check]:
        """The checks that warned."""
        failed = [check for check in self.verdict.checks if not check.passed]
        return [check for check in failed if check.severity == "warn"]

    @property
    def period(self) -> str:
        """The month, as YYYY-MM."""
        return self.verdict.period

    def table(self, name: str) -> Rows:
        """The rows of one of its tables."""
        return rows_of(self.folder / f"{name}.parquet")

    @cached_property
    def areas(self) -> Rows:
        """Rows of area_index, by code."""
        return self.table("area_index")

    @cached_property
    def areas_by_code(self) -> dict[str, Row]:
        """The same, each by its code."""
        return {area["area_code"]: area for area in self.areas}

    @cached_property
    def city(self) -> Row:
        """The city's row of area_index."""
        [city] = self.areas_of("city")
        return city

    @cached_property
    def counties(self) -> Rows:
        """Rows of area_index of the counties, by code."""
        return self.areas_of("county")

    def areas_of(self, level: str) -> Rows:
        """Rows of area_index of a level, by code."""
        return [area for area in self.areas if area["level"] == level]

    @cached_property
    def ranking(self) -> Rows:
        """Rows of county_ranking by index, and so by rank, those without one last."""
        return by_index(self.table("county_ranking"))

    @property
    def hides_ranks(self) -> bool:
        """Whether the counties have no ranks, because a hidden one is ranked among them."""
        return lack_ranks(self.ranking)

    @property
    def hides_dimension_ranks(self) -> bool:
        """Whether the counties have no ranks in some dimension, for the same reason."""
        counties = {county["area_code"] for county in self.counties}
        rates = self.table("area_dimension")
        return lack_ranks((row for row in rates if row["area_code"] in counties), "rate")

    @cached_property
    def counties_by_rank(self) -> Rows:
        """Rows of area_index of the counties, in the order of the ranking."""
        return [self.area(county["area_code"]) for county in self.ranking]

    @property
    def city_and_counties(self) -> Rows:
        """The city's row of area_index, and those of the counties in the order of the ranking."""
        return [self.city, *self.counties_by_rank]

    @cached_property
    def rates(self) -> dict[tuple[str, str], Decimal | None]:
        """Rates by area and dimension."""
        rows = self.table("area_dimension")
        return {(row["area_code"], row["dimension"]): row["rate"] for row in rows}

    @cached_property
    def dimensions(self) -> list[MethodologyRow]:
        """The methodology's dimensions by position."""
        return by_position(self.methodology.tables["dimensions"])

    @cached_property
    def indicators(self) -> list[MethodologyRow]:
        """The methodology's indicators by position."""
        return by_position(self.methodology.tables["indicators"])

    @cached_property
    def unmeasured(self) -> int:
        """How many linked unions have no index, because no indicator applies to them.

        It is 0 where no union may be shown.
        """
        if not self.is_internal:
            return 0
        with reading() as connection:
            unions = connection.read_parquet(str(self.folder / "union_index.parquet"))
            return len(unions.filter("health_index is null"))

    def area(self, code: str) -> Row:
        """An area's row of area_index."""
        return self.areas_by_code[code]

    def townships(self, county: str) -> Rows:
        """Rows of area_index of a county's townships, by code."""
        townships = self.areas_of("township")
        return [row for row in townships if row["area_code"].startswith(county)]

    def trend(self, code: str) -> Rows:
        """An area's rows of area_index, by month.

        They are of the months released so far that have the area, and of this month.
        """
        found: Rows = []
        for folder in self.earlier:
            rows = rows_of(folder / "area_index.parquet")
            found += [row for row in rows if row["area_code"] == code]
        return [*found, self.area(code)]


def by_position(rows: Iterable[MethodologyRow]) -> list[MethodologyRow]:
    """Rows of a table of the methodology in their order."""
    return sorted(rows, key=lambda row: int(row["position"]))


def by_index(rows: Iterable[Row]) -> Rows:
    """Rows of areas by health index, the highest first, and code; those without one last.

    That is by rank, where they have one.
    """
    return sorted(rows, key=place_in_order)


def place_in_order(row: Row) -> tuple[bool, Decimal, str]:
    """What a row of an area is ordered by: its index, if it has one, and its code."""
    index: Decimal | None = row["health_index"]
    return index is None, -(index or Decimal(0)), row["area_code"]


def lack_ranks(rows: Iterable[Row], figure: str = "health_index") -> bool:
    """Whether areas have the figure that is ranked, but no ranks: one ranked with them is hidden.

    rows: with that figure and `rank`, of counties, or of the townships of one.
    """
    return any(row[figure] is not None and row["rank"] is None for row in rows)


def rows_of(file: Path) -> Rows:
    """Rows of a Parquet file as dictionaries."""
    with reading() as connection:
        found = connection.execute("select * from read_parquet($1)", [str(file)])
        return rows_as_dictionaries(found)
