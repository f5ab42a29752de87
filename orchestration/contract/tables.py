"""Tables that people edit by hand, read as strictly as a source.

A table is a CSV file in UTF-8 whose rows are a frozen pydantic model; its columns are the model's
fields, in their order. Each cell is read by the type of its column, and each error names file, line
and column. A byte order mark and blank lines at the end are welcome; what an eye would not see is
not: digits of other scripts, blanks around a cell, control characters.
"""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from orchestration import guarded
from orchestration.errors import HealthIndexError, UsageError
from orchestration.periods import Period
from orchestration.plain_text import LONGEST_CELL, problem_of, visible
from quality.nouns import counted_noun

DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,13})(\.[0-9]{1,4})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")


def month(cell: str) -> str:
    """A month YYYY-MM, checked. Raises ValueError."""
    try:
        return str(Period.parse(cell))
    except UsageError:
        raise ValueError("a month is due, written YYYY-MM") from None


def day(cell: str) -> date:
    """A day YYYY-MM-DD, checked. Raises ValueError."""
    try:
        if DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise ValueError("a day is due, written YYYY-MM-DD")


def decimal(cell: str) -> Decimal:
    """A number that DECIMAL(18,4) holds exactly.

    It has at most 14 digits before and 4 after the point. Raises ValueError.
    """
    if not DECIMAL.fullmatch(cell):
        raise ValueError("a number with at most 4 decimals is due, such as 12 or 27.5")
    return Decimal(cell)


def whole(cell: str) -> int:
    """A whole number of at most 9 digits. Raises ValueError."""
    if not WHOLE.fullmatch(cell):
        raise ValueError("a whole number is due")
    return int(cell)


def code(cell: str) -> str:
    """A name as code has it: lower case letters, digits and underscores, beginning with a letter.

    Raises ValueError.
    """
    if not CODE.fullmatch(cell):
        raise ValueError("a name in lower case letters, digits and underscores is due")
    return cell


def text(cell: str) -> str:
    """A text, in which but for blanks all shows, as in each cell of a table. Raises ValueError."""
    if not cell.isprintable():
        raise ValueError("a text without line breaks and unusual blanks is due")
    return cell


def positive(number: int) -> int:
    """The number. Raises ValueError unless it is above 0."""
    if number < 1:
        raise ValueError("a whole number above 0 is due")
    return number


Month = Annotated[str, BeforeValidator(month)]
Day = Annotated[date, BeforeValidator(day)]
Number = Annotated[Decimal, BeforeValidator(decimal)]
Whole = Annotated[int, BeforeValidator(whole)]
Positive = Annotated[int, BeforeValidator(whole), AfterValidator(positive)]
Code = Annotated[str, BeforeValidator(code)]
Text = Annotated[str, BeforeValidator(text)]


class Row(BaseModel):
    """A row of a table; only a field that has a default is of a column whose cell may be empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")


AnyRow = TypeVar("AnyRow", bound=Row)


def read_table(
    file: Path,
    row_type: type[AnyRow],
    error: type[HealthIndexError] = UsageError,
) -> list[AnyRow]:
    """The rows of a table, in the order of its lines.

    Raises `error` naming file, line and column.
    """
    columns = list(row_type.model_fields)
    lines = read_lines(file, error)
    header = lines[0][1] if lines else []
    if header != columns:
        found = visible(",".join(header)) or "empty"
        raise error(f"{file}, line 1: the header is {found}; it must be {','.join(columns)}.")
    rows = []
    for number, cells in lines[1:]:
        place = f"{file}, line {number}"
        if len(cells) != len(columns):
            names = ",".join(columns)
            found = counted_noun(len(cells), "cell")
            raise error(f"{place}: {found} instead of {len(columns)} ({names}).")
        row = dict(zip(columns, cells, strict=True))
        rows.append(typed_row(row, row_type, place, error))
    return rows


def read_lines(file: Path, error: type[HealthIndexError]) -> list[tuple[int, list[str]]]:
    """The cells of each row with the number of its last line, without blank lines at the end.

    Raises `error`.
    """
    content = guarded.decoded(guarded.read_bytes(file, error), file, error).rstrip("\r\n")
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as failure:
        raise error(
            f"{file}, line {reader.line_num}: this is not well-formed CSV: {failure}."
        ) from None


def typed_row(
    cells: dict[str, str],
    row_type: type[AnyRow],
    place: str,
    error: type[HealthIndexError],
) -> AnyRow:
    """One row in its types; an empty cell has its field's default.

    Raises `error` naming the first column that does not fit.
    """
    for column, cell in cells.items():
        if problem := problem_of(cell, LONGEST_CELL):
            raise error(f"{place}, column {column}: {problem}.")
        if cell != cell.strip():
            raise error(
                f"{place}, column {column}: there are blanks around '{cell.strip()}'; remove them."
            )
    filled = {column: cell for column, cell in cells.items() if cell}
    try:
        return row_type.model_validate(filled)
    except ValidationError as failure:
        column, reason = reason_of(failure)
        problem = f"'{cells[column]}': {reason}" if cells[column] else "the cell is empty"
        raise error(f"{place}, column {column}: {problem}.") from None


def reason_of(failure: ValidationError) -> tuple[str, str]:
    """The first column that does not fit, and why."""
    first = failure.errors(include_url=False)[0]
    reason = first.get("ctx", {}).get("error", first["msg"])
    return str(first["loc"][0]), str(reason)


def cells_of(row: Row) -> dict[str, str]:
    """The cells of a row as text, each value written in one way.

    Numbers have no zeros at the end; an empty cell is an empty text.
    """
    return {column: cell_of(value) for column, value in row.model_dump().items()}


def cell_of(value: Decimal | date | int | str | None) -> str:
    """A value as the text of its cell."""
    if isinstance(value, Decimal):
        whole, _, places = format(value + 0, "f").partition(".")
        decimals = places.rstrip("0")
        return f"{whole}.{decimals}" if decimals else whole
    return "" if value is None else str(value)
