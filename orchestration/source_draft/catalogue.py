"""What a foreign database says of its tables, and a sample of each, which never leaves memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Inspector, create_engine, inspect, types
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import (
    ReflectedColumn,
    ReflectedPrimaryKeyConstraint,
    ReflectedUniqueConstraint,
)
from sqlalchemy.engine.interfaces import (
    ReflectedForeignKeyConstraint as Reference,
)
from sqlalchemy.engine.reflection import ObjectKind
from sqlalchemy.exc import DBAPIError

from orchestration.contract.registry import SourceColumn
from orchestration.errors import SourceError
from orchestration.extract.database import DatabaseSource, database_url
from orchestration.extract.source import RAW, ForeignTable, literal
from orchestration.screen import Progress
from orchestration.settings import Settings
from orchestration.source_draft.forms import NO_VALUES, Form, day_form, moment_form
from quality.connection import connect
from quality.nouns import counted_noun

SAMPLED_ROWS = 2_000
SAMPLED_KEYS = 200
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "sqlite": "sqlite",
}
# The first that a declared type is one of says what its cells are.
FAMILIES = (
    (types.Boolean, "bool"),
    (types.DateTime, "moment"),
    (types.Date, "day"),
    (types.Integer, "whole"),
    (types.Numeric, "number"),
    (types.String, "text"),
)


@dataclass(frozen=True)
class FoundColumn:
    """A foreign column.

    family: what its declared type is, `text` also of enumerations, `zoned` of moments that have a
    zone, `other` of what no column of the contract is; cells: the sampled ones as text, as
    extraction would read them.
    """

    name: str
    comment: str
    family: str
    cells: tuple[str | None, ...] = ()

    @cached_property
    def filled(self) -> list[str]:
        """The cells that are no nulls, and do not stand for them."""
        return [cell for cell in self.cells if cell is not None and cell not in NO_VALUES]

    @cached_property
    def distinct(self) -> frozenset[str]:
        """The cells that are no nulls, each once."""
        return frozenset(cell for cell in self.cells if cell is not None)

    @cached_property
    def days(self) -> Form | None:
        """How the cells are written as days; None where they are none."""
        return day_form(self.distinct)

    @cached_property
    def months(self) -> Form | None:
        """The same as months."""
        return day_form(self.distinct, months=True)

    @cached_property
    def moments(self) -> Form | None:
        """The same as moments."""
        return moment_form(self.distinct)


@dataclass(frozen=True)
class FoundTable:
    """A foreign table or view.

    unique: columns that are declared to be so alone; references: by column the table and column
    that it is declared to name.
    """

    name: str
    comment: str
    columns: dict[str, FoundColumn]
    unique: frozenset[str] = frozenset()
    references: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """The rows of its sample."""
        return max((len(column.cells) for column in self.columns.values()), default=0)


def read_catalogue(
    settings: Settings,
    location: str,
    source: DatabaseSource,
    progress: Progress,
) -> list[FoundTable]:
    """All tables and views that have rows, by name. Raises SourceError."""
    url = database_url(location, settings)
    with source.explained(source.location), own_errors():
        engine = create_engine(with_driver(url))
        try:
            declared = declared_tables(inspect(engine))
        finally:
            engine.dispose()
    found = []
    for number, table in enumerate(declared, start=1):
        sampled = with_sample(source, table)
        if sampled.rows:
            found.append(sampled)
        progress(f"sampled {number} of {counted_noun(len(declared), 'table')}")
    if not found:
        raise SourceError(f"{source.location}: there is no table with rows to draft a map from.")
    return found


@contextmanager
def own_errors() -> Iterator[None]:
    """Raise a driver's errors as they are, without the words that SQLAlchemy adds."""
    try:
        yield
    except DBAPIError as error:
        raise (error.orig or error) from None


def with_driver(url: URL) -> URL:
    """The URL with the driver that extraction has too."""
    return url.set(drivername=DRIVERS[url.get_backend_name()])


def declared_tables(inspector: Inspector) -> list[FoundTable]:
    """The tables and views of the schema that is searched first, without their rows."""
    columns = inspector.get_multi_columns(kind=ObjectKind.ANY)
    keys = inspector.get_multi_pk_constraint(kind=ObjectKind.ANY)
    unique = inspector.get_multi_unique_constraints(kind=ObjectKind.ANY)
    references = inspector.get_multi_foreign_keys(kind=ObjectKind.ANY)
    comments = comments_of(inspector)
    return [
        FoundTable(
            name=key[1],
            comment=comments.get(key, ""),
            columns={column["name"]: declared_column(column) for column in found},
            unique=unique_columns(keys.get(key), unique.get(key)),
            references=dict(map(declared_reference, sole(references.get(key)))),
        )
        for key, found in sorted(columns.items(), key=lambda item: item[0][1])
    ]


def declared_column(column: ReflectedColumn) -> FoundColumn:
    """A column without its cells."""
    return FoundColumn(column["name"], column.get("comment") or "", family_of(column["type"]))


def unique_columns(
    key: ReflectedPrimaryKeyConstraint | None,
    unique: list[ReflectedUniqueConstraint] | None,
) -> frozenset[str]:
    """The columns that are each a key, or unique, alone."""
    keys = [key["constrained_columns"]] if key else []
    keys += [each["column_names"] for each in unique or []]
    return frozenset(names[0] for names in keys if len(names) == 1)


def sole(references: list[Reference] | None) -> list[Reference]:
    """The declared references of one column alone."""
    return [each for each in references or [] if len(each["constrained_columns"]) == 1]


def declared_reference(reference: Reference) -> tuple[str, tuple[str, str]]:
    """A column, with the table and the column that it names."""
    named = (reference["referred_table"], reference["referred_columns"][0])
    return reference["constrained_columns"][0], named


def comments_of(inspector: Inspector) -> dict[tuple[str | None, str], str]:
    """The comments of tables, none where the database has no such thing."""
    if not inspector.dialect.supports_comments:
        return {}
    found = inspector.get_multi_table_comment(kind=ObjectKind.ANY)
    return {key: comment["text"] or "" for key, comment in found.items() if comment}


def family_of(declared: types.TypeEngine[Any]) -> str:
    """What the cells of a declared type are."""
    for kind, family in FAMILIES:
        if isinstance(declared, kind):
            return "zoned" if getattr(declared, "timezone", False) else family
    return "other"


def with_sample(source: DatabaseSource, table: FoundTable) -> FoundTable:
    """The table with the cells of its first rows. Raises SourceError."""
    named = [column for column in table.columns.values() if column.family != "other"]
    if not named:
        return table
    names = ", ".join(source.quoted(column.name) for column in named)
    limited = f"select {names} from {source.quoted(table.name)} limit {SAMPLED_ROWS}"
    foreign = ForeignTable(
        name=table.name,
        key=(),
        watermark=None,
        least_rows=0,
        references={},
        columns=tuple(
            SourceColumn(
                column.name, RAW, required=False, pii=None, garbled_share=None, description=""
            )
            for column in named
        ),
        landed=(),
        name_zh="",
        description="",
        select=limited,
    )
    with connect() as connection:
        relation = source.open_table(connection, foreign)
        rows = connection.execute(f"select * from {relation.sql}").fetchall()
    cells = list(zip(*rows, strict=True)) or [()] * len(named)
    sampled = {
        column.name: FoundColumn(column.name, column.comment, column.family, of_column)
        for column, of_column in zip(named, cells, strict=True)
    }
    return FoundTable(
        table.name,
        table.comment,
        table.columns | sampled,
        table.unique,
        table.references,
    )


def share_within(source: DatabaseSource, cells: list[str], table: str, column: str) -> float:
    """The share of sampled cells that a column of another table has too."""
    sampled = sorted({cell for cell in cells if "\\" not in cell})[:SAMPLED_KEYS]
    if not sampled:
        return 0
    due = SourceColumn(column, RAW, required=False, pii=None, garbled_share=None, description="")
    text = source.expression(due, RAW)
    listed = ", ".join(map(literal, sampled))
    query = f"select count(distinct {text}) from {source.quoted(table)} where {text} in ({listed})"
    with source.explained(source.location):
        [(found,)] = source.rows(query)
    return int(found) / len(sampled)
