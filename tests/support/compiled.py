"""A build of the warehouse without dbt.

It runs the statements of an earlier build by dbt on another landing.

Many tests hand over a source that differs in one table. For these dbt would compile the same
statements anew each time, and take ten times as long for it as DuckDB takes to run them. That both
ways give the same tables and results of tests is itself tested (`test_corrupt_source.py`).
"""

import json
import shutil

import duckdb

from orchestration.build.warehouse import FILE, NodeResult
from quality.connection import connect

OPENED = ("landing", "predecessor")


class CompiledBuild:
    """Builds what dbt has built once; takes the place of `orchestration.build.warehouse.build`."""

    def __init__(self, built):
        """built: the folder of a build of the same period by dbt (warehouse, manifest, results)."""
        self.built = built
        self.recorded = json.loads((built / "dbt" / "run_results.json").read_text(encoding="utf-8"))
        manifest = json.loads((built / "dbt" / "manifest.json").read_text(encoding="utf-8"))
        self.manifest = manifest["nodes"]
        self.variables = self.recorded["args"]["vars"]

    def __call__(self, folder, variables, on_node):
        """Build folder/warehouse.duckdb and tell of each test, as dbt does."""
        assert {name for name, value in variables.items() if value != self.variables[name]} <= set(
            OPENED
        )
        (folder / "dbt").mkdir(exist_ok=True)
        warehouse = shutil.copyfile(self.built / FILE, folder / FILE)
        with connect(str(warehouse)) as connection:
            self.open_sources(connection, variables)
            results = [self.run(connection, node) for node in self.recorded["results"]]
        (folder / "dbt" / "run_results.json").write_text(
            json.dumps({"results": results}), encoding="utf-8"
        )
        for result in results:
            on_node(
                NodeResult(
                    result["unique_id"],
                    result["status"],
                    result["execution_time"],
                    result["message"] or "",
                )
            )
        return warehouse

    def open_sources(self, connection, variables):
        """Let the views of landed and stored tables read from other folders."""
        assert all(self.variables[name] for name in OPENED)
        views = connection.execute(
            "select sql from duckdb_views() where schema_name in ('landing', 'predecessor')"
        ).fetchall()
        assert views
        for (statement,) in views:
            moved = statement.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1)
            for name in OPENED:
                moved = moved.replace(f"{self.variables[name]}/", f"{variables[name]}/")
            connection.execute(moved)

    def run(self, connection, result):
        """The result of a node: a model is built, a test is run again, a seed keeps its result."""
        node = self.manifest.get(result["unique_id"], {"resource_type": "other"})
        if node["resource_type"] == "model":
            self.run_model(connection, node)
        if node["resource_type"] == "test":
            [(failures, failed, _)] = connection.execute(self.statement(node)).fetchall()
            results = "result" if failures == 1 else "results"
            message = f"Got {failures} {results}, configured to warn if != 0" if failed else None
            return result | {
                "status": "warn" if failed else "pass",
                "failures": failures,
                "message": message,
            }
        return result

    def run_model(self, connection, node):
        relation = f'"{node["schema"]}"."{node["name"]}"'
        if node["language"] == "python":
            made = duckdb.from_df(
                python_model(self.statement(node), connection), connection=connection
            )
            connection.execute(f"drop table {relation}")
            made.create(relation)
        else:
            connection.execute(f"drop {node['config']['materialized']} {relation}")
            connection.execute(self.statement(node).replace('__dbt_tmp"', '"'))

    def statement(self, node):
        """What dbt ran for a node."""
        path = node["build_path"].partition("/dbt/run/")[2]
        return (self.built / "dbt" / "run" / path).read_text(encoding="utf-8")


def python_model(code, connection):
    """The data frame that a model in Python gives, with the objects that dbt wrote beside it."""
    names = {}
    exec(compile(code, "model", "exec"), names)  # noqa: S102
    return names["model"](names["dbtObj"](connection.table), connection)
