"""All tables of a source are opened before a row is read: so all problems are reported at once."""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.contract.registry import SourceTable, further_tables, source_tables
from orchestration.errors import SourceError, SourceLostError
from orchestration.extract.baseline import Baseline
from orchestration.extract.reading import casts_of
from orchestration.extract.source import Source, SourceRelation
from orchestration.settings import Settings


@dataclass(frozen=True)
class OpenedTable:
    """A source table whose columns are known to be those due; since: from when on it is read."""

    table: SourceTable
    relation: SourceRelation
    since: datetime | None


@contextmanager
def collected(problems: list[str]) -> Iterator[None]:
    """Add a step's faults to the problems and go on; raise all of them once the source is lost."""
    try:
        yield
    except SourceLostError as error:
        raise SourceLostError(*problems, *error.args) from None
    except SourceError as error:
        problems.extend(error.args)


def open_tables(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    settings: Settings,
    baseline: Baseline | None,
    unmoved: Container[str] = (),
) -> list[OpenedTable]:
    """Every table of the source, of which no row is read yet; baseline: what changes are read on.

    unmoved: tables that are known to be as the baseline has them, which are left out. The further
    ones come last, where the source has them, and are read whole. Raises SourceError with all
    tables, columns and types that are not as due.
    """
    opened = []
    problems: list[str] = []
    for table in source_tables().values():
        if baseline and table.name in unmoved:
            continue
        since = None
        if baseline:
            since = baseline.changes_since(connection, source, table, settings)
        with collected(problems):
            relation = source.open_table(connection, table, since)
            casts_of(relation, table)
            opened.append(OpenedTable(table, relation, since))
    for table in further_tables().values():
        with collected(problems):
            if source.has_table(table):
                relation = source.open_table(connection, table)
                casts_of(relation, table)
                opened.append(OpenedTable(table, relation, None))
    if problems:
        raise SourceError(*problems)
    return opened
