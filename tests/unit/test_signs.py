"""The sign of what is below zero: a true minus in every document of an edition.

This holds in every form of document.
"""

import html
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from orchestration.audit.report.blocks import cell
from orchestration.documents import figures
from orchestration.documents.briefing import write_briefing
from orchestration.documents.charts import write_charts
from orchestration.documents.site import write_site
from orchestration.documents.workbook import write_workbook
from tests.support.accounts import write_staging
from tests.support.briefings import docx_text, pdf_text
from tests.support.editions import CHECKS, make_edition
from tests.support.records import check, override

MINUS = "−"
HYPHEN = re.compile(r"(?<![\w./-])-(?=\.?[0-9])")
FALLING = [
    "update area_index set index_change = -1.6384 where linked > 0",
    (
        "update alert set rule = 'index_drop_red', level = 'red', dimension = null,"
        " observed = -20.5, threshold = -15"
    ),
]
OBSERVED = check("plausibility.city_index_change", "3303 -1.6384", passed=False, override="allowed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An internal edition whose indices all fall, with every document of people."""
    place = tmp_path_factory.mktemp("falling")
    edition = make_edition(
        place,
        "internal",
        ("2020-12",),
        FALLING,
        predecessor={"area_index": "0" * 64},
        checks=(*CHECKS, OBSERVED),
    )
    edition = replace(edition, overrides=[override(OBSERVED.name)], earlier=())
    write_staging(edition.folder / "staging")
    write_charts(edition, edition.folder / "charts")
    write_briefing(edition)
    write_workbook(edition, edition.folder / "workbook.xlsx")
    write_site(edition)
    return edition.folder


def drawn_text(file):
    """What a reader sees of a page or drawing."""
    markup = file.read_text(encoding="utf-8")
    seen = re.sub(r"<(style|script)\b.*?</\1>|<!--.*?-->", "", markup, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "\n", seen))


def sheet_text(file):
    """Every text of a workbook, and every format that a number is shown by."""
    cells = [cell for sheet in load_workbook(file) for row in sheet.iter_rows() for cell in row]
    shown = {cell.number_format for cell in cells if isinstance(cell.value, int | float)}
    return "\n".join([*(cell.value for cell in cells if isinstance(cell.value, str)), *shown])


READERS = {
    ".docx": docx_text,
    ".pdf": pdf_text,
    ".html": drawn_text,
    ".svg": drawn_text,
    ".xlsx": sheet_text,
}


@pytest.mark.parametrize("form", READERS)
def test_a_negative_number_has_a_true_minus_in_every_form(folder, form):
    texts = {file.name: READERS[form](file) for file in sorted(folder.rglob(f"*{form}"))}
    found = {name: HYPHEN.findall(text) for name, text in texts.items()}
    assert {name: hyphens for name, hyphens in found.items() if hyphens} == {}
    assert any(re.search(rf'{MINUS}"?[0-9]', text) for text in texts.values())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-1.6", "−1.6"),
        ("330302 -4.3000; 330328 -.5", "330302 −4.3000; 330328 −.5"),
        ("<= -8 (-15)", "<= −8 (−15)"),
        ("2020-12, SHA-256, 5-95, r1/-2, --5, U-3", "2020-12, SHA-256, 5-95, r1/-2, --5, U-3"),
    ],
)
def test_a_hyphen_is_a_minus_only_before_a_number(text, shown):
    assert figures.true_minus(text) == shown


def test_a_cell_of_the_audits_report_has_a_true_minus_where_it_is_a_figure():
    assert [cell(value) for value in (Decimal("-1.6384"), "-1", None)] == ["−1.6384", "-1", "–"]
