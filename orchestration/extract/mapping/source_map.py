"""The form of a map: sources, tables and columns, as the file must have them.

Nothing is guessed: each table and each column of the registry is mapped, or said to be lacking.
"""

import re
import zoneinfo
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from orchestration.contract.clock import city_zone
from orchestration.contract.registry import SourceColumn, SourceTable, further_tables, source_tables
from orchestration.errors import UsageError
from orchestration.home.schemas import DIALECT
from quality.edited_files import EditedFileError, Entry, Line, line_of, parse_yaml

ANY_OTHER = "*"
EXCEL_DAYS = "excel"
TRUTHS = ("true", "false")
LONGEST_SQL = 20_000

Place = tuple[int | str, ...]
Sql = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SQL)]
Cell = Annotated[str, StringConstraints(max_length=200)]
FileName = Annotated[
    str, StringConstraints(pattern=r"^[^/\x00-\x1f.][^/\x00-\x1f]*\.(csv|xlsx|parquet)$")
]


def known_zone(name: str) -> str:
    """The name of a time zone. Raises ValueError."""
    if name not in zoneinfo.available_timezones():
        raise ValueError(f"{name} is no time zone; expected for example {city_zone()}")
    return name


def multiplier(text: str) -> str:
    """A number above 0 in decimal form. Raises ValueError."""
    fits = re.fullmatch(r"\d{1,10}(\.\d{1,4})?", text)
    if not fits or not text.strip("0."):
        raise ValueError(f'{text} is no multiplier; expected for example "10000"')
    return text


class NumberForm(Entry):
    """How numbers are written.

    unit: what each is multiplied by (万元: "10000"); suffix: what may stand behind each;
    thousands: whether commas divide thousands.
    """

    unit: Annotated[str, AfterValidator(multiplier)] = "1"
    suffix: Line | None = None
    thousands: bool = False


class ColumnMap(Entry):
    """Where a column's cells come from, and what is made of them.

    One of column (the foreign one), expression (SQL of the source's own dialect, over files
    DuckDB's) and constant. nulls: texts that stand for none; half_width: full-width letters and
    digits become plain ones. At most one of codes (the contract's text for each foreign one; none
    where it is null; `*` for all others), date (forms as of strptime, or `excel` for serial days),
    moment (the same) and number; zone: of moments that have none, by default the city's.
    unresolved: what a person has to settle before the map is read.
    """

    column: Line | None = None
    expression: Sql | None = None
    constant: Cell | None = None
    nulls: list[Cell] = Field(default_factory=list)
    half_width: bool = False
    codes: dict[Cell, Cell | None] | None = Field(default=None, min_length=1)
    date: list[Line] | None = Field(default=None, min_length=1)
    moment: list[Line] | None = Field(default=None, min_length=1)
    number: NumberForm | None = None
    zone: Annotated[str, AfterValidator(known_zone)] | None = None
    unresolved: Line | None = None

    @model_validator(mode="after")
    def comes_from_one_place(self) -> Self:
        """The map. Raises ValueError where it says several things, or none."""
        origins = [self.column, self.expression, self.constant]
        stated = sum(origin is not None for origin in origins)
        if stated > 1 or (stated == 0 and self.unresolved is None):
            raise ValueError("say one of column, expression and constant")
        conversions = [self.codes, self.date, self.moment, self.number]
        if sum(conversion is not None for conversion in conversions) > 1:
            raise ValueError("say at most one of codes, date, moment and number")
        if self.constant is not None and (self.converts or self.zone):
            raise ValueError("a constant is not converted; write it in the contract's form")
        return self

    @property
    def converts(self) -> bool:
        """Whether the cells are made into others."""
        return bool(
            self.nulls or self.half_width or self.codes or self.date or self.moment or self.number
        )


def by_name(said: object) -> object:
    """A foreign column's name alone as what is said of it."""
    return {"column": said} if isinstance(said, str) else said


MappedColumn = Annotated[
    ColumnMap | None,
    BeforeValidator(by_name, json_schema_input_type=Line | ColumnMap | None),
]


class TableMap(Entry):
    """Where a table's rows come from.

    source: the name of one of the map's sources, by default its only one. One of table (of a
    database; where: SQL of whether a row counts), select (SQL of its own dialect) and file (of a
    folder, with the sheet of a workbook, the encoding and the delimiter of a CSV file). columns: by
    the contract's name the foreign column's, a longer map, or null where the source has no such
    thing. unresolved: what a person has to settle before the map is read.
    """

    source: Line | None = None
    table: Line | None = None
    where: Sql | None = None
    select: Sql | None = None
    file: FileName | None = None
    sheet: Line | None = None
    encoding: Literal["utf-8", "gb18030", "gbk", "big5"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    columns: dict[str, MappedColumn]
    unresolved: Line | None = None

    @model_validator(mode="after")
    def is_in_one_place(self) -> Self:
        """The map. Raises ValueError where it says several places, or none."""
        places = [self.table, self.select, self.file]
        stated = sum(place is not None for place in places)
        if stated > 1 or (stated == 0 and self.unresolved is None):
            raise ValueError("say one of table, select and file")
        if self.where is not None and self.table is None:
            raise ValueError("where is for a table; write it into the select")
        return self


class SourceEntry(Entry):
    """A source: its URL or folder, and the file of its password.

    Without a URL it is the source that the settings name. A folder counts from where the map lies.
    unresolved: what a person has to settle before the map is read.
    """

    url: Line | None = None
    password_file: Line | None = None
    unresolved: Line | None = None


class SourceMap(Entry):
    """A map: its version, the sources by name, and every table of the registry, maybe more."""

    version: Literal[1]
    sources: dict[str, SourceEntry] = Field(min_length=1)
    tables: dict[str, TableMap]

    def source_of(self, table: TableMap) -> str:
        """The name of the source that has a table, by default the only one."""
        return table.source or next(iter(self.sources))


MAP = TypeAdapter(SourceMap)


def schema_of_map() -> dict[str, Any]:
    """The JSON Schema of a map; what it must have besides, `misfits` says."""
    return {"$schema": DIALECT} | MAP.json_schema() | {"title": "source_map.yml, version 1"}


def read_map(file: Path) -> SourceMap:
    """The map in a file. Raises UsageError with all that is wrong, each with its line."""
    try:
        root, content = parse_yaml(file)
    except EditedFileError as error:
        raise UsageError(str(error)) from None
    try:
        read = MAP.validate_python(content)
        problems = list(misfits(read))
    except ValidationError as error:
        problems = [(each["loc"], said_of(each)) for each in error.errors(include_url=False)]
    if problems:
        raise UsageError(
            *(
                f"{file}, line {line_of(root, place)}, {named(place)}: {problem}."
                for place, problem in problems
            )
        )
    return read


def said_of(problem: ErrorDetails) -> str:
    """What is wrong, in words that say what to do where the key is what is wrong."""
    if problem["loc"][-1] == "[key]":
        return f"{problem['input']} was read as a number or truth; write it in quotes"
    return problem["msg"].removeprefix("Value error, ")


def named(place: Place) -> str:
    """A place in a map for people: its keys, divided by points."""
    return ".".join(map(str, place)) or "the map"


def misfits(read: SourceMap) -> Iterator[tuple[Place, str]]:
    """Where a map does not fit the registry or itself, and how."""
    without_url = [name for name, entry in read.sources.items() if entry.url is None]
    for name in without_url[1:]:
        yield ("sources", name), f"it has no url, as {without_url[0]}; one source may lack it"
    for name, entry in read.sources.items():
        if entry.unresolved is not None:
            yield ("sources", name, "unresolved"), entry.unresolved
    yield from other_names(("tables",), read.tables, source_tables(), further_tables())
    known = source_tables() | further_tables()
    for name, table in read.tables.items():
        if name in known:
            yield from misfits_of_table(read, known[name], table)


def misfits_of_table(
    read: SourceMap, due: SourceTable, table: TableMap
) -> Iterator[tuple[Place, str]]:
    """The same of one table."""
    place = ("tables", due.name)
    if table.unresolved is not None:
        yield (*place, "unresolved"), table.unresolved
    if table.source is None and len(read.sources) > 1:
        yield place, f"say the source, one of {', '.join(read.sources)}"
    if table.source is not None and table.source not in read.sources:
        yield (*place, "source"), f"there is no source {table.source}"
    columns = {column.name: column for column in due.columns}
    if table.columns or table.unresolved is None:
        yield from other_names((*place, "columns"), table.columns, columns)
    for name, column in columns.items():
        if name in table.columns:
            for problem in misfits_of_column(column, table.columns[name]):
                yield (*place, "columns", name), problem


def misfits_of_column(due: SourceColumn, column: ColumnMap | None) -> Iterator[str]:
    """The same of one column."""
    if column is None:
        if due.required:
            yield "it must be filled; say where its cells come from"
        return
    if column.unresolved is not None:
        yield f"unresolved: {column.unresolved}"
    accepted = TRUTHS if due.kind == "bool" else due.accepted
    stated = [*(column.codes or {}).values(), column.constant]
    for code in dict.fromkeys(stated):
        if accepted and code is not None and code not in accepted:
            yield f"{code} is no code of {due.name}; these are: {', '.join(accepted)}"
    if column.date and due.kind != "date":
        yield f"date is for days; it is {due.type}"
    if (column.moment or column.zone) and due.kind != "timestamptz":
        yield f"moment and zone are for moments; it is {due.type}"
    if column.number and due.kind not in ("int", "decimal"):
        yield f"number is for numbers; it is {due.type}"


def other_names(
    place: Place,
    found: Collection[str],
    due: Collection[str],
    allowed: Collection[str] = (),
) -> Iterator[tuple[Place, str]]:
    """A problem for each name that is due and not there, and for each that is not allowed."""
    for name in due:
        if name not in found:
            yield place, f"{name} is not mapped; write `{name}: null` where the source has none"
    for name in found:
        if name not in due and name not in allowed:
            yield (*place, name), "the registry has no such name"
