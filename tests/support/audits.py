"""`uhi audit` as tests give it, and what it is compared with."""

import duckdb
from click.testing import CliRunner

from orchestration.cli.main import main
from tests.support import ledgers


def uhi(*arguments):
    return CliRunner().invoke(main, ["audit", *map(str, arguments)])


def entries(home, event, period="2020-12"):
    return [
        entry
        for entry in ledgers.entries(home)
        if (entry["event"], entry.get("period")) == (event, period)
    ]


def rows(query):
    return duckdb.sql(query).fetchall()
