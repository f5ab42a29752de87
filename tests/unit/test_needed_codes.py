"""The codes that the methodology must have are data: what the table names is looked for."""

import pytest

from orchestration.contract import needed_codes
from orchestration.contract.methodology import load_methodology
from orchestration.defs import release
from orchestration.errors import UsageError
from orchestration.periods import Period
from orchestration.settings import METHODOLOGY

SHIPPED = needed_codes.FILE.read_text(encoding="utf-8")


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Lets another table take the place of the shipped one."""
    file = tmp_path / "needed_codes.csv"
    monkeypatch.setattr(needed_codes, "FILE", file)

    def write(text):
        file.write_text(text, encoding="utf-8")
        needed_codes.needed_rows.cache_clear()

    yield write
    needed_codes.needed_rows.cache_clear()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("best_grade,operating_status,dozing", "the grade dozing of operating_status is missing"),
        ("label,health_code,blue", "the label blue of health_code is missing"),
    ],
)
def test_a_code_that_the_table_adds_is_asked_of_the_methodology(table, row, told):
    table(SHIPPED)
    load_methodology(METHODOLOGY, Period.parse("2020-12"))
    table(f"{SHIPPED}{row}\n")
    with pytest.raises(UsageError, match=told):
        load_methodology(METHODOLOGY, Period.parse("2020-12"))


def test_a_grade_that_the_table_drops_is_refused_in_the_methodology(table):
    table(SHIPPED.replace("best_grade,operating_status,suspended\n", ""))
    with pytest.raises(UsageError, match="operating_status has no grade suspended"):
        load_methodology(METHODOLOGY, Period.parse("2020-12"))


def test_which_grades_are_added_is_in_the_table(table):
    table(SHIPPED)
    assert list(needed_codes.needed_codes("added_grade")) == ["open_affairs"]
    table(SHIPPED.replace("best_grade,innovation_studio", "added_grade,innovation_studio"))
    assert "innovation_studio" in needed_codes.needed_codes("added_grade")
    assert "innovation_studio" in needed_codes.needed_grades()


def test_the_table_of_health_codes_has_a_column_for_each(table, monkeypatch):
    area = {"level": "city", "area_code": "3303", "name_zh": "市", "name_en": "City"}
    area |= {"green": 1, "yellow": 2, "red": 3}
    monkeypatch.setattr(release, "rows_of", lambda _: [area])
    table(SHIPPED.replace("label,health_code,green\n", ""))
    assert release.health_code_table(METHODOLOGY).splitlines() == [
        "| area | yellow | red |",
        "| --- | --- | --- |",
        "| 市 City | 2 | 3 |",
    ]


def test_an_unsound_row_is_told_by_line(table):
    table(f"{SHIPPED}colour,health_code,blue\n")
    with pytest.raises(UsageError, match=r"needed_codes\.csv, line 48, column use: 'colour'"):
        needed_codes.needed_rows()
