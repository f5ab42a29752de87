"""The record of the cases of alerts as of an evaluation, and how its tables are held against it."""

from datetime import date
from pathlib import Path
from typing import Self

from pydantic import Field

from orchestration.home.layout import CASES_RECORD
from orchestration.home.records.record import Digest, Month, Record, TableName, check_tables


class CaseSnapshot(Record):
    """`alerts/cases.json`: as of which evaluation the tables of cases beside it are.

    verdict: SHA-256 of the verdict whose candidate was evaluated; entry, log: the number of the
    evaluation in the log of alerts, and the SHA-256 of what it says there; tables: SHA-256 of each
    Parquet file, by its table.
    """

    period: Month
    as_of: date
    verdict: Digest
    entry: int = Field(ge=1)
    log: Digest
    tables: dict[TableName, Digest]

    @classmethod
    def in_folder(cls, folder: Path) -> Self | None:
        """The record in a folder whose tables are as it says; None where there is no record.

        Raises VerificationError where the record is damaged, or a table is not as it says.
        """
        if not (folder / CASES_RECORD).is_file():
            return None
        record = cls.read(folder / CASES_RECORD)
        check_tables(folder, record.tables)
        return record
