"""What moved in a source since it was read: known by its watermarks, and a reason for Dagster."""

import dagster as dg

from orchestration.contract.clock import yesterday
from orchestration.contract.registry import source_tables
from orchestration.defs.watching import moved_source
from orchestration.extract.landing import extract
from orchestration.extract.watermarks import read_marks, windows_since
from orchestration.periods import Period
from tests.support.settings import EXAMPLE, settings_in


def test_tables_that_moved_are_known_and_the_others_not_read(database, settings, tmp_path):
    database.fill(EXAMPLE / "source")
    record = extract(settings, database.url, lambda _: None).record
    windows = windows_since(settings, record)
    before = read_marks(settings, database.url, windows)
    again = read_marks(settings, database.url, windows)
    assert again.changes_since(before) == {}
    assert again.digest == before.digest
    row = ["N1", "U0007263", "2020-12-05", 9, "2021-01-21T08:00:00.5+08:00"]
    database.insert(source_tables()["activity"], [row])
    database.execute("update region set name_en = 'Another' where level = 'city'")
    after = read_marks(settings, database.url, windows)
    assert after.digest != before.digest
    changes = after.changes_since(before)
    assert changes == {"region": 1, "activity": 1}
    unmoved = source_tables().keys() - changes.keys()
    again = extract(settings, database.url, lambda _: None, unmoved=unmoved).record
    read = {table.table for table in again.tables if table.rows_read}
    assert read == set(changes)
    whole = extract(settings_in(tmp_path / "whole"), database.url, lambda _: None).record
    assert again.digest == whole.digest != record.digest
    assert again.whole_read_at == record.whole_read_at


def test_a_whole_read_reads_what_did_not_move_too(sqlite, settings):
    sqlite.fill(EXAMPLE / "source")
    extract(settings, sqlite.url, lambda _: None)
    tables = source_tables().keys()
    again = extract(settings, sqlite.url, lambda _: None, whole=True, unmoved=tables).record
    assert all(table.rows_read == table.rows for table in again.tables)


def test_dagster_runs_the_month_once_for_each_state_of_the_source(sqlite, settings):
    sqlite.fill(EXAMPLE / "source")
    watching = settings.model_copy(update={"source": sqlite.url})

    def tick(cursor=None):
        context = dg.build_sensor_context(cursor=cursor, resources={"settings": watching})
        return moved_source(context)

    assert "run a month first" in tick().skip_message
    extract(settings, sqlite.url, lambda _: None)
    first = tick()
    assert [each.partition_key for each in first.run_requests] == [str(Period.of(yesterday()))]
    assert tick(first.cursor).skip_message == "The source has not moved."
    sqlite.execute("update venue set kind = kind, updated_at = '2021-01-22T08:00:00+08:00'")
    second, again = tick(first.cursor), tick(first.cursor)
    [[request], [same]] = [each.run_requests for each in (second, again)]
    assert request.run_key == same.run_key != first.run_requests[0].run_key
    extract(settings, sqlite.url, lambda _: None)
    assert tick(second.cursor).skip_message == "The source has not moved."


def test_dagster_says_that_a_folder_has_nothing_to_watch(settings):
    folder = settings.model_copy(update={"source": str(EXAMPLE / "source")})
    context = dg.build_sensor_context(resources={"settings": folder})
    assert "give the URL of a database" in moved_source(context).skip_message


def test_without_a_source_dagster_watches_nothing(settings):
    context = dg.build_sensor_context(resources={"settings": settings})
    assert "UHI_SOURCE" in moved_source(context).skip_message
