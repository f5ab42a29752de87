"""Reading changes only: night after night the same landing as a whole read, from every dialect."""

import random
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from orchestration.contract.clock import city_zone
from orchestration.contract.registry import source_tables
from orchestration.extract.landing import extract
from tests.support.lanes import everyday
from tests.support.settings import EXAMPLE, settings_in

FIRST_NIGHT = datetime(2021, 2, 1, 2, 30, tzinfo=city_zone())


class Platform:
    """What happens on the platform between nights.

    Rows of members and remittances are added, change, arrive late or arrive twice.
    """

    def __init__(self, database, seed):
        self.database, self.random = database, random.Random(seed)
        self.members, self.count = {}, 0
        database.fill(EXAMPLE / "source")

    def moment(self, night, *, late=0):
        return (night - timedelta(days=late, minutes=self.random.randrange(1, 1400))).isoformat()

    def member(self, key, updated_at):
        name = self.random.choice(("王芳", "李伟", "张敏"))
        number = f"{self.random.randrange(10**17):017d}x"
        return [
            key,
            "U0000400",
            name,
            number,
            "139" + number[:8],
            "f",
            "2020-01-01",
            None,
            None,
            updated_at,
        ]

    def insert(self, night, late=0):
        self.count += 1
        key = f"N{self.count:06d}"
        self.members[key] = self.member(key, self.moment(night, late=late))
        self.database.insert(source_tables()["member"], [self.members[key]])

    def update(self, night):
        key = self.random.choice(list(self.members))
        moment = self.moment(night)
        stored = self.database.stored(moment, "timestamptz")
        self.database.execute(
            f"update member set gender = 'm', updated_at = '{stored}' where member_id = '{key}'"
        )

    def append_version(self, night):
        key = self.random.choice(list(self.members))
        self.database.insert(source_tables()["member"], [self.member(key, self.moment(night))])

    def repeat(self, night):
        key = max(self.members)
        self.members[key] = [*self.members[key][:-1], self.moment(night)]
        self.database.insert(source_tables()["member"], [self.members[key]] * 2)

    def correct_fee(self, night):
        stored = self.database.stored(self.moment(night), "timestamptz")
        self.database.execute(
            f"update fund_remittance set amount_paid = 1, updated_at = '{stored}'"
            " where union_id = 'U0007263'"
        )

    def lose_a_key(self, night):
        self.database.insert(
            source_tables()["fund_remittance"],
            [["U0007263", None, "1.00", "1.00", None, self.moment(night)]],
        )

    def delete(self):
        key = self.random.choice(list(self.members))
        del self.members[key]
        self.database.execute(f"delete from member where member_id = '{key}'")

    def live(self, night):
        self.insert(night)
        for act in self.random.choices(
            (
                self.insert,
                self.update,
                self.append_version,
                self.repeat,
                self.correct_fee,
                self.lose_a_key,
            ),
            k=5,
        ):
            act(night)
        self.insert(night, late=self.random.randrange(3))


def by_table(intake):
    return {table.table: table for table in intake.record.tables}


def land(settings, database, **options):
    return extract(settings, database.url, lambda _: None, **options)


@pytest.mark.parametrize(
    ("dialect", "nights"),
    everyday([("sqlite", 9), ("postgresql", 3), ("mysql", 3), ("sqlite", 30)], ("postgresql", 3)),
)
def test_nights_in_a_row(tmp_path, request, dialect, nights):
    database = request.getfixturevalue(dialect)
    platform = Platform(database, seed=nights)
    nightly, whole = settings_in(tmp_path / "nightly"), settings_in(tmp_path / "whole")
    land(nightly, database)
    for number in range(1, nights + 1):
        night = FIRST_NIGHT + timedelta(days=number)
        weekly = number % 7 == 0
        if weekly:
            platform.delete()
        platform.live(night)
        read = by_table(land(nightly, database, whole=weekly))
        expected = by_table(land(whole, database, whole=True))
        assert {name: table.sha256 for name, table in read.items()} == {
            name: table.sha256 for name, table in expected.items()
        }, number
        assert (read["member"].since is None) == weekly
        assert weekly == (read["member"].keys_gone == 1)
        if not weekly and number > 7:
            assert read["member"].rows_read < expected["member"].rows / 10


def test_what_makes_the_reading_whole(tmp_path, sqlite):
    sqlite.fill(EXAMPLE / "source")
    settings = settings_in(tmp_path / "home")
    first = land(settings, sqlite)
    assert all(table.since is None for table in first.record.tables)
    second = by_table(land(settings, sqlite))
    assert [name for name, table in second.items() if table.since is None] == ["region"]
    assert all(
        table.since is None
        for table in land(settings.model_copy(update={"whole_read_days": 0}), sqlite).record.tables
    )
    other_key = settings.model_copy(
        update={
            "pseudonym_key": type(settings.pseudonym_key)(
                "another key for tests, of more than 32 bytes"
            )
        }
    )
    assert all(table.since is None for table in land(other_key, sqlite).record.tables)


def test_a_watermark_in_the_future_hides_nothing(tmp_path, sqlite):
    platform = Platform(sqlite, seed=1)
    settings = settings_in(tmp_path / "home")
    platform.insert(datetime.now(city_zone()) + timedelta(days=1000))
    land(settings, sqlite)
    platform.insert(datetime.now(city_zone()))
    read = by_table(land(settings, sqlite))
    assert read["member"].since is not None
    assert read["member"].sha256 == by_table(land(settings, sqlite, whole=True))["member"].sha256


def test_rows_that_did_not_fit_are_read_again(tmp_path, sqlite):
    platform = Platform(sqlite, seed=1)
    settings = settings_in(tmp_path / "home")
    platform.insert(FIRST_NIGHT)
    sqlite.execute("update member set updated_at = 'soon' where member_id = 'N000001'")
    land(settings, sqlite)
    sqlite.execute("update member set updated_at = '2020-01-01' where member_id = 'N000001'")
    read = by_table(land(settings, sqlite))
    assert read["member"].since is None
    assert read["member"].sha256 == by_table(land(settings, sqlite, whole=True))["member"].sha256


@pytest.mark.parametrize(
    ("dialect", "retype"),
    [
        (
            "mysql",
            ["set time_zone = '+08:00'", "alter table member modify updated_at timestamp(6)"],
        ),
        ("postgresql", ["alter table member alter updated_at type timestamp"]),
    ],
)
def test_a_watermark_of_another_clock_misses_no_minute(tmp_path, request, dialect, retype):
    """MySQL's TIMESTAMP is kept in UTC, PostgreSQL's timestamp without zone is the city's clock.

    A change a minute later is read.
    """
    database = request.getfixturevalue(dialect)
    database.fill(EXAMPLE / "source")
    settings = settings_in(tmp_path / "home").model_copy(update={"late_days": 0})
    expected = by_table(land(settings, database))["member"]
    with closing(database.connect()) as connection:
        cursor = connection.cursor()
        for statement in retype:
            cursor.execute(statement)
        connection.commit()
    whole = by_table(land(settings, database, whole=True))["member"]
    assert whole.sha256 == expected.sha256
    latest = datetime.fromisoformat(whole.watermark_to)
    with closing(database.connect()) as connection:
        cursor = connection.cursor()
        if dialect == "mysql":
            cursor.execute("set time_zone = '+08:00'")
        moment = (latest + timedelta(minutes=1)).replace(tzinfo=None)
        cursor.execute("select min(member_id) from member")
        [key] = cursor.fetchone()
        cursor.execute(
            f"update member set gender = 'm', updated_at = '{moment}' where member_id = '{key}'"
        )
        connection.commit()
    changed = by_table(land(settings, database))["member"]
    assert datetime.fromisoformat(changed.watermark_to) == latest + timedelta(minutes=1)
    assert changed.since is not None
    assert changed.rows_read < whole.rows / 10
    assert changed.sha256 == by_table(land(settings, database, whole=True))["member"].sha256
