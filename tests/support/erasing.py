"""A person of the contract's example who has two memberships.

Also the example without them, and what a home must not have of them.
"""

import csv
import hashlib
import hmac
import shutil
from pathlib import Path

import duckdb
from click.testing import CliRunner
from stdnum.cn import ric

from orchestration.cli.main import main
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.release import bundle
from orchestration.state import state_of
from tests.support.faults import landed, uhi
from tests.support.settings import EXAMPLE, KEY, settings_in

NUMBER = "330302199711093765"
MEMBERSHIPS = ("M0001179", "M0008089")
NOBODY, FILLER = (
    body + ric.calc_check_digit(body + "0") for body in ("33030219900101123", "12345678901234567")
)
PSEUDONYM = hmac.new(
    hmac.new(KEY.encode(), b"identity_number", hashlib.sha256).digest(),
    NUMBER.encode(),
    hashlib.sha256,
).hexdigest()
REQUEST = uhi("erase", "--reason", "request 7", "--as", "data protection officer")


def change_rows(source, table, change):
    """Write a table of a source anew, of what a function makes of its rows."""
    file = source / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(change(rows))
    return source


def copy_of_example(folder):
    return Path(shutil.copytree(EXAMPLE / "source", folder))


def without_the_person(source):
    for table in ("member", "member_rating"):
        change_rows(
            source, table, lambda rows: [row for row in rows if row["member_id"] not in MEMBERSHIPS]
        )
    return source


def content(path):
    """The bytes of a file, and of a table its cells too, for compression hides them."""
    cells = duckdb.sql(f"from '{path}'").fetchall() if path.suffix == ".parquet" else ""
    return path.read_bytes() + str(cells).encode()


def files_with(folder, *texts):
    """Files below a folder that have one of these texts."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(text.encode() in content(path) for text in texts)
    ]


def assert_erased(home):
    """Nothing of the person is in the landing, and no number or pseudonym of theirs in the home."""
    assert not files_with(home / "landing", NUMBER, PSEUDONYM, *MEMBERSHIPS)
    assert not files_with(home, NUMBER, PSEUDONYM)


def uhi_erase(home, number, *options, **variables):
    """`uhi erase` as its user gives it, the number from standard input."""
    environment = {"UHI_HOME": str(home), "UHI_PSEUDONYM_KEY": KEY} | variables
    return CliRunner().invoke(main, [*REQUEST[1:], *options], input=f"{number}\n", env=environment)


def assert_whole(home):
    """Ledger, landing and state are whole; what is released or prepared verifies."""
    Ledger.of(Home(home))
    landed(home)
    state_of(settings_in(home).home)
    for folder in [*(home / "releases").glob("*/r*"), *(home / "prepared").glob("[!.]*")]:
        bundle.verify(folder)
