"""Files of a source spoilt at random.

Each is read as it stands or refused by name, and none takes the memory it declares.
"""

import csv
import io
import random
import re
import resource
import struct
import zipfile

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from orchestration.contract.registry import source_tables
from orchestration.errors import SourceError
from orchestration.extract.folder import FolderSource
from orchestration.extract.landing import working_connection
from orchestration.extract.reading import read_rows
from tests.support.lanes import everyday

FEW, MANY = 200, 1_000
MOST_KILOBYTES = 200_000
TABLE = source_tables()["venue"]
HEADER = [column.name for column in TABLE.columns]
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\ufeff]")
LONGEST = 200
MARKS = (b'"', b"\n", b"\r", b",", b"\x00", b"\xff", b"\x1a", b'""', b"<", b"&")


def rows(number):
    """A small table, with a name that needs quotes."""
    kinds = ("sports", "reading", "tea, and more")
    return [
        [f"N{row:07}", f"U{row % 7:07}", kinds[row % 3], "2019-05-01", "", "2020-12-01T08:00:00Z"]
        for row in range(number)
    ]


def csv_file(number=40):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *rows(number)])
    return text.getvalue().encode()


def parquet_file(number=40):
    connection = duckdb.connect()
    connection.register("cells", pa.table(list(zip(*rows(number), strict=True)), names=HEADER))
    typed = connection.sql(
        "select * replace (cast(opened_on as date) as opened_on,"
        " cast(nullif(closed_on, '') as date) as closed_on,"
        " cast(updated_at as timestamptz) as updated_at) from cells"
    )
    content = io.BytesIO()
    pq.write_table(typed.to_arrow_table(), content)
    return content.getvalue()


def xlsx_file(number=40):
    workbook = Workbook()
    for row in [HEADER, *rows(number)]:
        workbook.active.append([cell or None for cell in row])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def spoilt(content, chance):
    """The content cut, with bytes changed, taken out, or with marks put in."""
    content = bytearray(content)
    match chance.randrange(4):
        case 0:
            del content[chance.randrange(len(content)) :]
        case 1:
            for _ in range(chance.randrange(1, 30)):
                content[chance.randrange(len(content))] = chance.randrange(256)
        case 2:
            start = chance.randrange(len(content))
            del content[start : start + chance.randrange(1, 100)]
        case _:
            for _ in range(chance.randrange(1, 4)):
                place = chance.randrange(len(content))
                content[place:place] = chance.choice(MARKS)
    return bytes(content)


def spoilt_parquet(content, chance):
    """The same, and the length or the content of the footer alone."""
    kind = chance.randrange(3)
    if kind == 0:
        return spoilt(content, chance)
    content = bytearray(content)
    if kind == 1:
        lengths = (0, 1, 2**31, 2**32 - 1, len(content), len(content) - 12)
        content[-8:-4] = struct.pack("<I", chance.choice(lengths))
        return bytes(content)
    length = struct.unpack("<I", content[-8:-4])[0]
    for _ in range(chance.randrange(1, 4)):
        content[len(content) - 9 - chance.randrange(length)] = chance.randrange(256)
    return bytes(content)


def spoilt_xlsx(content, chance):
    """The same of the archive or, packed again so that its checksum holds, of one part of it."""
    if chance.randrange(2):
        return spoilt(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for each, part in parts.items():
            archive.writestr(each, spoilt(part, chance) if each == name else part)
    return packed.getvalue()


def read(folder, connection):
    """The rows of the folder's table, as they are landed."""
    source = FolderSource(folder)
    try:
        relation = source.open_table(connection, TABLE)
        read_rows(connection, source, relation, TABLE)
        landed = connection.sql("select * from handed").fetchall()
        relation.confirm(len(landed))
        return landed
    finally:
        source.close()


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    with working_connection(tmp_path_factory.mktemp("spilled"), b"a key of this test") as opened:
        yield opened


def keys_of_csv(content):
    """The keys that a CSV file holds, by another reader.

    A key with a hidden character, or one that is too long, is null.
    """
    cells = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    _, *held = [row for row in cells if row]
    keys = [row[0] for row in held]
    return [key if 0 < len(key) <= LONGEST and not HIDDEN.search(key) else None for key in keys]


def unknown(_):
    """Of other formats there is no second reader here."""


@pytest.mark.parametrize("mutations", everyday([FEW, MANY], FEW))
@pytest.mark.parametrize(
    ("ending", "made", "spoil", "keys_of"),
    [
        ("csv", csv_file, spoilt, keys_of_csv),
        ("parquet", parquet_file, spoilt_parquet, unknown),
        ("xlsx", xlsx_file, spoilt_xlsx, unknown),
    ],
)
def test_a_damaged_file_is_read_or_refused_by_name(
    tmp_path, connection, ending, made, spoil, keys_of, mutations
):
    content, file = made(), tmp_path / f"venue.{ending}"
    file.write_bytes(content)
    whole = read(tmp_path, connection)
    assert len(whole) == 40
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = []
    for seed in range(mutations):
        damaged = spoil(content, random.Random(seed))
        file.write_bytes(damaged)
        try:
            landed = read(tmp_path, connection)
        except SourceError as error:
            refused.append(str(error))
        else:
            assert keys_of(damaged) in (None, [row[0] for row in landed])
    assert mutations / 4 < len(refused) < mutations
    assert all(str(file) in message and "U0000001" not in message for message in refused)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_KILOBYTES
    file.write_bytes(content)
    assert read(tmp_path, connection) == whole
