"""What a server, its settings or a driver does that shortens, hides or changes rows is named."""

import re
import socket
import threading
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, date, datetime

import certifi
import pytest

from orchestration.contract.registry import source_tables
from orchestration.errors import SourceError
from orchestration.extract.landing import open_keyed_source, working_connection
from orchestration.extract.reading import read_rows
from tests.support.databases import PostgresqlDatabase
from tests.support.settings import settings_in

ACTIVITY = source_tables()["activity"]
MOMENT = "2020-01-01T08:00:00+08:00"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ROWS = [
    ["A1", "U1", "2020-01-01", 12, MOMENT],
    ["A2", "U1", "2020-01-02", 0, MOMENT],
    ["A3", "U2", "2020-01-03", None, MOMENT],
]
READ = [
    ("A1", "U1", date(2020, 1, 1), 12),
    ("A2", "U1", date(2020, 1, 2), 0),
    ("A3", "U2", date(2020, 1, 3), None),
]
COLUMNS = "activity_id, union_id, held_on, participants, updated_at"


@pytest.fixture
def handed(tmp_path):
    """Reads a table of a URL as it would be landed, and confirms its count: the rows as handed."""

    def read(url, table=ACTIVITY, since=None):
        settings = settings_in(tmp_path / "home")
        with (
            open_keyed_source(settings, url) as keyed,
            working_connection(tmp_path, keyed.key) as connection,
        ):
            relation = keyed.source.open_table(connection, table, since)
            read_rows(connection, keyed.source, relation, table)
            rows = connection.execute("select * from handed order by all").fetchall()
            relation.confirm(len(rows))
        return rows

    return read


def fill(database, **others):
    """The activities, in columns of other types where they are said."""
    database.create_table(ACTIVITY, **others)
    database.insert(ACTIVITY, ROWS)


def cells(rows):
    return [row[:4] for row in rows]


def behind_a_view(database, select):
    """A view in the place of the table, which is stored under another name."""
    database.execute("alter table activity rename to stored")
    database.execute(f"create view activity as {select}")


@contextmanager
def globally(mysql, **values):
    """Settings of a MySQL server, for sessions begun meanwhile."""
    for name, value in values.items():
        mysql.execute(f"set global {name} = {value}")
    try:
        yield
    finally:
        for name in values:
            mysql.execute(f"set global {name} = default")


RANDOM = {"postgresql": "random() < 0.5", "mysql": "rand() < 0.5", "sqlite": "random() % 2 = 0"}


@pytest.mark.parametrize("since", [None, LONG_AGO])
def test_rows_are_counted_against_the_database(handed, database, since):
    database.create_table(ACTIVITY)
    database.insert(ACTIVITY, [[f"A{number}", *ROWS[0][1:]] for number in range(800)])
    assert len(handed(database.url, since=since)) == 800
    chance = RANDOM[database.url.partition(":")[0]]
    behind_a_view(database, f"select * from stored where {chance}")
    told = [problem_of(handed, database.url, since) for _ in range(5)]
    assert re.search(r"table activity: \d+ rows were read, but .* counts \d+", "".join(told))


def problem_of(handed, url, since):
    """What is wrong with a table; nothing where chance gave the same number twice."""
    try:
        handed(url, since=since)
    except SourceError as error:
        return str(error)
    return ""


@pytest.fixture
def reader(postgresql):
    """The URL of a user who may read a table that has a row-level policy."""
    fill(postgresql)
    for statement in (
        "drop role if exists reader",
        "create role reader login",
        "grant select on activity to reader",
        "alter table activity enable row level security",
        "create policy own on activity using (union_id = 'U1')",
    ):
        postgresql.execute(statement)
    yield postgresql.url.replace("postgres:@", "reader@")
    postgresql.execute("drop owned by reader")


def test_a_row_level_policy_hides_nothing(handed, postgresql, reader):
    with pytest.raises(SourceError, match=r"activity: a row-level policy would hide.*BYPASSRLS"):
        handed(reader)
    with pytest.raises(SourceError, match="row-level policy"):
        handed(f"{reader}&options=-crow_security%3Don")
    postgresql.execute("alter role reader bypassrls")
    assert cells(handed(reader)) == READ
    postgresql.execute("revoke select on activity from reader")
    with pytest.raises(SourceError, match="activity: the user may not read it; grant select"):
        handed(reader)


def test_postgresql_options_change_no_cell(handed, postgresql):
    fill(postgresql, activity_id="char(4)")
    options = "-cdatestyle=German -ctimezone=Asia/Tokyo -cextra_float_digits=-15"
    url = f"{postgresql.url}&options={options.replace(' ', '%20').replace('=', '%3D')}"
    found = handed(url)
    assert cells(found) == READ
    assert {row[4] for row in found} == {datetime.fromisoformat(MOMENT)}
    with pytest.raises(SourceError, match="zero_damaged_pages is on"):
        handed(f"{postgresql.url}&options=-czero_damaged_pages%3Don")


def test_a_time_limit_of_postgresql_is_named(handed, postgresql):
    fill(postgresql)
    behind_a_view(postgresql, "select stored.* from stored, pg_sleep(0.4)")
    postgresql.execute(f"alter database {postgresql.name} set statement_timeout = '100ms'")
    with pytest.raises(SourceError, match=r"time limit.*raise statement_timeout"):
        handed(postgresql.url)


def test_what_postgresql_does_not_hold_itself_is_named(handed, postgresql):
    fill(postgresql)
    behind_a_view(postgresql, "select * from stored")
    postgresql.execute("drop view activity")
    postgresql.execute("create materialized view activity as select * from stored with no data")
    with pytest.raises(SourceError, match="materialised view that was never filled; fill it"):
        handed(postgresql.url)
    postgresql.execute("refresh materialized view activity")
    assert cells(handed(postgresql.url)) == READ
    postgresql.execute("create schema elsewhere")
    postgresql.execute("alter materialized view activity set schema elsewhere")
    with pytest.raises(SourceError, match=r"no such table in the schemas searched .*elsewhere"):
        handed(postgresql.url)
    both = f"{postgresql.url}&options=-csearch_path%3Delsewhere,public"
    assert cells(handed(both)) == READ
    postgresql.execute("create foreign data wrapper wrapper")
    postgresql.execute("create server other foreign data wrapper wrapper")
    columns = ", ".join(f"{column.name} text" for column in ACTIVITY.columns)
    postgresql.execute(f"create foreign table public.activity ({columns}) server other")
    with pytest.raises(SourceError, match="one in each of the schemas elsewhere, public"):
        handed(both)
    with pytest.raises(SourceError, match="foreign table"):
        handed(postgresql.url)


def test_types_of_postgresql_that_hold_the_value(handed, postgresql):
    postgresql.execute("create domain code as varchar(20)")
    postgresql.execute("create type unions as enum ('U1', 'U2')")
    fill(
        postgresql,
        activity_id="code",
        union_id="unions",
        held_on="timestamp",
        participants="numeric(12,3)",
    )
    assert cells(handed(postgresql.url)) == READ
    postgresql.execute("alter table activity alter participants type double precision")
    assert cells(handed(postgresql.url)) == READ
    postgresql.execute(
        "update activity set held_on = held_on + interval '1 s' where activity_id = 'A1'"
    )
    postgresql.execute("update activity set participants = 1.5 where activity_id = 'A2'")
    assert [row[-1] for row in handed(postgresql.url)] == ["held_on", "participants", None]


def test_text_of_no_known_encoding(handed, postgresql_server, postgresql):
    encoding = "encoding 'SQL_ASCII' locale 'C' template template0"
    ascii_only = PostgresqlDatabase(postgresql_server, f"{postgresql.name}_ascii", encoding)
    fill(ascii_only)
    assert cells(handed(ascii_only.url)) == READ
    ascii_only.execute("update activity set union_id = e'\\xce\\xc2\\xd6\\xdd'")
    with pytest.raises(SourceError, match="activity: a text is not in"):
        handed(ascii_only.url)


def test_settings_of_mysql_change_nothing(handed, mysql):
    fill(mysql, activity_id="char(4)")
    limits = {
        "sql_select_limit": 1,
        "sql_mode": "'PAD_CHAR_TO_FULL_LENGTH,ANSI_QUOTES,NO_ZERO_DATE'",
        "max_join_size": 1,
        "group_concat_max_len": 4,
        "time_zone": "'+05:00'",
    }
    with globally(mysql, **limits):
        assert cells(handed(mysql.url)) == READ
        behind_a_view(
            mysql,
            "select group_concat(activity_id order by activity_id) as activity_id,"
            " union_id, held_on, participants, updated_at from stored group by updated_at",
        )
        assert handed(mysql.url)[0][0] == "A1,A2,A3"


def test_warnings_and_time_limits_of_mysql_are_named(handed, mysql):
    fill(mysql)
    others = "activity_id, union_id, held_on, updated_at"
    behind_a_view(
        mysql, f"select {others}, cast(activity_id as signed) as participants from stored"
    )
    with pytest.raises(SourceError, match=r"activity: the server warned.*1292.*cut or changed"):
        handed(mysql.url)
    mysql.execute(
        "create or replace view activity as"
        f" select {others}, participants + sleep(0.2) as participants from stored"
    )
    with globally(mysql, max_statement_time=0.1), pytest.raises(SourceError, match="time limit"):
        handed(mysql.url)


def test_tables_outside_the_snapshot_of_mysql_are_named(handed, mysql):
    fill(mysql)
    mysql.execute("alter table activity engine = MyISAM")
    with pytest.raises(SourceError, match="engine MyISAM takes no part in the snapshot"):
        handed(mysql.url)
    with pytest.raises(SourceError, match="there is no such database"):
        handed(mysql.url.replace("/city", "/nowhere"))


def test_types_of_mysql_that_hold_the_value(handed, mysql):
    fill(mysql, union_id="enum('U1', 'U2')", held_on="datetime(6)", participants="decimal(12,3)")
    assert cells(handed(mysql.url)) == READ
    mysql.execute("alter table activity modify participants double")
    assert cells(handed(mysql.url)) == READ
    mysql.execute("update activity set held_on = '2020-01-01 00:00:01' where activity_id = 'A1'")
    mysql.execute("update activity set participants = 1.5 where activity_id = 'A2'")
    assert [row[-1] for row in handed(mysql.url)] == ["held_on", "participants", None]
    with globally(mysql, sql_mode="''"):
        mysql.execute("update activity set held_on = '0000-00-00'")
    with pytest.raises(SourceError, match="no cell of column held_on of activity is a date"):
        handed(mysql.url)
    mysql.execute("alter table activity modify union_id varbinary(20)")
    with pytest.raises(SourceError, match="union_id is varbinary, which cannot hold text"):
        handed(mysql.url)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("union_id = x'c33c'", "union_id is blob in some cells, which cannot hold text"),
        ("held_on = 2458849.5", "held_on is real in some cells, which cannot hold date"),
        ("held_on = 1577836800", "held_on is integer in some cells, which cannot hold date"),
        ("updated_at = 1577836800", "updated_at is integer in some cells"),
        ("union_id = cast(x'c33c' as text)", "activity: a text is not UTF-8"),
    ],
)
def test_cells_of_sqlite_that_cannot_hold_the_value(handed, sqlite, change, message):
    fill(sqlite, union_id="blob", held_on="blob", updated_at="blob")
    sqlite.execute(f"update activity set {change} where activity_id = 'A1'")
    with pytest.raises(SourceError, match=message):
        handed(sqlite.url)


def test_cells_of_sqlite_that_hold_the_value(handed, sqlite):
    fill(sqlite, participants="real")
    assert cells(handed(sqlite.url)) == READ
    sqlite.execute("update activity set participants = 2147483648 where activity_id = 'A2'")
    assert [row[-1] for row in handed(sqlite.url)] == [None, "participants", None]
    sqlite.execute(
        "update activity set participants = null, union_id = 'U' || char(0) || '1'"
        " where activity_id = 'A1'"
    )
    assert [row[-1] for row in handed(sqlite.url)] == ["union_id", "participants", None]


def test_a_broken_file_of_sqlite_is_named(handed, sqlite):
    fill(sqlite)
    sqlite.execute("pragma journal_mode = delete")
    content = sqlite.file.read_bytes()
    sqlite.file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(SourceError, match="activity: the database file is damaged"):
        handed(sqlite.url)
    sqlite.file.write_bytes(b"no database, but long enough to be one" * 200)
    with pytest.raises(SourceError, match="no SQLite database"):
        handed(sqlite.url)


def test_a_user_without_a_connection_to_spare_is_told(handed, postgresql, reader):
    postgresql.execute("alter role reader connection limit 0")
    with pytest.raises(SourceError, match="the server has too many connections; try again later"):
        handed(reader)
    postgresql.execute("alter role reader connection limit -1")


@contextmanager
def on_a_port(file):
    """A server's socket file, to be reached by a port of this host."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def forward():
            inbound, _ = listening.accept()
            with inbound, socket.socket(socket.AF_UNIX) as outbound:
                outbound.connect(file)
                outbound.sendall(inbound.recv(4096))
                inbound.sendall(outbound.recv(4096))

        thread = threading.Thread(target=forward)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_a_postgresql_server_without_encryption_is_told(handed, postgresql):
    with postgresql.connect() as connection:
        file = f"{connection.info.host}/.s.PGSQL.{connection.info.port}"
    with (
        on_a_port(file) as port,
        pytest.raises(SourceError, match="no encrypted connection as the URL asks for"),
    ):
        handed(f"postgresql://postgres@127.0.0.1:{port}/{postgresql.name}?sslmode=require")


def test_a_mysql_server_without_a_connection_to_spare_is_told(handed, mysql):
    fill(mysql)
    with globally(mysql, max_connections=10), ExitStack() as taken:
        for _ in range(11):
            taken.enter_context(closing(mysql.connect()))
        with pytest.raises(SourceError, match="the server has too many connections"):
            handed(mysql.url)


@pytest.mark.parametrize(
    ("authority", "reason"),
    [
        (certifi.contents(), "no encrypted connection as the URL asks for"),
        ("no certificate", "a certificate or key that the URL names cannot be used"),
    ],
)
def test_a_mysql_server_without_encryption_is_told(handed, mysql, tmp_path, authority, reason):
    (tmp_path / "authority.pem").write_text(authority, encoding="ascii")
    with pytest.raises(SourceError, match=reason):
        handed(f"{mysql.url}&ssl_ca={tmp_path / 'authority.pem'}")
