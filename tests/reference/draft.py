"""A source in the making: rows of text cells, the random choices, and the output folder.

Here belongs what every part of the made-up city needs: dates that sit on the edges of periods and
windows, times in all the forms that a timestamp may take, identifiers with valid check characters,
and CSV as the contract has it. Which rows a city has is not decided here.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

from stdnum.cn import ric, uscc

from tests.reference.cells import Value
from tests.reference.contract import CREDIT_CODE_ALPHABET, TABLES

Cells = dict[str, str | None]

TURNS = [
    date.fromisoformat(day)
    for day in (
        *("2020-02-29", "2020-03-31", "2020-10-31", "2020-11-30", "2020-12-31"),
        *("2019-02-28", "2019-03-31", "2019-10-31", "2019-11-30", "2019-12-31"),
    )
]
"""Where the windows of the periods worth calculating end and start."""

EDGES = sorted({turn + timedelta(days=days) for turn in TURNS for days in (-1, 0, 1)})
FIRST, LAST = date(2018, 6, 1), date(2021, 2, 15)
OFFSETS = (None, 0, 480, 480, 480, 540, 345, -300, 840)
"""Minutes ahead of UTC that a timestamp may be written in; None leaves Asia/Shanghai unsaid."""

REVISIONS = [datetime(2021, 1, day, hour, tzinfo=UTC) for day in (4, 5) for hour in (0, 16)]
"""When rows were last changed: few instants, so that they tie."""


class Draft:
    """Tables of cells, filled row by row from one seeded source of chance."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.tables: dict[str, list[Cells]] = {table: [] for table in TABLES}
        self.serials: Counter[str] = Counter()

    def add(self, table: str, **values: Value | None) -> Cells:
        """Add a row.

        Columns that are not given are null, and a row is freshly revised unless it says when.
        """
        cells = {column: _cell(values.get(column)) for column in TABLES[table].columns}
        if TABLES[table].has_watermark and "updated_at" not in values:
            cells["updated_at"] = self.instant(self.random.choice(REVISIONS))
        self.tables[table].append(cells)
        return cells

    def key(self, prefix: str) -> str:
        """Give an identifier that no other row has.

        It is not padded, so that text order is not the order of making.
        """
        return f"{prefix}{self.serial('key')}"

    def serial(self, kind: str) -> int:
        """Count on, from 1, for one kind of thing."""
        self.serials[kind] += 1
        return self.serials[kind]

    def chance(self, percent: int) -> bool:
        """Whether something happens that does so many times in a hundred."""
        return self.random.randrange(100) < percent

    def day(self, first: date = FIRST, last: date = LAST) -> date:
        """Draw a day, mostly one on the edge of a period or a window."""
        edges = [day for day in EDGES if first <= day <= last]
        if edges and self.chance(60):
            return self.random.choice(edges)
        return first + timedelta(days=self.random.randrange(max((last - first).days, 0) + 1))

    def later(self, day: date, *, never: int = 30) -> date | None:
        """Draw the same day or a later one, or none so many times in a hundred."""
        if self.chance(never):
            return None
        return day if self.chance(15) else self.day(first=day, last=max(day, LAST))

    def instant(self, moment: datetime) -> str:
        """Write an instant in one of the forms that the contract allows."""
        minutes = self.random.choice(OFFSETS)
        wall = moment.astimezone(UTC) + timedelta(minutes=480 if minutes is None else minutes)
        text = wall.strftime(self.random.choice(("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")))
        if wall.microsecond:
            text += wall.strftime(":%S.%f")
        elif wall.second or self.chance(80):
            text += wall.strftime(":%S") + self.random.choice(("", "", ".0", ".000000"))
        return text + self._offset(minutes)

    def _offset(self, minutes: int | None) -> str:
        """Write an offset from UTC."""
        if minutes is None:
            return ""
        if minutes == 0:
            return self.random.choice(("Z", "+00:00"))
        hours, rest = divmod(abs(minutes), 60)
        sign = "-" if minutes < 0 else "+"
        forms = [f"{sign}{hours:02d}:{rest:02d}", f"{sign}{hours:02d}{rest:02d}"]
        return self.random.choice(forms if rest else [*forms, f"{sign}{hours:02d}"])

    def credit_code(self) -> str:
        """Make a unified social credit code with its check character, unlike any made before."""
        body = (
            "".join(self.random.choice(CREDIT_CODE_ALPHABET) for _ in range(4))
            + f"{self.serial('code'):05d}"
        )
        stem = f"91330302{body}"
        return stem + uscc.calc_check_digit(stem)

    def identity_number(self) -> str:
        """Make the identity number of nobody, with its check character."""
        born = date(1960, 1, 1) + timedelta(days=self.random.randrange(15_000))
        stem = f"330302{born:%Y%m%d}{self.random.randrange(1000):03d}"
        return stem + ric.calc_check_digit(stem + "0")

    def write(self, folder: Path) -> None:
        """Write the folder, in any order of rows and, here and there, of columns.

        Cells are quoted where they must be, and sometimes where they need not be.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for table, rows in self.tables.items():
            columns = list(TABLES[table].columns)
            if self.chance(25):
                self.random.shuffle(columns)
            self.random.shuffle(rows)
            remarked = self.chance(25)
            lines = [[*columns, "remark"] if remarked else columns]
            for row in rows:
                remark = [self.random.choice(("", None, "另,行\n备注"))] if remarked else []
                lines.append([row[column] for column in columns] + remark)
            end = self.random.choice(("\n", "\n", "\r\n"))
            text = "".join(",".join(self._quoted(cell) for cell in line) + end for line in lines)
            (folder / f"{table}.csv").write_bytes(text.encode())

    def _quoted(self, cell: str | None) -> str:
        """Write a cell; only null is both empty and without quotes."""
        if cell is None:
            return ""
        if cell == "" or any(character in cell for character in ',"\r\n') or self.chance(2):
            return '"' + cell.replace('"', '""') + '"'
        return cell


def _cell(value: Value | None) -> str | None:
    """Write a value as a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        cents = int(value * 100)
        return f"{cents // 100}.{cents % 100:02d}"
    return None if value is None else str(value)
