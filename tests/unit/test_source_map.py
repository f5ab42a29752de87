"""What a map makes of foreign cells, against Python's own reading of them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.extract.casting import from_text
from orchestration.extract.mapping.converting import converted
from orchestration.extract.mapping.source_map import ColumnMap

CITY = "Asia/Shanghai"


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


def made(connection, cell, contract_type=None, **said):
    """What becomes of a cell, in the contract's type where one is given; 'unmapped' where none."""
    column = converted("cell", ColumnMap(column="cell", **said))
    value = column.value
    if contract_type:
        connection.execute(
            f"create or replace temp table handed as select {value} as made "
            "from (select cast(? as varchar) as cell)",
            [cell],
        )
        cast = from_text("made", contract_type, CITY).value
        [(typed,)] = connection.execute(f"select {cast} from handed").fetchall()
        return typed
    [(text, unmapped)] = connection.execute(
        f"select {value}, coalesce({column.unmapped}, false) "
        "from (select cast(? as varchar) as cell)",
        [cell],
    ).fetchall()
    return "unmapped" if unmapped else text


DAYS = st.dates(date(1900, 3, 1), date(2100, 12, 31))


@given(day=DAYS)
def test_days_in_each_form(connection, day):
    said = {"date": ["%Y/%m/%d", "%Y%m%d"]}
    assert made(connection, f"{day.year}/{day.month}/{day.day}", "date", **said) == day
    assert made(connection, f"{day:%Y%m%d}", "date", **said) == day
    serial = str((day - date(1899, 12, 30)).days)
    assert made(connection, serial, "date", date=["excel"]) == day


@given(
    moment=st.datetimes(datetime.fromisoformat("1992-01-01"), datetime.fromisoformat("2100-01-01"))
)
def test_moments_of_a_zone(connection, moment):
    moment = moment.replace(microsecond=0)
    due = moment.replace(tzinfo=ZoneInfo(CITY)).astimezone(UTC)
    found = made(connection, str(moment), "timestamptz", zone=CITY)
    assert found.astimezone(UTC) == due
    found = made(
        connection, f"{moment:%Y%m%d%H%M%S}", "timestamptz", moment=["%Y%m%d%H%M%S"], zone=CITY
    )
    assert found.astimezone(UTC) == due


@given(
    number=st.decimals(Decimal("-99999999.9999"), Decimal("99999999.9999"), places=4),
    full_width=st.booleans(),
)
def test_money_in_ten_thousands(connection, number, full_width):
    text = f"{number:f}"
    if full_width:
        text = text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789.-"})
    found = made(
        connection,
        f"{text}万元",
        "decimal(14,2)",
        number={"unit": "10000", "suffix": "万元"},
        half_width=full_width,
    )
    assert found == number * 10_000


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2019/13/1", {"date": ["%Y/%m/%d"]}),
        ("2019/3/5 08:00", {"date": ["%Y/%m/%d"]}),
        ("60", {"date": ["excel"]}),
        ("43529.5", {"date": ["excel"]}),
        ("2019-03-05 08:00:00+00", {"zone": CITY}),
        ("3", {"codes": {"1": "m", "2": "f"}}),
        ("", {"codes": {"1": "m", "2": "f"}}),
        ("1,23", {"number": {"thousands": True}}),
        ("1,234", {"number": {}}),
        ("1.1234567", {"number": {}}),
        ("12元", {"number": {}}),
        ("1e5", {"number": {}}),
    ],
)
def test_what_is_not_covered(connection, cell, said):
    assert made(connection, cell, **said) == "unmapped"


@pytest.mark.parametrize(
    ("cell", "said", "due"),
    [
        (None, {"codes": {"1": "m"}}, None),
        ("0", {"codes": {"1": "m", "0": None}}, None),
        ("9", {"codes": {"1": "m", "*": "f"}}, "f"),
        (None, {"codes": {"1": "m", "*": "f"}}, None),
        ("9", {"codes": {"*": "f"}}, "f"),
        (None, {"codes": {"*": "f"}}, None),
        ("0000-00-00", {"nulls": ["", "0000-00-00"], "date": ["%Y-%m-%d"]}, None),
        ("1,234,567.50", {"number": {"thousands": True}}, "1234567.5"),
        ("100", {"number": {}}, "100"),
        ("-0.05", {"number": {}}, "-0.05"),
        ("ＡＢ１２　", {"half_width": True}, "AB12"),
        ("it's", {"codes": {"it's": "o'clock"}}, "o'clock"),
    ],
)
def test_what_is_covered(connection, cell, said, due):
    assert made(connection, cell, **said) == due


def test_a_serial_day_is_one_later_than_excel_wrongly_has_it(connection):
    due = date(1899, 12, 30) + timedelta(days=61)
    assert made(connection, "61", "date", date=["excel"]) == due == date(1900, 3, 1)
