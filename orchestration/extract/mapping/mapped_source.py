"""A mapped source: the contract's tables, read from foreign ones of one or several sources.

A database hands over the columns that the map names, of the rows that changed where it can. What
the map makes of them DuckDB makes while they stream, the same for every kind of source.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime

import duckdb

from orchestration.contract.clock import city_zone
from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.errors import SourceError, UsageError
from orchestration.extract.casting import from_typed, quoted
from orchestration.extract.database import DatabaseSource
from orchestration.extract.mapping.converting import Converted, converted
from orchestration.extract.mapping.foreign import foreign_name, foreign_table
from orchestration.extract.mapping.source_map import ColumnMap, SourceMap, TableMap
from orchestration.extract.reading import hint_for
from orchestration.extract.source import (
    ClosableSource,
    ForeignTable,
    SourceRelation,
    literal,
    unmapped_name,
)

WAYS_OF_WRITING = {
    "text": "codes, or an expression that makes it text",
    "bool": "codes",
    "int": "number",
    "decimal": "number",
    "date": "date",
    "timestamptz": "moment",
}


class MappedSource:
    """The sources of a map as one that has the contract's tables.

    sources: by their names in the map; each is closed with this one.
    """

    def __init__(self, source_map: SourceMap, sources: Mapping[str, ClosableSource]) -> None:
        self.map = source_map
        self.sources = sources
        self.location = "; ".join(source.location for source in sources.values())

    def close(self) -> None:
        """Close all sources, also where one cannot be closed."""
        with ExitStack() as closing:
            for source in self.sources.values():
                closing.callback(source.close)

    def notice(self) -> str | None:
        """What the sources' owners want said, one after the other."""
        notices = [source.notice() for source in self.sources.values()]
        return "\n".join(notice for notice in notices if notice) or None

    def reads_changes(self, table: SourceTable) -> bool:
        """Whether the table's source can hand over changed rows alone, by the mapped watermark."""
        return self.source_of(table).reads_changes(foreign_table(table, self.table_map(table)))

    def has_table(self, table: SourceTable) -> bool:
        """Whether the map says where a table is."""
        return table.name in self.map.tables

    def marks(self, table: SourceTable, since: datetime | None) -> frozenset[tuple[str, ...]]:
        """What shows that rows of a table changed, as its database has it.

        Raises UsageError where it is no database's, SourceError.
        """
        source = self.source_of(table)
        if not isinstance(source, DatabaseSource):
            raise UsageError(
                f"{source.location} has no watermarks to watch; a watched source is of databases."
            )
        return source.marks(foreign_table(table, self.table_map(table)), since)

    def open_table(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: SourceTable,
        since: datetime | None = None,
    ) -> SourceRelation:
        """Describe a table of the contract's by the foreign one. Raises SourceError."""
        mapped = self.table_map(table)
        foreign = foreign_table(table, mapped)
        relation = self.source_of(table).open_table(connection, foreign, since)
        refuse_unfit(relation, foreign, table, mapped)
        return mapped_relation(relation, table, mapped)

    def table_map(self, table: SourceTable) -> TableMap:
        """What the map says of a table."""
        return self.map.tables[table.name]

    def source_of(self, table: SourceTable) -> ClosableSource:
        """The source that has a table."""
        return self.sources[self.map.source_of(self.table_map(table))]


def refuse_unfit(
    relation: SourceRelation,
    foreign: ForeignTable,
    table: SourceTable,
    mapped: TableMap,
) -> None:
    """Raise SourceError with each column that is not there, or cannot hold what is due."""
    unknown = [name for name in relation.types if name not in foreign.names]
    problems = [
        f"{relation.location}: there is no column {name}, which the map names for {table.name}; "
        f"{hint_for(name, unknown)}"
        for name in foreign.names
        if name not in relation.types
    ]
    for column in table.columns:
        said = mapped.columns[column.name]
        if said and said.column in relation.types and not said.converts:
            problems += unfit_type(relation, said.column, column)
    if problems:
        raise SourceError(*problems)


def unfit_type(relation: SourceRelation, name: str, column: SourceColumn) -> Iterator[str]:
    """The problem of a foreign column whose type cannot hold the contract's as it is."""
    found = relation.types[name]
    if found == "VARCHAR" and (relation.is_text or column.kind == "text"):
        return
    if relation.is_text or from_typed(name, found, column.type, str(city_zone())) is None:
        yield (
            f"{relation.location}: column {name} is {found}, which cannot hold {column.name} "
            f"({column.type}) without loss; say in the map how it is written: "
            f"{WAYS_OF_WRITING[column.kind]}."
        )


def mapped_relation(
    relation: SourceRelation,
    table: SourceTable,
    mapped: TableMap,
) -> SourceRelation:
    """A foreign relation as one with the contract's columns, as text in the forms of CSV."""
    cells, unmapped = [], []
    for column in table.columns:
        made = cell_of(column.name, mapped.columns[column.name])
        cells.append(f"{made.value} as {quoted(column.name)}")
        if made.unmapped != "false":
            unmapped.append(column.name)
            flag = quoted(unmapped_name(column.name))
            cells.append(f"coalesce({made.unmapped}, false) as {flag}")
    return SourceRelation(
        relation.location,
        f"(select {', '.join(cells)} from {relation.sql})",
        {column.name: "VARCHAR" for column in table.columns},
        is_text=True,
        explain=relation.explain,
        confirm=relation.confirm,
        unmapped=tuple(unmapped),
    )


def cell_of(name: str, said: ColumnMap | None) -> Converted:
    """What becomes of a column of the contract's, by what the map says of it."""
    if said is None:
        return Converted("cast(null as varchar)", "false")
    if said.constant is not None:
        return Converted(literal(said.constant), "false")
    return converted(f"cast({quoted(foreign_name(said, name))} as varchar)", said)
