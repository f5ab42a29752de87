"""The recogniser finds a person's number however it is written, and takes nothing else for one."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import duckdb
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum.cn import ric

from quality import egress, id_columns
from quality.edited_files import EditedFileError
from quality.id_columns import IdColumn, read_id_columns
from quality.personal import IDENTITY_NUMBER, MOBILE_PHONE, names_number, personal_kinds

NUMBER, OLD, PHONE = "330302199001011008", "330302900101100", "13900009999"
FULL_WIDTH = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
TEXTS = {
    "330302 19900101 1008": IDENTITY_NUMBER,
    "3303-0219-9001-0110-08": IDENTITY_NUMBER,
    "(330302)19900101-1008": IDENTITY_NUMBER,
    "【330302】1990·01·01 1008": IDENTITY_NUMBER,
    "330302.1990.0101.1008": IDENTITY_NUMBER,
    " ".join(NUMBER): IDENTITY_NUMBER,
    "\u200b".join(NUMBER): IDENTITY_NUMBER,
    "\u3164".join(NUMBER): IDENTITY_NUMBER,
    NUMBER.translate(FULL_WIDTH): IDENTITY_NUMBER,
    NUMBER.translate(ARABIC): IDENTITY_NUMBER,
    OLD: IDENTITY_NUMBER,
    f"身份证{OLD}号": IDENTITY_NUMBER,
    "330302199001.011008": None,
    "330302199013011008": None,
    "330302189902301006": None,
    "993302199001011008": None,
    "330302990231100": None,
    "339999900101100": None,
    "330302 330302001": None,
    f"0.{OLD}": None,
    f"M{NUMBER}": None,
    "139-0000-9999": MOBILE_PHONE,
    "139\u20110000\u20119999": MOBILE_PHONE,
    "139\u00a00000\u00a09999": MOBILE_PHONE,
    "(139) 0000 9999": MOBILE_PHONE,
    "（１３９）００００９９９９": MOBILE_PHONE,
    "139.0000.9999": MOBILE_PHONE,
    "139·0000·9999": MOBILE_PHONE,
    "139\u200b0000\u20609999": MOBILE_PHONE,
    "1390000 9999": MOBILE_PHONE,
    "1390 000 9999": MOBILE_PHONE,
    "+86 (139) 0000-9999": MOBILE_PHONE,
    "电话１３９００００９９９９转": MOBILE_PHONE,
    "联系013900009999": MOBILE_PHONE,
    "0139-0000-9999": MOBILE_PHONE,
    "0.13900009999": None,
    "0013900009999": None,
    "A013900009999": None,
    "139.00009999": None,
    "1390000.9999": None,
    "139\n0000\n9999": None,
    "16 12 4 8 77 10 3": None,
    "1 3 9 0 0 0 0 9 9 9 9": None,
    "139,0000,9999": None,
}
SEPARATORS = ("", " ", "-", "\u3000", "\u2013", ") ", "\u200b", "·")


@pytest.mark.parametrize(("text", "kind"), TEXTS.items())
def test_what_is_a_number_of_a_person(text, kind):
    assert list(personal_kinds(text)) == ([kind] if kind else [])


def test_a_day_of_birth_has_been():
    tomorrow = datetime.now(UTC).date() + timedelta(1)
    assert not list(personal_kinds(numbered("330302", tomorrow, 123)))
    assert list(personal_kinds(numbered("330302", tomorrow - timedelta(1), 123)))


def numbered(code, day, serial):
    body = f"{code}{day:%Y%m%d}{serial:03}"
    return body + ric.calc_check_digit(body + "0")


BIRTHDAYS = st.dates(date(1900, 1, 1), date(2020, 12, 31))


@given(
    st.sampled_from(["110101", "330302", "330381", "510104", "659001"]),
    BIRTHDAYS,
    st.integers(0, 999),
    st.sampled_from(SEPARATORS),
    st.sampled_from([(6, 14), (6, 10, 14), (6, 10, 12, 14, 17), (4, 8, 12, 16), (3, 6, 9, 12, 15)]),
    st.booleans(),
)
def test_every_identity_number_is_found_in_every_spelling(code, day, serial, gap, cuts, is_wide):
    number = numbered(code, day, serial)
    places = (0, *cuts, 18)
    written = gap.join(number[a:b] for a, b in pairwise(places))
    written = written.translate(FULL_WIDTH) if is_wide else written
    assert list(personal_kinds(f"职工{written}；")) == [IDENTITY_NUMBER]
    assert names_number(f"职工{written}；", number)


# A valid city: identifiers and names with digits in them, which no check may take for personal.
IDS = st.one_of(
    st.from_regex(r"[0-9]{18}", fullmatch=True),
    st.from_regex(r"33030[2-5][0-9]{3}[0-9]{9}", fullmatch=True),
    st.from_regex(r"9133030[0-9]{11}", fullmatch=True),
    st.from_regex(r"U[0-9]{7,17}", fullmatch=True),
    st.uuids().map(str),
)
NAMES = st.builds("{}{}{}".format, st.sampled_from("瓯泰第"), st.integers(0, 10**6), st.just("县"))
FIGURES = st.decimals(0, 10**9, places=4)
ROWS = st.lists(st.tuples(IDS, NAMES, FIGURES, st.integers(0, 10**6)), min_size=1, max_size=6)


@example([("330302199001019999", "第13900县", 1390, 139), ("330302200012319999", "a", 0, 9999)])
@given(ROWS)
def test_a_valid_city_raises_no_alarm_in_any_form(rows):
    for identifier, *_ in rows:
        # What does look like a person's number is refused before it lands, or on the list.
        assume(not list(personal_kinds(identifier)))
    table = io.StringIO()
    csv.writer(table).writerows(rows)
    lines = json.dumps([[str(cell) for cell in row] for row in rows], ensure_ascii=False)
    page = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    printed = "\n".join(f"{name} {figure:,.1f} {count:,}" for _, name, figure, count in rows)
    for text in (table.getvalue(), lines, page, printed):
        assert list(egress.kinds_in(text, [])) == []


@pytest.fixture
def release(tmp_path):
    folder = tmp_path / "release"
    folder.mkdir()
    duckdb.sql(
        f"copy (select '{NUMBER}' as union_id) to '{folder / 'union.parquet'}' (format parquet)"
    )
    (folder / "page.html").write_text(f"<td>{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}</td>")
    return folder


def listing(monkeypatch, **columns):
    listed = {
        name: IdColumn(form=form, reason="numbered by the platform", since=date(2026, 11, 27))
        for name, form in columns.items()
    }
    monkeypatch.setattr(id_columns, "id_columns", lambda: listed)


def test_a_reviewed_column_of_ids_passes_wherever_its_ids_stand(monkeypatch, release):
    found = [f"{name} holds an identity number" for name in ("page.html", "union.parquet")]
    assert list(egress.personal(release)) == found
    listing(monkeypatch, union_id="33[0-9]{16}")
    assert list(egress.personal(release)) == []
    (release / "other.txt").write_text(numbered("330302", date(1990, 1, 1), 101))
    assert list(egress.personal(release)) == ["other.txt holds an identity number"]


@pytest.mark.parametrize("columns", [{"union_id": "44[0-9]{16}"}, {"member_id": ".*"}])
def test_another_form_or_column_passes_nothing(monkeypatch, release, columns):
    listing(monkeypatch, **columns)
    assert len(list(egress.personal(release))) == 2


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("form: '(['\n  reason: x\n  since: 2026-11-27", "no regular expression"),
        ("form: '[0-9]+'\n  since: 2026-11-27", "reason"),
        ("form: '[0-9]+'\n  reason: x", "since"),
    ],
)
def test_the_list_of_columns_is_read_strictly(tmp_path, entry, problem):
    file = tmp_path / "id_columns.yml"
    file.write_text(f"union_id:\n  {entry}\n")
    with pytest.raises(EditedFileError, match=problem):
        read_id_columns(file)


@pytest.mark.parametrize(
    "text",
    [NUMBER, OLD, NUMBER.translate(FULL_WIDTH), "33 0302 1990-0101 1008", "3303021990 01011008 x"],
)
def test_a_number_is_found_in_any_form(text):
    assert names_number(f"request of {text}, by letter", NUMBER)


def test_another_number_is_not():
    assert not names_number("request 7 of 1990-01-01", NUMBER)
    assert not names_number("request 7", "")
