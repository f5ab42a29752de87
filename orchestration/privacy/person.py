"""One person in the landing: their pseudonym, their memberships, and the rows about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.contract.registry import SourceTable, key_text, person_columns, source_tables
from orchestration.errors import UsageError
from orchestration.extract import pseudonyms
from orchestration.extract.casting import quoted
from orchestration.home.layout import Home
from orchestration.home.records.intake import IntakeRecord
from quality.connection import connect

NUMBER = "identity_number"
Condition = tuple[str, list[Any]]


@dataclass(frozen=True)
class LandedRows:
    """The rows about a person in a landed file that intakes of a source show as a table."""

    source: str
    table: SourceTable
    file: Path
    rows: int


def pseudonym_of(number: str, key: bytes) -> str:
    """The pseudonym that extraction gives a resident identity number.

    Raises UsageError, which does not show it, where it is none.
    """
    with connect() as connection:
        pseudonyms.open_pseudonyms(connection, key)
        valid_sql = pseudonyms.identity_number_valid("cell")
        placeholder_sql = pseudonyms.identity_number_placeholder("cell")
        pseudonym_sql = pseudonyms.pseudonym("cell", NUMBER)
        query = (
            f"select {valid_sql}, {placeholder_sql}, {pseudonym_sql} "
            "from (select normalised($1::varchar) as cell)"
        )
        [(valid, placeholder, pseudonym)] = connection.execute(query, [number]).fetchall()
    if not valid or placeholder:
        raise UsageError(
            "This is no resident identity number: it needs 18 characters, "
            "the last of which checks the others (GB 11643)."
        )
    return str(pseudonym)


class Person:
    """A person as the intakes of a landing know them.

    memberships: their keys by source and table of persons.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        home: Home,
        records: list[IntakeRecord],
        pseudonym: str,
    ) -> None:
        """Find the memberships in these intakes; their pseudonyms have the same key as this one."""
        self.connection = connection
        self.home = home
        self.pseudonym = pseudonym
        self.memberships: dict[str, dict[str, set[str]]] = {}
        for source, table, file in self.files(records):
            column = identity_column(table)
            if column:
                by_table = self.memberships.setdefault(source, {})
                keys = by_table.setdefault(table.name, set())
                keys.update(self.membership_keys(table, column, file))

    def membership_keys(
        self,
        table: SourceTable,
        column: str,
        file: Path,
    ) -> list[str]:
        """The person's keys in a landed file of a table of persons; column: of pseudonyms."""
        [key] = table.key
        query = (
            f"select distinct {quoted(key)} from read_parquet($1) "
            f"where {quoted(column)} = $2 and {quoted(key)} is not null"
        )
        found = self.connection.execute(query, [str(file), self.pseudonym]).fetchall()
        return [membership for (membership,) in found]

    def files(self, records: list[IntakeRecord]) -> Iterator[tuple[str, SourceTable, Path]]:
        """The landed files of intakes that may have rows about a person, each once per source."""
        tables = source_tables()
        shown = {
            (record.source, landed.table, landed.sha256): None
            for record in records
            for landed in record.tables
            if landed.table in person_columns()
        }
        for source, table, sha256 in shown:
            yield source, tables[table], self.home.objects / f"{sha256}.parquet"

    def is_about(self, source: str, table: SourceTable) -> Condition:
        """SQL of whether a row of a source's table is about the person, and its parameters.

        It is by a membership, or by the pseudonym.
        """
        memberships = self.memberships.get(source, {})
        conditions = []
        parameters: list[Any] = []
        for column, persons in person_columns()[table.name].items():
            conditions.append(f"list_contains(?::varchar[], {quoted(column)})")
            parameters.append(sorted(memberships.get(persons, ())))
        pseudonyms_in = identity_column(table)
        if pseudonyms_in:
            conditions.append(f"{quoted(pseudonyms_in)} = ?")
            parameters.append(self.pseudonym)
        return f"coalesce({' or '.join(conditions)}, false)", parameters

    def rows(self, records: list[IntakeRecord]) -> list[LandedRows]:
        """The rows about the person in every landed file of these intakes that has any."""
        found = []
        for source, table, file in self.files(records):
            condition, parameters = self.is_about(source, table)
            query = f"select count(*) from read_parquet(?) where {condition}"
            [(rows,)] = self.connection.execute(query, [str(file), *parameters]).fetchall()
            if rows:
                found.append(LandedRows(source, table, file, rows))
        return found

    def keys(self, landed: LandedRows) -> list[str]:
        """The keys of such rows, as the account of refused rows writes them."""
        condition, parameters = self.is_about(landed.source, landed.table)
        query = f"select distinct {key_text(landed.table)} from read_parquet(?) where {condition}"
        found = self.connection.execute(query, [str(landed.file), *parameters]).fetchall()
        return [key for (key,) in found]

    def hand_others(self, landed: LandedRows) -> None:
        """Fill the temporary table `handed` with the landed rows that are not about the person."""
        condition, parameters = self.is_about(landed.source, landed.table)
        self.connection.execute(
            "create or replace temp table handed as "
            "select * exclude (landing_row, key_rows) "
            f"from read_parquet(?) where not {condition}",
            [str(landed.file), *parameters],
        )


def identity_column(table: SourceTable) -> str | None:
    """The landed column of a table with the pseudonyms of identity numbers; None if it has none."""
    for column in table.columns:
        if column.pii == NUMBER:
            return f"{column.stem}_pseudonym"
    return None
