"""The hand-over by the Open Data Contract Standard (ODCS 3.1), without any address of a host."""

from collections.abc import Iterator
from typing import Any

import yaml

from orchestration.contract.clock import city_zone
from orchestration.contract.dictionary import (
    DescribedColumn,
    DescribedTable,
    RowRule,
    Words,
    described_tables,
)
from orchestration.contract.registry import contract_version, person_columns
from orchestration.extract.casting import stored_type
from orchestration.plain_text import LONGEST_CELL
from orchestration.source_contract.rules import bounds_of, is_query, rules_of_table
from orchestration.source_contract.wording import both, codes_of, named, say

Entry = dict[str, Any]
VERSION = "v3.1.0"
LOGICAL_TYPES = {
    "text": "string",
    "int": "integer",
    "decimal": "number",
    "bool": "boolean",
    "date": "date",
    "timestamptz": "timestamp",
}


def contract_text() -> str:
    """The contract in YAML."""
    return yaml.dump(contract(), allow_unicode=True, sort_keys=False, width=100)


def contract() -> Entry:
    """The contract as the standard has it."""
    return {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": "union-health-sources",
        "name": both(say("title", "contract")),
        "version": f"{contract_version()}.0.0",
        "status": "active",
        "description": {
            "purpose": both(say("text", "purpose")),
            "usage": both(say("text", "usage")),
            "limitations": both(say("text", "limitations")),
        },
        "schema": [schema_of(table) for table in described_tables().values()],
        "slaProperties": list(service_levels()),
    }


def schema_of(table: DescribedTable) -> Entry:
    """A table."""
    rules = [text_rule(words) for words in rules_of_table(table)]
    rules += [row_rule(rule) for rule in table.rules]
    entry: Entry = {
        "name": table.table.name,
        "physicalName": table.table.name,
        "logicalType": "object",
        "physicalType": "table",
        "businessName": both(table.name),
        "description": both(table.row),
        "dataGranularityDescription": both(table.row),
        "properties": [property_of(each, table) for each in table.columns],
        "quality": rules,
    }
    if table.is_optional:
        entry["tags"] = ["optional"]
    return entry


def property_of(described: DescribedColumn, table: DescribedTable) -> Entry:
    """A column of a table."""
    column = described.column
    key = table.table.key
    entry: Entry = {
        "name": column.name,
        "physicalName": column.name,
        "businessName": both(described.name),
        "description": both(described.description),
        "logicalType": LOGICAL_TYPES[column.kind],
        "physicalType": stored_type(column.type),
        "required": column.required,
        "unique": (column.name,) == key or column.name in table.unique,
        "classification": classification_of(described, table),
        "examples": [described.example],
    }
    if column.name in key:
        entry |= {"primaryKey": True, "primaryKeyPosition": key.index(column.name) + 1}
    if options := options_of(described, table):
        entry["logicalTypeOptions"] = options
    if described.refers_to:
        [referred] = described_tables()[described.refers_to].table.key
        entry["relationships"] = [
            {"type": "foreignKey", "to": f"{described.refers_to}.{referred}"},
        ]
    if described.codes:
        entry["quality"] = [codes_rule(described)]
    return entry


def classification_of(described: DescribedColumn, table: DescribedTable) -> str:
    """How far a column may go: restricted where it identifies a person.

    Confidential is what else is in a table of rows about persons.
    """
    if described.column.pii:
        return "restricted"
    return "confidential" if table.table.name in person_columns() else "internal"


def options_of(described: DescribedColumn, table: DescribedTable) -> Entry:
    """What bounds the values of a column."""
    match described.column.kind:
        case "text":
            form = {"pattern": f"^(?:{described.pattern})$"} if described.pattern else {}
            return {"maxLength": LONGEST_CELL} | form
        case "date":
            first = {"minimum": described.earliest} if described.earliest else {}
            return {"format": "yyyy-MM-dd"} | first
        case "timestamptz":
            first = {"minimum": f"{described.earliest}T00:00:00"} if described.earliest else {}
            return first | {"timezone": True, "defaultTimezone": str(city_zone())}
    bounds = bounds_of(described, table)
    if bounds is None:
        return {}
    greatest = {} if bounds.greatest is None else {"maximum": bounds.greatest}
    return {"minimum": bounds.least} | greatest


def codes_rule(described: DescribedColumn) -> Entry:
    """That a column has none but its codes."""
    words = say("rule", "codes", column=named(described), codes=codes_of(described))
    return {
        "type": "library",
        "metric": "invalidValues",
        "arguments": {"validValues": list(described.codes)},
        "mustBe": 0,
        "unit": "rows",
        "dimension": "conformity",
        "severity": "error",
        "description": both(words),
    }


def row_rule(rule: RowRule) -> Entry:
    """A row rule: as a query of how many rows break it, or in words where SQL cannot say it."""
    if not is_query(rule):
        return text_rule(rule.words)
    return {
        "type": "sql",
        "query": f"SELECT COUNT(*) FROM ${{object}} WHERE NOT ({rule.sql})",
        "mustBe": 0,
        "unit": "rows",
        "dimension": "consistency",
        "severity": "error",
        "description": both(rule.words),
    }


def text_rule(words: Words) -> Entry:
    """A rule in words."""
    return {"type": "text", "severity": "error", "description": both(words)}


def service_levels() -> Iterator[Entry]:
    """How often the tables are handed over, in which time zone, and what tells what changed."""
    watermarks = [
        f"{name}.{table.table.watermark}"
        for name, table in described_tables().items()
        if table.table.watermark
    ]
    yield {
        "property": "frequency",
        "value": 1,
        "valueExt": 31,
        "unit": "d",
        "description": both(say("text", "nightly")),
    }
    yield {
        "property": "timeZone",
        "value": str(city_zone()),
        "description": both(say("text", "zone")),
    }
    yield {
        "property": "watermark",
        "value": "updated_at",
        "element": ", ".join(watermarks),
        "description": both(say("text", "watermark")),
    }
