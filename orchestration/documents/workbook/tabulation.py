"""What the sheets of the workbook hold: each table of an edition, with names beside codes.

Heads and labels are in Chinese and English. Of the unions there is one sheet with a row for each,
which has the rates of its dimensions and the scores of its indicators beside its index: so they are
read, and long rows (298,000 of a city) take 14 seconds and 8 MB. What it leaves out, points,
values, numerators and denominators, is in the edition's CSV and Parquet files.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.build.warehouse import sql_path
from orchestration.contract.methodology import Methodology
from orchestration.contract.methodology import Row as MethodologyRow
from orchestration.contract.parameters import with_parameters
from orchestration.documents.edition import Edition
from orchestration.documents.texts import Words, names_of
from quality.connection import connect
from quality.publication import PublishedTable, published_tables

WORDING = Path(__file__).with_name("workbook.csv")
LABEL_LISTS = ("figure", "health_code", "status", "event")
KINDS = {
    "health_index": "index",
    "index_change": "change",
    "rate": "rate",
    "sampling_rate": "rate",
    "suppressed": "text",
}
BASIC_KINDS = {
    "varchar": "text",
    "integer": "count",
}
MISSING = -1
NAMES = ("name_zh", "enterprise")
ORDERS = {"county_ranking": "order by health_index desc nulls last, area_code"}


@dataclass(frozen=True)
class Across:
    """A table of unions whose rows are spread over columns.

    by: the column that has the codes of the columns; figure: what they show, which is their kind
    too; sql: of the figure.
    """

    by: str
    figure: str
    sql: str


ACROSS = {
    "union_dimension": Across(
        by="dimension",
        figure="rate",
        sql="cast(rate as double)",
    ),
    "union_indicator": Across(
        by="indicator",
        figure="score",
        sql=f"case when status = 'missing' then {MISSING} else cast(score as double) end",
    ),
}

# What stands for the codes of a column.
Labels = Mapping[Any, str]
# By column of codes, the columns of names that belong beside it, by name.
Beside = Mapping[str, Mapping[str, Labels]]


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    It has its name, its head, its SQL, how it is shown, and the labels that stand for its values.
    kind: text, count, index, change, rate, exact (4 places), or score (4 places, MISSING where the
    indicator is missing); is_filled: whether every cell has a value, unless it is hidden.
    """

    name: str
    head: Words
    sql: str
    kind: str
    labels: Labels | None = None
    is_filled: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table as a sheet; rows have a cell for each column."""

    name: str
    columns: list[Column]
    rows: list[tuple[Any, ...]]

    @property
    def naming(self) -> int:
        """How many columns it takes to name a row."""
        is_name = [column.name in NAMES for column in self.columns]
        return is_name.index(True) + 1


@cache
def wording() -> dict[tuple[str, str], Words]:
    """The workbook's own words by list and code, with the parameters that they name."""
    found = {}
    with WORDING.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            key = row["list"], row["code"]
            found[key] = (
                with_parameters(row["name_zh"]),
                with_parameters(row["name_en"]),
            )
    return found


def said(name: str) -> Words:
    """A text of the workbook."""
    return wording()["text", name]


def both(words: Words) -> str:
    """Chinese and English in one cell."""
    return " ".join(words)


def head_of(
    methodology: Methodology,
    table: str,
    column: str,
) -> Words:
    """Head of a column: the workbook's own, else the methodology's label.

    Raises KeyError where there is none.
    """
    for code in (f"{table}.{column}", column):
        if ("column", code) in wording():
            return wording()["column", code]
    labels = {}
    for row in methodology.tables["labels"]:
        if row["code"] == column:
            labels[row["list"]] = row
    for name in LABEL_LISTS:
        if name in labels:
            return names_of(labels[name])
    raise KeyError(column)


def labels_of(edition: Edition) -> dict[str, Labels]:
    """Labels by code, of each column that has codes with labels."""
    tables = edition.methodology.tables
    found: dict[str, Labels] = {
        "dimension": labels_by(tables["dimensions"], "dimension"),
        "indicator": labels_by(tables["indicators"], "indicator"),
        "rule": labels_by(tables["alert_rules"], "rule"),
        "suppressed": {
            True: both(wording()["flag", "True"]),
            False: both(wording()["flag", "False"]),
        },
    }
    for table in published_tables().values():
        for column, facts in table.facts.items():
            if facts.labels:
                rows = [row for row in tables["labels"] if row["list"] == facts.labels]
                found[f"{table.name}.{column}"] = labels_by(rows, "code")
    return found


def labels_by(rows: Iterable[MethodologyRow], key: str) -> Labels:
    """The labels of rows of the methodology, by a column that has their code."""
    return {row[key]: both(names_of(row)) for row in rows}


def names_beside(edition: Edition) -> Beside:
    """Of each column of codes the columns of names that belong beside it, as names by code.

    Where the city has no county of a union's code, its own name stands there.
    """
    chinese: Labels = {row["area_code"]: row["name_zh"] for row in edition.areas}
    english: Labels = {row["area_code"]: row["name_en"] for row in edition.areas}
    beside: dict[str, dict[str, Labels]] = {
        "area_code": {
            "name_zh": chinese,
            "name_en": english,
        },
        "township_code": {"township": chinese},
    }
    if not edition.is_internal:
        return beside
    unions = edition.table("union_index")
    codes = {union["county_code"] for union in unions}
    city = edition.city["name_zh"]
    county: Labels = {code: chinese.get(code, city) for code in codes}
    beside["county_code"] = {"county": county}
    beside["union_id"] = {
        "enterprise": {union["union_id"]: union["name_zh"] for union in unions},
        "county": {union["union_id"]: county[union["county_code"]] for union in unions},
    }
    return beside


def sheets(edition: Edition) -> Iterator[Sheet]:
    """The tables of an edition as sheets, in the order of the publication list."""
    labels = labels_of(edition)
    beside = names_beside(edition)
    with connect() as connection:
        for table in published_tables().values():
            is_shown = edition.is_internal or table.is_public
            if not is_shown or table.name in ACROSS:
                continue
            columns = list(columns_of(edition, table, labels, beside))
            order = ORDERS.get(table.name, "")
            if table.name == "union_index":
                added, order = across_columns(edition)
                columns += added
            selected = ", ".join(column.sql for column in columns)
            source = read(edition, table.name)
            found = connection.execute(f"select {selected} from {source} {order}")
            yield Sheet(table.name, columns, found.fetchall())


def read(edition: Edition, table: str) -> str:
    """A table of the edition in SQL."""
    file = sql_path(edition.folder / f"{table}.parquet")
    return f"read_parquet('{file}')"


def columns_of(
    edition: Edition,
    table: PublishedTable,
    labels: Mapping[str, Labels],
    beside: Beside,
) -> Iterator[Column]:
    """The columns of a table, each with the columns of names beside it."""
    for column in table_columns(edition, table, labels):
        yield column
        yield from columns_of_names(edition, table, column, beside)


def table_columns(
    edition: Edition,
    table: PublishedTable,
    labels: Mapping[str, Labels],
) -> Iterator[Column]:
    """The columns of a table as they are."""
    types = dict(table.columns)
    if not edition.is_internal:
        types["suppressed"] = "boolean"
    for name, kind in types.items():
        yield Column(
            name,
            head=head_of(edition.methodology, table.name, name),
            sql=f"cast({name} as double)" if kind.startswith("decimal") else name,
            kind=KINDS.get(name) or BASIC_KINDS.get(kind, "exact"),
            labels=labels.get(f"{table.name}.{name}") or labels.get(name),
            is_filled=name in table.filled,
        )


def across_columns(edition: Edition) -> tuple[list[Column], str]:
    """A column for each dimension and each indicator, and the SQL that joins them.

    The columns stand beside the unions.
    """
    entries = {
        "dimension": edition.dimensions,
        "indicator": edition.indicators,
    }
    columns, joins = [], []
    for name, across in ACROSS.items():
        added = [across_column(edition, name, row) for row in entries[across.by]]
        joins.append(join_of(edition, name, added))
        columns += added
    joins.append("order by union_id")
    return columns, " ".join(joins)


def across_column(
    edition: Edition,
    table: str,
    row: MethodologyRow,
) -> Column:
    """The column of a dimension or indicator, which a table of unions has as rows."""
    across = ACROSS[table]
    chinese, english = head_of(edition.methodology, table, across.figure)
    code = row[across.by]
    return Column(
        code,
        head=(
            f"{row['name_zh']}\n{chinese}",
            f"{row['name_en']}: {english.lower()}",
        ),
        sql=f"{table}.{code}",
        kind=across.figure,
    )


def join_of(
    edition: Edition,
    table: str,
    columns: Iterable[Column],
) -> str:
    """SQL that joins a table of unions, its rows spread over columns."""
    across = ACROSS[table]
    figures = [
        f"max({across.sql}) filter (where {across.by} = '{column.name}') as {column.name}"
        for column in columns
    ]
    source = read(edition, table)
    rows = f"select union_id, {', '.join(figures)} from {source} group by union_id"
    return f"inner join ({rows}) as {table} using (union_id)"


def columns_of_names(
    edition: Edition,
    table: PublishedTable,
    column: Column,
    beside: Beside,
) -> Iterator[Column]:
    """The columns of names beside a column of codes.

    A table that names its rows itself needs none for them.
    """
    names_its_rows = "name_zh" in table.columns
    if column.name in table.key and names_its_rows:
        return
    for name, names in beside.get(column.name, {}).items():
        yield Column(
            name,
            head=head_of(edition.methodology, table.name, name),
            sql=column.sql,
            kind="text",
            labels=names,
        )
