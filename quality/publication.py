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
from typing import NamedTuple

from quality.edited_files import EditedFileError, read_yaml
from quality.published_models import (
    LIST_FILE,
    MODEL_FILE,
    PERIOD,
    UNION,
    ChecksInWords,
    ColumnFacts,
    EditionName,
    Subject,
)

MODELS = Path(__file__).resolve().parents[1] / "dbt_project" / "models" / "publication"
LIST = "exposures.yml"
REFERENCE = re.compile(r"ref\('(\w+)'\)")
NOT_NULL = {"type": "not_null"}

SUPPRESSED = "suppressed"
SUPPRESSED_DESCRIPTION = (
    "Whether all figures of the row are left out, for few unions are behind them, or they would "
    "give few unions away. Counts or ranks alone are left out of other rows where they would give "
    "few away."
)

Bounds = tuple[int | None, int | None]


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
