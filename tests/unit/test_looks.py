"""What landed rows look like is remembered of the same rows, and of no others."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quality import looks
from quality.connection import connect
from quality.evidence import open_landing
from quality.looks import looks_of
from quality.profile import ProfiledColumn

AS_OF = date(2020, 12, 31)
COLUMNS = {
    "venue": [ProfiledColumn("opened_on", "date", earliest="2000-01-01")],
    "region": [ProfiledColumn("name", "varchar", count_repeats=True)],
}


@pytest.fixture
def landing(tmp_path):
    """Landed files of two tables, of which one has dates."""
    write(tmp_path, "venue", opened_on=[date(2020, 1, 1), date(1900, 1, 1)])
    write(tmp_path, "region", name=["Lucheng", "Longwan"])
    return tmp_path


def write(landing, table, **cells):
    numbers = range(1, len(next(iter(cells.values()))) + 1)
    rows = pa.table({"landing_row": list(numbers), **cells})
    pq.write_table(rows, landing / f"{table}.parquet")


def look(landing, *refused):
    """Profile and dates as rows; refused: pairs of table and number of the row."""
    with connect() as connection:
        connection.execute("create table refused_rows (source_table varchar, landing_row integer)")
        for pair in refused:
            connection.execute("insert into refused_rows values (?, ?)", list(pair))
        open_landing(connection, landing)
        profile, dates = looks_of(connection, landing, COLUMNS, AS_OF)
        return profile.to_pylist(), dates.to_pylist()


@pytest.fixture
def looked_at(monkeypatch):
    """The tables that are looked at anew."""
    looks.looks_of_table.cache_clear()
    tables = []

    def profile(connection, columns):
        tables.extend(columns)
        return found(connection, columns)

    found = looks.profile
    monkeypatch.setattr(looks, "profile", profile)
    return tables


def test_the_same_rows_are_looked_at_once(landing, looked_at):
    first = look(landing)
    assert first[1][0]["impossible"] == 1
    assert look(landing) == first
    assert looked_at == ["venue", "region"]


def test_a_table_that_was_written_again_is_looked_at_again(landing, looked_at):
    look(landing)
    (landing / "venue.parquet").unlink()
    write(landing, "venue", opened_on=[date(2020, 1, 1), date(2020, 1, 2)])
    _, [dates] = look(landing)
    assert dates["impossible"] == 0
    assert looked_at == ["venue", "region", "venue"]


def test_a_table_of_which_other_rows_are_refused_is_looked_at_again(landing, looked_at):
    look(landing)
    profile, [dates] = look(landing, ("venue", 2), ("region", 1))
    assert (dates["filled"], dates["impossible"]) == (1, 0)
    assert {row["rows"] for row in profile} == {1}
    look(landing, ("venue", 1), ("region", 1))
    assert looked_at == ["venue", "region", "venue", "region", "venue"]
