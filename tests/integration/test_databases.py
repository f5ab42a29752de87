"""Databases as sources, against real servers.

The same landing to the byte, of one moment, and no credential or cell in any message.
"""

import json
from pathlib import Path

import duckdb
import psycopg
import pytest
from pydantic import SecretStr

from orchestration.contract.registry import source_tables
from orchestration.errors import SourceError, UsageError
from orchestration.extract.kinds import open_source
from orchestration.extract.landing import extract, open_keyed_source, working_connection
from orchestration.extract.reading import read_rows
from orchestration.settings import Settings
from tests.support.settings import EXAMPLE, KEY

SOURCE = EXAMPLE / "source"
USER, PASSWORD = "canary_user", "canary_password"


def land(settings, source, progress=lambda _: None, **options):
    return extract(settings, str(source), progress, **options)


def assert_nothing_landed(home):
    assert not list((home / "landing").rglob("*.parquet"))
    assert not (home / "ledger.jsonl").exists()


def test_a_database_lands_the_same_bytes_as_its_files(settings, database):
    database.fill(SOURCE)
    assert land(settings, database.url).record.digest == land(settings, SOURCE).record.digest


def test_cells_keep_their_value(settings, database, tmp_path):
    database.fill(SOURCE)
    names = ["", '引号"逗号,换行\n尾', "null", "\\N", "甲\t乙 ", "'"]
    table = source_tables()["enterprise"]
    rows = [
        [
            f"E{place}",
            name,
            "330302001",
            "C",
            place,
            "2020-02-29",
            "2020-01-01T00:00:00.123456+08:00",
        ]
        for place, name in enumerate(names)
    ]
    database.insert(table, rows)
    database.insert(
        source_tables()["fund_remittance"],
        [["U1", "2020-01-01", "999999999999.99", "-0.01", None, "2020-01-01T08:00:00+08:00"]],
    )
    intake = land(settings, database.url)
    file = intake.folder / "enterprise.parquet"
    found = duckdb.sql(
        f"select name_zh, epoch_us(updated_at) from '{file}'"
        " where enterprise_id like 'E_' order by enterprise_id"
    ).fetchall()
    assert [name for name, _ in found] == names
    assert {moment % 1_000_000 for _, moment in found} == {123456}
    file = intake.folder / "fund_remittance.parquet"
    query = f"""
        select amount_due::varchar, amount_paid::varchar, paid_on, epoch(updated_at)
        from '{file}' where union_id = 'U1'
    """
    assert duckdb.sql(query).fetchall() == [("999999999999.99", "-0.01", None, 1577836800.0)]


def test_what_is_no_figure_is_refused_by_row(settings, postgresql):
    postgresql.fill(SOURCE)
    postgresql.execute(
        "alter table fund_remittance alter amount_due type numeric, alter amount_paid type numeric"
    )
    odd = [
        ["U9", "2020-01-01", "NaN", "1", None, "2020-01-01"],
        ["U9", "2020-02-01", "1", "Infinity", None, "2020-01-01"],
        ["U9", "2020-03-01", "0.001", "1", None, "2020-01-01"],
        ["U9", "infinity", "1", "1", None, "2020-01-01"],
        ["U9", "2020-05-01", "1", "1", "-infinity", "2020-01-01"],
        ["U9", "2020-06-01", "1", "1", None, "infinity"],
        ["U9", "2020-07-01", "1.000", "1", None, "2020-01-01"],
    ]
    postgresql.insert(source_tables()["fund_remittance"], odd)
    intake = land(settings, postgresql.url)
    query = (
        f"select fault_column from '{intake.folder}/fund_remittance.parquet' where union_id = 'U9'"
    )
    faults = sorted(column or "none" for (column,) in duckdb.sql(query).fetchall())
    assert faults == [
        "amount_due",
        "amount_due",
        "amount_paid",
        "month",
        "none",
        "paid_on",
        "updated_at",
    ]


def test_all_tables_are_of_one_moment(settings, database):
    database.fill(SOURCE)

    def meddle(message):
        if message.startswith("landed region"):
            database.execute("delete from violation")
            database.execute("update venue set opened_on = null")

    assert (
        land(settings, database.url, meddle).record.digest == land(settings, SOURCE).record.digest
    )


@pytest.mark.parametrize(
    "source",
    [
        f"postgresql://{USER}:{PASSWORD}@127.0.0.1:1/city",
        f"mysql://{USER}:{PASSWORD}@127.0.0.1:1/city",
        "sqlite:////nowhere/{}.sqlite",
    ],
)
def test_an_unreachable_database_is_named_without_credentials(settings, source):
    with pytest.raises(SourceError) as raised:
        land(settings, source)
    assert USER not in str(raised.value)
    assert PASSWORD not in str(raised.value)
    assert not settings.home.folder.exists()


@pytest.mark.parametrize(
    "source",
    [
        f"oracle://{USER}:{PASSWORD}@host/city",
        f"://{PASSWORD}",
        f"postgresql://{PASSWORD}:[/city",
        f"sqlite:////nowhere/x.sqlite?password={PASSWORD}",
        f"postgresql://127.0.0.1:1/city?no_such_option={PASSWORD}",
        f"postgresql://127.0.0.1:1/city?client_encoding={PASSWORD}",
        f"postgresql://127.0.0.1:1/city?sslmode={PASSWORD}&sslmode={PASSWORD}",
        f"mysql://127.0.0.1:1/city?charset={PASSWORD}",
        f"mysql://127.0.0.1:1/city?connect_timeout={PASSWORD}",
        f"mysql://127.0.0.1:1/city?cursorclass={PASSWORD}",
    ],
)
def test_a_url_that_is_none(settings, source):
    with pytest.raises(UsageError) as raised:
        land(settings, source)
    assert PASSWORD not in str(raised.value)


def test_a_password_from_a_file_opens_and_is_kept_nowhere(tmp_path, postgresql):
    postgresql.fill(SOURCE)
    postgresql.execute(f"drop role if exists {USER}")
    postgresql.execute(f"create role {USER} login superuser password '{PASSWORD}'")
    with psycopg.connect(postgresql.url) as connection:
        [rules] = map(Path, connection.execute("show hba_file").fetchone())
    rules.write_text(
        f"local all {USER} scram-sha-256\n" + rules.read_text(encoding="utf-8"), encoding="utf-8"
    )
    postgresql.execute("select pg_reload_conf()")
    url = postgresql.url.replace("postgres:@", f"{USER}@")
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    settings = Settings(
        home=tmp_path / "home", pseudonym_key=KEY, source_password_file=tmp_path / "password"
    )
    record = json.loads((land(settings, url).folder / "intake.json").read_text(encoding="utf-8"))
    assert record["source"].startswith("postgresql:///city")
    for path in settings.home.folder.rglob("*"):
        if path.is_file():
            assert USER.encode() not in path.read_bytes(), path
            assert PASSWORD.encode() not in path.read_bytes(), path
    (tmp_path / "password").write_text("wrong", encoding="utf-8")
    with pytest.raises(SourceError, match="refuses the user") as raised:
        land(settings, url)
    assert USER not in str(raised.value)
    with pytest.raises(UsageError, match="not both"):
        land(settings.model_copy(update={"source_password": SecretStr(PASSWORD)}), url)


def test_a_missing_or_unfit_column(settings, database):
    database.fill(SOURCE)
    database.execute("drop table activity")
    database.execute("alter table member rename column gender to gendr")
    database.execute("drop table violation")
    table = source_tables()["violation"]
    database.create_table(table, due_on="integer", found_on="integer")
    fits = {"text": "x", "date": 5, "timestamptz": "2020-01-01"}
    row = [
        None if column.kind == "date" and not column.required else fits[column.type]
        for column in table.columns
    ]
    database.insert(table, [row])
    with pytest.raises(SourceError) as raised:
        land(settings, database.url)
    told = str(raised.value)
    assert "table activity: there is no such table" in told
    assert "table member lacks the column gender (text); is gendr meant?" in told
    assert "column found_on is int" in told
    assert_nothing_landed(settings.home.folder)
    database.execute("alter table venue rename column opened_on to opened")
    with pytest.raises(
        SourceError, match=r"table venue lacks the column opened_on \(date\); is opened meant\?"
    ):
        land(settings, database.url)
    database.execute("drop table venue")
    with pytest.raises(SourceError, match="table venue: there is no such table"):
        land(settings, database.url)
    assert_nothing_landed(settings.home.folder)


@pytest.mark.parametrize(
    ("table", "column", "declared", "cell"),
    [
        ("fund_remittance", "amount_due", "double precision", 1.5),
        ("enterprise", "region_code", "integer", 330302001),
    ],
)
def test_a_type_that_cannot_hold_the_contracts(settings, database, table, column, declared, cell):
    database.fill(SOURCE)
    database.execute(f"drop table {table}")
    columns = source_tables()[table].columns
    types = [
        declared if each.name == column else database.types.get(each.type, each.type)
        for each in columns
    ]
    typed = [f"{each.name} {kind}" for each, kind in zip(columns, types, strict=True)]
    database.execute(f"create table {table} ({', '.join(typed)})")
    cells = {
        "text": "x",
        "date": "2020-01-01",
        "int": 1,
        "timestamptz": "2020-01-01",
        "decimal(14,2)": "1.00",
    }
    database.insert(
        source_tables()[table],
        [[cell if each.name == column else cells[each.type] for each in columns]],
    )
    with pytest.raises(SourceError, match=f"table {table}.*{column}.*cannot hold"):
        land(settings, database.url)
    assert_nothing_landed(settings.home.folder)


def test_a_locked_table(tmp_path, database):
    database.fill(SOURCE)
    settings = Settings(home=tmp_path / "home", pseudonym_key=KEY, source_lock_seconds=1)
    locks = {
        "postgresql": ["begin", "lock table violation in access exclusive mode"],
        "mysql": ["lock tables violation write"],
        "sqlite": ["pragma locking_mode = exclusive", "begin exclusive", "delete from violation"],
    }
    connection = database.connect()
    for statement in locks[database.url.partition(":")[0]]:
        connection.cursor().execute(statement)
    try:
        with pytest.raises(SourceError, match="locked by somebody else"):
            land(settings, database.url)
    finally:
        connection.close()
    assert_nothing_landed(settings.home.folder)


def test_a_server_that_goes_away_between_tables(settings, postgresql):
    postgresql.fill(SOURCE)

    def terminate(message):
        if message.startswith("landed union_org"):
            postgresql.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'union-health-index'"
            )

    with pytest.raises(SourceError, match="table member: the server went away"):
        land(settings, postgresql.url, terminate)
    assert_nothing_landed(settings.home.folder)


def test_a_server_that_goes_away_within_a_table(settings, postgresql):
    postgresql.fill(SOURCE)
    postgresql.execute("alter table member rename to stored_member")
    columns = ", ".join(
        column.name for column in source_tables()["member"].columns if column.name != "gender"
    )
    postgresql.execute(
        f"create view member as select {columns},"
        " case when number = 3000 and pg_terminate_backend(pg_backend_pid()) then 'x'"
        " else gender end as gender"
        " from (select *, row_number() over () as number from stored_member) as numbered"
    )
    with pytest.raises(SourceError, match="went away"):
        land(settings, postgresql.url)
    assert_nothing_landed(settings.home.folder)


def test_a_relation_is_streamed(settings, postgresql, tmp_path):
    """Memory does not grow with the table: what is read ahead is a few blocks."""
    postgresql.create()
    postgresql.execute(
        "insert into activity"
        " select 'A' || n, 'U1', date '2020-01-01', n, timestamptz '2020-01-01'"
        " from generate_series(1, 600000) as n"
    )
    table = source_tables()["activity"]
    with (
        open_source(settings, postgresql.url) as source,
        duckdb.connect() as connection,
        psycopg.connect(postgresql.url) as watcher,
    ):
        relation = source.open_table(connection, table)
        reader = connection.sql(f"select * from {relation.sql}").to_arrow_reader(1000)
        reader.read_next_batch()
        [state] = watcher.execute(
            "select state from pg_stat_activity where application_name = 'union-health-index'"
        ).fetchone()
        assert state == "active"
    with (
        open_keyed_source(settings, postgresql.url) as keyed,
        working_connection(tmp_path, keyed.key) as connection,
    ):
        read_rows(connection, keyed.source, keyed.source.open_table(connection, table), table)
        assert connection.sql("select count(*) from handed").fetchall() == [(600000,)]
