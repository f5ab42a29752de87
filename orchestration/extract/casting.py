"""Contract types as SQL: when a cell fits its type, and its value when it does.

A cell handed over as text (CSV) fits only in the contract's written form; a typed cell (Parquet) fits where its column can hold
the type and the value is exact. No cell is ever guessed.
"""

import re
from dataclasses import dataclass

from orchestration.errors import SourceError

INTEGER_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
WRITTEN_FORM = {
    "int": r"-?\d+",
    "decimal": r"-?\d+(\.\d+)?",
    "date": r"\d{4}-\d{2}-\d{2}",
    "timestamptz": r"\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)?",
}
OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)$"


@dataclass(frozen=True)
class Cast:
    """SQL of a column: its value (null where the cell does not fit) and whether a filled cell does not fit."""

    value: str
    misfit: str


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def from_text(column: str, contract_type: str, zone: str) -> Cast:
    """Cast of a text column in the forms of CSV."""
    cell = quoted(column)
    if contract_type == "text":
        return Cast(cell, "false")
    if contract_type == "bool":
        return Cast(f"case {cell} when 'true' then true when 'false' then false end", f"{cell} not in ('true', 'false')")
    kind = contract_type.partition("(")[0]
    form = f"regexp_full_match({cell}, '{WRITTEN_FORM[kind]}')"
    if kind == "decimal":
        width, scale = decimal_parts(contract_type)
        exact = f"regexp_full_match({cell}, '-?0*\\d{{1,{width - scale}}}(\\.\\d{{1,{scale}}}0*)?')"
        value = f"case when {exact} then try_cast({cell} as decimal({width}, {scale})) end"
    elif kind == "timestamptz":
        zoned = f"regexp_matches({cell}, '{OFFSET}') and not regexp_full_match({cell}, '{WRITTEN_FORM['date']}')"
        with_zone = f"try_cast(regexp_replace({cell}, '([+-]\\d{{2}})(\\d{{2}})$', '\\1:\\2') as timestamptz)"
        value = f"case when {form} and ({zoned}) then {with_zone} when {form} then timezone('{zone}', try_cast({cell} as timestamp)) end"
    else:
        target = {"int": "integer", "date": "date"}[kind]
        value = f"case when {form} then try_cast({cell} as {target}) end"
    return Cast(value, f"{cell} is not null and ({value}) is null")


def from_typed(column: str, duckdb_type: str, contract_type: str, zone: str) -> Cast | None:
    """Cast of a typed column; None where its type cannot hold the contract's."""
    cell = quoted(column)
    kind = contract_type.partition("(")[0]
    decimal_or_integer = duckdb_type.startswith("DECIMAL") or duckdb_type in INTEGER_TYPES
    if (kind, duckdb_type) in {("text", "VARCHAR"), ("bool", "BOOLEAN")}:
        return Cast(cell, "false")
    if kind == "date" and duckdb_type == "DATE":
        return Cast(f"case when isfinite({cell}) then {cell} end", f"not isfinite({cell})")
    if kind == "timestamptz" and duckdb_type.startswith("TIMESTAMP"):
        moment = f"{cell}::timestamptz" if duckdb_type == "TIMESTAMP WITH TIME ZONE" else f"timezone('{zone}', {cell}::timestamp)"
        return Cast(f"case when isfinite({cell}::timestamp) then {moment} end", f"not isfinite({cell}::timestamp)")
    if kind == "int" and duckdb_type in INTEGER_TYPES:
        return Cast(f"try_cast({cell} as integer)", f"{cell} is not null and try_cast({cell} as integer) is null")
    if kind == "decimal" and decimal_or_integer:
        width, scale = decimal_parts(contract_type)
        narrowed = f"try_cast({cell} as decimal({width}, {scale}))"
        exact = f"coalesce({narrowed} = {cell}, false)"
        return Cast(f"case when {exact} then {narrowed} end", f"{cell} is not null and not {exact}")
    return None


def decimal_parts(contract_type: str) -> tuple[int, int]:
    """Width and scale of decimal(p,s)."""
    match = re.fullmatch(r"decimal\((\d+),\s*(\d+)\)", contract_type)
    if not match:
        raise SourceError(f"'{contract_type}' in the registry is no decimal(p,s).")
    return int(match[1]), int(match[2])
