"""The unions' indices of one release, scored by the methodology of another.

They are scored by the SQL that dbt compiles for the index itself, on the values as they were
measured: so there is one formula. What acts on the measuring (windows, limits, grades), and
indicators that only one of the methodologies has, cannot be told apart from the data.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.build.warehouse import sql_path
from orchestration.contract.methodology import Row, rows_of_version
from orchestration.home.records.verdict import Verdict
from orchestration.lineage.compiled import Manifest, compiled_manifest

UNITS = 10_000
SCORING = ("dimensions", "indicators", "scoring_knots")
SCORED_BY = ("dimension", "indicator", "weight", "value", "score")
MODELS = ("int_indicator_score", "int_dimension", "int_index")

Node = Mapping[str, Any]


def rescore(
    connection: duckdb.DuckDBPyConnection,
    before: Path,
    after: Path,
) -> None:
    """Make the table `rescored`: union_id, units.

    The indices of a release, in units of the fourth decimal, by a later one's methodology.

    Raises UsageError where the dbt project does not compile.
    """
    scoring = scoring_of(after)
    indices = stored(before, "union_index")
    if scoring_of(before) != scoring:
        nodes = nodes_of(compiled_manifest())
        make_methodology(connection, nodes, scoring)
        make_measured(connection, nodes, before)
        for model in MODELS:
            node = nodes[model]
            make_relation(connection, node, node["compiled_code"])
        indices = nodes["int_index"]["relation_name"]
    units = in_units("health_index")
    connection.execute(f"""
        create or replace table rescored as
        select union_id, {units} as units
        from {indices}
    """)


def stored(release: Path, table: str) -> str:
    """SQL of a table of a release's internal edition."""
    file = release / "internal" / f"{table}.parquet"
    return f"read_parquet('{sql_path(file)}')"


def nodes_of(manifest: Manifest) -> dict[str, Node]:
    """The seeds and models of the project, and the sources of the month before, by name."""
    nodes = {node["name"]: node for node in manifest["nodes"].values()}
    sources = manifest["sources"].values()
    before = [node for node in sources if node["source_name"] == "predecessor"]
    return nodes | {f"predecessor.{node['name']}": node for node in before}


def make_methodology(
    connection: duckdb.DuckDBPyConnection,
    nodes: Mapping[str, Node],
    scoring: Mapping[str, Sequence[Row]],
) -> None:
    """Make the methodology's tables, of one version, where the models of the index read them."""
    for table, rows in scoring.items():
        node = nodes[table]
        types = node["config"]["column_types"]
        cells = [f"cast({name} as {types[name]}) as {name}" for name in rows[0]]
        query = f"select '' as methodology, {', '.join(cells)} from rows_in_force"
        connection.register("rows_in_force", pa.Table.from_pylist(list(rows)))
        make_relation(connection, node, query)
        connection.unregister("rows_in_force")


def make_measured(
    connection: duckdb.DuckDBPyConnection,
    nodes: Mapping[str, Node],
    release: Path,
) -> None:
    """Make what a release measured where the models of the index read it.

    Each union has a row for each indicator of the methodology; what the release did not measure
    does not apply. Nothing is told of a month before.
    """
    unions = stored(release, "union_index")
    inputs = {
        "int_period": "select '' as methodology, false as same_methodology",
        "int_linked_union": f"select union_id, township_code, county_code from {unions}",
        "predecessor.union_index": f"select * from {unions} where false",
        "int_indicator_value": f"""
            select
                union_id, indicator, coalesce(status, 'not_applicable') as status,
                numerator, denominator, value
            from (select union_id from {unions})
            cross join (select indicator from {nodes["indicators"]["relation_name"]})
            left join {stored(release, "union_indicator")} using (union_id, indicator)
        """,
    }
    for name, query in inputs.items():
        make_relation(connection, nodes[name], query)


def make_relation(
    connection: duckdb.DuckDBPyConnection,
    node: Node,
    query: str,
) -> None:
    """Make a table by the name that compiled SQL calls it, in a database in memory."""
    database = f'"{node["database"]}"'
    schema = f'"{node["schema"]}"'
    connection.execute(f"attach if not exists ':memory:' as {database}")
    connection.execute(f"create schema if not exists {database}.{schema}")
    connection.execute(f"create or replace table {node['relation_name']} as {query}")


def in_units(figure: str) -> str:
    """SQL of a figure in units of the fourth decimal; narrow decimals are widened first."""
    return f"cast(cast({figure} as decimal(38, 4)) * {UNITS} as hugeint)"


def scoring_of(release: Path) -> dict[str, list[Row]]:
    """The dimensions, indicators and knots that a release scores by, without names and order."""
    name = Verdict.read(release / "verdict.json").methodology.name
    tables = rows_of_version(release / "internal" / "methodology", name, SCORING)
    scoring = {}
    for table, rows in tables.items():
        in_order = sorted(rows, key=place_of)
        scoring[table] = [scored_by(row) for row in in_order]
    return scoring


def place_of(row: Row) -> tuple[str, str, Decimal]:
    """The place of a row among others, which does not depend on the order of their file.

    The knots of an indicator are by value.
    """
    return (
        row.get("dimension", ""),
        row.get("indicator", ""),
        Decimal(row.get("value", 0)),
    )


def scored_by(row: Row) -> Row:
    """The cells of a row that scores depend on."""
    return {column: row[column] for column in SCORED_BY if column in row}
