"""Contract types as SQL: when a cell fits its type, and its value when it does.

A cell handed over as text (CSV) fits only in the contract's written form; a typed cell (Parquet)
fits where its column can hold the type and the value is exact. No cell is ever guessed.
"""

import re
from dataclasses import dataclass

from orchestration.errors import SourceError
from orchestration.plain_text import HIDDEN_IN_CELLS, LONGEST_CELL

INTEGER_TYPES = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
)
NO_TYPE = '"NULL"'
ZONED = ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS")
ZONELESS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
HOLDS = {
    "text": ("VARCHAR", "UUID"),
    "bool": ("BOOLEAN", *INTEGER_TYPES),
    "int": (*INTEGER_TYPES, "DECIMAL", "DOUBLE"),
    "decimal": (*INTEGER_TYPES, "DECIMAL"),
    "date": ("DATE", *ZONELESS),
    "timestamptz": (*ZONED, *ZONELESS),
}
DUE = {
    "text": "text",
    "bool": "a boolean, or an integer of 0 and 1",
    "int": "an integer",
    "decimal": "a decimal or an integer",
    "date": "a date, or a timestamp without zone at midnight",
    "timestamptz": "a timestamp",
}
WRITTEN = {
    "text": f"text of at most {LONGEST_CELL} characters, none of them hidden",
    "bool": "true or false",
    "int": "a whole number such as 12",
    "decimal": "a number such as 12.50",
    "date": "a day as YYYY-MM-DD",
    "timestamptz": "a moment as YYYY-MM-DDThh:mm:ss+08:00",
}
WRITTEN_FORM = {
    "int": r"-?\d+",
    "decimal": r"-?\d+(\.\d+)?",
    "date": r"\d{4}-\d{2}-\d{2}",
    "timestamptz": (
        r"\d{4}-\d{2}-\d{2}[T ]"
        r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?"
        r"(Z|[+-]\d{2}(:?\d{2})?)?"
    ),
}
OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)$"
DAYS = ("date '0001-01-01'", "date '9999-12-31'")
FIRST_MOMENT = "timestamptz '0001-01-01 00:00:00+00'"
LAST_MOMENT = "timestamp '9999-12-31 23:59:59.999999'"
CLOCK_TIMES = ("timestamp '0001-01-01 00:00:00'", LAST_MOMENT)


@dataclass(frozen=True)
class Cast:
    """SQL of a column: its value, null where the cell does not fit, and whether it does not fit.

    An empty cell fits.
    """

    value: str
    misfit: str


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def from_text(column: str, contract_type: str, zone: str) -> Cast:
    """Cast of a text column in the forms of CSV."""
    cell = quoted(column)
    if contract_type == "text":
        return printing(cell)
    if contract_type == "bool":
        return Cast(
            f"case {cell} when 'true' then true when 'false' then false end",
            f"{cell} not in ('true', 'false')",
        )
    kind = contract_type.partition("(")[0]
    form = f"regexp_full_match({cell}, '{WRITTEN_FORM[kind]}')"
    if kind == "decimal":
        width, scale = decimal_parts(contract_type)
        exact = f"regexp_full_match({cell}, '-?0*\\d{{1,{width - scale}}}(\\.\\d{{1,{scale}}}0*)?')"
        value = f"case when {exact} then try_cast({cell} as decimal({width}, {scale})) end"
    elif kind == "timestamptz":
        zoned = (
            f"regexp_matches({cell}, '{OFFSET}') "
            f"and not regexp_full_match({cell}, '{WRITTEN_FORM['date']}')"
        )
        with_colon = f"regexp_replace({cell}, '([+-]\\d{{2}})(\\d{{2}})$', '\\1:\\2')"
        with_zone = f"try_cast({with_colon} as timestamptz)"
        local = f"timezone('{zone}', try_cast({cell} as timestamp))"
        moment = f"case when {form} and ({zoned}) then {with_zone} when {form} then {local} end"
        value = within(moment, moments(zone))
    elif kind == "date":
        value = within(f"case when {form} then try_cast({cell} as date) end", DAYS)
    else:
        value = f"case when {form} then try_cast({cell} as integer) end"
    return Cast(value, f"{cell} is not null and ({value}) is null")


def from_typed(
    column: str,
    duckdb_type: str,
    contract_type: str,
    zone: str,
) -> Cast | None:
    """Cast of a typed column; None where its type cannot hold the contract's without loss."""
    cell = quoted(column)
    if duckdb_type == NO_TYPE:
        return Cast(f"cast({cell} as {stored_type(contract_type)})", "false")
    kind = contract_type.partition("(")[0]
    family = "DECIMAL" if duckdb_type.startswith("DECIMAL") else duckdb_type
    if family not in HOLDS[kind]:
        return None
    if kind == "text":
        return printing(f"cast({cell} as varchar)")
    if kind == "date":
        value = within(exact_value(cell, kind, duckdb_type), DAYS)
    elif kind == "timestamptz":
        value = within(moment_of(cell, duckdb_type, zone), moments(zone))
    else:
        value = exact_value(cell, stored_type(contract_type), duckdb_type)
    return Cast(value, f"{cell} is not null and ({value}) is null")


def stored_type(contract_type: str) -> str:
    """DuckDB's type that a contract's type is landed in."""
    names = {"text": "varchar", "bool": "boolean", "int": "integer"}
    return names.get(contract_type, contract_type)


def exact_value(cell: str, target: str, duckdb_type: str) -> str:
    """SQL of a cell in another type, null where it would not come back the same from it."""
    narrowed = f"try_cast({cell} as {target})"
    same = f"coalesce(try_cast({narrowed} as {duckdb_type}) = {cell}, false)"
    return f"case when {same} then {narrowed} end"


def printing(cell: str) -> Cast:
    """Cast of a text of bounded length without hidden characters.

    Tabs and line breaks are allowed.
    """
    hidden = f"regexp_matches({cell}, '{HIDDEN_IN_CELLS}')"
    unfit = f"({hidden} or length({cell}) > {LONGEST_CELL})"
    return Cast(f"case when not {unfit} then {cell} end", f"coalesce({unfit}, false)")


def within(value: str, bounds: tuple[str, str]) -> str:
    """SQL of a day or moment, null outside the bounds, where a year does not have four digits."""
    first, last = bounds
    return f"case when {value} between {first} and {last} then {value} end"


def moments(zone: str) -> tuple[str, str]:
    """SQL of the first and the last moment whose year has four digits, in UTC and in the zone.

    The zone lies east of UTC.
    """
    return FIRST_MOMENT, f"timezone('{zone}', {LAST_MOMENT})"


def moment_of(cell: str, duckdb_type: str, zone: str) -> str:
    """SQL of a typed timestamp, null where it has parts of a microsecond."""
    if duckdb_type in ZONED:
        return exact_value(cell, "timestamptz", duckdb_type)
    clock = within(exact_value(cell, "timestamp", duckdb_type), CLOCK_TIMES)
    return f"timezone('{zone}', {clock})"


def decimal_parts(contract_type: str) -> tuple[int, int]:
    """Width and scale of decimal(p,s)."""
    match = re.fullmatch(r"decimal\((\d+),\s*(\d+)\)", contract_type)
    if not match:
        raise SourceError(f"'{contract_type}' in the registry is no decimal(p,s).")
    return int(match[1]), int(match[2])
