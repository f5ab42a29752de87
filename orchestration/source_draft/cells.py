"""What the sampled cells of a foreign column say for or against a column of the contract's."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from stdnum.cn import ric, uscc

from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.source_draft import forms
from orchestration.source_draft.catalogue import FoundColumn, FoundTable
from orchestration.source_draft.code_lists import CodeList, listed_codes
from orchestration.source_draft.names import HAN
from orchestration.source_draft.vocabulary import Words

# How much cells say: that they are of the right type, of a form that few have, of one alone.
NOTHING, TYPE, FORM, PROOF = range(4)
MOST = 0.8
NEARLY_ALL = 0.95
FEWEST_FILLED = 0.5
FEW_ROWS = 20
NO_TEXTS = {"day", "moment", "zoned", "bool", "number"}
MOST_CODES = 30
MOBILE = re.compile(r"(\+?86[- ]?)?1[3-9]\d{9}")
IDENTITY_NUMBER = re.compile(r"\d{17}[\dX]")
TELEPHONE = re.compile(r"[0-9+() -]{7,20}")
PERSON = re.compile(r"[\u3400-\u9fff·]{2,6}")
FIRM = re.compile(r"(公司|厂|店|社|行|院|集团|中心|部|所|馆|场)(（.*）)?$")
DIVISION = re.compile(r"\d{4,12}")


@dataclass(frozen=True)
class Weight:
    """What the cells say.

    points: how much; evidence: in words; says: what a map says of it; doubt: what is to confirm;
    is_naive: whether they are moments without a zone.
    """

    points: int
    evidence: str = ""
    says: dict[str, Any] = field(default_factory=dict)
    doubt: str | None = None
    is_naive: bool = False


def weigh(
    table: SourceTable,
    column: SourceColumn,
    words: Words,
    foreign: FoundTable,
    found: FoundColumn,
    lists: list[CodeList],
) -> Weight | None:
    """What a foreign column's cells say; None where they speak against it."""
    if found.family == "other":
        return None
    weight = weight_of(table, column, words, foreign, found, lists)
    if weight is None:
        return None
    nulls = sorted(found.distinct & forms.NO_VALUES)
    if nulls and found.family == "text" and column.kind != "bool":
        weight = replace(weight, says={"nulls": nulls} | weight.says)
    if column.required and len(found.filled) < FEWEST_FILLED * foreign.rows:
        return None
    if column.required and len(found.filled) < NEARLY_ALL * foreign.rows:
        share_empty = f"{1 - len(found.filled) / foreign.rows:.0%}"
        doubt = f"it is empty in {share_empty} of the rows, and must be filled"
        return replace(weight, doubt=weight.doubt or doubt)
    return weight


def weight_of(
    table: SourceTable,
    column: SourceColumn,
    words: Words,
    foreign: FoundTable,
    found: FoundColumn,
    lists: list[CodeList],
) -> Weight | None:
    """The same, by what the contract has in the column."""
    if column.accepted:
        return of_codes(column, words, found, lists)
    if column.kind != "text":
        return BY_KIND[column.kind](column, found)
    return None if found.family in NO_TEXTS else of_texts(table, column, foreign, found)


def of_texts(
    table: SourceTable,
    column: SourceColumn,
    foreign: FoundTable,
    found: FoundColumn,
) -> Weight | None:
    """The same of texts, which whole numbers may stand for."""
    if column.name in PERSONAL:
        return PERSONAL[column.name](found)
    if table.name == "enterprise" and column.name == "enterprise_id":
        return of_credit_codes(found)
    if (column.name,) == table.key:
        return of_key(foreign, found)
    return of_other_texts(table, column, found)


def share(cells: list[str], holds: Callable[[str], object]) -> float:
    """The share of cells of which something holds; 0 without cells."""
    return sum(bool(holds(cell)) for cell in cells) / len(cells) if cells else 0


def of_codes(
    column: SourceColumn,
    words: Words,
    found: FoundColumn,
    lists: list[CodeList],
) -> Weight | None:
    """Of a column with codes."""
    distinct = set(found.filled)
    if len(distinct) > MOST_CODES or found.family in NO_TEXTS - {"bool"}:
        return None
    form = forms.code_form(distinct, found.comment, column.accepted, words.codes)
    listed = None if form and not form.doubt else listed_codes(found, words, lists)
    if listed:
        table_of_codes, codes = listed
        return Weight(FORM, f"codes of {table_of_codes}", {"codes": codes})
    if form:
        points = TYPE if form.doubt else FORM
        return Weight(points, f"codes {', '.join(sorted(distinct))}", form.says, form.doubt)
    if words.standard and distinct <= words.standard.keys():
        doubt = f"{', '.join(sorted(distinct))} are taken as the national standard has them"
        return Weight(FORM, "codes of a national standard", {"codes": words.standard}, doubt)
    if len(distinct) > 2 * len(column.accepted):
        return None
    doubt = f"say in codes what {', '.join(sorted(distinct)) or 'its codes'} stand for"
    return Weight(NOTHING, says={}, doubt=doubt)


def of_truth(column: SourceColumn, found: FoundColumn) -> Weight | None:
    """Of a column that says whether something holds."""
    del column
    if found.family == "bool":
        return Weight(FORM, "boolean")
    form = forms.truth_form(cell for cell in found.distinct if cell)
    return Weight(TYPE, "truth", form.says) if form else None


def of_days(column: SourceColumn, found: FoundColumn) -> Weight | None:
    """Of a column of days, or of the first days of months."""
    months = column.name == "month"
    if found.family in ("zoned", "number", "bool"):
        return None
    if not found.filled:
        return of_nothing(found, {"date": list(forms.DAY_FORMS)})
    form = found.months if months else found.days
    if form is None:
        return None
    is_month = months and all(is_first_day(cell) for cell in found.filled)
    points = FORM if is_month else TYPE
    says = form.says
    if found.family == "day":
        says = {key: value for key, value in says.items() if key == "nulls"}
        says = form.says if says else {}
    return Weight(points, "months" if is_month else "days", says, form.doubt)


def of_nothing(found: FoundColumn, says: dict[str, Any]) -> Weight:
    """Of a column without a cell; says: how texts are usually written."""
    doubt = "it is empty, so its cells say nothing"
    return Weight(NOTHING, "empty", says if found.family == "text" else {}, doubt)


def is_first_day(cell: str) -> bool:
    """Whether a cell is a month, or its first day."""
    digits = re.findall(r"\d+", cell)
    if len(digits) == 1:
        return len(cell) == len("202012") or cell.endswith("01")
    return len(digits) == len(("year", "month")) or int(digits[2]) == 1


def of_moments(column: SourceColumn, found: FoundColumn) -> Weight | None:
    """Of a column of moments."""
    del column
    if found.family == "zoned":
        return Weight(TYPE, "moments")
    if found.family == "moment":
        return Weight(TYPE, "moments", is_naive=True)
    if found.family != "text":
        return None
    if not found.filled:
        return of_nothing(found, {"moment": list(forms.MOMENT_FORMS)})
    form = found.moments
    if form is None:
        return None
    return Weight(TYPE, "moments", form.says, is_naive="moment" in form.says)


def of_numbers(column: SourceColumn, found: FoundColumn) -> Weight | None:
    """Of a column of whole numbers or money."""
    if found.family not in ("whole", "number", "text"):
        return None
    if not found.filled:
        return of_nothing(found, {"number": {}})
    is_money = column.kind == "decimal"
    form = forms.number_form(found.distinct, found.comment, is_money=is_money)
    if form is None or any(
        cell.lstrip().startswith("-") for cell in found.distinct - forms.NO_VALUES
    ):
        return None
    if not is_money and not are_counts(column, found.distinct):
        return None
    says = form.says
    if found.family == "text" and "number" not in says:
        says = says | {"number": {}}
    bounded = column.name in BOUNDED
    return Weight(FORM if bounded else TYPE, "numbers", says, form.doubt)


BOUNDED = {"committee_term_years": {3, 5}, "stars": {1, 2, 3, 4, 5}}


def are_counts(column: SourceColumn, cells: Iterable[str]) -> bool:
    """Whether cells are whole numbers within what the column may have."""
    numbers = {match[1].replace(",", "") for cell in cells if (match := forms.NUMBER.match(cell))}
    if any("." in number and number.rstrip("0")[-1] != "." for number in numbers):
        return False
    allowed = BOUNDED.get(column.name)
    return allowed is None or {int(float(number)) for number in numbers} <= allowed


def of_identity_numbers(found: FoundColumn) -> Weight | None:
    """Of a column of resident identity numbers, with their check characters."""
    filled = found.filled
    if share(filled, is_identity_number) >= MOST:
        return Weight(PROOF, "check characters of GB 11643")
    return None


def is_identity_number(cell: str) -> bool:
    """Whether a cell is 17 digits and their check character."""
    plain = cell.strip().upper()
    is_one = IDENTITY_NUMBER.fullmatch(plain) is not None
    return is_one and ric.calc_check_digit(plain) == plain[-1]


def of_telephones(found: FoundColumn) -> Weight | None:
    """Of a column of telephone numbers."""
    if share(found.filled, MOBILE.fullmatch) >= MOST:
        return Weight(FORM, "mobile numbers")
    return Weight(NOTHING) if share(found.filled, TELEPHONE.fullmatch) >= MOST else None


def of_persons(found: FoundColumn) -> Weight | None:
    """Of a column of persons' names."""
    fits = share(found.filled, PERSON.fullmatch) >= MOST
    varied = len(set(found.filled)) > MOST_CODES or len(found.filled) < FEW_ROWS
    return Weight(FORM, "Chinese names") if fits and varied else None


PERSONAL = {"name": of_persons, "id_number": of_identity_numbers, "phone": of_telephones}


def of_credit_codes(found: FoundColumn) -> Weight | None:
    """Of a column of unified social credit codes, with their check characters."""
    if share(found.filled, lambda cell: uscc.is_valid(cell.strip())) >= MOST:
        return Weight(PROOF, "check characters of GB 32100")
    return None


def of_key(foreign: FoundTable, found: FoundColumn) -> Weight | None:
    """Of the key of a table."""
    filled = found.filled
    if len(filled) < foreign.rows or len(set(filled)) < len(filled):
        return None
    if found.name in foreign.unique:
        return Weight(FORM, "declared to be unique")
    return Weight(TYPE, "unique") if len(filled) >= FEW_ROWS else Weight(NOTHING)


def of_other_texts(table: SourceTable, column: SourceColumn, found: FoundColumn) -> Weight | None:
    """Of other texts: names, and codes of divisions; keys of other tables are weighed apart."""
    filled = found.filled
    if column.name == "name_zh":
        if share(filled, HAN.search) < MOST:
            return None
        is_firm = table.name == "enterprise" and share(filled, FIRM.search) >= MOST
        return Weight(FORM if is_firm else TYPE, "Chinese names")
    if column.name == "name_en":
        return Weight(TYPE, "letters") if share(filled, str.isascii) >= NEARLY_ALL else None
    if column.name in ("region_code", "parent_code"):
        fits = share(filled, DIVISION.fullmatch) >= NEARLY_ALL
        return Weight(TYPE, "codes of divisions") if fits else None
    return Weight(NOTHING)


BY_KIND = {
    "bool": of_truth,
    "date": of_days,
    "timestamptz": of_moments,
    "int": of_numbers,
    "decimal": of_numbers,
}
