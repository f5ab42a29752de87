"""The making of the synthetic city: the order of things.

What belongs here: parameters and word lists go into a DuckDB in memory, the SQL scripts beside this
module make the tables of the source contract from them, and each is written as one Parquet file.
How the city behaves is `behaviour.toml`, its places and words are CSV files, and every row is made
in SQL.  All chance comes from hashes of the seed, so the same call gives the same bytes with any
number of threads.
"""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from orchestration.contract.registry import source_tables
from orchestration.errors import UsageError

HERE = files("orchestration.demo")
SCRIPTS = (
    "macros",
    "enterprises",
    "unions",
    "members",
    "fund",
    "rights",
    "assistance",
    "innovation",
    "culture",
)
# Names of enterprises and numbers of members are drawn without repetition from supplies of these
# sizes.
FEWEST_ENTERPRISES = 200
MOST_ENTERPRISES = 100_000

_Row = dict[str, str | None]


def make_city(
    folder: Path,
    *,
    seed: int = 2020,
    enterprises: int | None = None,
    threads: int | None = None,
) -> None:
    """Write the source tables of a synthetic city of unions, as handed over in early January 2021.

    The unions are those of private enterprises. City, counties and townships are those of Wenzhou
    in 2020, which is public; enterprises and people are invented.

    Args:
        folder: where the files go, one `<table>.parquet` for each table of the source contract;
            made if it is not there.
        seed: another seed gives another city of the same behaviour.
        enterprises: number of enterprises, 200 to 100,000; None means the calibrated size of
            `behaviour.toml`.
        threads: threads of the engine; None means all. They do not change a byte.

    Raises:
        UsageError: the number of enterprises is out of range.

    """
    behaviour = tomllib.loads(_read("behaviour.toml"))
    full_size = behaviour["city"]["enterprises"]
    size = full_size if enterprises is None else enterprises
    if not FEWEST_ENTERPRISES <= size <= MOST_ENTERPRISES:
        raise UsageError(
            f"A synthetic city has {FEWEST_ENTERPRISES} to {MOST_ENTERPRISES} enterprises, "
            f"not {size}: choose a number between them."
        )
    variables = {
        "seed": seed,
        "enterprises": size,
        "scale": size / full_size,
        "behaviour": behaviour,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "notice.txt").write_text(_read("notice.txt"), encoding="utf-8")
    with duckdb.connect(config={} if threads is None else {"threads": threads}) as connection:
        connection.execute("set enable_progress_bar = false; set timezone = 'UTC'")
        for name, value in variables.items():
            connection.execute(f"set variable {name} = $1", [value])
        _load_behaviour(connection, behaviour)
        _load_words(connection)
        for script in SCRIPTS:
            connection.execute(_read(f"sql/{script}.sql"))
        _write_tables(connection, folder)


def _write_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write each table of the source contract as a Parquet file, ordered by its key."""
    for table in source_tables().values():
        target = str(folder / f"{table.name}.parquet").replace("'", "''")
        key = ", ".join(table.key)
        rows = f"select * from {table.name} order by {key}"
        connection.execute(f"copy ({rows}) to '{target}' (format parquet)")


def _load_behaviour(connection: duckdb.DuckDBPyConnection, behaviour: dict[str, Any]) -> None:
    """Make the tables behaviour_<section>, of one row each.

    Two have more: one row per county, and one per kind of turning point.
    """
    for section, values in behaviour.items():
        if section == "county":
            rows = [{"county_code": code, **county} for code, county in values.items()]
        elif section == "turning_points":
            rows = [{"kind": kind, "per_month": float(number)} for kind, number in values.items()]
        else:
            rows = [values]
        connection.execute(
            f"create table behaviour_{section} as select unnest($1, recursive := true)", [rows]
        )


def _load_words(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables place, with the contract's columns of region, and word_lists.

    word_lists has one row of lists.
    """
    words: dict[str, list[_Row]] = defaultdict(list)
    for row in _read_csv("names.csv"):
        words[row["kind"] or ""].append(row)
    lists = {
        "surnames": _texts(words["surname"]),
        "given_women": _texts(words["given_f"]),
        "given_men": _texts(words["given_m"]),
        "trade_names": _texts(words["trade_name"]),
        "trades": [{"text": row["text"], "industry": row["industry"]} for row in words["trade"]],
    }
    places = _read_csv("places.csv")
    connection.execute("create table place as select unnest($1, recursive := true)", [places])
    connection.execute("create table word_lists as select unnest($1)", [lists])


def _texts(rows: Iterable[_Row]) -> list[str | None]:
    """The texts of rows of words."""
    return [row["text"] for row in rows]


def _read_csv(name: str) -> list[_Row]:
    """Rows of a CSV file beside this module; an empty cell is None."""
    lines = _read(name).splitlines()
    rows = []
    for row in csv.DictReader(lines):
        cells = {column: cell or None for column, cell in row.items()}
        rows.append(cells)
    return rows


def _read(name: str) -> str:
    """The text of a file beside this module."""
    return (HERE / name).read_text(encoding="utf-8")
