"""The parameters are data: what the table says is what is done and told."""

import pytest

from orchestration.contract import parameters as contract
from orchestration.documents import charts
from orchestration.documents.site.wording import wording
from orchestration.documents.workbook import method
from orchestration.errors import UsageError
from orchestration.release.suppression import hidden_within
from orchestration.signatures import approvals
from quality import disclosure, recovery

LINES = contract.FILE.read_text(encoding="utf-8").splitlines()
AREAS = {"3303": 48, "330301": 12, "330302": 18, "330303": 18}


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Lets another table take the place of the shipped one."""
    file = tmp_path / "parameters.csv"
    monkeypatch.setattr(contract, "FILE", file)
    forget()
    yield lambda *lines: file.write_text("\n".join(lines), encoding="utf-8")
    forget()


def forget():
    """Let the table be read anew."""
    contract.parameters.cache_clear()
    wording.cache_clear()


def test_the_witnesses_in_quality_hold_the_same_least_size():
    assert contract.parameters().smallest_area == disclosure.SMALLEST_AREA
    assert contract.parameters().smallest_area == recovery.SMALLEST_AREA


def test_a_table_with_three_approvals_asks_for_three(table):
    table(LINES[0], LINES[1], LINES[2].replace(",2,", ",3,"))
    for key in ("verify_intro", "verify_intro_public"):
        assert all("3" in words for words in wording()[key])
    assert approvals.shortage([]) == ["it has none of the 3 approvals that it needs"]


def test_a_larger_least_size_hides_more_and_is_told(table):
    table(*LINES)
    assert "330301" not in hidden_within(AREAS)
    forget()
    table(LINES[0], LINES[1].replace(",10,", ",15,"), LINES[2])
    assert "330301" in hidden_within(AREAS)
    for words in (*charts.dashes(), *method.suppression(), *wording()["suppressed_note"]):
        assert "15" in words
        assert "10" not in words


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (LINES[:2], "parameters.csv: the parameter approvals_needed is missing; add a line"),
        ([*LINES, LINES[1]], "line 4: smallest_area is named more than once"),
        ([*LINES, "colour,3,people,nobody"], "line 4: there is no parameter 'colour'"),
        ([*LINES[:2], LINES[2].replace(",2,", ",0,")], "line 3, column value: '0': a whole number"),
        ([*LINES[:2], LINES[2].replace(",2,", ",two,")], "line 3, column value: 'two': a whole"),
        (["parameter,value", *LINES[1:]], "line 1: the header is parameter,value"),
    ],
)
def test_an_unsound_table_is_told_by_line_and_ends_with_2(table, lines, told):
    table(*lines)
    with pytest.raises(UsageError, match=told) as failure:
        contract.parameters()
    assert failure.value.exit_code == 2
