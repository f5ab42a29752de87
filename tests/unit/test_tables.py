"""Files handed in by others, and tables edited by hand.

What is read, and by which error everything else is refused.
"""

import os
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration import guarded
from orchestration.contract.tables import Code, Month, Number, Positive, Row, Text, read_table
from orchestration.errors import SourceError, UsageError


class Weight(Row):
    indicator: Code
    since: Month
    until: Month | None = None
    weight: Number
    draws: Positive
    name_zh: Text


HEADER = "indicator,since,until,weight,draws,name_zh"
ROW = "venues,2020-01,,27.5,1000,职工之家"


def table(folder, *lines, ending="\n"):
    file = folder / "weights.csv"
    file.write_bytes("\n".join(lines).encode() + ending.encode())
    return file


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n\n\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_and_blank_last_lines_are_welcome(tmp_path, mark, ending):
    [row] = read_table(table(tmp_path, mark + HEADER, ROW, ending=ending), Weight)
    assert (row.weight, row.until, row.draws, row.name_zh) == (
        Decimal("27.5"),
        None,
        1000,
        "职工之家",
    )


@pytest.mark.parametrize(
    ("cell", "instead", "column"),
    [
        ("2020-01", "2020-1", "since"),
        ("2020-01", "2020-13", "since"),
        ("2020-01", "２０２０-01", "since"),
        ("2020-01", "", "since"),
        ("2020-01,", "2020-01,2020-6", "until"),
        ("27.5", "27.50001", "weight"),
        ("27.5", "2.75e1", "weight"),
        ("27.5", "NaN", "weight"),
        ("27.5", "27.5 ", "weight"),
        ("27.5", "+27.5", "weight"),
        ("27.5", "٢٧", "weight"),
        ("1000", "0", "draws"),
        ("1000", "1000.0", "draws"),
        ("venues", "Venues", "indicator"),
        ("venues", "venues;drop", "indicator"),
        ("职工之家", "职工\u200b之家", "name_zh"),
        ("职工之家", "　职工之家", "name_zh"),
    ],
)
def test_a_cell_that_does_not_fit_its_column_is_named(tmp_path, cell, instead, column):
    file = table(tmp_path, HEADER, ROW, ROW.replace(cell, instead, 1))
    with pytest.raises(UsageError, match=f"^{file}, line 3, column {column}: "):
        read_table(file, Weight)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([], "line 1: the header is empty"),
        (
            [HEADER.replace("draws", "runs"), ROW],
            "line 1: the header is .*runs.*; it must be .*draws",
        ),
        ([HEADER, ROW + ","], "line 2: 7 cells instead of 6"),
        ([HEADER, "", ROW], "line 2: 0 cells instead of 6"),
        ([HEADER, '"venues'], "not well-formed CSV"),
        (
            [HEADER, ROW.replace("职", "\x07")],
            r"line 2, column name_zh: the control character U\+0007",
        ),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, lines, problem):
    with pytest.raises(UsageError, match=problem):
        read_table(table(tmp_path, *lines), Weight)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_a_table_is_read_or_refused(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("fuzz") / "weights.csv"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=str(file)):
        read_table(file, Weight)


def test_what_is_no_plain_file_is_neither_followed_nor_waited_for(tmp_path):
    (tmp_path / "secret").write_text("key")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe")
    for name, problem in [
        ("link", "is a link"),
        ("pipe", "no plain file"),
        (".", "no plain file"),
        ("none", "cannot be read"),
    ]:
        with pytest.raises(SourceError, match=problem):
            guarded.read_bytes(tmp_path / name, SourceError)


def test_a_file_is_read_up_to_its_bound(tmp_path):
    (tmp_path / "notice").write_bytes(b"x" * 100)
    assert guarded.read_bytes(tmp_path / "notice", SourceError, most_bytes=100) == b"x" * 100
    with pytest.raises(SourceError, match="has 100 bytes; at most 99"):
        guarded.read_bytes(tmp_path / "notice", SourceError, most_bytes=99)


@pytest.mark.parametrize(
    ("encoding", "hint"),
    [
        ("gb18030", r"seems to be GBK \(GB18030\)"),
        ("utf-16", "seems to be UTF-16"),
        ("latin-1", "not UTF-8; save"),
    ],
)
def test_another_encoding_is_refused_with_a_hint(tmp_path, encoding, hint):
    (tmp_path / "notice").write_bytes(
        ("Straße" if encoding == "latin-1" else "资料\n截至十二月").encode(encoding)
    )
    with pytest.raises(UsageError, match=hint):
        guarded.read_text(tmp_path / "notice", UsageError)
