"""The record of what an intake says otherwise than published months, and of its tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from orchestration.home.layout import REVISIONS_RECORD
from orchestration.home.records.record import (
    Digest,
    IntakeName,
    Month,
    Part,
    Record,
    ReleaseName,
    TableName,
    check_tables,
)

MADE_AGAIN = "Take it away, and `uhi source revisions` makes it again."

Count = Annotated[int, Field(ge=0)]
Figure = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+\.[0-9]{4}$")]


class RowsRevised(Part):
    """The revised rows of a source table in a county, None outside of all.

    unannounced: those among them that are gone, or do not say that they were changed since.
    """

    table: TableName
    county: str | None
    added: Count
    changed: Count
    gone: Count
    unannounced: Count

    @property
    def rows(self) -> int:
        """All of them."""
        return self.added + self.changed + self.gone


class FiguresRevised(Part):
    """How many figures of a published table would move in a county, None outside of all.

    A row of the table that would appear or be gone is one.
    """

    table: TableName
    county: str | None
    figures: Count


class IndexMove(Part):
    """How an index would move: of which union or area, and from what to what."""

    table: TableName
    code: str
    before: Figure
    after: Figure
    difference: Figure


class RevisedMonth(Part):
    """What an intake says otherwise than a release in force.

    rows_problem: why its rows could not be compared, None where they could; figures_problem: why
    its figures could not be computed on the intake, None where they could, or had not to be;
    largest_move: of an index, None where none would move; remarks: what to know of the comparison.
    """

    period: Month
    release: ReleaseName
    sha256sums: Digest
    as_of: str
    rows: tuple[RowsRevised, ...]
    rows_problem: str | None
    figures: tuple[FiguresRevised, ...]
    figures_problem: str | None
    largest_move: IndexMove | None
    remarks: tuple[str, ...]

    @property
    def is_as_published(self) -> bool:
        """Whether the intake says all that was published of the month, and nothing else."""
        return not self.rows and self.rows_problem is None


class Revisions(Record):
    """`revisions/<intake>/revisions.json`: what an intake says otherwise than published months.

    digest: of the intake; tables: SHA-256 of each Parquet file beside it, by its table.
    """

    intake: IntakeName
    digest: Digest
    months: tuple[RevisedMonth, ...]
    tables: dict[TableName, Digest]

    @property
    def revised(self) -> list[RevisedMonth]:
        """The months of which the intake says otherwise, or could not be asked."""
        return [month for month in self.months if not month.is_as_published]

    def of_releases(self, in_force: Mapping[str, str]) -> Self:
        """What it says of these releases alone, given by period: others have been corrected."""
        months = [month for month in self.months if in_force.get(month.period) == month.release]
        return self.model_copy(update={"months": tuple(months)})

    @classmethod
    def in_folder(cls, folder: Path) -> Self | None:
        """The record in a folder whose tables are as it says; None where there is no record.

        Raises VerificationError where the record is damaged, or a table is not as it says.
        """
        if not (folder / REVISIONS_RECORD).is_file():
            return None
        record = cls.read(folder / REVISIONS_RECORD)
        check_tables(folder, record.tables, MADE_AGAIN)
        return record
