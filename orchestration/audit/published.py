"""A release as the audit reads it: tables of its internal edition, and its methodology.

All files are those of its SHA256SUMS.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from orchestration.audit.calculation import units
from orchestration.contract.methodology import rows_of_version
from orchestration.errors import UsageError, VerificationError
from orchestration.home import files
from orchestration.home.layout import SUMS
from orchestration.home.records.release import Manifest
from orchestration.home.sums import listed_in
from quality.connection import connect

TABLES = (
    "area_index",
    "area_dimension",
    "area_indicator",
    "county_ranking",
    "union_index",
    "union_dimension",
    "union_indicator",
)
METHODOLOGY = ("methodologies", "dimensions", "indicators", "scoring_knots", "grades")
FILES = (
    "manifest.json",
    "internal/staging/refused_rows.parquet",
    *(f"internal/{table}.parquet" for table in TABLES),
    *(f"internal/methodology/{table}.csv" for table in METHODOLOGY),
)

COMPARED = ("changes", "decomposition")
BEFORE = tuple(
    f"predecessor/tables/{table}" for table in ("area_index", "union_index", "union_dimension")
)
# What only some releases have: what is compared with another one, the month before.
FURTHER_FILES = (
    "internal/predecessor/verdict.json",
    *(f"internal/{table}.parquet" for table in (*COMPARED, *BEFORE)),
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Published:
    """A release that is open: its folder, its manifest, its methodology and its tables.

    The rows of the methodology are given by table. The connection has the release's tables as
    views; `refused_rows` is one of them, and so are `changes` and `decomposition` where the
    release has them.
    """

    folder: Path
    manifest: Manifest
    methodology: dict[str, list[dict[str, str]]]
    connection: duckdb.DuckDBPyConnection

    def rows(self, query: str, *parameters: object) -> list[Row]:
        """A query's rows."""
        found = self.connection.execute(query, parameters)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    @cached_property
    def dimensions(self) -> dict[str, dict[str, str]]:
        """The dimensions by name, in their order."""
        rows = sorted(self.methodology["dimensions"], key=lambda row: int(row["position"]))
        return {row["dimension"]: row for row in rows}

    @cached_property
    def indicators(self) -> dict[str, dict[str, str]]:
        """The indicators by name, in their order."""
        rows = sorted(self.methodology["indicators"], key=lambda row: int(row["position"]))
        return {row["indicator"]: row for row in rows}

    @cached_property
    def knots(self) -> dict[str, list[tuple[int, int]]]:
        """The knots (value, score) of each indicator by value, in units of the fourth decimal."""
        return {
            indicator: sorted(
                (units(row["value"]), units(row["score"]))
                for row in self.methodology["scoring_knots"]
                if row["indicator"] == indicator
            )
            for indicator in self.indicators
        }


def plain(content: Any) -> Any:  # noqa: ANN401
    """Content as JSON can hold it, decimals as text, so that they stay exact."""
    if isinstance(content, dict):
        return {name: plain(cell) for name, cell in content.items()}
    if isinstance(content, list):
        return [plain(each) for each in content]
    return str(content) if isinstance(content, Decimal) else content


@contextmanager
def open_release(folder: Path) -> Iterator[Published]:
    """Open a published, retracted or prepared release.

    Raises UsageError where the folder is none, VerificationError where a file that the audit reads
    is not as it was built.
    """
    if not (folder / SUMS).is_file():
        raise UsageError(f"{folder} is no release: it has no {SUMS}.")
    files.plain_files(folder)
    listed = listed_in(folder)
    check_files(folder, listed)
    manifest = Manifest.read(folder / "manifest.json")
    methodology = methodology_of(folder, manifest.methodology.name)
    compared = [table for table in COMPARED if f"internal/{table}.parquet" in listed]
    with connect() as connection:
        connection.execute(
            "set autoinstall_known_extensions = false; set autoload_known_extensions = false; "
            "set parquet_metadata_cache = true"
        )
        for table in (*TABLES, *compared, "staging/refused_rows"):
            file = folder / "internal" / f"{table}.parquet"
            connection.read_parquet(str(file)).create_view(file.stem)
        yield Published(folder, manifest, methodology, connection)


def check_files(folder: Path, listed: Mapping[str, str]) -> None:
    """Raise VerificationError where a file that the audit reads is not as it was built."""
    due = [*FILES, *(name for name in FURTHER_FILES if name in listed)]
    altered = [name for name in due if not is_as_listed(folder, name, listed)]
    if altered:
        raise VerificationError(
            f"{folder} is not as it was built: {', '.join(altered)}; uhi verify tells more."
        )


def is_as_listed(
    folder: Path,
    name: str,
    listed: Mapping[str, str],
) -> bool:
    """Whether a file of a release is there with the digest that is listed of it."""
    file = folder / name
    return file.is_file() and files.sha256_of(file) == listed.get(name)


def methodology_of(folder: Path, name: str) -> dict[str, list[dict[str, str]]]:
    """The rows of a release's methodology that are of the methodology in force, by table."""
    return rows_of_version(folder / "internal" / "methodology", name, METHODOLOGY)
