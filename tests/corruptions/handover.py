"""Corruptions of files as they are handed over, each of a folder of CSV files.

All are refused before a row is landed.
"""

import csv
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from tests.corruptions import Corruption
from tests.corruptions.spoiling import by_text


def rewriting(file: str, rewrite: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Other bytes in the place of a file's."""
    return lambda folder: (
        (folder / file).write_bytes(rewrite((folder / file).read_bytes())) and None
    )


def rewriting_lines(
    file: str, rewrite: Callable[[list[bytes]], list[bytes]]
) -> Callable[[Path], None]:
    """Other lines in the place of a file's."""
    return rewriting(file, lambda content: b"".join(rewrite(content.splitlines(keepends=True))))


def without(file: str) -> Callable[[Path], None]:
    """A file gone."""
    return lambda folder: (folder / file).unlink()


def declaring(table: str, rows: int, *, of_other_bytes: bool = False) -> Callable[[Path], None]:
    """A manifest that declares a table's rows, or other bytes of all."""

    def spoil(folder: Path) -> None:
        lines = ["table,rows,sha256"]
        for file in sorted(folder.glob("*.csv")):
            content = file.read_bytes()
            counted = sum(1 for _ in csv.reader(content.decode().splitlines())) - 1
            stated = rows if file.stem == table else counted
            digest = hashlib.sha256(b"" if of_other_bytes else content).hexdigest()
            lines.append(f"{file.stem},{stated},{digest}")
        (folder / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    return spoil


def linked(folder: Path) -> None:
    (folder / "venue.csv").rename(folder / "venue")
    (folder / "venue.csv").symlink_to(folder / "venue")


def foldered(folder: Path) -> None:
    (folder / "venue.csv").unlink()
    (folder / "venue.csv").mkdir()


def piped(folder: Path) -> None:
    (folder / "venue.csv").unlink()
    os.mkfifo(folder / "venue.csv")


def no_parquet(folder: Path) -> None:
    (folder / "venue.csv").unlink()
    (folder / "venue.parquet").write_bytes(b"PAR1 no, not really PAR1")


def header_alone(lines: list[bytes]) -> list[bytes]:
    return lines[:1]


def cut_within_a_row(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2000], lines[2000].rpartition(b",")[0]]


def widened(lines: list[bytes]) -> list[bytes]:
    return [*lines[:1000], lines[1000].rstrip(b"\r\n") + b",more\n", *lines[1001:]]


def recoded_far_down(lines: list[bytes]) -> list[bytes]:
    return [*lines[:1000], b"".join(lines[1000:]).decode().encode("gb18030")]


def undated(lines: list[bytes]) -> list[bytes]:
    rows = [line.split(b",") for line in lines]
    return [lines[0], *(b",".join([*row[:3], b"soon", *row[4:]]) for row in rows[1:])]


def misread(table: str, written: str, read: str) -> Callable[[Path], None]:
    """A table written in one encoding and read in another on its way."""
    return rewriting(
        f"{table}.csv",
        lambda content: content.decode().encode(written).decode(read, errors="replace").encode(),
    )


def with_a_comma_more(lines: list[bytes]) -> list[bytes]:
    return [line.rstrip(b"\r\n") + b",\n" for line in lines]


def one_area_misread(content: bytes) -> bytes:
    row = "330381,瑞安市,".encode()
    assert content.count(row) == 1
    return content.replace(row, "330381,瑞安市,".encode("gb18030").decode("latin-1").encode())


UNSHOWN = "no cell of column name_zh of enterprise .* decoded with a wrong table of characters"
GARBLED = "names looked at in column name_zh of enterprise are not Chinese"
HANDOVER = tuple(
    Corruption(name, "file", spoil, "source", message=message)
    for name, spoil, message in (
        (
            "a file cut within a row",
            rewriting_lines("member.csv", cut_within_a_row),
            "another number of cells",
        ),
        (
            "a file of which the header is left",
            rewriting_lines("member.csv", header_alone),
            r"member\.csv: the table has 0 rows",
        ),
        (
            "no regions",
            rewriting_lines("region.csv", header_alone),
            r"region\.csv: the table has 0 rows",
        ),
        (
            "no enterprises",
            rewriting_lines("enterprise.csv", header_alone),
            r"enterprise\.csv: the table has 0 rows",
        ),
        (
            "no unions",
            rewriting_lines("union_org.csv", header_alone),
            r"union_org\.csv: the table has 0 rows",
        ),
        ("a file without a byte", rewriting("venue.csv", lambda _: b""), r"venue\.csv is empty"),
        (
            "fewer rows than declared",
            declaring("venue", 180),
            r"venue\.csv has 179 rows; manifest\.csv declares 180",
        ),
        (
            "other bytes than declared",
            declaring("venue", 179, of_other_bytes=True),
            r"is not the file that manifest\.csv declares",
        ),
        (
            "a row wider than the header",
            rewriting_lines("member.csv", widened),
            "line 1001: the row has another number",
        ),
        (
            "a quote that never ends",
            by_text("activity.csv", "\nA0000433,U0000400", '\nA0000433,"U0000400'),
            "line",
        ),
        (
            "another encoding",
            rewriting(
                "venue.csv", lambda content: content.replace(b"sports", "体育".encode("gb18030"))
            ),
            "UTF-8",
        ),
        ("another encoding far down", rewriting_lines("member.csv", recoded_far_down), "UTF-8"),
        ("names decoded as Latin-1", misread("enterprise", "utf-8", "latin-1"), UNSHOWN),
        ("names decoded as GB 18030", misread("enterprise", "utf-8", "gb18030"), UNSHOWN),
        ("names decoded as Windows-1252", misread("enterprise", "utf-8", "cp1252"), GARBLED),
        (
            "names in GB 18030 decoded as Latin-1",
            misread("enterprise", "gb18030", "latin-1"),
            GARBLED,
        ),
        ("names in GB 18030 decoded as UTF-8", misread("enterprise", "gb18030", "utf-8"), GARBLED),
        (
            "names in ASCII",
            rewriting(
                "enterprise.csv", lambda content: content.decode().encode("ascii", errors="replace")
            ),
            GARBLED,
        ),
        (
            "one area in GB 18030 decoded as Latin-1",
            rewriting("region.csv", one_area_misread),
            "1 of .* names .* of region are not Chinese",
        ),
        (
            "a column renamed",
            by_text("region.csv", "name_en", "name_english"),
            r"region\.csv: table region lacks the column name_en",
        ),
        (
            "a column twice",
            by_text("region.csv", "region_code,name_zh", "region_code,region_code"),
            "more than once",
        ),
        (
            "words where days are due",
            rewriting_lines("venue.csv", undated),
            "no cell of column opened_on of venue is a date",
        ),
        ("a table missing", without("venue.csv"), "Table venue is missing"),
        ("a link in the place of a file of the source", linked, "is a link, which is not followed"),
        (
            "a folder in the place of a file of the source",
            foldered,
            "folders, pipes and devices are not read",
        ),
        (
            "a pipe in the place of a file of the source",
            piped,
            "folders, pipes and devices are not read",
        ),
        (
            "a comma at the end of each line",
            rewriting_lines("venue.csv", with_a_comma_more),
            r"venue\.csv: column 7 of the header has no name",
        ),
        (
            "a header in UTF-16",
            rewriting("venue.csv", lambda content: content.decode().encode("utf-16")),
            "seems to be UTF-16",
        ),
        ("no Parquet in a Parquet file", no_parquet, "cannot be read as Parquet"),
    )
)
