"""A build of the warehouse without dbt: the statements of an earlier build, run on another landing.

dbt would compile the same statements anew, which takes longer than DuckDB takes to run them. What
reads only the files that the build before read stays as that made it: a landed file lies under the
digest of its bytes and is never written again. That both ways give the same tables and results of
tests is itself tested.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from orchestration.build.warehouse import FILE, NodeResult, remove
from orchestration.errors import RefusedError, StorageError, storage_reason
from orchestration.home import files
from quality.connection import connect

FOLDERS = ("landing", "predecessor")
"""The variables of a build that only its views of landed and stored files name."""
VIEWS = "select sql from duckdb_views() where schema_name in ('landing', 'predecessor')"
Node = dict[str, Any]


class ReadFile(NamedTuple):
    """A file as a build read it: another one in its place is told from it."""

    path: str
    inode: int
    written_at: int


@dataclass(frozen=True)
class LastBuild:
    """The build that the next one begins with.

    file: its warehouse; results: of its nodes, each after those that it reads; sources: which files
    its views read, by the id of the source, None where the file is gone.
    """

    file: Path
    variables: Mapping[str, str]
    results: list[Node]
    sources: Mapping[str, ReadFile | None]


class CompiledBuild:
    """Builds what dbt has built once; takes the place of `warehouse.build`.

    The statements are read once, right after dbt wrote them: one of them is Python, and what lies
    in a home must not become what is run.
    """

    def __init__(self, built: Path) -> None:
        """built: the folder of a build of the same period by dbt (warehouse, manifest, results)."""
        self.built = built
        recorded = files.read_json(built / "dbt" / "run_results.json")
        manifest = files.read_json(built / "dbt" / "manifest.json")
        self.nodes: dict[str, Node] = manifest["nodes"]
        self.sources: dict[str, Node] = manifest["sources"]
        self.last = self.last_build(built / FILE, recorded["args"]["vars"], recorded["results"])
        self.statements = {node: self.statement(node) for node in self.built_nodes()}

    def built_nodes(self) -> list[str]:
        """The ids of the nodes that dbt has run a statement for: models, and tests of them."""
        ran = {result["unique_id"] for result in self.last.results}
        return [
            name
            for name, node in self.nodes.items()
            if name in ran and node["resource_type"] in ("model", "test")
        ]

    def statement(self, node: str) -> str:
        """What dbt ran for a node, by its id."""
        path = str(self.nodes[node]["build_path"]).partition("/dbt/run/")[2]
        return (self.built / "dbt" / "run" / path).read_text(encoding="utf-8")

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables of the last build."""
        return self.last.variables

    def last_build(
        self, file: Path, variables: Mapping[str, str], results: list[Node]
    ) -> LastBuild:
        """A build, with what its views read."""
        read = {
            name: read_file(variables[source["schema"]], source["identifier"])
            for name, source in self.sources.items()
        }
        return LastBuild(file, variables, results, read)

    def begin_with(self, built: Path, variables: Mapping[str, str]) -> None:
        """Begin the next build with one that it made; built: the file of that warehouse.

        The file is kept beside the statements under a second name.
        """
        kept = self.built / "last.duckdb"
        kept.unlink(missing_ok=True)
        os.link(built, kept)
        results = files.read_json(built.parent / "dbt" / "run_results.json")["results"]
        self.last = self.last_build(kept, variables, results)

    def fits(self, variables: Mapping[str, str]) -> bool:
        """Whether a build with these variables has the same statements."""
        for name, value in variables.items():
            built_with = self.variables[name]
            is_same = value == built_with
            is_moved = name in FOLDERS and bool(value) and bool(built_with)
            if not (is_same or is_moved):
                return False
        return True

    def __call__(
        self, folder: Path, variables: dict[str, str], on_node: Callable[[NodeResult], None]
    ) -> Path:
        """Build folder/warehouse.duckdb and tell of each node, as dbt does; returns the file.

        Raises RefusedError, naming the model, where one fails, StorageError where disk or memory is
        why, ValueError where the variables do not fit.
        """
        if not self.fits(variables):
            message = "The statements were compiled for a build with other variables."
            raise ValueError(message)
        remove(folder)
        building = folder / "building"
        building.mkdir(parents=True)
        (folder / "dbt").mkdir(exist_ok=True)
        warehouse = shutil.copyfile(self.last.file, building / FILE)
        moved = self.moved_nodes(variables)
        with connect(str(warehouse)) as connection:
            self.open_sources(connection, variables)
            results = [
                self.run(connection, result) if result["unique_id"] in moved else result
                for result in self.last.results
            ]
        if (building / f"{FILE}.wal").exists():
            message = f"The warehouse could not be written whole: {warehouse}"
            raise StorageError(message)
        content = json.dumps({"results": results})
        files.write_atomically(folder / "dbt" / "run_results.json", content)
        for result in results:
            on_node(told(result))
        warehouse.rename(folder / FILE)
        building.rmdir()
        return folder / FILE

    def moved_nodes(self, variables: Mapping[str, str]) -> set[str]:
        """The ids of the nodes that read, themselves or by others, other files than before."""
        now = self.last_build(self.last.file, variables, []).sources
        before = self.last.sources
        moved = {name for name, file in now.items() if file is None or file != before[name]}
        for result in self.last.results:
            node = self.nodes.get(result["unique_id"])
            if node and not moved.isdisjoint(node.get("depends_on", {}).get("nodes", ())):
                moved.add(result["unique_id"])
        return moved

    def open_sources(
        self, connection: duckdb.DuckDBPyConnection, variables: Mapping[str, str]
    ) -> None:
        """Let the views of landed and stored tables read from other folders."""
        for (statement,) in connection.execute(VIEWS).fetchall():
            moved = statement.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1)
            for name in FOLDERS:
                if self.variables[name]:
                    before, after = quoted(self.variables[name]), quoted(variables[name])
                    moved = moved.replace(f"'{before}/", f"'{after}/")
            connection.execute(moved)

    def run(self, connection: duckdb.DuckDBPyConnection, result: Node) -> Node:
        """The result of a node: a model is built, a test is run again."""
        node = self.nodes[result["unique_id"]]
        if node["resource_type"] == "model":
            self.build_model(connection, node)
        if node["resource_type"] == "test":
            return result | self.run_test(connection, node)
        return result

    def run_test(self, connection: duckdb.DuckDBPyConnection, node: Node) -> Node:
        """What a data test finds, in the words of dbt."""
        try:
            found = connection.execute(self.statements[node["unique_id"]])
            [(failures, failed, _)] = found.fetchall()
        except duckdb.Error as error:
            refuse_storage_error(error)
            return {"status": "error", "failures": None, "message": str(error)}
        results = "result" if failures == 1 else "results"
        message = f"Got {failures} {results}, configured to warn if != 0" if failed else None
        return {"status": "warn" if failed else "pass", "failures": failures, "message": message}

    def build_model(self, connection: duckdb.DuckDBPyConnection, node: Node) -> None:
        """Build a model anew. Raises RefusedError."""
        relation = f'"{node["schema"]}"."{node["name"]}"'
        statement = self.statements[node["unique_id"]]
        try:
            if node["language"] == "python":
                frame = python_model(statement, connection)
                made = duckdb.from_df(frame, connection=connection)
                connection.execute(f"drop table {relation}")
                made.create(relation)
            else:
                connection.execute(f"drop {node['config']['materialized']} {relation}")
                connection.execute(statement.replace('__dbt_tmp"', '"'))
        except duckdb.Error as error:
            refuse_storage_error(error)
            message = f"The warehouse is not sound:\n  {node['name']}: {error}"
            raise RefusedError(message) from None


def read_file(folder: str, table: str) -> ReadFile | None:
    """The file of a table; the place of nothing without a folder, None where the file is gone."""
    if not folder:
        return ReadFile("", 0, 0)
    file = (Path(folder) / f"{table}.parquet").resolve()
    if not file.is_file():
        return None
    found = file.stat()
    return ReadFile(str(file), found.st_ino, found.st_mtime_ns)


def refuse_storage_error(error: duckdb.Error) -> None:
    """Raise StorageError where disk or memory is why a statement failed."""
    if reason := storage_reason(error):
        message = f"The warehouse could not be built: {' '.join(reason.split())}"
        raise StorageError(message) from None


def quoted(path: str) -> str:
    """A path within an SQL string."""
    return path.replace("'", "''")


def told(result: Node) -> NodeResult:
    """What became of a node, as it is told."""
    return NodeResult(
        result["unique_id"],
        result["status"],
        result["execution_time"],
        result["message"] or "",
    )


def python_model(code: str, connection: duckdb.DuckDBPyConnection) -> Any:  # noqa: ANN401
    """The data frame that a model in Python gives, with the objects that dbt wrote beside it."""
    names: dict[str, Any] = {}
    exec(compile(code, "model", "exec"), names)  # noqa: S102 - this project's own model
    return names["model"](names["dbtObj"](connection.table), connection)
