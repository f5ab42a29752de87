"""What foreign platforms' rows have in common: reading, inserting, and what is made up.

Everything made up is drawn from the hash of a key, so it is the same on every run.
"""

import csv
import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

CITY = ZoneInfo("Asia/Shanghai")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = ("一鸣", "文静", "小雨", "建新", "秋月", "思远", "晓东", "春燕", "海波", "玉兰")


def lot(*parts):
    """A number drawn from a key."""
    text = "|".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")


def between(low, high, *parts):
    return low + lot(*parts) % (high - low + 1)


def one_of(options, *parts):
    return options[lot(*parts) % len(options)]


def digits(count, *parts):
    return str(lot(*parts) % 10**count).zfill(count)


def person(*parts):
    return one_of(SURNAMES, "surname", *parts) + one_of(GIVEN, "given", *parts)


def mobile(*parts):
    return "199" + digits(8, "mobile", *parts)


def landline(*parts):
    return "0577-8" + digits(7, "landline", *parts)


def day(cell):
    """The day of a contract's cell; None where it is empty."""
    return date.fromisoformat(cell) if cell else None


def moment(cell):
    """The moment of a contract's cell by the city's clock, without zone."""
    if not cell:
        return None
    found = datetime.fromisoformat(cell)
    return found.astimezone(CITY).replace(tzinfo=None) if found.tzinfo else found


def later(start, low, high, *parts):
    """A day some days after another, or before it; None where there is none."""
    return start and start + timedelta(days=between(low, high, "later", *parts))


def birthday(member):
    """The birthday in a member's identity number, else one drawn."""
    try:
        return date.fromisoformat(member["id_number"][6:14])
    except ValueError:
        return date(1960, 1, 1) + timedelta(days=lot("born", member["member_id"]) % 14_000)


def contract_rows(folder: Path, table):
    """The rows of a contract's table; an empty cell is ''."""
    with (Path(folder) / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def surrogates(keys, first):
    """Numbers from a first one for business keys, in an order that tells nothing of them."""
    return {key: first + place for place, key in enumerate(sorted(keys, key=lot))}


def insert(connection, table, rows):
    """Insert rows, each with the same columns by name."""
    rows = list(rows)
    columns = list(rows[0])
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert into {table} ({', '.join(columns)}) values ({marks})",
            [[row[column] for column in columns] for row in rows],
        )


def codes_in(file: Path):
    """The contract's code for each of a platform's, by the contract's table and column.

    file: the platform's map.
    """
    tables = yaml.safe_load(file.read_text(encoding="utf-8"))["tables"]
    return {
        (name, column): says["codes"]
        for name, table in tables.items()
        for column, says in table["columns"].items()
        if isinstance(says, dict) and "codes" in says
    }
