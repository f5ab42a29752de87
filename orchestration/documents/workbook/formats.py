"""How the cells of the workbook look: fonts, colours and the formats of figures, by kind."""

from decimal import Decimal
from typing import Any

from orchestration.documents import figures, palette

FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
HEAD = {"text_wrap": True, "bg_color": "#e3ebf3", "border_color": "#9aa7b3"}
# As a format has it: the sign that every document shows before what is below zero.
MINUS = f'"{figures.MINUS}"'
FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@", "indent": 1},
    "words": {"num_format": "@", "indent": 1, "text_wrap": True},
    "count": {"num_format": "#,##0"},
    "weight": {"num_format": "General"},
    "index": {"num_format": "0.0"},
    "change": {"num_format": f"+0.0;{MINUS}0.0;0.0"},
    # A change that rounds to zero: a spreadsheet would show a sign before it.
    "no_change": {"num_format": "0.0;0.0;0.0"},
    "rate": {"num_format": "0.00"},
    "exact": {"num_format": f"#,##0.0000;{MINUS}#,##0.0000"},
    "score": {"num_format": "0.0000"},
    "missing": {"num_format": '0.0000"*"', "italic": True, "font_color": "#8a2b00"},
    "suppressed": {
        "num_format": "@",
        "font_color": "#5f6368",
        "bg_color": "#ececec",
        "align": "right",
    },
    "title": {"bold": True, "font_size": 16},
    "subtitle": {"font_size": 11, "font_color": "#56616c"},
    "section": {"bold": True, "font_size": 12},
    "notice": {"bold": True, "bg_color": "#fff3cd", "font_color": "#5c4700"},
    "head": HEAD | {"bold": True, "top": 1},
    "head_en": HEAD | {"font_color": "#3d4853", "bottom": 1},
    "head_of_figures": HEAD | {"bold": True, "top": 1, "align": "right"},
    "head_of_figures_en": HEAD | {"font_color": "#3d4853", "bottom": 1, "align": "right"},
}
CODE_FORMATS: dict[str, dict[str, Any]] = {
    code: {"bg_color": tint, "font_color": ink, "bold": code == "red"}
    for code, (tint, ink) in palette.TINTS.items()
}

# xlsxwriter has no types: `Any` stands for its workbooks, sheets and formats.
Xlsx = Any
Formats = dict[str, Xlsx]


def add_formats(book: Xlsx) -> Formats:
    """The formats of all kinds of cells, added to a workbook."""
    styles = FORMATS | CODE_FORMATS
    return {name: book.add_format(FONT | style) for name, style in styles.items()}


def format_of(kind: str, value: Any) -> str:  # noqa: ANN401 - a cell has a value of any type
    """The format of a value of a kind: another one for a change that rounds to zero."""
    if kind != "change":
        return kind
    change = Decimal(str(value))
    rounds_to_zero = not figures.published(change, figures.INDEX_PLACES)
    return "no_change" if rounds_to_zero else kind
