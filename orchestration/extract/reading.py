"""One source table as the rows that are landed: typed, with persons as pseudonyms.

Each row has its first fault that extraction can see.
"""

import difflib
from typing import NamedTuple

import duckdb

from orchestration.contract.clock import city_zone
from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.errors import SourceError
from orchestration.extract import personal_cells, pseudonyms
from orchestration.extract.casting import DUE, WRITTEN, Cast, from_text, from_typed, quoted
from orchestration.extract.source import Source, SourceRelation, failure_of, unmapped_name
from orchestration.plain_text import LONGEST_CELL, problem_of

MOST_NAMES = 5
DECODED_WRONGLY = (
    " Such text was probably decoded with a wrong table of characters before it was handed over; "
    "hand it over in UTF-8."
)


def read_rows(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    relation: SourceRelation,
    table: SourceTable,
) -> None:
    """Fill the temporary table `handed` with the rows of a relation.

    Raises SourceError where columns are lacking or cannot hold their types, or the relation cannot
    be read to its end.
    """
    casts = casts_of(relation, table)
    rows = typed_rows(relation, table, casts)
    run(connection, f"create or replace temp table handed as {rows}", relation)
    if relation.is_text:
        refuse_unfit_columns(connection, source, table, casts)


def casts_of(relation: SourceRelation, table: SourceTable) -> dict[str, Cast]:
    """The cast of each column as it is handed over.

    Raises SourceError with every column that is lacking or whose type cannot hold the contract's.
    """
    problems = [*unfit_names(relation), *lacking_columns(relation, table)]
    casts = {}
    for column in table.columns:
        if column.name not in relation.types:
            continue
        cast = cast_of(column, relation)
        if cast is None:
            problems.append(unfit_type(column, relation))
        else:
            casts[column.name] = cast
    if problems:
        raise SourceError(*problems)
    return casts


def unfit_names(relation: SourceRelation) -> list[str]:
    """A problem for each column whose name no message or record can show as it stands."""
    found = {
        number: problem_of(name, LONGEST_CELL)
        for number, name in enumerate(relation.types, start=1)
    }
    return [
        f"{relation.location}: the name of column {number} cannot be taken: {problem}."
        for number, problem in found.items()
        if problem
    ]


def lacking_columns(relation: SourceRelation, table: SourceTable) -> list[str]:
    """A problem for each column that is not there, with the unknown one that may be meant."""
    due = {column.name for column in table.columns}
    unknown = [name for name in relation.types if name not in due]
    problems = []
    for column in table.columns:
        if column.name in relation.types:
            continue
        hint = hint_for(column.name, unknown)
        lacking = f"{relation.location}: table {table.name} lacks the column {column.name}"
        problems.append(f"{lacking} ({column.type}); {hint}")
    return problems


def hint_for(name: str, unknown: list[str]) -> str:
    """Which of the unknown columns may be meant by a name, or which there are."""
    close = difflib.get_close_matches(name, unknown, n=1)
    if close:
        return f"is {close[0]} meant?"
    others = ", ".join(unknown[:MOST_NAMES]) or "none"
    return f"unknown columns there: {others}."


def unfit_type(column: SourceColumn, relation: SourceRelation) -> str:
    """The problem of a column whose type cannot hold the contract's."""
    return (
        f"{relation.location}: column {column.name} is {relation.types[column.name]}, which cannot "
        f"hold {column.type} without loss; {DUE[column.kind]} is due."
    )


def run(
    connection: duckdb.DuckDBPyConnection, statement: str, relation: SourceRelation
) -> duckdb.DuckDBPyConnection:
    """Run a statement that reads a relation. Raises SourceError, which shows no cell."""
    try:
        return connection.execute(statement)
    except Exception as error:  # noqa: BLE001
        raise failure_of(error, relation.explain(error)) from None


def cast_of(column: SourceColumn, relation: SourceRelation) -> Cast | None:
    """The cast of a column as it is handed over; None where its type cannot hold the contract's."""
    duckdb_type = relation.types[column.name]
    if not relation.is_text:
        return from_typed(column.name, duckdb_type, column.type, str(city_zone()))
    if duckdb_type != "VARCHAR":
        return None
    return from_text(column.name, column.type, str(city_zone()))


def typed_rows(
    relation: SourceRelation,
    table: SourceTable,
    casts: dict[str, Cast],
) -> str:
    """SQL of the rows in the contract's types, each with its first fault.

    Persons are pseudonyms, and a cell with a personal value where none belongs is null.
    """
    persons = [column for column in table.columns if column.pii and column.pii != "drop"]
    selected = [
        f"{landed_value(column, casts)} as {quoted(column.name)}"
        for column in table.columns
        if not column.pii
    ]
    for column in persons:
        selected += pseudonym_columns(column)
    normal_columns = [
        f"normalised({quoted(column.name)}) as {quoted(normal_name(column))}" for column in persons
    ]
    handed_over = ", ".join(["*", *normal_columns, *personal_flags(table)])
    faults = faults_of(relation, table, casts)
    rule = "".join(f" when {fault.condition} then '{fault.rule}'" for fault in faults)
    named = "".join(f" when {fault.condition} then '{fault.column}'" for fault in faults)
    return f"""
        select {", ".join(selected)},
            case when false then ''{rule} end as fault_rule,
            case when false then ''{named} end as fault_column
        from (select {handed_over} from {relation.sql})
    """


def personal_flags(table: SourceTable) -> list[str]:
    """SQL of whether each cell has a personal value where none belongs."""
    return [
        f"{personal_cells.flag(column)} as {quoted(personal_cells.flag_name(column))}"
        for column in personal_cells.looked_at(table)
    ]


def landed_key(table: SourceTable, casts: dict[str, Cast]) -> str:
    """SQL of a row's key as it lands, without what is personal: columns divided by slashes."""
    columns = {column.name: column for column in table.columns}
    cells = [landed_value(columns[name], casts) for name in table.key]
    return " || '/' || ".join(f"coalesce(cast({cell} as varchar), '')" for cell in cells)


def landed_value(column: SourceColumn, casts: dict[str, Cast]) -> str:
    """SQL of what lands of a cell."""
    value = casts[column.name].value
    if column.type != "text":
        return value
    return f"case when not {quoted(personal_cells.flag_name(column))} then {value} end"


def normal_name(column: SourceColumn) -> str:
    """The name of a personal column in its normal form."""
    return f"normal_{column.name}"


def pseudonym_columns(column: SourceColumn) -> list[str]:
    """SQL of what is landed in place of a personal column, made of its normal form."""
    cell = quoted(normal_name(column))
    stem = column.stem
    columns = [f"{pseudonyms.pseudonym(cell, column.pii or '')} as {stem}_pseudonym"]
    if column.pii == "identity_number":
        columns += [
            f"{pseudonyms.identity_number_valid(cell)} as {stem}_valid",
            f"{pseudonyms.identity_number_placeholder(cell)} as {stem}_placeholder",
        ]
    return columns


class Fault(NamedTuple):
    """What can be wrong with a row: the rule, the column, and the condition in SQL."""

    rule: str
    column: str
    condition: str


def faults_of(
    relation: SourceRelation,
    table: SourceTable,
    casts: dict[str, Cast],
) -> list[Fault]:
    """The faults that extraction can see, the first one of a row telling."""
    unmapped = [Fault("map", name, quoted(unmapped_name(name))) for name in relation.unmapped]
    personal = [
        Fault(personal_cells.RULE, column.name, quoted(personal_cells.flag_name(column)))
        for column in personal_cells.looked_at(table)
    ]
    misfits = [
        Fault("type", name, cast.misfit) for name, cast in casts.items() if cast.misfit != "false"
    ]
    nulls = [
        Fault("null", column.name, f"{quoted(column.name)} is null")
        for column in table.columns
        if column.pii and column.required
    ]
    return [*unmapped, *misfits, *personal, *nulls]


def refuse_unfit_columns(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    table: SourceTable,
    casts: dict[str, Cast],
) -> None:
    """Raise SourceError for text columns that cannot hold their types at all.

    Of such a column more than one cell is filled and none fits. Each is named with a row's key.
    """
    misfits = connection.execute("select count(*) from handed where fault_rule = 'type'")
    if misfits.fetchall() == [(0,)]:
        return
    tested = [column for column in table.columns if casts[column.name].misfit != "false"]
    relation = source.open_table(connection, table)
    counts = []
    for column in tested:
        misfit = casts[column.name].misfit
        counts += [
            f"count({quoted(column.name)})",
            f"count(*) filter (where {misfit})",
            f"min({landed_key(table, casts)}) filter (where {misfit})",
        ]
    rows = ", ".join(["*", *personal_flags(table)])
    query = f"select {', '.join(counts)} from (select {rows} from {relation.sql})"
    [found] = run(connection, query, relation).fetchall()
    filled_cells, unfit_cells, keys = found[::3], found[1::3], found[2::3]
    counted = zip(tested, filled_cells, unfit_cells, keys, strict=True)
    problems = []
    for column, filled, unfit, key in counted:
        if filled == unfit > 1:
            problems.append(unfit_column(column, table, relation, key))
    if problems:
        raise SourceError(*problems)


def unfit_column(
    column: SourceColumn,
    table: SourceTable,
    relation: SourceRelation,
    key: str,
) -> str:
    """The problem of a text column of which no cell fits; key: of a row with such a cell."""
    article = "an" if column.kind == "int" else "a"
    hint = DECODED_WRONGLY if column.kind == "text" else ""
    return (
        f"{relation.location}: no cell of column {column.name} of {table.name} is "
        f"{article} {column.type}; "
        f"{WRITTEN[column.kind]} is due. A row in question has the key {key}.{hint}"
    )
