"""What a platform's own tables of codes say: the label of each code of a list.

Which of a table's columns is the list's name, the code and the label is not stated. So each way to
read it is tried; a column's codes are taken from those by which all of them have a label that the
contract knows, and only if these agree.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from orchestration.source_draft.catalogue import FoundColumn, FoundTable
from orchestration.source_draft.forms import NO_VALUES
from orchestration.source_draft.names import HAN, heading
from orchestration.source_draft.vocabulary import Words

IS_OF_CODES = re.compile(r"字典|代码|码表|枚举|dict|code|enum|(^|_)dm(_|$)", re.IGNORECASE)
MOST_COLUMNS = 12
LONGEST_CODE = 20
MOST = 0.8


@dataclass(frozen=True)
class CodeList:
    """A list: the table that has it, what the list is called there, and the label of each code."""

    table: str
    name: str
    labels: dict[str, str]


def code_lists(found: list[FoundTable]) -> list[CodeList]:
    """Every way to read the lists of a database's tables of codes."""
    return [
        code_list
        for table in found
        if IS_OF_CODES.search(f"{table.name} {table.comment}")
        and len(table.columns) <= MOST_COLUMNS
        for code_list in lists_in(table)
    ]


def lists_in(table: FoundTable) -> Iterator[CodeList]:
    """The lists of one table, by each column that may be their name, their codes or the labels."""
    whole = [column for column in table.columns.values() if len(column.filled) == table.rows]
    for name, code, label in permutations(whole, 3):
        if not (is_code(code) and is_label(label) and len(name.distinct) < table.rows):
            continue
        lists: dict[str, dict[str, str]] = defaultdict(dict)
        for named, each, said in zip(name.filled, code.filled, label.filled, strict=True):
            lists[named].setdefault(each, said)
        if sum(map(len, lists.values())) == table.rows:
            for named, labels in lists.items():
                if len(labels) > 1:
                    yield CodeList(table.name, named, labels)


def is_code(column: FoundColumn) -> bool:
    """Whether a column's cells may be codes."""
    return not any(HAN.search(cell) or len(cell) > LONGEST_CODE for cell in column.distinct)


def is_label(column: FoundColumn) -> bool:
    """Whether a column's cells may be labels."""
    han = sum(bool(HAN.search(cell)) for cell in column.distinct)
    return han >= MOST * len(column.distinct)


def listed_codes(
    found: FoundColumn, words: Words, lists: list[CodeList]
) -> tuple[str, dict[str, str]] | None:
    """The table of codes, and the contract's code for each of a column's, if the lists agree.

    A list that is called as the column's comment goes before others.
    """
    fitting = [each for each in lists if is_known(found, words, each)]
    named = [each for each in fitting if each.name == heading(found.comment)]
    ways = {
        tuple(
            sorted(
                (code, words.codes[label])
                for code, label in each.labels.items()
                if label in words.codes
            )
        ): each.table
        for each in named or fitting
    }
    if len(ways) != 1:
        return None
    [(codes, table)] = ways.items()
    return table, dict(codes)


def is_known(found: FoundColumn, words: Words, code_list: CodeList) -> bool:
    """Whether a list has each code of a column, with a label that the contract knows."""
    labels = {code_list.labels.get(code) for code in found.distinct - NO_VALUES}
    return bool(labels) and labels <= words.codes.keys()
