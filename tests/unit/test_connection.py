"""DuckDB prints nothing of its own: a command's standard output is its result alone."""

import os

import duckdb
import pytest

from orchestration.settings import PROJECT
from quality.connection import connect, reading

OPENS_ITSELF = {"quality/connection.py", "orchestration/demo/city.py"}


@pytest.mark.parametrize("name", [":memory:", "file.duckdb"])
def test_no_progress_bar_is_printed(tmp_path, name):
    with connect(name if name == ":memory:" else str(tmp_path / name)) as connection:
        assert connection.execute("select current_setting('enable_progress_bar')").fetchone() == (
            False,
        )


def test_a_file_can_be_opened_for_reading_alone(tmp_path):
    with connect(str(tmp_path / "file.duckdb")) as connection:
        connection.execute("create table figures as select 1 as figure")
    with (
        connect(str(tmp_path / "file.duckdb"), read_only=True) as connection,
        pytest.raises(duckdb.InvalidInputException),
    ):
        connection.execute("drop table figures")


def test_a_file_that_was_rewritten_is_read_anew_though_its_time_was_forged(tmp_path):
    file = tmp_path / "figures.parquet"
    for figure in (1, 2):
        with connect() as connection:
            connection.execute(f"copy (select {figure} as figure) to '{file}'")
        os.utime(file, (1_600_000_000, 1_600_000_000))
        with reading() as connection:
            settings = (
                "select current_setting('enable_progress_bar'),"
                " current_setting('enable_external_file_cache')"
            )
            assert connection.execute(settings).fetchone() == (False, False)
            assert connection.execute(f"from '{file}'").fetchall() == [(figure,)]


def test_every_room_opens_it_so():
    modules = [
        module for room in ("orchestration", "quality") for module in (PROJECT / room).rglob("*.py")
    ]
    opening = {
        str(module.relative_to(PROJECT))
        for module in modules
        if any(
            f"duckdb.{call}(" in module.read_text(encoding="utf-8")
            for call in ("connect", "sql", "execute")
        )
    }
    assert opening == OPENS_ITSELF
