"""From the bytes of a CSV file to typed cells.

Here belongs reading: RFC 4180 records in which an empty cell without quotes is null and an empty
cell in quotes is empty text (source_tables.yml, CSV), and the strict parsing of one cell as the
type that the contract gives its column. What a value may be beyond its type is no matter of this
module.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

CELL = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<bare>[^",\r\n]*))(?P<end>,|\r\n|\n|\Z)')
INTEGER = re.compile(r"-?[0-9]+")
DECIMAL = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?")
DECIMAL_TYPE = re.compile(r"decimal\(([0-9]+),([0-9]+)\)")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIMESTAMP = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ]"
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}))?)?"
    r"(?P<zone>Z|(?P<sign>[+-])(?P<zone_hours>[0-9]{2})(?::?(?P<zone_minutes>[0-9]{2}))?)?",
)

INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U0010ffff]"
)
LONGEST = 200

Value = str | int | bool | date | datetime | Fraction


class SourceError(Exception):
    """The source breaks its contract as a whole."""


def records(text: str) -> Iterator[list[str | None]]:
    """Split RFC 4180 text into records of cells, null where a cell is empty and not quoted.

    Skip empty lines.
    """
    position, record = 0, []
    while position < len(text) or record:
        match = CELL.match(text, position)
        if match is None:
            raise SourceError(f"a quote is out of place near character {position}")
        record.append(
            match["quoted"].replace('""', '"')
            if match["quoted"] is not None
            else match["bare"] or None
        )
        position = match.end()
        if match["end"] == ",":
            continue
        if record != [None]:
            yield record
        record = []


def read_table(path: Path) -> tuple[list[str], list[dict[str, str | None]]]:
    """Read one CSV file: its header, and its records as cells by column."""
    lines = records(path.read_bytes().decode("utf-8-sig"))
    header = next(lines, [])
    names = [name for name in header if name is not None]
    if len(names) < len(header) or len(set(names)) < len(names):
        raise SourceError(f"{path.name}: the header is empty in part or names a column twice")
    rows = []
    for cells in lines:
        if len(cells) != len(names):
            raise SourceError(f"{path.name}: a record has {len(cells)} cells, not {len(names)}")
        rows.append(dict(zip(names, cells, strict=True)))
    return names, rows


def parse(cell: str, kind: str) -> Value:
    """Read a cell as a type of the contract.

    Raise ValueError where it does not parse or does not fit.
    """
    decimal = DECIMAL_TYPE.fullmatch(kind)
    if decimal is not None:
        return parse_decimal(cell, precision=int(decimal[1]), scale=int(decimal[2]))
    return {
        "text": parse_text,
        "int": parse_integer,
        "bool": parse_bool,
        "date": parse_date,
        "timestamptz": parse_timestamp,
    }[kind](cell)


def parse_text(cell: str) -> str:
    """Read a short text, in which but for tabs and line breaks all shows."""
    if INVISIBLE.search(cell) or len(cell) > LONGEST:
        raise ValueError(cell)
    return cell


def parse_integer(cell: str) -> int:
    """Read a 32-bit signed integer."""
    number = int(cell) if INTEGER.fullmatch(cell) else None
    if number is None or not -(2**31) <= number < 2**31:
        raise ValueError(cell)
    return number


def parse_decimal(cell: str, precision: int, scale: int) -> Fraction:
    """Read an exact decimal; further fractional digits fit only if they are zeros."""
    match = DECIMAL.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    number = Fraction(cell)
    if (number * 10**scale).denominator != 1 or abs(number) >= 10 ** (precision - scale):
        raise ValueError(cell)
    return number


def parse_bool(cell: str) -> bool:
    """Read true or false."""
    if cell not in {"true", "false"}:
        raise ValueError(cell)
    return cell == "true"


def parse_date(cell: str) -> date:
    """Read a real day written YYYY-MM-DD."""
    if not DATE.fullmatch(cell):
        raise ValueError(cell)
    return date.fromisoformat(cell)


def parse_timestamp(cell: str) -> datetime:
    """Read an instant, in Asia/Shanghai where no offset is written, and give it in UTC."""
    match = TIMESTAMP.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    day = parse_date(match["day"])
    wall = datetime(  # noqa: DTZ001 - the zone is attached below
        day.year,
        day.month,
        day.day,
        int(match["hour"]),
        int(match["minute"]),
        int(match["second"] or 0),
        int((match["fraction"] or "0").ljust(6, "0")),
    )
    try:
        instant = wall.replace(tzinfo=_zone(match)).astimezone(UTC)
        instant.astimezone(SHANGHAI)
    except OverflowError:
        raise ValueError(cell) from None
    return instant


def _zone(match: re.Match[str]) -> ZoneInfo | timezone:
    """Give the zone that a timestamp names, else Asia/Shanghai."""
    if match["zone"] is None:
        return SHANGHAI
    if match["zone"] == "Z":
        return UTC
    hours, minutes = int(match["zone_hours"]), int(match["zone_minutes"] or 0)
    if minutes >= 60:
        raise ValueError(match["zone"])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if match["sign"] == "-" else offset)


def local_date(instant: datetime) -> date:
    """Give the day of an instant in Asia/Shanghai (index.md, Time)."""
    return instant.astimezone(SHANGHAI).date()
