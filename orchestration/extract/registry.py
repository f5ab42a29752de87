"""The source tables as the one registry (dbt's sources) has them: names, types, keys, personal columns. Nothing is defined here."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

REGISTRY = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "sources.yml"


@dataclass(frozen=True)
class SourceColumn:
    """A column as handed over: its contract type, whether it may be null, and the purpose of its pseudonym or `drop` where personal."""

    name: str
    type: str
    required: bool
    pii: str | None


@dataclass(frozen=True)
class SourceTable:
    """A source table: its columns as handed over, its key, and its watermark (None: handed over whole)."""

    name: str
    key: tuple[str, ...]
    watermark: str | None
    columns: tuple[SourceColumn, ...]


@cache
def source_tables() -> dict[str, SourceTable]:
    """All source tables by name, in the registry's order."""
    registry = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    tables = {}
    for table in registry["sources"][0]["tables"]:
        meta = table["config"]["meta"]
        columns = tuple(
            SourceColumn(column["name"], handed["type"], handed.get("required", False), handed.get("pii"))
            for column in table["columns"]
            if "type" in (handed := column.get("config", {}).get("meta", {}))
        )
        tables[table["name"]] = SourceTable(table["name"], tuple(meta["key"]), meta.get("watermark"), columns)
    return tables
