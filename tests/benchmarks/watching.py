"""From a change in PostgreSQL to the state of cases, and to a notice, at the demo's size.

A watcher is at work in a process of its own, as `uhi watch` is. Changes come at random moments, on
average one every 2 s, so several are read by one round; of each is measured how long it takes until
an evaluation that has read it is on record, and until the notices of that evaluation have arrived
at the server. A round has read what was committed before it looked.
"""

import multiprocessing
import random
import shutil
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import psycopg
from sqlalchemy import select

from orchestration.contract.registry import source_tables
from orchestration.home.layout import Home
from tests.benchmarks import postgresql

CHANGES = 200
MEAN_PAUSE = 2.0
SENDING_SECONDS = 10
LAST_DAY = date(2020, 12, 30)  # of a running month, which the watcher evaluates
FIRST = "2021-01-05 14:00:00+08"
NOTIFY = """
[channels.local]
url_file = "{file}"
messages_per_minute = 1000

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


@dataclass(frozen=True)
class Look:
    """A round: when it began to look, when its evaluation was on record, and its notices' ids."""

    began: float
    evaluated: float
    notices: frozenset[str]


def watch(home: Path, looks, stop) -> None:
    """A watcher that says when each of its rounds began and ended, and ends when it is told to."""
    from orchestration.alerts.store import opened
    from orchestration.alerts.tables import NOTICES
    from orchestration.watch.watcher import Watcher
    from orchestration.watch.watching import Manner, Watching

    settings = settings_of(home)
    watcher = Watcher(settings, postgresql.url(home), lambda: LAST_DAY)
    evaluated = []

    def line(text):
        if " as of " in text:
            evaluated.append(time.time())

    watching = Watching(watcher, Manner(1, line, print))
    known = frozenset()
    while not stop.is_set():
        began = time.time()
        pause = watching.step()
        if evaluated:
            with opened(settings) as store:
                notices = frozenset(store.connection.scalars(select(NOTICES.c.id)))
            looks.put(Look(began, evaluated.pop(), notices - known))
            known = notices
        stop.wait(pause)
    watching.sender.end()


def settings_of(home: Path):
    from tests.benchmarks.stages import settings_of

    settings = settings_of(home)
    return settings.model_copy(update={"home": Home(home / "watched")})


def figures(home: Path) -> dict[str, float]:
    """Seconds from change to the state of cases, and to a notice: median and p95."""
    from tests.support.services import http_server

    fill(home)
    context = multiprocessing.get_context("spawn")
    looks, stop = context.Queue(), context.Event()
    with http_server() as service:
        address, notify = home / "channel.url", home / "watched" / "notify.toml"
        address.write_text(f"json://{service.url}/", encoding="utf-8")
        notify.parent.mkdir()
        notify.write_text(NOTIFY.format(file=address), encoding="utf-8")
        process = context.Process(target=watch, args=(home, looks, stop))
        process.start()
        looks.get()
        looks.get()
        changed = happen(home)
        rounds = [looks.get()]
        while rounds[-1].began < changed[-1]:
            rounds.append(looks.get())
        time.sleep(SENDING_SECONDS)
        stop.set()
        process.join()
        arrived = arrivals(service)
    until_state = [read_by(rounds, at).evaluated - at for at in changed]
    until_notice = [
        max(arrived[notice] for notice in read_by(rounds, at).notices) - at
        for at in changed
        if read_by(rounds, at).notices
    ]
    return {
        **spread("change to state of cases", until_state),
        **spread("change to notice", until_notice),
        "changes measured": len(until_state),
        "of these in rounds with notices": len(until_notice),
        "rounds": len(rounds),
    }


def spread(name: str, seconds: Sequence[float]) -> dict[str, float]:
    """Median and p95; nothing where nothing was measured."""
    if not seconds:
        return {}
    median = statistics.median(seconds)
    return {f"{name}, seconds, median": median, f"{name}, seconds, p95": p95(seconds)}


def happen(home: Path) -> list[float]:
    """Changes at random moments; returns when each was committed."""
    chance, committed = random.Random(7), []
    with psycopg.connect(postgresql.url(home), autocommit=True) as connection:
        rows = connection.execute("select distinct union_id from fund_remittance order by 1")
        unions = [union for (union,) in rows.fetchall()]
        for number in range(1, CHANGES + 1):
            time.sleep(chance.expovariate(1 / MEAN_PAUSE))
            change(connection, chance, unions, number)
            committed.append(time.time())
    return committed


def read_by(rounds: Sequence[Look], at: float) -> Look:
    """The first round that began to look after a moment, and so has surely read it."""
    return next(each for each in rounds if each.began >= at)


def arrivals(service) -> dict[str, float]:
    """When each notice arrived, by its id."""
    ids = [content["message"].partition("]")[0].lstrip("[") for content in service.contents()]
    return dict(zip(ids, service.arrived, strict=True))


def change(connection, chance, unions: list[str], number: int) -> None:
    """Something happens to a union's remittances."""
    union, paid = chance.choice(unions), chance.choice(["0", "amount_due"])
    statement = UNPAID.format(union=union, paid=paid, first=FIRST, number=number)
    connection.execute(statement)


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
