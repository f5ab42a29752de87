"""The statistics of cases as tables: on a screen, and as files."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from orchestration.alerts.statistics import CaseStatistics, Statistics
from orchestration.aligned import aligned
from orchestration.home import files

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
    tables = (
        ("cases_by_county", "county_code", statistics.by_county),
        ("cases_by_rule", "rule", statistics.by_rule),
    )
    written = []
    for name, key, groups in tables:
        for ending, content in contents_of(key, groups, statistics).items():
            file = folder / f"{name}.{ending}"
            files.write_bytes_atomically(file, content)
            written.append(file)
    return written


def contents_of(
    key: str, groups: Mapping[str, CaseStatistics], statistics: Statistics
) -> dict[str, bytes]:
    """The bytes of a table's files, by the ending of their names.

    key: the column that has the names of the groups, and `all` in the last row.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    rows = [
        {"as_of": statistics.as_of, key: name} | each.model_dump()
        for name, each in {**groups, ALL: statistics.all}.items()
    ]
    kinds = {
        name: pa.decimal128(7, 4) if name.endswith("_rate") else pa.int32()
        for name in CaseStatistics.model_fields
    }
    schema = pa.schema({"as_of": pa.date32(), key: pa.string()} | kinds)
    table = pa.Table.from_pylist(rows, schema)
    as_csv, as_parquet = io.BytesIO(), io.BytesIO()
    pyarrow.csv.write_csv(table, as_csv)
    pq.write_table(table, as_parquet, compression="zstd")
    return {"csv": as_csv.getvalue(), "parquet": as_parquet.getvalue()}
