"""One source table as the rows that are landed: typed, with persons as pseudonyms.

Each row has its first fault that extraction can see.
"""

import difflib

import duckdb

from orchestration.contract.clock import city_zone
from orchestration.contract.registry import SourceColumn, SourceTable, key_text
from orchestration.errors import SourceError
from orchestration.extract import pseudonyms
from orchestration.extract.casting import DUE, WRITTEN, Cast, from_text, from_typed, quoted
from orchestration.extract.source import Source, SourceRelation, failure_of

MOST_NAMES = 5


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
    problems = lacking_columns(relation, table)
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


def lacking_columns(relation: SourceRelation, table: SourceTable) -> list[str]:
    """A problem for each column that is not there, with the unknown one that may be meant."""
    due = {column.name for column in table.columns}
    unknown = [name for name in relation.types if name not in due]
    problems = []
    for column in table.columns:
        if column.name in relation.types:
            continue
        close = difflib.get_close_matches(column.name, unknown, n=1)
        others = ", ".join(unknown[:MOST_NAMES]) or "none"
        hint = f"is {close[0]} meant?" if close else f"unknown columns there: {others}."
        lacking = f"{relation.location}: table {table.name} lacks the column {column.name}"
        problems.append(f"{lacking} ({column.type}); {hint}")
    return problems


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
    """SQL of the rows in the contract's types, persons as pseudonyms, each with its first fault."""
    personal = [column for column in table.columns if column.pii and column.pii != "drop"]
    normal = ", ".join(
        f"normalised({quoted(column.name)}) as {quoted('normal_' + column.name)}"
        for column in personal
    )
    selected = [
        f"{casts[column.name].value} as {quoted(column.name)}"
        for column in table.columns
        if not column.pii
    ]
    for column in personal:
        cell = quoted(f"normal_{column.name}")
        stem = column.stem
        selected.append(f"{pseudonyms.pseudonym(cell, column.pii or '')} as {stem}_pseudonym")
        if column.pii == "identity_number":
            selected.append(f"{pseudonyms.identity_number_valid(cell)} as {stem}_valid")
            selected.append(f"{pseudonyms.identity_number_placeholder(cell)} as {stem}_placeholder")
    faults = [("type", name, cast.misfit) for name, cast in casts.items() if cast.misfit != "false"]
    faults += [
        ("null", column.name, f"{quoted(column.name)} is null")
        for column in table.columns
        if column.pii and column.required
    ]
    rule = "".join(f" when {condition} then '{rule}'" for rule, _, condition in faults)
    named = "".join(f" when {condition} then '{name}'" for _, name, condition in faults)
    return f"""
        select {", ".join(selected)},
            case when false then ''{rule} end as fault_rule,
            case when false then ''{named} end as fault_column
        from (select *{", " + normal if normal else ""} from {relation.sql})
    """


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
    counts = ", ".join(
        f"count({quoted(column.name)}), count(*) filter (where {casts[column.name].misfit}),"
        f" min({key_text(table)}) filter (where {casts[column.name].misfit})"
        for column in tested
    )
    [found] = run(connection, f"select {counts} from {relation.sql}", relation).fetchall()
    counted = zip(tested, found[::3], found[1::3], found[2::3], strict=True)
    problems = [
        f"{relation.location}: no cell of column {column.name} of {table.name} is "
        f"{'an' if column.kind == 'int' else 'a'} {column.type}; "
        f"{WRITTEN[column.kind]} is due. A row in question has the key {key}."
        for column, filled, unfit, key in counted
        if filled == unfit > 1
    ]
    if problems:
        raise SourceError(*problems)
