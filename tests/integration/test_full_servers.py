"""A server whose disk is full, or that allows too little of it: told, and nothing landed."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.integration.test_databases import SOURCE, assert_nothing_landed
from tests.support.databases import MysqlDatabase, start_mysql
from tests.support.faults import done, leave_free, small_disk_at, uhi

MANY = 100_000
FREE_KIB = 1024


@pytest.fixture
def nearly_full():
    """A disk that has 1 MiB left, at a place that every user of this machine may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with small_disk_at(folder / "disk"):
            leave_free(folder / "disk", FREE_KIB)
            (folder / "disk" / "space").mkdir()
            (folder / "disk" / "space").chmod(0o777)
            yield folder / "disk" / "space"


def fill_with_view(database, numbered, order):
    """The example, with so many activities behind a view that the server sorts them in files."""
    database.fill(SOURCE)
    database.execute(
        "insert into activity select concat('X', number), 'U1', '2020-01-01', 12,"
        f" '2020-01-01 08:00:00' from {numbered}"
    )
    database.execute("alter table activity rename to stored")
    database.execute(f"create view activity as select * from stored order by {order} limit {MANY}")


def assert_refused(tmp_path, database, reason):
    """A run ends as for a source that cannot be read, with what to do; it lands nothing."""
    home = tmp_path / "home"
    ended = done(home, uhi("run", "--source", database.url, "--period", "2020-12"))
    assert ended.returncode == 4, ended.stderr
    assert "table activity: " in ended.stderr
    assert reason in ended.stderr
    assert "Traceback" not in ended.stderr
    assert_nothing_landed(home)


@pytest.fixture
def sorting(postgresql):
    """A PostgreSQL database with a view whose rows do not fit in the server's memory."""
    numbered = f"generate_series(1, {MANY}) as numbers (number)"
    fill_with_view(postgresql, numbered, "activity_id")
    postgresql.execute(f"alter database {postgresql.name} set work_mem = '64kB'")
    return postgresql


@pytest.fixture
def on_nearly_full(sorting, nearly_full):
    """The database whose temporary files lie on a disk that is nearly full."""
    with sorting.connect() as connection:
        [data] = connection.execute("show data_directory").fetchone()
        owner = Path(data).stat()
    os.chown(nearly_full, owner.st_uid, owner.st_gid)
    sorting.execute(f"create tablespace nearly_full location '{nearly_full}'")
    sorting.execute(f"alter database {sorting.name} set temp_tablespaces = 'nearly_full'")
    yield sorting
    sorting.execute(f"alter database {sorting.name} reset temp_tablespaces")
    sorting.execute("drop tablespace nearly_full")


def test_a_full_disk_of_postgresql_is_told(tmp_path, on_nearly_full):
    assert_refused(tmp_path, on_nearly_full, "is full; make room there and run again")


def test_a_limit_of_temporary_files_of_postgresql_is_told(tmp_path, sorting):
    sorting.execute(f"alter database {sorting.name} set temp_file_limit = '1MB'")
    assert_refused(tmp_path, sorting, "raise temp_file_limit for the reading role")


@pytest.fixture
def mysql_on_nearly_full(nearly_full):
    """A MariaDB database whose temporary files lie on a disk that is nearly full."""
    with tempfile.TemporaryDirectory() as folder:
        server, socket = start_mysql(Path(folder), f"--tmpdir={nearly_full}")
        if server is None:
            pytest.skip("MariaDB (Debian: mariadb-server-core) is not installed")
        yield MysqlDatabase(socket, "city")
        server.terminate()
        server.wait()


def test_a_full_disk_of_mysql_is_told(tmp_path, mysql_on_nearly_full):
    numbered = f"(select seq as number from seq_1_to_{MANY}) as numbers"
    fill_with_view(mysql_on_nearly_full, numbered, "reverse(activity_id)")
    mysql_on_nearly_full.execute("set global sort_buffer_size = 32768")
    assert_refused(tmp_path, mysql_on_nearly_full, "is full; make room there and run again")
