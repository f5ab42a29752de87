"""What a text may hold and how long it may be: one definition, wherever a text comes in."""

import duckdb
import pytest

from orchestration.contract.registry import registry_entries, source_tables
from orchestration.errors import SourceError, UsageError
from orchestration.extract.casting import from_text
from orchestration.extract.folder import FolderSource
from orchestration.extract.reading import casts_of
from orchestration.extract.source import SourceRelation
from orchestration.home.layout import Home
from orchestration.periods import Period
from orchestration.plain_text import (
    LINES_AND_TABS,
    LONGEST_CELL,
    LONGEST_NAME,
    LONGEST_NOTICE,
    LONGEST_REASON,
    hidden_letter,
    is_hidden,
    stated_line,
    visible,
)
from orchestration.privacy.erasure import ledger_statement
from orchestration.release import preparation, retraction, verdicts
from orchestration.settings import load_settings

CONNECTION = duckdb.connect()
DECEMBER = Period(2020, 12)
HIDDEN = {
    "zero width": "a\u200bb",
    "from right to left": "a\u202eb",
    "isolate": "a\u2067b",
    "soft hyphen": "a\u00adb",
    "byte order mark": "a\ufeffb",
    "private": "a\ue000b",
    "escape": "a\x1bb",
    "C1 control": "a\x9bb",
    "filler": "a\u3164b",
    "variation selector": "辻\U000e0100",
    "tag": "a\U000e0041b",
    "no character": "a\ufffeb",
}
NAMES = (
    "温州市鹿城区总工会",
    "阿卜杜拉·买买提",
    "\U00020bb7野\U0003106c\U0002ebf0",
    "Ōuhǎi Qū",
    "一\u3000二",
)
REQUESTS = {
    "preview, name": lambda text: preparation.preview(Home(None), DECEMBER, text, "a reason"),
    "preview, reason": lambda text: preparation.preview(Home(None), DECEMBER, "press", text),
    "retraction": lambda text: retraction.retract(Home(None), DECEMBER, text, "chief"),
    "override": lambda text: verdicts.override(Home(None), DECEMBER, "a", text, "alice", None),
    "erasure, name": lambda text: ledger_statement("1", text, "on request"),
    "erasure, reason": lambda text: ledger_statement("1", "chief", text),
    "publisher": lambda text: load_settings(publisher=text),
    "operator": lambda text: load_settings(operator=text),
}


@pytest.mark.parametrize("case", HIDDEN)
@pytest.mark.parametrize("request_of", REQUESTS)
def test_no_hidden_character_is_taken(request_of, case):
    with pytest.raises(
        (UsageError, ValueError), match=r"(hidden|control) character U\+[0-9A-F]{4,6}"
    ):
        REQUESTS[request_of](HIDDEN[case])


@pytest.mark.parametrize("case", HIDDEN)
def test_no_hidden_character_is_taken_in_a_file_that_is_handed_in(tmp_path, monkeypatch, case):
    file = tmp_path / "settings.toml"
    file.write_text(f"# a\n# {HIDDEN[case]}\n", encoding="utf-8")
    monkeypatch.setenv("UHI_CONFIG", str(file))
    told = r"settings\.toml, line 2: the (hidden|control) character U\+[0-9A-F]{4,6} is not allowed"
    with pytest.raises(UsageError, match=told):
        load_settings()


@pytest.mark.parametrize("request_of", REQUESTS)
def test_no_text_is_taken_that_is_too_long(request_of):
    with pytest.raises((UsageError, ValueError), match=r"has 501 characters; at most \d+"):
        REQUESTS[request_of]("字" * (LONGEST_REASON + 1))


@pytest.mark.parametrize("name", NAMES)
def test_names_in_chinese_are_taken_as_they_are(name):
    assert hidden_letter(name) is None
    value, misfit = read_cell(name)
    assert (value, misfit) == (name, False)


def test_a_statement_is_one_line():
    assert stated_line(" 数据\n更正 ", "A name is due", LONGEST_NAME) == "数据 更正"
    assert visible("a\u202eb") == "a<U+202E>b"
    with pytest.raises(UsageError, match="A name is due, in plain text: nothing is stated"):
        stated_line(" \n", "A name is due", LONGEST_NAME)


def read_cell(cell):
    cast = from_text("cell", "text", "Asia/Shanghai")
    query = f"select {cast.value}, {cast.misfit} from (select $1 as cell)"
    return CONNECTION.execute(query, [cell]).fetchone()


@pytest.mark.parametrize("cell", [*HIDDEN.values(), "字" * (LONGEST_CELL + 1)])
def test_such_a_cell_refuses_its_row(cell):
    assert read_cell(cell) == (None, True)
    assert read_cell("字" * LONGEST_CELL)[1] is False


def test_cells_and_statements_have_the_same_hidden_characters():
    numbers = [*range(1, 0x3500), *range(0xA000, 0xAD00), *range(0xE000, 0x12000)]
    numbers += [*range(0x1F000, 0x20100), *range(0xE0000, 0xE0200)]
    letters = [chr(number) for number in numbers if chr(number) not in LINES_AND_TABS]
    cast = from_text("cell", "text", "Asia/Shanghai")
    query = f"select list(cell) filter (where {cast.misfit}) from (select unnest($1) as cell)"
    [(found,)] = CONNECTION.execute(query, [letters]).fetchall()
    assert set(found) == {letter for letter in letters if is_hidden(letter)}
    assert len(found) > 200


@pytest.mark.parametrize("text", ["a\u202eb", "a\u2028b", "字" * (LONGEST_NOTICE + 1)])
def test_no_notice_is_taken_that_cannot_be_shown_as_it_is(tmp_path, text):
    (tmp_path / "notice.txt").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"notice\.txt.*(hidden character|2,001 characters)"):
        FolderSource(tmp_path).notice()


@pytest.mark.parametrize("name", ["na\u200bme", "x" * (LONGEST_CELL + 1)])
def test_no_column_is_taken_whose_name_cannot_be_shown(name):
    types = {column.name: "VARCHAR" for column in source_tables()["venue"].columns}
    relation = SourceRelation(
        location="venue.csv",
        sql="handed",
        types=types | {name: "VARCHAR"},
        is_text=True,
        explain=SourceError,
        confirm=print,
    )
    with pytest.raises(SourceError, match=r"venue\.csv: the name of column 7 cannot be taken"):
        casts_of(relation, source_tables()["venue"])


def test_each_key_has_a_form_of_its_own():
    """A text in the key of a table refers to another table, is an enumeration or has a form."""
    without = {
        (table["name"], column["name"])
        for table in registry_entries()
        for column in table["columns"]
        if (meta := column.get("config", {}).get("meta", {})).get("type") == "text"
        and column["name"] in table["config"]["meta"]["key"]
        and column["name"] not in table["config"]["meta"].get("references", {})
        and not ("pattern" in meta or "accepted" in meta)
    }
    assert without == {("enterprise", "enterprise_id")}  # whose form its check character is part of


@pytest.mark.parametrize(
    ("cell", "holds"),
    [
        ("U0000001", True),
        ("温工-12.3:4", True),
        ("330302199001011234", True),
        ("..", False),
        ("a/b", False),
        ("a b", False),
        ("a'b", False),
        ("-a", False),
        ("a\nb", False),
    ],
)
def test_identifiers_are_told_from_what_could_be_a_path(cell, holds):
    unions = next(table for table in registry_entries() if table["name"] == "union_org")
    pattern = unions["columns"][0]["config"]["meta"]["pattern"]
    matched = CONNECTION.execute("select regexp_full_match($1, $2)", [cell, pattern]).fetchone()
    assert matched == (holds,)
