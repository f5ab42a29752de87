"""What a release says of the origin of its columns, checked against its files.

Its OpenLineage events are in `lineage_events.py`, its provenance statement in `provenance.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from quality.release_files import EDITIONS, Json, csv_header, read_json

ORIGINS = {"source", "seed", "variable"}
KINDS = {*ORIGINS, "predecessor", "row_rules"}
VARIABLES = ["period", "as_of", "same_methodology"]
NOT_IN_A_RELEASE = {"public_holidays", "parameters"}

Columns = Mapping[str, list[str]]


@dataclass(frozen=True)
class Known:
    """What an origin may name: source tables, and columns by table of all else.

    The tables NOT_IN_A_RELEASE and the columns of source tables are not there to be looked up.
    """

    sources: set[str]
    seeds: Columns
    judged: Columns

    def has(self, origin: Json) -> bool:
        """Whether the table and the columns that an origin names are there."""
        kind = origin["kind"]
        table = origin["table"]
        columns = columns_used(origin)
        if not columns or kind not in KINDS:
            return False
        if kind in {"source", "row_rules"}:
            return table in self.sources
        if kind == "seed" and table in NOT_IN_A_RELEASE:
            return True
        return columns <= self.columns_of(kind, table)

    def columns_of(self, kind: str, table: str) -> set[str]:
        """The columns of a table of a kind; none where there is no such table."""
        held: dict[str, Columns] = {
            "seed": self.seeds,
            "predecessor": self.judged,
            "variable": {"variable": VARIABLES},
        }
        return set(held[kind].get(table, ()))


def columns_used(origin: Json) -> set[str]:
    """The columns that an origin names."""
    columns = set[str]()
    for uses in (origin["direct"], origin["indirect"]):
        columns.update(*uses.values())
    return columns


def other_lineage(folder: Path) -> Iterator[str]:
    """Columns of the editions' tables whose lineage is wrong.

    It is missing, empty, of a table that does not exist, or not on the page.
    """
    manifest = read_json(folder / "manifest.json")
    sources = {table["table"] for table in manifest["source"]["tables"]}
    judged = judged_tables(folder)
    for name in EDITIONS:
        edition = folder / name
        seeds = methodology_columns(edition / "methodology")
        known = Known(sources, seeds, judged)
        for fault in lineage_faults(edition, known):
            yield f"{name}/{fault}"


def lineage_faults(edition: Path, known: Known) -> Iterator[str]:
    """How the lineage of an edition is wrong."""
    tables = read_json(edition / "lineage.json")["tables"]
    page = (edition / "lineage.html").read_text(encoding="utf-8")
    published = {name for name in known.judged if table_of(edition, name).is_file()}
    if set(tables) != published:
        yield "lineage.json is of other tables"
    for name in sorted(published & set(tables)):
        columns = tables[name]["columns"]
        if list(columns) != pq.read_schema(table_of(edition, name)).names:
            yield f"lineage.json has other columns of {name}"
        if not is_shown(name, columns, page):
            yield f"lineage.html does not show {name}"
        yield from origin_faults(name, tables[name], known)


def table_of(edition: Path, name: str) -> Path:
    """The Parquet file of a table of an edition."""
    return edition / f"{name}.parquet"


def is_shown(
    table: str,
    columns: Json,
    page: str,
) -> bool:
    """Whether the page of the lineage has a table and each of its columns."""
    if f'<h3 id="{table}">' not in page:
        return False
    return all(f"<code>{column}</code>" in page for column in columns)


def origin_faults(
    table: str,
    lineage: Json,
    known: Known,
) -> Iterator[str]:
    """Columns of a table, and its rows, that have no origin, or one that does not exist."""
    traced = {**lineage["columns"], "its rows": lineage["rows"]}
    for column, origins in traced.items():
        kinds = {origin["kind"] for origin in origins}
        if not kinds & ORIGINS:
            yield f"lineage.json has no origin of {table}: {column}"
        if not all(map(known.has, origins)):
            yield f"lineage.json has an origin of {table}: {column} that is none"


def judged_tables(folder: Path) -> Columns:
    """The columns of each judged table."""
    verdict = read_json(folder / "verdict.json")
    internal = folder / "internal"
    return {name: pq.read_schema(table_of(internal, name)).names for name in verdict["tables"]}


def methodology_columns(folder: Path) -> Columns:
    """The columns of each table of the methodology."""
    return {file.stem: csv_header(file) for file in sorted(folder.glob("*.csv"))}
