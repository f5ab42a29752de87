"""One source table as the rows that are landed: typed, persons as pseudonyms, with the first fault of each row that extraction can see."""

import duckdb

from orchestration.errors import SourceError
from orchestration.extract import pseudonyms
from orchestration.extract.casting import Cast, from_text, from_typed, quoted
from orchestration.extract.registry import SourceColumn, SourceTable
from orchestration.extract.source import Source, SourceRelation
from orchestration.periods import CITY_ZONE

READING_ERRORS = (duckdb.InvalidInputException, duckdb.IOException)


def read_rows(connection: duckdb.DuckDBPyConnection, source: Source, relation: SourceRelation, table: SourceTable) -> None:
    """Fill the temporary table `handed` with the rows of a relation.

    Raises SourceError where a column cannot hold its type, or the relation cannot be read to its end.
    """
    casts = {column.name: cast_of(column, relation, table) for column in table.columns}
    run(connection, f"create or replace temp table handed as {typed_rows(relation, table, casts)}", relation)
    if relation.is_text:
        refuse_unfit_columns(connection, source, table, casts)


def run(connection: duckdb.DuckDBPyConnection, statement: str, relation: SourceRelation) -> duckdb.DuckDBPyConnection:
    """Run a statement that reads a relation. Raises SourceError, which shows no cell."""
    try:
        return connection.execute(statement)
    except READING_ERRORS as error:
        raise relation.explain(error) from None


def cast_of(column: SourceColumn, relation: SourceRelation, table: SourceTable) -> Cast:
    """The cast of a column as it is handed over. Raises SourceError where its type cannot hold the contract's."""
    duckdb_type = relation.types[column.name]
    if relation.is_text:
        return from_text(column.name, column.type, str(CITY_ZONE))
    cast = from_typed(column.name, duckdb_type, column.type, str(CITY_ZONE))
    if cast is None:
        raise SourceError(f"{relation.location}: column {column.name} of {table.name} is {duckdb_type}, which cannot hold {column.type}.")
    return cast


def typed_rows(relation: SourceRelation, table: SourceTable, casts: dict[str, Cast]) -> str:
    """SQL of the rows in the contract's types, persons as pseudonyms, with the first fault of each row."""
    personal = [column for column in table.columns if column.pii and column.pii != "drop"]
    normal = ", ".join(f"normalised({quoted(column.name)}) as {quoted('normal_' + column.name)}" for column in personal)
    selected = [f"{casts[column.name].value} as {quoted(column.name)}" for column in table.columns if not column.pii]
    for column in personal:
        cell = quoted(f"normal_{column.name}")
        stem = column.stem
        selected.append(f"{pseudonyms.pseudonym(cell, column.pii or '')} as {stem}_pseudonym")
        if column.pii == "identity_number":
            selected.append(f"{pseudonyms.identity_number_valid(cell)} as {stem}_valid")
            selected.append(f"{pseudonyms.identity_number_placeholder(cell)} as {stem}_placeholder")
    faults = [("type", name, cast.misfit) for name, cast in casts.items() if cast.misfit != "false"]
    faults += [("null", column.name, f"{quoted(column.name)} is null") for column in table.columns if column.pii and column.required]
    rule = "".join(f" when {condition} then '{rule}'" for rule, _, condition in faults)
    named = "".join(f" when {condition} then '{name}'" for _, name, condition in faults)
    return f"""
        select {", ".join(selected)},
            case when false then ''{rule} end as fault_rule,
            case when false then ''{named} end as fault_column
        from (select *{", " + normal if normal else ""} from {relation.sql})
    """


def refuse_unfit_columns(connection: duckdb.DuckDBPyConnection, source: Source, table: SourceTable, casts: dict[str, Cast]) -> None:
    """Raise SourceError for a text column of which more than one cell is filled and none fits its type: it cannot hold the type at all."""
    if connection.execute("select count(*) from handed where fault_rule = 'type'").fetchall() == [(0,)]:
        return
    tested = [column for column in table.columns if casts[column.name].misfit != "false"]
    relation = source.open_table(connection, table)
    counts = ", ".join(f"count({quoted(column.name)}), count(case when {casts[column.name].misfit} then 1 end)" for column in tested)
    [found] = run(connection, f"select {counts} from {relation.sql}", relation).fetchall()
    for column, filled, misfits in zip(tested, found[::2], found[1::2], strict=True):
        if filled == misfits > 1:
            raise SourceError(f"{relation.location}: no cell of column {column.name} of {table.name} is a {column.type}.")
