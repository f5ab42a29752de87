"""The source tables as the registry (dbt's sources) has them: names, types, keys, personal columns.

Nothing is defined here. Tables that a source may hand over besides, which dbt does not read, stand
in `further_sources.yml`, in the same form.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from quality.profile import ProfiledColumn

REGISTRY_PATH = Path("models", "sources.yml")
REGISTRY = Path(__file__).resolve().parents[2] / "dbt_project" / REGISTRY_PATH
FURTHER = Path(__file__).with_name("further_sources.yml")
DAYS = ("date", "timestamptz")


@dataclass(frozen=True)
class SourceColumn:
    """A column as handed over.

    type: the contract's; required: never null; pii: `drop`, or the purpose of its pseudonym;
    garbled_share: of names in Chinese, the share of cells that may be none before the source is
    refused; None of other columns. accepted: the values that it may have; empty for any.
    """

    name: str
    type: str
    required: bool
    pii: str | None
    garbled_share: float | None
    description: str
    accepted: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The contract's type without its width."""
        return self.type.partition("(")[0]

    @property
    def stem(self) -> str:
        """What the names of the columns begin with that extraction makes of a personal one."""
        return self.name.removesuffix("_number")


@dataclass(frozen=True)
class Day:
    """The column of a moment's day by the city's clock, which staging has instead of the moment."""

    name: str
    description: str


@dataclass(frozen=True)
class LandedColumn:
    """A column of the source's as landed.

    type: as SQL has it; derived_from: the personal column that it is made of, which is not landed
    itself; day: what staging has instead of a moment, None of other columns; comes_with: the column
    of the day before which its value is not known, None where it has none.
    """

    name: str
    type: str
    derived_from: str | None
    day: Day | None
    description: str
    comes_with: str | None = None


@dataclass(frozen=True)
class SourceTable:
    """A source table: its columns as handed over and as landed, and what holds of its rows.

    watermark: None where it is handed over whole; least_rows: fewer refuse the source; references:
    columns, each with the table whose rows it names; name_zh, description: what it holds.
    """

    name: str
    key: tuple[str, ...]
    watermark: str | None
    least_rows: int
    references: dict[str, str]
    columns: tuple[SourceColumn, ...]
    landed: tuple[LandedColumn, ...]
    name_zh: str
    description: str

    @property
    def begins(self) -> str | None:
        """The column of the day on which what a row is of came to be; None of a table without one.

        It is the first day or moment that each row has, in the registry's order.
        """
        days = (
            column.name
            for column in self.columns
            if column.required and column.kind in DAYS and column.name != self.watermark
        )
        return next(days, None)


@cache
def contract_version() -> int:
    """The version of the source contract that the registry states."""
    registry = yaml.load(REGISTRY.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    version: int = registry["sources"][0]["config"]["meta"]["contract_version"]
    return version


@cache
def registry_entries() -> list[dict[str, Any]]:
    """The source tables as the registry has them, in dbt's own words."""
    return read_entries(REGISTRY)


def read_entries(file: Path) -> list[dict[str, Any]]:
    """The source tables as a registry has them, in dbt's own words."""
    registry = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    tables: list[dict[str, Any]] = registry["sources"][0]["tables"]
    return tables


@cache
def source_tables() -> dict[str, SourceTable]:
    """All source tables by name, in the registry's order."""
    return read_source_tables(REGISTRY)


@cache
def further_tables() -> dict[str, SourceTable]:
    """The tables that a source may hand over besides, by name."""
    return read_source_tables(FURTHER)


def read_source_tables(file: Path) -> dict[str, SourceTable]:
    """The source tables of a registry by name, in its order."""
    return {entry["name"]: source_table(entry) for entry in read_entries(file)}


def source_table(entry: dict[str, Any]) -> SourceTable:
    """A source table as its entry in the registry has it."""
    meta = entry["config"]["meta"]
    columns = tuple(
        SourceColumn(
            column["name"],
            handed["type"],
            handed.get("required", False),
            handed.get("pii"),
            handed.get("garbled_share"),
            column["description"],
            tuple(handed.get("accepted", ())),
        )
        for column in entry["columns"]
        if "type" in (handed := column.get("config", {}).get("meta", {}))
    )
    landed = tuple(
        landed_column(column)
        for column in entry["columns"]
        if "data_type" in column and "config" in column
    )
    return SourceTable(
        name=entry["name"],
        key=tuple(meta["key"]),
        watermark=meta.get("watermark"),
        least_rows=meta.get("least_rows", 0),
        references=meta.get("references", {}),
        columns=columns,
        landed=landed,
        name_zh=meta["zh"],
        description=entry["description"],
    )


def landed_column(column: dict[str, Any]) -> LandedColumn:
    """A landed column as its entry in the registry has it."""
    meta = column["config"]["meta"]
    return LandedColumn(
        column["name"],
        column["data_type"],
        meta.get("derived_from"),
        Day(**meta["day"]) if "day" in meta else None,
        column["description"],
        meta.get("comes_with"),
    )


@cache
def person_columns() -> dict[str, dict[str, str]]:
    """The columns that say which person a row is about, of each table of such rows.

    Each column is given with the table of persons whose key it holds. A table of persons is one
    with a personal column; the other tables are those that refer to it.
    """
    persons = {
        name: table.key
        for name, table in source_tables().items()
        if any(column.pii for column in table.columns)
    }
    found = {}
    for name, table in source_tables().items():
        own = dict.fromkeys(persons.get(name, ()), name)
        columns = own | {
            column: referred for column, referred in table.references.items() if referred in persons
        }
        if columns:
            found[name] = columns
    return found


def key_text(table: SourceTable) -> str:
    """SQL of a row's key as the account of refused rows writes it: columns divided by slashes."""
    return " || '/' || ".join(f"coalesce(cast({name} as varchar), '')" for name in table.key)


def profiled_columns() -> "dict[str, list[ProfiledColumn]]":
    """The landed columns of each table that the gate judges: all that say something."""
    from quality.profile import ProfiledColumn

    return {
        table["name"]: [
            ProfiledColumn(
                column["name"],
                column["data_type"],
                tuple(meta.get("accepted", ())),
                meta.get("count_repeats", False),
                meta.get("seldom_above"),
                meta.get("earliest"),
                column["name"] == table["config"]["meta"].get("watermark"),
            )
            for column in table["columns"]
            if "data_type" in column and (meta := column.get("config", {}).get("meta"))
        ]
        for table in registry_entries()
    }
