"""The source tables as the one registry (dbt's sources) has them: names, types, keys, personal columns. Nothing is defined here."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from quality.profile import ProfiledColumn

REGISTRY = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "sources.yml"


@dataclass(frozen=True)
class SourceColumn:
    """A column as handed over.

    type: the contract's; required: never null; pii: `drop`, or the purpose of its pseudonym; prose: names in Chinese, not codes.
    """

    name: str
    type: str
    required: bool
    pii: str | None
    prose: bool


@dataclass(frozen=True)
class SourceTable:
    """A source table: its columns as handed over, its key, its watermark (None: handed over whole), and the rows it must at least have."""

    name: str
    key: tuple[str, ...]
    watermark: str | None
    least_rows: int
    columns: tuple[SourceColumn, ...]


@cache
def source_tables() -> dict[str, SourceTable]:
    """All source tables by name, in the registry's order."""
    registry = yaml.load(REGISTRY.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    tables = {}
    for table in registry["sources"][0]["tables"]:
        meta = table["config"]["meta"]
        columns = tuple(
            SourceColumn(column["name"], handed["type"], handed.get("required", False), handed.get("pii"), handed.get("prose", False))
            for column in table["columns"]
            if "type" in (handed := column.get("config", {}).get("meta", {}))
        )
        tables[table["name"]] = SourceTable(table["name"], tuple(meta["key"]), meta.get("watermark"), meta.get("least_rows", 0), columns)
    return tables


def profiled_columns() -> "dict[str, list[ProfiledColumn]]":
    """The landed columns of each table whose looks the gate compares: all that say something, but for the watermark."""
    from quality.profile import ProfiledColumn

    registry = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    return {
        table["name"]: [
            ProfiledColumn(
                column["name"],
                column["data_type"],
                tuple(meta.get("accepted", ())),
                meta.get("count_repeats", False),
                meta.get("seldom_above"),
            )
            for column in table["columns"]
            if "data_type" in column and (meta := column.get("config", {}).get("meta")) and column["name"] != "updated_at"
        ]
        for table in registry["sources"][0]["tables"]
    }
