"""Tables for a terminal: columns that stand under each other, whatever stands in them."""

import pytest
from rich.cells import cell_len

from orchestration.aligned import aligned

HEAD = ("name", "index", "told")


def test_chinese_characters_take_two_columns():
    rows = [("文成县", "56.8", "a"), ("Rui'an", "8.3", "b"), ("温州海洋经济发展示范区", "–", "c")]
    lines = aligned(rows, head=HEAD, right=(1,), indent="  ")
    ends = {
        cell_len(line[: line.rindex(row[2])]) for line, row in zip(lines[1:], rows, strict=True)
    }
    assert ends == {2 + 22 + 2 + 5 + 2}
    assert lines[0] == "  name                    index  told"
    assert lines[2] == "  Rui'an                    8.3  b"


def test_nothing_is_broken_cut_or_taken_for_markup():
    long = "x" * 5000
    assert aligned([("[bold]:smile:", long)]) == [f"[bold]:smile:  {long}"]


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "COLUMNS"])
def test_the_surroundings_change_nothing(monkeypatch, variable):
    monkeypatch.setenv(variable, "9")
    assert aligned([("a", "1")], head=HEAD[:2], right=(1,)) == ["name  index", "a         1"]


def test_without_rows_there_is_the_head_alone():
    assert aligned([], head=HEAD) == ["name  index  told"]
    assert aligned([]) == []
