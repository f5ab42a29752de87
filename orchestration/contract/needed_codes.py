"""The codes that models, recounts and documents look up in the methodology: `needed_codes.csv`.

A version of the methodology is whole where it gives a value to each of the grades and a label to
each of the other codes.
"""

from functools import cache
from pathlib import Path
from typing import Literal

from orchestration.contract.tables import Code, Row, read_table

FILE = Path(__file__).with_name("needed_codes.csv")
Use = Literal["best_grade", "added_grade", "label"]
Codes = dict[str, tuple[str, ...]]


class NeededCode(Row):
    """A code that is looked up.

    use: a label; or a grade of an indicator, of which the best of a union's rows counts, or those
    of all its rows are added; list: the list of labels, or the indicator.
    """

    use: Use
    list: Code
    code: Code


@cache
def needed_rows() -> list[NeededCode]:
    """The rows of the table. Raises UsageError naming line and column."""
    return read_table(FILE, NeededCode)


def needed_codes(*uses: Use) -> Codes:
    """The codes of these uses by list, in the order of the table."""
    found: dict[str, list[str]] = {}
    for row in needed_rows():
        if row.use in uses:
            found.setdefault(row.list, []).append(row.code)
    return {name: tuple(codes) for name, codes in found.items()}


def needed_grades() -> Codes:
    """The grades of each graded indicator."""
    return needed_codes("best_grade", "added_grade")


def needed_labels() -> Codes:
    """The codes of each list of labels."""
    return needed_codes("label")
