"""Editions built from the expected tables of the contract's example.

The code that writes a release's edition builds them; dbt takes no part.
"""

import os
import pickle
import subprocess
import sys
from functools import cache
from pathlib import Path

import duckdb

from orchestration.contract.methodology import load_methodology
from orchestration.documents.edition import Edition
from orchestration.home.releases import Beside
from orchestration.periods import Period
from orchestration.release.editions import write_internal, write_public
from orchestration.settings import METHODOLOGY, PROJECT
from quality.publication import published_tables
from tests.support.records import check, override, verdict
from tests.support.settings import EXAMPLE

PERIODS = ("2020-10", "2020-11", "2020-12")
RANKING = """
    select period, rank, previous_rank, area_code, name_zh, name_en, health_index, sampling_rate,
        case when rank is not null then cast(greatest(rank - 1, 1) as integer) end as rank_low,
        rank as rank_high
    from area_index where level = 'county' order by area_code
"""

SURROUNDINGS = {
    "one": {
        "PYTHONHASHSEED": "1",
        "TZ": "Asia/Shanghai",
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": "1",
    },
    "other": {
        "PYTHONHASHSEED": "7",
        "TZ": "America/St_Johns",
        "LC_ALL": "C",
        "SLURM_CPUS_ON_NODE": "7",
    },
}
ELSEWHERE = """
import importlib, pathlib, pickle, sys
module, function, edition, target = sys.argv[1:]
write = getattr(importlib.import_module(module), function)
write(pickle.loads(pathlib.Path(edition).read_bytes()), pathlib.Path(target))
"""


def write_tables(folder, period, changes=()):
    """The published tables of a month.

    Rank intervals, which the example does not expect, reach one rank up. changes: SQL on them.
    """
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for table in published_tables().values():
            if table.name == "county_ranking":
                connection.execute(f"create table county_ranking as {RANKING}")
            else:
                file = EXAMPLE / "expected" / period / f"{table.name}.csv"
                columns = {name: kind.upper() for name, kind in table.columns.items()}
                options = f"columns = {columns}, header = true, auto_detect = false"
                connection.execute(
                    f"create table {table.name} as from read_csv('{file}', {options})"
                )
        for change in changes:
            connection.execute(change)
        for name in published_tables():
            connection.execute(f"copy {name} to '{folder / f'{name}.parquet'}' (format parquet)")


CHECKS = (
    check("area_index.mean", "holds"),
    check("plausibility.city_sampling", "57.5 %", passed=False, severity="warn"),
    check("rows.refused_share", "3 % of member", passed=False, override="allowed"),
)
OVERRIDES = [override("rows.refused_share", reason="=checked by hand")]


@cache
def methodology():
    return load_methodology(METHODOLOGY, Period(2020, 12))


def make_edition(folder, name="public", periods=PERIODS, changes=(), **changes_of_verdict):
    """An edition of the last of the periods; the others are its earlier ones.

    The changes are made to all of them.
    """
    for period in periods:
        write_tables(folder / period / "tables", period, changes)
        write = write_public if name == "public" else write_internal
        write(folder / period / "tables", folder / period / name)
    *earlier, own = (Path(folder / period / name) for period in periods)
    stated = {"checks": CHECKS, "notice": "仅供测试。 For tests only.", **changes_of_verdict}
    return Edition(own, methodology(), verdict(periods[-1], **stated), OVERRIDES, earlier)


def make_release(folder, changes=(), earlier=()):
    """A folder with both editions of the example's last month, its tables changed by SQL.

    earlier: releases of the month that the public has.
    """
    write_tables(folder / "tables", PERIODS[-1], changes)
    write_internal(folder / "tables", folder / "internal")
    write_public(folder / "tables", folder / "public", Beside(earlier=earlier))
    return folder


def write_elsewhere(write, edition, folder, target):
    """Have a document of an edition written by other processes; yields where.

    They have two different environments and temporary folders.
    """
    pickled = folder / "edition.pickle"
    pickled.write_bytes(pickle.dumps(edition))
    for name, variables in SURROUNDINGS.items():
        place = folder / f"written in the {name}"
        (place / "temporary").mkdir(parents=True)
        environment = (
            os.environ
            | variables
            | {"TMPDIR": str(place / "temporary"), "PYTHONPATH": str(PROJECT)}
        )
        command = [
            sys.executable,
            "-c",
            ELSEWHERE,
            write.__module__,
            write.__name__,
            str(pickled),
            str(place / target),
        ]
        subprocess.run(command, env=environment, cwd=place, check=True, capture_output=True)
        assert list((place / "temporary").iterdir()) == []
        yield place / target
