"""Dates judged by themselves.

The day that stands for "no date", and the day that too many rows share.
"""

from datetime import date

import pytest

from orchestration.contract.registry import profiled_columns
from quality.connection import connect
from quality.dates import date_columns
from quality.profile import ProfiledColumn
from quality.queries import limits

AS_OF = date(2020, 12, 31)
LIMITS = limits()["plausibility.source_dates"]
COLUMNS = {
    "union_org": [
        ProfiledColumn("linked_on", "date", earliest="2000-01-01"),
        ProfiledColumn("union_id", "varchar"),
    ]
}


def judged(*days):
    with connect() as connection:
        connection.execute("create table accepted_union_org (union_id varchar, linked_on date)")
        connection.executemany(
            "insert into accepted_union_org values ('U', ?)", [[day] for day in days]
        )
        [row] = date_columns(connection, COLUMNS, AS_OF, LIMITS).to_pylist()
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


def test_every_date_of_the_registry_has_its_earliest_day():
    undated = [
        f"{table}.{column.name}"
        for table, columns in profiled_columns().items()
        for column in columns
        if column.type in ("date", "timestamptz") and not column.earliest
    ]
    assert undated == []
