"""The statistics of cases as tables: on a screen, and as files."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.alerts.statistics import CaseStatistics, Statistics
from orchestration.aligned import aligned
from orchestration.home import files

if TYPE_CHECKING:
    import pyarrow as pa

ALL = "all"
NONE = "–"
SHOWN = {
    "opened": "opened",
    "open_now": "open",
    "closed": "closed",
    "corrected": "corrected",
    "median_days": "median days",
    "p90_days": "90 % days",
    "on_time_rate": "on time %",
    "reopened_rate": "reopened %",
    "unconfirmed_rate": "unconfirmed %",
}


def format_statistics(statistics: Statistics) -> list[str]:
    """The statistics for a reader: a table by county, and one by rule."""
    return [
        f"Cases as of the evaluation of {statistics.as_of}",
        "",
        *format_table("county", statistics.by_county, statistics.all),
        "",
        *format_table("rule", statistics.by_rule, statistics.all),
    ]


def format_table(
    key: str, groups: Mapping[str, CaseStatistics], everything: CaseStatistics
) -> list[str]:
    """The lines of a table; its last row is of all cases."""
    head = (key, *SHOWN.values())
    rows = [(name, *cells_of(each)) for name, each in {**groups, ALL: everything}.items()]
    return aligned(rows, head=head, right=range(1, len(head)))


def cells_of(statistics: CaseStatistics) -> Iterator[str]:
    """The cells that a screen shows of a row."""
    for name in SHOWN:
        value = getattr(statistics, name)
        yield NONE if value is None else f"{value:,}"


def write_statistics(statistics: Statistics, folder: Path) -> list[Path]:
    """Write `cases_by_county` and `cases_by_rule` into a folder, each as CSV and Parquet.

    Returns the files, each of which is written whole. Raises OSError.
    """
    written = []
    for name, table in tables_of(statistics).items():
        for ending, content in contents_of(table).items():
            file = folder / f"{name}.{ending}"
            files.write_bytes_atomically(file, content)
            written.append(file)
    return written


def tables_of(statistics: Statistics) -> dict[str, "pa.Table"]:
    """The statistics by county and by rule as tables, by their names."""
    return {
        "cases_by_county": table_of("county_code", statistics.by_county, statistics),
        "cases_by_rule": table_of("rule", statistics.by_rule, statistics),
    }


def table_of(key: str, groups: Mapping[str, CaseStatistics], statistics: Statistics) -> "pa.Table":
    """A table of statistics.

    key: the column that has the names of the groups, and `all` in the last row.
    """
    import pyarrow as pa

    rows = [
        {"as_of": statistics.as_of, key: name} | each.model_dump()
        for name, each in {**groups, ALL: statistics.all}.items()
    ]
    kinds = {
        name: pa.decimal128(7, 4) if name.endswith("_rate") else pa.int32()
        for name in CaseStatistics.model_fields
    }
    schema = pa.schema({"as_of": pa.date32(), key: pa.string()} | kinds)
    return pa.Table.from_pylist(rows, schema)


def contents_of(table: "pa.Table") -> dict[str, bytes]:
    """The bytes of a table's files, by the ending of their names."""
    import pyarrow.csv

    as_csv = io.BytesIO()
    pyarrow.csv.write_csv(table, as_csv)
    return {"csv": as_csv.getvalue(), "parquet": parquet_of(table)}


def parquet_of(table: "pa.Table") -> bytes:
    """The bytes of a table's Parquet file."""
    import pyarrow.parquet as pq

    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    return content.getvalue()
