"""Dates judged by themselves.

The day that stands for "no date", and the day that too many rows share.
"""

from datetime import date

import pytest

from orchestration.contract.registry import profiled_columns, source_tables
from quality.connection import connect
from quality.dates import PossibleDays, date_columns
from quality.profile import ProfiledColumn
from quality.queries import limits, rendered_queries

AS_OF = date(2020, 12, 31)
POSSIBLE = PossibleDays.of(limits()["plausibility.source_dates"], AS_OF)
COLUMNS = {
    "union_org": [
        ProfiledColumn("linked_on", "date", earliest="2000-01-01"),
        ProfiledColumn("union_id", "varchar"),
    ]
}
WATERMARK = {
    "activity": [
        ProfiledColumn("updated_at", "timestamptz", earliest="1990-01-01", is_watermark=True)
    ]
}
COMMON_DATE = "plausibility.source_common_date"


def judged(*days):
    with connect() as connection:
        connection.execute("create table accepted_union_org (union_id varchar, linked_on date)")
        connection.executemany(
            "insert into accepted_union_org values ('U', ?)", [[day] for day in days]
        )
        [row] = date_columns(connection, COLUMNS, POSSIBLE).to_pylist()
    return row


@pytest.mark.parametrize(
    "placeholder",
    [
        "0001-01-01",
        "1900-01-01",
        "1970-01-01",
        "1999-12-31",
        "2051-01-01",
        "2099-12-31",
        "9999-12-31",
    ],
)
def test_a_day_that_no_platform_could_know_of_is_impossible(placeholder):
    row = judged("2020-02-03", placeholder, None)
    assert (row["filled"], row["impossible"], row["example"]) == (
        2,
        1,
        date.fromisoformat(placeholder),
    )


@pytest.mark.parametrize("day", ["2000-01-01", "2020-12-31", "2021-01-01", "2050-12-31"])
def test_a_day_within_the_bounds_is_possible(day):
    assert (judged(day)["impossible"], judged(day)["example"]) == (0, None)


def test_the_commonest_day_is_counted():
    row = judged("2020-02-03", "2020-02-03", "2020-05-06")
    assert (row["commonest"], row["commonest_cells"]) == (date(2020, 2, 3), 2)
    assert judged(None)["commonest_cells"] == 0


def changed(*moments):
    """The judged watermark of rows that were changed at these moments, and what is said of it."""
    with connect() as connection:
        connection.execute("create table accepted_activity (updated_at timestamptz)")
        connection.executemany(
            "insert into accepted_activity values (?)", [[moment] for moment in moments]
        )
        dates = date_columns(connection, WATERMARK, POSSIBLE)
        connection.register("source_dates", dates)
        [row] = dates.to_pylist()
        return row, connection.execute(rendered_queries()[COMMON_DATE]).fetchall()


def test_a_change_in_the_year_1_is_impossible():
    row, _ = changed("0001-01-01 00:00:00+08", "2021-01-21 09:00:00+08")
    assert (row["filled"], row["impossible"], row["example"]) == (2, 1, date(1, 1, 1))


def test_rows_may_all_be_changed_on_the_day_of_an_export():
    row, faults = changed(*["2021-01-21 09:00:00+08"] * 100)
    assert (row["commonest_cells"], faults) == (100, [])


def test_every_watermark_is_judged():
    watermarks = {
        table: [column.name for column in columns if column.is_watermark]
        for table, columns in profiled_columns().items()
    }
    assert watermarks == {
        name: [table.watermark] if table.watermark else []
        for name, table in source_tables().items()
    }


def test_every_date_of_the_registry_has_its_earliest_day():
    undated = [
        f"{table}.{column.name}"
        for table, columns in profiled_columns().items()
        for column in columns
        if column.type in ("date", "timestamptz") and not column.earliest
    ]
    assert undated == []
