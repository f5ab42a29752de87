"""How the cells of a sample are written, as a map says it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orchestration.extract.mapping.source_map import EXCEL_DAYS
from orchestration.source_draft.names import HAN

DAY_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
OTHER_DAY_FORMS = ("%d/%m/%Y", "%m/%d/%Y")
MONTH_FORMS = ("%Y-%m", "%Y/%m", "%Y.%m", "%Y%m", "%Y年%m月")
CLOCKS = (" %H:%M:%S", " %H:%M:%S.%f", " %H:%M", "T%H:%M:%S", "T%H:%M:%S.%f")
MOMENT_FORMS = (
    *(f"{day}{clock}" for day in DAY_FORMS for clock in CLOCKS),
    "%Y%m%d%H%M%S",
)
WITH_OFFSET = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)"
)
NO_VALUES = {"", "-", "--", "/", "\\", "无", "空", "暂无", "null", "NULL", "N/A", "0000-00-00"}
FILLER_DAYS = {(1900, 1, 1), (1, 1, 1), (1970, 1, 1), (2099, 12, 31), (9999, 12, 31)}
YEAR_MONTH_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})")
FIRST_YEAR, LAST_YEAR = 1940, 2100
SERIAL_DAYS = (15_000, 60_000)
MOST_FORMS = 3
NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,6})?)\s*(\D*)")
LISTED_CODE = re.compile(
    r"(?<![0-9A-Za-z])([0-9A-Za-z]{1,4})\s*[-:：、.．=,，—]?\s*"
    r"([\u3400-\u9fff]{1,14}(?:（[\u3400-\u9fff、]{1,14}）[\u3400-\u9fff]{0,14})?)"
)
LISTED_LABEL = re.compile(r"([\u3400-\u9fff]{1,14})\s*[-:：=—]\s*([0-9A-Za-z]{1,4})(?![0-9A-Za-z])")
TRUE = {"1", "y", "yes", "true", "t", "是", "有", "已建", "已建立", "√"}
FALSE = {"0", "n", "no", "false", "f", "否", "无", "没有", "未建", "未建立", "×"}
UNITS = {"万元": "10000", "千元": "1000", "百元": "100", "亿元": "100000000"}


@dataclass(frozen=True)
class Form:
    """How cells are written: what the map says of it, and what is to be confirmed, if anything."""

    says: dict[str, Any] = field(default_factory=dict)
    doubt: str | None = None


def day_form(cells: Iterable[str], *, months: bool = False) -> Form | None:
    """How days are written in texts; None where not all of them are days."""
    distinct = set(cells)
    nulls = sorted(distinct & NO_VALUES)
    fillers = sorted(filter(is_filler, distinct))
    dated = distinct - set(nulls) - set(fillers)
    if not dated:
        return None
    forms = (*DAY_FORMS, *MONTH_FORMS, *MOMENT_FORMS) if months else (*DAY_FORMS, *MOMENT_FORMS)
    fitting = covering(dated, forms)
    doubt = None
    if fitting is None:
        fitting = covering(dated, OTHER_DAY_FORMS[:1]) or covering(dated, OTHER_DAY_FORMS[1:])
        if (
            fitting
            and covering(dated, OTHER_DAY_FORMS[:1])
            and covering(dated, OTHER_DAY_FORMS[1:])
        ):
            doubt = "whether the day or the month comes first cannot be told"
    if fitting is None and all(is_serial(cell) for cell in dated):
        fitting = [EXCEL_DAYS]
    if fitting is None:
        return None
    says: dict[str, Any] = {"date": fitting}
    if nulls or fillers:
        says["nulls"] = [*nulls, *fillers]
    if fillers:
        doubt = f"{', '.join(fillers)} is taken for none"
    return Form(says, doubt)


def is_filler(cell: str) -> bool:
    """Whether a cell begins with a day that systems write for none, in any form."""
    found = YEAR_MONTH_DAY.match(cell)
    return found is not None and tuple(map(int, found.groups())) in FILLER_DAYS


def is_serial(cell: str) -> bool:
    """Whether a cell may be one of Excel's serial days."""
    first, last = SERIAL_DAYS
    return cell.isdecimal() and first <= int(cell) <= last


def moment_form(cells: Iterable[str]) -> Form | None:
    """How moments are written in texts; None where not all of them are moments."""
    distinct = set(cells)
    nulls = sorted(distinct & NO_VALUES)
    stated = distinct - set(nulls)
    if not stated:
        return None
    if all(WITH_OFFSET.fullmatch(cell) for cell in stated):
        return Form({"nulls": nulls} if nulls else {})
    fitting = covering(stated, (*MOMENT_FORMS, *DAY_FORMS))
    if fitting is None:
        return None
    says: dict[str, Any] = {"moment": fitting}
    if nulls:
        says["nulls"] = nulls
    return Form(says)


def covering(cells: set[str], forms: Iterable[str]) -> list[str] | None:
    """The fewest forms, in their order, of which each cell has one; None where there are none."""
    rest, chosen = set(cells), []
    for form in forms:
        fitting = {cell for cell in rest if has_form(cell, form)}
        if fitting:
            chosen.append(form)
            rest -= fitting
        if not rest:
            return chosen if len(chosen) <= MOST_FORMS else None
    return None


def has_form(cell: str, form: str) -> bool:
    """Whether a cell is a day or moment of a form, in a year that such a thing may be of."""
    try:
        read = datetime.strptime(cell, form)  # noqa: DTZ007 - its zone is another question
    except ValueError:
        return False
    return FIRST_YEAR <= read.year <= LAST_YEAR


def number_form(cells: Iterable[str], comment: str, *, is_money: bool) -> Form | None:
    """How numbers are written; None where not all of them are numbers.

    Of money the unit must be stated, by the cells or the comment, else it is in doubt.
    """
    distinct = set(cells)
    nulls = sorted(distinct & NO_VALUES)
    matched = [NUMBER.fullmatch(cell.strip()) for cell in distinct - set(nulls)]
    if not matched or not all(matched):
        return None
    suffixes = {match[2].strip() for match in matched if match} - {""}
    if len(suffixes) > 1:
        return None
    number: dict[str, Any] = {}
    if any("," in match[1] for match in matched if match):
        number["thousands"] = True
    if suffixes:
        [suffix] = suffixes
        number["suffix"] = suffix
    says: dict[str, Any] = {"nulls": nulls} if nulls else {}
    doubt = None
    if is_money:
        stated = " ".join([*suffixes, comment])
        unit = next((unit for unit in UNITS if unit in stated), None)
        if unit:
            number["unit"] = UNITS[unit]
        elif "元" not in stated:
            doubt = "its unit is not stated; CNY is taken"
    if number:
        says["number"] = number
    return Form(says, doubt)


def truth_form(cells: Iterable[str]) -> Form | None:
    """How truth is written; None where the cells say something else."""
    distinct = set(cells)
    codes = {cell: "true" for cell in distinct if cell.lower() in TRUE}
    codes |= {cell: "false" for cell in distinct if cell.lower() in FALSE}
    if not distinct or codes.keys() != distinct:
        return None
    if distinct <= {"true", "false"}:
        return Form()
    whole = both_truths(codes)
    return Form({"codes": dict(sorted(whole.items(), reverse=True))})


def both_truths(codes: dict[str, str]) -> dict[str, str]:
    """The codes, with the other one of a pair of which the sample has only one."""
    pairs = [("1", "0"), ("Y", "N"), ("y", "n"), ("是", "否"), ("有", "无"), ("T", "F")]
    for yes, no in pairs:
        if yes in codes or no in codes:
            codes |= {yes: "true", no: "false"}
    return codes


def code_form(
    cells: Iterable[str],
    comment: str,
    accepted: tuple[str, ...],
    labels: dict[str, str],
) -> Form | None:
    """What each code stands for; None where none of them is known.

    A code is the contract's own, a label of the vocabulary's, or has one in the comment.
    """
    distinct = set(cells)
    if distinct <= set(accepted):
        return Form()
    said = {code: labels[label] for code, label in listed_codes(comment).items() if label in labels}
    known = {cell: found for cell in distinct if (found := code_of(cell, accepted, labels, said))}
    strange = sorted(distinct - known.keys())
    if not known:
        return None
    verb = "stands" if len(strange) == 1 else "stand"
    doubt = f"what {', '.join(strange)} {verb} for is not stated" if strange else None
    return Form({"codes": dict(sorted((said | known).items()))}, doubt)


def code_of(
    cell: str,
    accepted: tuple[str, ...],
    labels: dict[str, str],
    said: dict[str, str],
) -> str | None:
    """The contract's code for a foreign one; None where it is not known."""
    if cell in said:
        return said[cell]
    return cell if cell in accepted else labels.get(cell)


def listed_codes(comment: str) -> dict[str, str]:
    """The codes that a comment lists, each with its label: `性别：1男 2女`."""
    if not HAN.search(comment):
        return {}
    before = dict(LISTED_CODE.findall(comment))
    behind = {code: label for label, code in LISTED_LABEL.findall(comment)}
    return max(before, behind, key=len)
