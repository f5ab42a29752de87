"""What a sheet of cases has: its columns, and the number by which it is known again."""

import re
from dataclasses import dataclass
from typing import Literal, Self

from orchestration.alerts.store import Mark
from orchestration.alerts.wording import say
from orchestration.documents.texts import Words

NUMBER = re.compile(r"([^\s/]{1,20})/([1-9][0-9]{0,8})/([0-9a-f]{12})")
DIGITS = 12
NUMBER_ROW, NUMBER_COLUMN = 2, 2
Use = Literal["given", "label", "filled"]


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    use: `given` is a field of the case, which comes back as it went out; `label` is there to be
    read; `filled` is what a county fills in. type: of its cells, as the contract names types;
    width: in characters.
    """

    name: str
    use: Use
    type: str
    width: int

    @property
    def head(self) -> Words:
        """Its head in both languages."""
        return say("column", self.name)


COLUMNS = (
    Column("number", "given", "int", 6),
    Column("union_id", "given", "text", 11),
    Column("union_name", "given", "text", 20),
    Column("rule", "label", "text", 16),
    Column("dimension", "label", "text", 11),
    Column("level", "label", "text", 10),
    Column("observed", "given", "decimal", 8),
    Column("threshold", "given", "decimal", 9),
    Column("opened_on", "given", "date", 11),
    Column("due_on", "given", "date", 12),
    Column("state", "label", "text", 13),
    Column("acknowledged", "filled", "text", 13),
    Column("planned_on", "filled", "date", 11),
    Column("corrected_on", "filled", "date", 11),
    Column("evidence", "filled", "text", 13),
    Column("remark", "filled", "text", 22),
)
CHINESE_HEADS = [column.head[0] for column in COLUMNS]


@dataclass(frozen=True)
class SheetNumber:
    """What a sheet is known by: its county, and how far the log was from which it was made."""

    county: str
    entry: int
    digest: str

    @classmethod
    def of(cls, county: str, mark: Mark) -> Self:
        """The number of a county's sheet that is made now."""
        return cls(county, mark.number, mark.digest[:DIGITS])

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The number that a text is; None where it is none."""
        found = NUMBER.fullmatch(text)
        return cls(found[1], int(found[2]), found[3]) if found else None

    def __str__(self) -> str:
        """The number as a sheet has it."""
        return f"{self.county}/{self.entry}/{self.digest}"

    def is_of(self, mark: Mark | None) -> bool:
        """Whether the sheet was made from a log that has a mark."""
        return mark is not None and self == SheetNumber.of(self.county, mark)
