"""Mojibake: text that was decoded with the wrong table of characters somewhere on its way, and is valid text since."""

import codecs
import re

import duckdb

from orchestration.errors import SourceError
from orchestration.extract.registry import SourceTable

SAMPLE = 2_000
LARGEST_SHARE = 0.1
WRONG_TABLES = ("latin-1", "cp1252", "gb18030")
HAN = re.compile(r"[\u4e00-\u9fff]")
NEVER_IN_TEXT = re.compile(r"[\ufffd\x80-\x9f]")


def is_mojibake(cell: str) -> bool:
    """Whether a text holds replacement or control characters, or gives Chinese when the wrong decoding is undone."""
    if NEVER_IN_TEXT.search(cell):
        return True
    for table in WRONG_TABLES:
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            undone = decoder.decode(cell.encode(table))
        except UnicodeError:
            continue
        if undone != cell and HAN.search(undone) and not cell.isascii():
            return True
    return False


def refuse_mojibake(connection: duckdb.DuckDBPyConnection, relation: str, location: str, table: SourceTable) -> None:
    """Raise SourceError where more than a tenth of a sample of a column's Chinese cells is mojibake."""
    for column in table.columns:
        if not column.prose:
            continue
        query = f"select distinct {column.name} from {relation} where {column.name} is not null order by hash({column.name}) limit {SAMPLE}"
        cells = [cell for (cell,) in connection.execute(query).fetchall() if not cell.isascii()]
        spoilt = sum(map(is_mojibake, cells))
        if spoilt > LARGEST_SHARE * len(cells):
            raise SourceError(
                f"{location}: {spoilt:,} of {len(cells):,} cells of column {column.name} in a sample are mojibake;"
                " the text was decoded with a wrong table of characters before it was handed over."
            )
