"""What the tables of this platform have in common, and its numbers for the contract's keys."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from tests.support.platforms.invented import (
    between,
    codes_in,
    day,
    moment,
    one_of,
)

# What each code of the platform is in the contract.
CODES = codes_in(Path(__file__).with_name("source_map.yml"))

# How a column's cells are written: the formats of its days and moments, an amount's separators
# and suffix, and what stands for nothing beside null.  Every moment is by Asia/Shanghai.
DASHES, CHARACTERS, SECONDS = "%Y-%m-%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S"

INDUSTRIES = {
    "C": "制造业",
    "F": "批发和零售业",
    "G": "交通运输、仓储和邮政业",
    "I": "信息传输、软件和信息技术服务业",
    "L": "租赁和商务服务业",
}

CLERKS = ("admin", "caiwu", "zuzhibu", "weiquan", "daoru")


def table(name, columns, comment=None):
    """The statements of a table: its columns a line each, of text where no type is told.

    A comment stands behind a column that has one.
    """
    lines = [line.strip().partition(" -- ") for line in columns.splitlines() if line.strip()]
    typed = [line if " " in line else f"{line} varchar(255)" for line, _, _ in lines]
    return [
        f"create table {name} ({', '.join(typed)})",
        *([f"comment on table {name} is '{comment}'"] if comment else []),
        *(
            f"comment on column {name}.{line.split()[0]} is '{said}'"
            for line, _, said in lines
            if said
        ),
    ]


def label(table_name, column, cell):
    """The platform's label of a contract's code; None where the cell is empty."""
    written = {told: label for label, told in CODES[table_name, column].items()}
    return written[cell] if cell else None


def dashes(value):
    """A day, or a contract's cell of one, as 2019-3-5."""
    value = day(value) if isinstance(value, str) else value
    return f"{value.year}-{value.month}-{value.day}" if value else None


def characters(value):
    """A day, or a contract's cell of one, as 2019年3月5日."""
    value = day(value) if isinstance(value, str) else value
    return f"{value.year}年{value.month}月{value.day}日" if value else None


def seconds(cell):
    value = moment(cell) if isinstance(cell, str) else cell
    return f"{value:%Y-%m-%d %H:%M:%S}" if value else None


def created(row, key):
    updated = moment(row["updated_at"])
    return seconds(updated - timedelta(minutes=between(60, 900_000, "created", key)))


def part(cell, low, high, *parts):
    """A percentage of a number in a cell, drawn between two; None where there is no number."""
    return str(int(cell) * between(low, high, *parts) // 100) if cell else None


def yuan(low, high, *parts):
    return f"{Decimal(between(low * 100, high * 100, *parts)) / 100:.2f}"


def nothing(key):
    """What a form leaves where nobody filled it in."""
    return one_of((None, None, ""), "nothing", key)
