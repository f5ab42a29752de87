"""From a change in PostgreSQL to the state of cases, and to a notice, at the demo's size.

A watcher is at work in a process of its own, as `uhi watch` is. Changes come one at a time, at
random moments; of each is measured how long it takes until an evaluation has read it.
"""

import multiprocessing
import random
import shutil
import statistics
import time
from datetime import date
from pathlib import Path

import duckdb
import psycopg

from orchestration.contract.registry import source_tables
from orchestration.home.layout import Home
from tests.benchmarks import postgresql

CHANGES = 200
LAST_DAY = date(2020, 12, 31)
FIRST = "2021-01-05 14:00:00+08"
NOTIFY = """
[channels.local]
url_file = "{file}"

[[recipients]]
counties = ["*"]
channels = ["local"]
"""
UNPAID = """
    update fund_remittance
    set
        amount_paid = {paid},
        paid_on = null,
        updated_at = timestamptz '{first}' + interval '{number} second'
    where union_id = '{union}'
"""


def fill(home: Path) -> None:
    """The demo city in the server's database."""
    with psycopg.connect(postgresql.url(home), autocommit=True) as connection:
        connection.execute("drop table member")
        for table in source_tables().values():
            columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
            connection.execute(f"create table {table.name} ({columns})")
            copy_table(connection, home, table)
            if table.watermark:
                connection.execute(f"create index on {table.name} ({table.watermark})")
            connection.execute(f"create index on {table.name} ({', '.join(table.key)})")
        connection.execute("vacuum analyze")


def copy_table(connection, home: Path, table) -> None:
    names = ", ".join(column.name for column in table.columns)
    source, cells = home / "demo" / "source" / f"{table.name}.parquet", home / "cells.csv"
    rows = f"select {names} from read_parquet('{source}')"
    duckdb.sql(f"copy ({rows}) to '{cells}' (header false)")
    with (
        cells.open("rb") as file,
        connection.cursor().copy(f"copy {table.name} ({names}) from stdin (format csv)") as copy,
    ):
        shutil.copyfileobj(file, copy)


def watch(home: Path, rounds, stop) -> None:
    """A watcher that says when each of its rounds began and ended, and ends when it is told to."""
    from orchestration.watch.watcher import Watcher
    from orchestration.watch.watching import Manner, Watching

    watcher = Watcher(settings_of(home), postgresql.url(home), lambda: LAST_DAY)
    evaluated = []

    def line(text):
        if " as of " in text:
            evaluated.append(time.time())

    watching = Watching(watcher, Manner(1, line, print))
    while not stop.is_set():
        pause = watching.step()
        if evaluated:
            rounds.put((evaluated.pop(), time.time()))
        stop.wait(pause)


def settings_of(home: Path):
    from tests.benchmarks.run import settings_of

    settings = settings_of(home)
    return settings.model_copy(update={"home": Home(home / "watched")})


def figures(home: Path) -> dict[str, float]:
    """Seconds from change to the state of cases, and to a notice: median and p95."""
    from tests.support.services import http_server

    fill(home)
    context = multiprocessing.get_context("spawn")
    rounds, stop = context.Queue(), context.Event()
    with http_server() as service:
        address, notify = home / "channel.url", home / "watched" / "notify.toml"
        address.write_text(f"json://{service.url}/", encoding="utf-8")
        notify.parent.mkdir()
        notify.write_text(NOTIFY.format(file=address), encoding="utf-8")
        process = context.Process(target=watch, args=(home, rounds, stop))
        process.start()
        rounds.get()
        rounds.get()
        until_state, until_notice = measured(home, rounds, service)
        stop.set()
        process.join()
    return {
        "change to state of cases, seconds, median": statistics.median(until_state),
        "change to state of cases, seconds, p95": p95(until_state),
        "change to notice, seconds, median": statistics.median(until_notice),
        "change to notice, seconds, p95": p95(until_notice),
    }


def measured(home: Path, rounds, service) -> tuple[list[float], list[float]]:
    chance, until_state, until_notice = random.Random(7), [], []
    with psycopg.connect(postgresql.url(home), autocommit=True) as connection:
        rows = connection.execute("select distinct union_id from fund_remittance order by 1")
        unions = [union for (union,) in rows.fetchall()]
        for number in range(1, CHANGES + 1):
            time.sleep(chance.random())
            notices = len(service.requests)
            began = change(connection, chance, unions, number)
            evaluated_at, sent_at = rounds.get()
            until_state.append(evaluated_at - began)
            if len(service.requests) > notices:
                until_notice.append(sent_at - began)
    return until_state, until_notice


def change(connection, chance, unions: list[str], number: int) -> float:
    """Something happens to a union's remittances; returns when."""
    union, paid = chance.choice(unions), chance.choice(["0", "amount_due"])
    statement = UNPAID.format(union=union, paid=paid, first=FIRST, number=number)
    began = time.time()
    connection.execute(statement)
    return began


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
