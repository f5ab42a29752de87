"""The publication list, and what each published table must be like: its model's yml says it.

Nothing is defined here. What a release holds, hides and describes, and the checks of each table by
itself, follow from these facts. The reviewed lists of required checks say the names of the checks
a second time, on purpose, and `disclosure.py` the columns that a suppressed area may show.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from quality.edited_files import EditedFileError, Entry, Line, Words, read_yaml

MODELS = Path(__file__).resolve().parents[1] / "dbt_project" / "models" / "publication"
LIST = "exposures.yml"
REFERENCE = re.compile(r"ref\('(\w+)'\)")
NOT_NULL = {"type": "not_null"}
PERIOD, AREA, UNION = "period", "area_code", "union_id"

SUPPRESSED = "suppressed"
SUPPRESSED_DESCRIPTION = (
    "Whether all figures of the row are left out, for few unions are behind them, or they would "
    "give few unions away. Counts or ranks alone are left out of other rows where they would give "
    "few away."
)

EditionName = Literal["public", "internal"]
Subject = Literal[
    "name",
    "unions",
    "enterprises",
    "order",
    "month_before",
    "order_before",
]
Bounds = tuple[int | None, int | None]
ColumnName = Annotated[str, StringConstraints(pattern=r"^\w+\.\w+$")]


class OfDbt(BaseModel):
    """A part of a file that dbt reads too; keys that are dbt's alone are left to it."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        strict=True,
    )


class ColumnFacts(Entry):
    """What is due of a column of a published table besides its type: `config.meta` of the column.

    lowest, highest: the bounds of its figures; codes: the only values it may have; labels: the list
    of the methodology's labels that names them; least_share: the share of rows that have a value at
    least; tells: of a column of the public edition that is no key, what it names or what a reader
    learns of by it (unions, enterprises, an order of areas, the month before, their order then);
    additive: whether an area's figure is the sum over the areas in it; part_of: table and column of
    the count that it and the others that say so add up to, with which it is hidden; mean_of: table
    and column of the unions' figures that it is the mean of, so that the unions with such a figure
    are those behind it; share_of: table and column of the count that it is a share of.
    """

    lowest: int | None = None
    highest: int | None = None
    codes: list[Line] | None = Field(default=None, min_length=1)
    labels: Line | None = None
    least_share: float | None = Field(
        default=None,
        gt=0,
        le=1,
    )
    tells: Subject | None = None
    additive: bool = False
    part_of: ColumnName | None = None
    mean_of: ColumnName | None = None
    share_of: ColumnName | None = None

    @model_validator(mode="after")
    def adds_up_what_is_counted(self) -> Self:
        """The facts. Raises ValueError where a sum is neither of unions nor of enterprises."""
        if self.additive and self.tells not in ("unions", "enterprises"):
            message = "what is additive tells of unions or enterprises; say which"
            raise ValueError(message)
        if self.part_of and not self.additive:
            message = "what is part of a count is additive; say so"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def says_what_is_behind_it(self) -> Self:
        """The facts. Raises ValueError where nobody could count the unions behind a figure."""
        kinds = (self.additive, self.mean_of is not None, self.share_of is not None)
        if self.tells == "unions" and sum(kinds) != 1:
            message = "what tells of unions is additive, or says mean_of or share_of"
            raise ValueError(message)
        return self


class ColumnConfig(OfDbt):
    """What dbt is told of a column."""

    meta: ColumnFacts = ColumnFacts()


class PublishedColumn(OfDbt):
    """A column of a published table."""

    name: Line
    description: Line
    data_type: Line
    constraints: list[dict[str, Any]] = []
    config: ColumnConfig = ColumnConfig()

    @property
    def facts(self) -> ColumnFacts:
        """What is due of it besides its type."""
        return self.config.meta


class ChecksInWords(Words):
    """What the checks of a table are about, for readers, and their place among those of tables."""

    position: int = Field(ge=1)


class TableFacts(Entry):
    """What is due of a published table: `config.meta` of its model.

    key: its key, which orders it; edition: public, or internal alone; history: whether the month
    after reads it; least_rows: the least number of rows; checks: its checks in words.
    """

    key: list[Line] = Field(min_length=1)
    edition: EditionName
    history: bool = False
    least_rows: int = Field(ge=0)
    checks: ChecksInWords


class TableConfig(OfDbt):
    """What dbt is told of a published model."""

    meta: TableFacts


class PublishedModel(OfDbt):
    """The model of a published table."""

    name: Line
    description: Line
    config: TableConfig
    columns: list[PublishedColumn]

    @model_validator(mode="after")
    def says_what_it_tells(self) -> Self:
        """The model. Raises ValueError where a fact is missing that the public edition needs."""
        key = self.config.meta.key
        names = {column.name for column in self.columns}
        unknown = sorted({PERIOD, *key} - names)
        if unknown:
            message = f"it has no column {unknown[0]}, which its key needs"
            raise ValueError(message)
        if self.config.meta.edition == "internal":
            return self
        if key[0] != AREA:
            message = f"the key of a public table begins with {AREA}, by which rows are hidden"
            raise ValueError(message)
        for column in self.columns:
            is_key = column.name in (PERIOD, *key)
            tells = column.facts.tells is not None
            if is_key == tells:
                message = (
                    f"the column {column.name} of a public table says in config.meta what it "
                    "tells, unless it is the period or part of the key"
                )
                raise ValueError(message)
        return self


class ModelFile(OfDbt):
    """The file of one model."""

    models: list[PublishedModel] = Field(min_length=1, max_length=1)


class Exposure(OfDbt):
    """What dbt calls the publication list."""

    depends_on: list[Line] = Field(min_length=1)


class ListFile(OfDbt):
    """The file of the publication list."""

    exposures: list[Exposure] = Field(min_length=1, max_length=1)


MODEL_FILE = TypeAdapter(ModelFile)
LIST_FILE = TypeAdapter(ListFile)


class Source(NamedTuple):
    """Where the figures of unions are that a mean is over: a published table and its column."""

    table: str
    column: str


@dataclass(frozen=True)
class PublishedTable:
    """A table of the publication list: columns, key, edition, and what is due of each column.

    columns: types by name; key: what orders the table; edition: public or internal; is_history:
    whether the month after reads it; descriptions: what each column means; filled: columns that are
    never null; facts: what else is due of a column; checks: its checks in words.
    """

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]
    edition: EditionName
    is_history: bool
    description: str
    descriptions: dict[str, str]
    filled: tuple[str, ...]
    least_rows: int
    facts: dict[str, ColumnFacts]
    checks: ChecksInWords

    @property
    def is_public(self) -> bool:
        """Whether the public edition has it."""
        return self.edition == "public"

    @property
    def identifying(self) -> tuple[str, ...]:
        """The columns that say what a row is about: period, key and names."""
        return (PERIOD, *self.key, *self.telling("name"))

    @property
    def public_descriptions(self) -> dict[str, str]:
        """What each column of the public edition means: also whether a row is suppressed."""
        return self.descriptions | {SUPPRESSED: SUPPRESSED_DESCRIPTION}

    @property
    def additive(self) -> tuple[str, ...]:
        """The columns in which an area's figure is the sum over the areas in it."""
        additive = [name for name, facts in self.facts.items() if facts.additive]
        return tuple(additive)

    @property
    def groups_of_counts(self) -> list[tuple[str, ...]]:
        """The additive columns that are hidden together: those that add up to a count, or one."""
        groups: dict[str, list[str]] = {}
        for name in self.additive:
            groups.setdefault(self.facts[name].part_of or name, []).append(name)
        return [tuple(group) for group in groups.values()]

    @property
    def means(self) -> dict[str, Source]:
        """The figures of unions that it has means of, by the column of the mean."""
        means = {}
        for name, facts in self.facts.items():
            if facts.mean_of is not None:
                table, _, column = facts.mean_of.partition(".")
                means[name] = Source(table, column)
        return means

    @property
    def bounds(self) -> dict[str, Bounds]:
        """The lowest and highest figure, by column; only columns that have either."""
        bounds: dict[str, Bounds] = {}
        for name, facts in self.facts.items():
            pair = (facts.lowest, facts.highest)
            if pair != (None, None):
                bounds[name] = pair
        return bounds

    @property
    def codes(self) -> dict[str, list[str]]:
        """The only values, by column; only columns of codes."""
        return {name: facts.codes for name, facts in self.facts.items() if facts.codes}

    @property
    def least_shares(self) -> dict[str, float]:
        """The least share of rows with a value, by column; only columns of which one is due."""
        shares = {}
        for name, facts in self.facts.items():
            if facts.least_share is not None:
                shares[name] = facts.least_share
        return shares

    def telling(self, subject: Subject) -> tuple[str, ...]:
        """The columns that tell of a subject."""
        telling = [name for name, facts in self.facts.items() if facts.tells == subject]
        return tuple(telling)


def published_tables() -> dict[str, PublishedTable]:
    """The tables of the publication list by name, in its order. Raises EditedFileError."""
    return read_published_tables(MODELS)


def public_tables() -> dict[str, PublishedTable]:
    """The published tables that the public edition has. Raises EditedFileError."""
    tables = published_tables().items()
    return {name: table for name, table in tables if table.is_public}


def history_tables() -> list[str]:
    """The published tables that a month reads of the month before. Raises EditedFileError."""
    return [name for name, table in published_tables().items() if table.is_history]


def bounds_of(source: Source) -> tuple[int, int]:
    """The lowest and highest figure of a union, as the model of its table has them.

    Raises EditedFileError where it lacks one.
    """
    lowest, highest = published_tables()[source.table].bounds.get(source.column, (None, None))
    if lowest is None or highest is None:
        raise EditedFileError(
            f"{source.table}.yml, column {source.column}: means of it are published; say lowest "
            "and highest, from which a reader may tell hidden ones."
        )
    return lowest, highest


@cache
def read_published_tables(folder: Path) -> dict[str, PublishedTable]:
    """The tables of the publication list of a folder of models, read once in a process.

    Raises EditedFileError naming file, line and key.
    """
    [exposure] = read_yaml(folder / LIST, LIST_FILE).exposures
    found = {}
    for reference in exposure.depends_on:
        match = REFERENCE.fullmatch(reference)
        if match is None:
            raise EditedFileError(f"{folder / LIST}: {reference} is no ref('<model>').")
        name = match[1]
        found[name] = read_table(folder / f"{name}.yml", name)
    for table in found.values():
        refuse_unknown_sources(folder, table, found)
    return found


def refuse_unknown_sources(
    folder: Path,
    table: PublishedTable,
    tables: Mapping[str, PublishedTable],
) -> None:
    """Raises EditedFileError where a mean is not of a column that a table of unions has."""
    for name, source in table.means.items():
        of_unions = tables.get(source.table)
        key = (UNION, *table.key[1:])
        if of_unions is None or of_unions.key != key or source.column not in of_unions.columns:
            raise EditedFileError(
                f"{folder / f'{table.name}.yml'}, column {name}: mean_of names no "
                f"column of a table with the key {', '.join(key)}: {source.table}.{source.column}."
            )


def read_table(file: Path, name: str) -> PublishedTable:
    """A table as the file of its model has it. Raises EditedFileError."""
    [model] = read_yaml(file, MODEL_FILE).models
    if model.name != name:
        raise EditedFileError(f"{file}: the model is called {model.name}; call it {name}.")
    meta = model.config.meta
    columns = model.columns
    filled = [column.name for column in columns if NOT_NULL in column.constraints]
    return PublishedTable(
        name=name,
        columns={column.name: column.data_type for column in columns},
        key=tuple(meta.key),
        edition=meta.edition,
        is_history=meta.history,
        description=model.description,
        descriptions={column.name: column.description for column in columns},
        filled=tuple(filled),
        least_rows=meta.least_rows,
        facts={column.name: column.facts for column in columns},
        checks=meta.checks,
    )
