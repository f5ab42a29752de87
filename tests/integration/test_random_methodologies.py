"""Random methodologies.

A sound one gives the tables of the independent calculation, an unsound one exit code 2.
"""

import shutil

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.build import candidate
from orchestration.cli.main import main
from orchestration.contract.methodology import load_methodology
from orchestration.contract.methodology_tables import TABLES
from orchestration.errors import UsageError
from orchestration.home import files
from orchestration.periods import Period
from quality.publication import published_tables
from tests.reference import calculate
from tests.support.cells import INTERVAL
from tests.support.methodologies import SPOILERS, methodologies, write
from tests.support.settings import EXAMPLE, KEY

OCTOBER = Period(2020, 10)


@pytest.fixture(scope="module")
def warehouse(example_run, tmp_path_factory):
    """A copy of October's warehouse, open, and the SQL of its models in build order."""
    built = example_run[0].home.build(OCTOBER)
    file = shutil.copy(
        built / "warehouse.duckdb", tmp_path_factory.mktemp("random") / "warehouse.duckdb"
    )
    nodes = files.read_json(built / "dbt" / "run_results.json")["results"]
    models = {node["relation_name"]: node["compiled_code"] for node in nodes if is_rebuilt(node)}
    with duckdb.connect(str(file)) as connection:
        relations = connection.execute("""
            select
                '"' || table_catalog || '"."' || table_schema || '"."' || table_name || '"',
                table_type
            from information_schema.tables
        """)
        kinds = dict(relations.fetchall())
        yield (
            connection,
            {name: query for name, query in models.items() if kinds[name] == "BASE TABLE"},
        )


def is_rebuilt(node):
    """Whether a node is a model in SQL of what the methodology acts on."""
    name = node["unique_id"].rpartition(".")[2]
    return (
        node["unique_id"].startswith("model.")
        and "def model(" not in node["compiled_code"]
        and not name.startswith(("stg_", "refused"))
    )


def tables_of(warehouse, folder):
    """The published tables under the methodology of a folder, every cell as text."""
    connection, models = warehouse
    for table in TABLES:
        connection.execute(f"delete from seeds.{table}")
        columns = ", ".join(f"nullif({name}, '')" for name in TABLES[table].model_fields)
        options = f"header = true, quote = '\"', columns = {{{types_of(table)}}}"
        read = f"read_csv('{folder / table}.csv', auto_detect = false, {options})"
        connection.execute(f"insert into seeds.{table} select {columns} from {read}")
    for name, query in models.items():
        connection.execute(f"create or replace table {name} as {query}")
    return {name: rows_of(connection, table) for name, table in published_tables().items()}


def types_of(table):
    return ", ".join(f"'{name}': 'varchar'" for name in TABLES[table].model_fields)


def rows_of(connection, table):
    columns = {name: kind for name, kind in table.columns.items() if name not in INTERVAL}
    cells = ", ".join(f"cast(cast({name} as {kind}) as varchar)" for name, kind in columns.items())
    rows = connection.execute(
        f"select {cells} from publication.{table.name} order by {', '.join(table.key)}"
    ).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(methodologies())
def test_a_sound_methodology_gives_the_tables_of_the_independent_calculation(
    warehouse, tmp_path_factory, tables
):
    folder = tmp_path_factory.mktemp("methodology")
    write(tables, folder)
    load_methodology(folder, OCTOBER)
    found = tables_of(warehouse, folder)
    expected = calculate(EXAMPLE / "source", folder, [str(OCTOBER)])[str(OCTOBER)]
    for name, rows in found.items():
        due = [
            {column: cell for column, cell in row.items() if column not in INTERVAL}
            for row in expected[name]
        ]
        assert rows == due, name


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(methodologies(), st.sampled_from(sorted(SPOILERS)))
def test_an_unsound_methodology_is_refused(tmp_path_factory, tables, spoiler):
    folder = tmp_path_factory.mktemp("methodology")
    SPOILERS[spoiler](tables)
    write(tables, folder)
    with pytest.raises(UsageError):
        load_methodology(folder, OCTOBER)


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_each_way_to_spoil_the_shipped_one_is_exit_2_before_anything_is_built(
    tmp_path, monkeypatch, spoiler
):
    from tests.support.methodologies import rows_of as shipped_rows

    folder = tmp_path / "methodology"
    folder.mkdir()
    tables = {table: shipped_rows(table) for table in TABLES}
    SPOILERS[spoiler](tables)
    write(tables, folder)
    monkeypatch.setattr(candidate, "METHODOLOGY", folder)
    arguments = ["run", "--source", str(EXAMPLE / "source"), "--period", str(OCTOBER)]
    environment = {"UHI_HOME": str(tmp_path / "home"), "UHI_PSEUDONYM_KEY": KEY}
    done = CliRunner().invoke(main, arguments, env=environment)
    assert (done.exit_code, "Traceback" in done.output) == (2, False), done.output
    assert not (tmp_path / "home" / "warehouse").exists()
