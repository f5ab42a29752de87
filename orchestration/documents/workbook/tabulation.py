"""What the sheets of the workbook hold: each table of an edition, with names beside codes.

Heads and labels are in Chinese and English. Of the unions there is one sheet with a row for each,
which has the rates of its dimensions and the scores of its indicators beside its index: so they are
read, and long rows (298,000 of a city) take 14 seconds and 8 MB. What it leaves out, points,
values, numerators and denominators, is in the edition's CSV and Parquet files.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.build.warehouse import sql_path
from orchestration.contract.methodology import Methodology, Row
from orchestration.contract.parameters import with_parameters
from orchestration.documents.edition import Edition, rows_of
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
MISSING = -1
NAMES = ("name_zh", "enterprise")
ORDERS = {"county_ranking": "order by rank nulls last, area_code"}
ACROSS = {
    "union_dimension": ("dimension", "rate", "rate", "cast(rate as double)"),
    "union_indicator": (
        "indicator",
        "score",
        "score",
        f"case when status = 'missing' then {MISSING} else cast(score as double) end",
    ),
}

Words = tuple[str, str]


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    It has its name, its head, its SQL, how it is shown, and the labels that stand for its values.
    kind: text, count, index, change, rate, exact (4 places), or score (4 places, MISSING where the
    indicator is missing).
    """

    name: str
    head: Words
    sql: str
    kind: str
    labels: Mapping[Any, str] | None = None


@dataclass(frozen=True)
class Sheet:
    """A table as a sheet; rows have a cell for each column."""

    name: str
    columns: list[Column]
    rows: list[tuple[Any, ...]]

    @property
    def naming(self) -> int:
        """How many columns it takes to name a row."""
        return next(
            number for number, column in enumerate(self.columns, start=1) if column.name in NAMES
        )


@cache
def wording() -> dict[tuple[str, str], Words]:
    """The workbook's own words by list and code, with the parameters that they name."""
    with WORDING.open(encoding="utf-8", newline="") as lines:
        return {
            (row["list"], row["code"]): (
                with_parameters(row["name_zh"]),
                with_parameters(row["name_en"]),
            )
            for row in csv.DictReader(lines)
        }


def said(name: str) -> Words:
    """A text of the workbook."""
    return wording()["text", name]


def both(words: Words) -> str:
    """Chinese and English in one cell."""
    return " ".join(words)


def head_of(methodology: Methodology, table: str, column: str) -> Words:
    """Head of a column: the workbook's own, else the methodology's label.

    Raises KeyError where there is none.
    """
    for code in (f"{table}.{column}", column):
        if ("column", code) in wording():
            return wording()["column", code]
    labels = {
        (row["list"], row["code"]): (row["name_zh"], row["name_en"])
        for row in methodology.tables["labels"]
    }
    return next(labels[name, column] for name in LABEL_LISTS if (name, column) in labels)


def labels_of(edition: Edition) -> dict[str, dict[Any, str]]:
    """Labels by code, of each column that has codes with labels."""
    tables = edition.methodology.tables

    def named(rows: list[Row], key: str) -> dict[Any, str]:
        return {row[key]: both((row["name_zh"], row["name_en"])) for row in rows}

    of_codes = {
        f"{table.name}.{column}": named(
            [row for row in tables["labels"] if row["list"] == facts.labels], "code"
        )
        for table in published_tables().values()
        for column, facts in table.facts.items()
        if facts.labels
    }
    return of_codes | {
        "dimension": named(tables["dimensions"], "dimension"),
        "indicator": named(tables["indicators"], "indicator"),
        "rule": named(tables["alert_rules"], "rule"),
        "suppressed": {flag: both(wording()["flag", str(flag)]) for flag in (True, False)},
    }


def names_beside(edition: Edition) -> dict[str, dict[str, dict[Any, str]]]:
    """Of each column of codes the columns of names that belong beside it, as names by code.

    Where the city has no county of a union's code, its own name stands there.
    """
    chinese, english = (
        {row["area_code"]: row[column] for row in edition.areas}
        for column in ("name_zh", "name_en")
    )
    beside = {
        "area_code": {"name_zh": chinese, "name_en": english},
        "township_code": {"township": chinese},
    }
    if edition.is_internal:
        unions = rows_of(edition.folder / "union_index.parquet")
        codes = {union["county_code"] for union in unions}
        county = {code: chinese.get(code, edition.city["name_zh"]) for code in codes}
        beside["union_id"] = {
            "enterprise": {union["union_id"]: union["name_zh"] for union in unions},
            "county": {union["union_id"]: county[union["county_code"]] for union in unions},
        }
        beside["county_code"] = {"county": county}
    return beside


def sheets(edition: Edition) -> Iterator[Sheet]:
    """The tables of an edition as sheets, in the order of the publication list."""
    labels, beside = labels_of(edition), names_beside(edition)
    with connect() as connection:
        for table in published_tables().values():
            if (edition.is_internal or table.is_public) and table.name not in ACROSS:
                shown = table_columns(edition, table, labels)
                columns = [
                    each
                    for column in shown
                    for each in (column, *names_of(edition, table, column, beside))
                ]
                added, joined = (
                    across_columns(edition)
                    if table.name == "union_index"
                    else ([], ORDERS.get(table.name, ""))
                )
                selected = ", ".join(column.sql for column in (*columns, *added))
                rows = connection.execute(
                    f"select {selected} from {read(edition, table.name)} {joined}"
                ).fetchall()
                yield Sheet(table.name, [*columns, *added], rows)


def read(edition: Edition, table: str) -> str:
    """A table of the edition in SQL."""
    return f"read_parquet('{sql_path(edition.folder / f'{table}.parquet')}')"


def table_columns(
    edition: Edition, table: PublishedTable, labels: Mapping[str, Mapping[Any, str]]
) -> list[Column]:
    """The columns of a table as they are."""
    types = table.columns | ({} if edition.is_internal else {"suppressed": "boolean"})
    basic = {"varchar": "text", "integer": "count"}
    return [
        Column(
            name,
            head_of(edition.methodology, table.name, name),
            f"cast({name} as double)" if kind.startswith("decimal") else name,
            KINDS.get(name) or basic.get(kind, "exact"),
            labels.get(f"{table.name}.{name}") or labels.get(name),
        )
        for name, kind in types.items()
    ]


def across_columns(edition: Edition) -> tuple[list[Column], str]:
    """A column for each dimension and each indicator, and the SQL that joins them.

    The columns stand beside the unions.
    """
    entries = {"dimension": edition.dimensions, "indicator": edition.indicators}
    columns, joins = [], []
    for name, (by, figure, kind, sql) in ACROSS.items():
        chinese, english = head_of(edition.methodology, name, figure)
        added = [
            Column(
                row[by],
                (f"{row['name_zh']}\n{chinese}", f"{row['name_en']}: {english.lower()}"),
                f"{name}.{row[by]}",
                kind,
            )
            for row in entries[by]
        ]
        figures = ", ".join(
            f"max({sql}) filter (where {by} = '{column.name}') as {column.name}" for column in added
        )
        rows = f"select union_id, {figures} from {read(edition, name)} group by union_id"
        joins.append(f"inner join ({rows}) as {name} using (union_id)")
        columns += added
    return columns, f"{' '.join(joins)} order by union_id"


def names_of(
    edition: Edition,
    table: PublishedTable,
    column: Column,
    beside: Mapping[str, Mapping[str, Mapping[Any, str]]],
) -> Iterator[Column]:
    """The columns of names beside a column of codes.

    A table that names its rows itself needs none for them.
    """
    if column.name not in table.key or "name_zh" not in table.columns:
        for name, names in beside.get(column.name, {}).items():
            yield Column(
                name, head_of(edition.methodology, table.name, name), column.sql, "text", names
            )
