"""What a map makes of a foreign cell: SQL of DuckDB, from text to text in the forms of CSV.

A cell that the map does not cover is none, and its row is refused by the rule `map`.
"""

from dataclasses import dataclass

from orchestration.contract.clock import city_zone
from orchestration.extract.mapping.source_map import (
    ANY_OTHER,
    EXCEL_DAYS,
    ColumnMap,
    NumberForm,
)
from orchestration.extract.source import literal

# Letters of full width, and the plain ones in their place.
FULL_WIDTH = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"
HALF_WIDTH = "".join(map(chr, range(0x21, 0x7F))) + " "
# Before 1 March 1900 Excel counts a day that there was not.
FIRST_EXCEL_DAY = 61
LAST_EXCEL_DAY = 2_958_465
CLOCK_TIME = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?"
NUMBER = r"[+-]?\d{1,18}(\.\d{1,6})?"
GROUPED = r"[+-]?\d{1,3}(,\d{3})*(\.\d{1,6})?"


@dataclass(frozen=True)
class Converted:
    """SQL of what becomes of a cell, and of whether the map does not cover it."""

    value: str
    unmapped: str


def converted(cell: str, column: ColumnMap) -> Converted:
    """What a map makes of a cell; cell: SQL of its text."""
    plain = plain_cell(cell, column)
    if column.codes:
        return by_codes(plain, column.codes)
    if column.date:
        value = by_forms(plain, column.date, "strftime({}, '%Y-%m-%d')")
    elif column.moment:
        value = by_forms(plain, column.moment, moment_in(column.zone or str(city_zone())))
    elif column.number:
        value = by_number(plain, column.number)
    elif column.zone:
        clock_time = f"case when regexp_full_match({plain}, '{CLOCK_TIME}') then {plain} end"
        value = moment_in(column.zone).format(f"try_cast({clock_time} as timestamp)")
    else:
        return Converted(plain, "false")
    return Converted(value, f"{plain} is not null and ({value}) is null")


def plain_cell(cell: str, column: ColumnMap) -> str:
    """A cell without full-width letters and without texts that stand for none."""
    if column.half_width:
        cell = f"trim(translate({cell}, {literal(FULL_WIDTH)}, {literal(HALF_WIDTH)}))"
    if not column.nulls:
        return cell
    nulls = ", ".join(map(literal, column.nulls))
    return f"case when {cell} not in ({nulls}) then {cell} end"


def by_codes(cell: str, codes: dict[str, str | None]) -> Converted:
    """The contract's text for each foreign one."""
    stated = {code: text for code, text in codes.items() if code != ANY_OTHER}
    cases = "".join(f" when {literal(code)} then {text_of(text)}" for code, text in stated.items())
    if ANY_OTHER in codes:
        other = f"case when {cell} is not null then {text_of(codes[ANY_OTHER])} end"
        return Converted(f"case {cell}{cases} else {other} end" if cases else other, "false")
    known = ", ".join(map(literal, stated))
    return Converted(f"case {cell}{cases} end", f"{cell} not in ({known})")


def text_of(text: str | None) -> str:
    """SQL of a text, or of none."""
    return "null" if text is None else literal(text)


def by_forms(cell: str, forms: list[str], written: str) -> str:
    """A day or moment by the first form that it has, as the contract writes it.

    written: SQL of that, with a place for the timestamp.
    """
    read = ", ".join(by_form(cell, form) for form in forms)
    return written.format(f"coalesce({read})")


def by_form(cell: str, form: str) -> str:
    """A timestamp by one form; none where the cell has another."""
    if form != EXCEL_DAYS:
        return f"try_strptime({cell}, {literal(form)})"
    day = f"try_cast({cell} as integer)"
    bounds = f"{FIRST_EXCEL_DAY} and {LAST_EXCEL_DAY}"
    is_day = f"regexp_full_match({cell}, '\\d+') and {day} between {bounds}"
    return f"case when {is_day} then timestamp '1899-12-30' + to_days({day}) end"


def moment_in(zone: str) -> str:
    """SQL of a moment as the contract writes it, with a place for its clock time in a zone."""
    return f"cast(timezone({literal(zone)}, {{}}) as varchar)"


def by_number(cell: str, form: NumberForm) -> str:
    """A number as the contract writes it; none where it is written otherwise."""
    number = cell
    if form.suffix:
        suffix = literal(form.suffix)
        without = f"rtrim(left({cell}, -length({suffix})))"
        number = f"case when ends_with({cell}, {suffix}) then {without} else {cell} end"
    is_number = f"regexp_full_match({number}, {literal(NUMBER)})"
    if form.thousands:
        grouped = f"regexp_full_match({number}, {literal(GROUPED)})"
        is_number = f"({is_number} or {grouped})"
        number = f"replace({number}, ',', '')"
    exact = f"cast({number} as decimal(24, 6)) * cast({literal(form.unit)} as decimal(14, 4))"
    written = f"regexp_replace(cast({exact} as varchar), '\\.?0+$', '')"
    return f"case when {is_number} then {written} end"
