"""A city whose database changes, a watcher of it, and processes that are killed while they look."""

import multiprocessing
import os
import random
import shutil
import signal
from contextlib import closing
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import count
from pathlib import Path

from orchestration.build.compiled import CompiledBuild
from orchestration.contract.clock import city_zone
from orchestration.watch.watcher import Watcher
from tests.support.settings import EXAMPLE, settings_in

MONTH = "2020-12"
LAST_DAY = date(2020, 12, 31)
MORNING = datetime(2021, 1, 22, 6, tzinfo=city_zone())
ELECTED = "update union_org set committee_elected_on"
CLOSED = "update service_request set closed_at = closed_at"
ACTIVITY = "('N{number}', '{name}', date '2020-12-01' + {number} % 30, {number} % 90, '{moment}')"
# What happens, and how often; no column empties by it, which would be no day of a platform's.
CHANGES = {
    "update fund_remittance set amount_paid = 0, {at} where {union}": 1,
    "update fund_remittance set amount_paid = amount_due, {at} where {union}": 4,
    "update member_rating set stars = 3 + {number} % 3, {at} where {union}": 4,
    f"{CLOSED} + interval '{{number}} minutes', {{at}} where {{union}}": 4,
    "update safety_inspection set hazards_rectified = 0, {at} where {union}": 1,
    "update safety_inspection set hazards_rectified = hazards_found, {at} where {union}": 4,
    f"{ELECTED} = date '2012-05-01' + {{number}} % 300, {{at}} where {{union}}": 1,
    f"{ELECTED} = date '2019-09-01' + {{number}} % 300, {{at}} where {{union}}": 4,
    "update hardship_case set assisted_on = registered_on, {at} where {union}": 1,
    f"insert into activity values {ACTIVITY}": 4,
}


class City:
    """A database with the contract's example, in which things happen; each takes a second."""

    def __init__(self, database, seed=1):
        self.database, self.random = database, random.Random(seed)
        self.numbers = count(1)
        database.fill(EXAMPLE / "source")
        with database.connect() as connection:
            rows = connection.execute("select union_id from union_org order by 1").fetchall()
        self.unions = [union for (union,) in rows]

    def change(self, statement=None, union=None):
        """Something happens to a union."""
        self.database.execute(self.happening(statement, union))

    def live(self, changes):
        """So many things happen."""
        with closing(self.database.connect()) as connection:
            for _ in range(changes):
                connection.execute(self.happening())

    def happening(self, statement=None, union=None):
        """A statement of what happens to a union; one in ten things is told late."""
        number = next(self.numbers)
        late = timedelta(hours=self.random.choice([0] * 9 + [40]))
        moment = (MORNING + timedelta(seconds=number) - late).isoformat()
        name = union or self.random.choice(self.unions)
        [chosen] = self.random.choices(list(CHANGES), CHANGES.values())
        return (statement or chosen).format(
            at=f"updated_at = '{moment}'",
            union=f"union_id = '{name}'",
            name=name,
            number=number,
            moment=moment,
        )


def watcher_of(home, url, day=LAST_DAY, **stated):
    """A watcher that has the statements of the home's build by dbt, as after a first round.

    stated: further settings.
    """
    watcher = Watcher(settings_in(home).model_copy(update=stated), url, lambda: day)
    kept = home / "built"
    if not kept.exists():
        shutil.copytree(home / "warehouse" / MONTH, kept)
    watcher.builder.compiled = CompiledBuild(kept)
    return watcher


def look_and_be_killed(home, url, moment):
    """Look once, in a process that is killed when it comes to a moment; returns the exit code."""
    return work_and_be_killed(moment, look, home, url)


def work_and_be_killed(moment, work, *arguments):
    """Do work in a process of its own, which is killed when it comes to a function.

    moment: module and function. Returns the exit code.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["orchestration.watch.watcher", "great_expectations"])
    process = context.Process(target=work_until, args=(moment, work, arguments))
    process.start()
    process.join()
    return process.exitcode


def work_until(moment, work, arguments):
    module, function = moment
    setattr(import_module(module), function, killed)
    work(*arguments)


def look(home, url):
    watcher = watcher_of(Path(home), url)
    watcher.look()
    watcher.show()


def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
