"""The dbt project as a function: parse it once, build a period's warehouse, export its tables.

The tables are those of the publication list. The warehouse is a disposable cache: one DuckDB file
per build, written by this process alone and closed before anyone reads it.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml
from filelock import FileLock

from orchestration.errors import STORAGE_ERRORS, RefusedError, StorageError, UsageError
from orchestration.home import files
from orchestration.screen import Progress
from orchestration.settings import DBT_PROJECT, DBT_TARGET
from quality.connection import connect
from quality.publication import published_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dbt.contracts.graph.manifest import Manifest

FILE = "warehouse.duckdb"
# What a candidate says of rows and unions that do not count: each account's relation, and what
# orders it.
ACCOUNTS = {
    "row_balance": ("staging.row_balance", "source_table"),
    "refused_rows": ("staging.refused_rows", "source_table, landing_row"),
    "refused_places": ("staging.refused_places", "source_table, landing_row"),
    "refused_values": ("staging.refused_values", "source_table, landing_row, column_name"),
    "unmeasured_unions": ("measures.int_unmeasured_union", "union_id, reason"),
}


@dataclass(frozen=True)
class NodeResult:
    """What became of a dbt node: its unique id, status, seconds, and message.

    Status is success, pass, fail, error or skipped.
    """

    unique_id: str
    status: str
    seconds: float
    message: str


def counting(progress: Progress, what: str) -> Callable[[NodeResult], None]:
    """What tells of each node that is done how many there were, and its name.

    what: what the nodes are, as the line begins.
    """
    numbers = count(1)

    def tell(node: NodeResult) -> None:
        name = node.unique_id.split(".")[2]
        progress(f"{what}: {next(numbers)}, last {name}")

    return tell


def invoke(
    arguments: list[str],
    *,
    warehouse: Path,
    target: Path,
    manifest: "Manifest | None" = None,
    callbacks: Any = None,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Run dbt in this process, quietly; leaves no handle on the warehouse open.

    Returns dbt's result.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    options = {
        "project-dir": DBT_PROJECT,
        "profiles-dir": DBT_PROJECT,
        "target-path": target.resolve(),
        "log-path": target.resolve(),
        "log-level-file": "none",
    }
    switches = [
        "--log-level=none",
        "--no-use-colors",
        "--no-send-anonymous-usage-stats",
        "--no-version-check",
    ]
    common = [f"--{name}={value}" for name, value in options.items()] + switches
    with environment(
        UHI_WAREHOUSE=str(warehouse.resolve()), UHI_DATA_TEST_SEVERITY="warn", DO_NOT_TRACK="1"
    ):
        try:
            return dbtRunner(manifest=manifest, callbacks=callbacks or []).invoke(
                [*arguments, *common]
            )
        finally:
            DuckDBConnectionManager.close_all_connections()


@contextmanager
def environment(**variables: str) -> "Iterator[None]":
    """Set these variables for dbt for a while, and no `DBT_*` of another project."""
    before = {name: os.environ[name] for name in os.environ if name.startswith("DBT_")}
    before |= {name: os.environ[name] for name in variables if name in os.environ}
    for name in before:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]
        os.environ.update(before)


def project_digest() -> str:
    """Digest of the dbt project's own files: which parse of it is current."""
    parts = [
        path
        for folder in ("models", "macros", "seeds", "tests")
        for path in sorted((DBT_PROJECT / folder).rglob("*"))
    ]
    parts += [DBT_PROJECT / "dbt_project.yml", DBT_PROJECT / "profiles.yml"]
    return files.digest_of(
        {
            str(path.relative_to(DBT_PROJECT)): files.sha256_of(path)
            for path in parts
            if path.is_file()
        }
    )


def parsed_manifest() -> Path:
    """The manifest of the project as it stands, parsed anew only where a file of it changed.

    Raises UsageError where it does not parse.
    """
    target = DBT_TARGET / "parsed"
    target.mkdir(parents=True, exist_ok=True)
    stamp = target / "parsed.sha256"
    digest = project_digest()
    with FileLock(target / ".lock"):
        if not (
            stamp.exists() and stamp.read_text() == digest and (target / "manifest.json").exists()
        ):
            stamp.unlink(missing_ok=True)
            result = invoke(
                ["parse", "--no-partial-parse"],
                warehouse=target / "warehouse.duckdb",
                target=target,
            )
            if not result.success:
                raise UsageError(f"The dbt project does not parse: {result.exception}")
            files.write_atomically(stamp, digest)
    return target / "manifest.json"


def fresh_manifest() -> "Manifest":
    """The parsed project in memory, for one invocation: dbt writes into it."""
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(
        (parsed_manifest().parent / "partial_parse.msgpack").read_bytes()
    )
    manifest.build_flat_graph()
    return manifest


def remove(folder: Path) -> None:
    """Remove a folder's warehouse, and what an interrupted build left."""
    (folder / FILE).unlink(missing_ok=True)
    shutil.rmtree(folder / "building", ignore_errors=True)


def build(folder: Path, variables: dict[str, str], on_node: Callable[[NodeResult], None]) -> Path:
    """Build all models and run all data tests of one period; return folder/warehouse.duckdb.

    The file is shown under that name when all is built. Calls on_node as each node ends. A data
    test that does not pass stops nothing: `data_tests` tells of it.

    Raises RefusedError, naming the models, where one fails, and StorageError where disk or memory
    is why; then the file stays in folder/building, to be looked at until the next build.
    """
    from dbt.artifacts.resources.types import NodeType

    remove(folder)
    warehouse = folder / "building" / FILE
    warehouse.parent.mkdir(parents=True)
    ended: dict[str, NodeResult] = {}

    def report(event: Any) -> None:  # noqa: ANN401
        if event.info.name == "NodeFinished" and event.data.node_info.unique_id not in ended:
            result = event.data.run_result
            node = NodeResult(
                event.data.node_info.unique_id, result.status, result.execution_time, result.message
            )
            ended[node.unique_id] = node
            on_node(node)

    arguments = [
        "build",
        "--exclude-resource-type",
        NodeType.Unit.value,
        "--vars",
        yaml.safe_dump(variables, default_flow_style=True, width=10_000),
    ]
    result = invoke(
        arguments,
        warehouse=warehouse,
        target=folder / "dbt",
        manifest=fresh_manifest(),
        callbacks=[report],
    )
    failed = [node for node in ended.values() if node.status in ("error", "runtime error")]
    messages = [f"  {node.unique_id.split('.', 2)[2]}: {node.message}" for node in failed]
    for message in [*messages, str(result.exception)]:
        if any(kind in message for kind in STORAGE_ERRORS):
            raise StorageError(f"The warehouse could not be built: {' '.join(message.split())}")
    if result.exception is not None:
        with files.naming(folder):
            raise result.exception
    if any(not node.unique_id.startswith("test.") for node in failed):
        raise RefusedError("\n".join(["The warehouse is not sound:", *messages]))
    if (warehouse.parent / f"{FILE}.wal").exists():
        raise StorageError(f"The warehouse could not be written whole: {warehouse}")
    warehouse.rename(folder / FILE)
    shutil.rmtree(warehouse.parent)
    return folder / FILE


def node_results(folder: Path) -> list[NodeResult]:
    """What became of each node of the period's build, as dbt recorded it."""
    recorded = files.read_json(folder / "dbt" / "run_results.json")["results"]
    return [
        NodeResult(each["unique_id"], each["status"], each["execution_time"], each["message"] or "")
        for each in recorded
    ]


def data_tests(folder: Path) -> list[NodeResult]:
    """What became of each data test of the period's build."""
    tests = [node for node in node_results(folder) if node.unique_id.startswith("test.")]
    return [replace(test, message=test.message or "no failing rows") for test in tests]


def row_counts(warehouse: Path) -> dict[tuple[str, str], int]:
    """Rows of every table of a warehouse file by schema and name, in one query of its catalogue."""
    with connect(str(warehouse), read_only=True) as connection:
        counted = connection.execute(
            "select schema_name, table_name, estimated_size from duckdb_tables()"
        ).fetchall()
    return {(schema, table): rows for schema, table, rows in counted}


def refused_counts(warehouse: Path) -> dict[str, dict[str, int]]:
    """Rows of a warehouse file that are not counted, by source table and rule."""
    with connect(str(warehouse), read_only=True) as connection:
        return counts_by_rule(connection.sql("from staging.refused_rows"))


def refused_counts_of_candidate(staging: Path) -> dict[str, dict[str, int]]:
    """The same from a candidate's account of refused rows."""
    with connect() as connection:
        return counts_by_rule(connection.read_parquet(str(staging / "refused_rows.parquet")))


def counts_by_rule(refused_rows: duckdb.DuckDBPyRelation) -> dict[str, dict[str, int]]:
    """Refused rows by source table and rule."""
    counts: dict[str, dict[str, int]] = {}
    for table, rule, rows in (
        refused_rows.aggregate("source_table, rule, count(*)")
        .order("source_table, rule")
        .fetchall()
    ):
        counts.setdefault(table, {})[rule] = rows
    return counts


def export(warehouse: Path, tables: Path, staging: Path) -> None:
    """Write the published tables, ordered by their key, and the accounts, as Parquet files.

    The accounts are of what does not count.
    """
    tables.mkdir(parents=True)
    staging.mkdir(parents=True)
    with connect(str(warehouse), read_only=True) as connection:
        for table in published_tables().values():
            columns, key = ", ".join(table.columns), ", ".join(table.key)
            write_parquet(
                connection,
                f"select {columns} from publication.{table.name} order by {key}",
                tables / f"{table.name}.parquet",
            )
        for name, (relation, order) in ACCOUNTS.items():
            write_parquet(
                connection,
                f"select * from {relation} order by {order}",
                staging / f"{name}.parquet",
            )


def write_parquet(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    """Write the rows of a query to a Parquet file."""
    connection.execute(f"copy ({query}) to '{sql_path(file)}' (format parquet, compression zstd)")


def sql_path(path: Path) -> str:
    """A path within an SQL string.

    Raises UsageError where a character of it stands for others there.
    """
    if problem := files.path_problem(path):
        raise UsageError(f"This folder cannot be read: {problem}.")
    return str(path).replace("'", "''")
