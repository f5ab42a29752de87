"""An edition as its documents see it: its own tables, and what describes them.

Nothing else can be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.contract.methodology import Methodology, Row
from orchestration.documents import figures
from orchestration.home.records.release import Imprint
from orchestration.home.records.signed import Override
from orchestration.home.records.verdict import Verdict
from orchestration.home.release_note import ReleaseNote
from quality.connection import reading

Rows = list[dict[str, Any]]


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

    def observed(self, check: str) -> str:
        """What a check observed; nothing in the public edition.

        It may name small areas and their figures.
        """
        if not self.is_internal:
            return ""
        found = next(each for each in self.verdict.checks if each.name == check)
        return figures.true_minus(found.observed)

    @property
    def period(self) -> str:
        """The month, as YYYY-MM."""
        return self.verdict.period

    @cached_property
    def areas(self) -> Rows:
        """Rows of area_index, by code."""
        return rows_of(self.folder / "area_index.parquet")

    @cached_property
    def city(self) -> dict[str, Any]:
        """The city's row of area_index."""
        return next(row for row in self.areas if row["level"] == "city")

    @cached_property
    def ranking(self) -> Rows:
        """Rows of county_ranking by rank, those without one last."""
        rows = rows_of(self.folder / "county_ranking.parquet")
        return sorted(
            rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["area_code"])
        )

    @cached_property
    def rates(self) -> dict[tuple[str, str], Decimal | None]:
        """Rates by area and dimension."""
        return {
            (row["area_code"], row["dimension"]): row["rate"]
            for row in rows_of(self.folder / "area_dimension.parquet")
        }

    @cached_property
    def dimensions(self) -> list[Row]:
        """The methodology's dimensions by position."""
        return by_position(self.methodology.tables["dimensions"])

    @cached_property
    def indicators(self) -> list[Row]:
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

    def area(self, code: str) -> dict[str, Any]:
        """An area's row of area_index."""
        return next(row for row in self.areas if row["area_code"] == code)

    def townships(self, county: str) -> Rows:
        """Rows of area_index of a county's townships, by code."""
        return [
            row
            for row in self.areas
            if row["level"] == "township" and row["area_code"].startswith(county)
        ]

    def trend(self, code: str) -> list[tuple[str, dict[str, Any]]]:
        """An area's rows of area_index with their periods.

        They are of the months released so far that have the area, and of this month.
        """
        found = [
            row
            for folder in self.earlier
            for row in rows_of(folder / "area_index.parquet")
            if row["area_code"] == code
        ]
        return [(row["period"], row) for row in [*found, self.area(code)]]


def by_position(rows: Iterable[Row]) -> list[Row]:
    """Rows of a table of the methodology in their order."""
    return sorted(rows, key=lambda row: int(row["position"]))


def rows_of(file: Path) -> Rows:
    """Rows of a Parquet file as dictionaries."""
    with reading() as connection:
        found = connection.execute("select * from read_parquet($1)", [str(file)])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
