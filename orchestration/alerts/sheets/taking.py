"""Takes what sheets say that come back, row by row, into the log of alerts.

The cells that were given are compared with the case as of the sheet's own entry of the log: figures
that moved since are no forgery. A row is taken whole or refused whole, and what one file said is
not said again by it, whatever others said since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.alerts import acting
from orchestration.alerts.fold import Cases, cases_of
from orchestration.alerts.records import Acted, Action, Case, HandedIn
from orchestration.alerts.sheets.columns import COLUMNS, Column
from orchestration.alerts.sheets.reading import (
    CellError,
    ReadSheet,
    Refused,
    SheetRow,
    read_sheet,
)
from orchestration.alerts.store import Store
from orchestration.alerts.wording import say
from orchestration.contract import tables
from orchestration.contract.clock import today
from orchestration.documents.workbook.tabulation import both
from orchestration.errors import SourceError, UsageError
from quality.nouns import counted_noun

SUFFIX = ".xlsx"
OTHER_SUFFIXES = (".xls", ".xlsm", ".xlsb", ".et", ".ett", ".ods", ".csv")
"""How else spreadsheets name a file: such an answer is told, not passed over."""
NOT_SHEETS = (".", "~$")
BY_NAME = {column.name: column for column in COLUMNS}
ACTIONS: dict[str, Action] = {
    "acknowledged": "acknowledged",
    "planned_on": "planned",
    "corrected_on": "corrected",
    "remark": "remarked",
}
COLUMN_OF: dict[Action, str] = {action: column for column, action in ACTIONS.items()}


@dataclass
class Taken:
    """What came of sheets: how many were read, actions that are new, rows without, and refusals.

    counties: the codes of those of whose cases something is said, also where that is nothing new:
    who was killed before the desks were written has them written when the sheets come again.
    """

    sheets: int = 0
    counties: set[str] = field(default_factory=set)
    actions: list[Acted] = field(default_factory=list)
    nothing_new: int = 0
    refused: list[Refused] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            "sheets": self.sheets,
            "actions": [action.as_json() for action in self.actions],
            "nothing_new": self.nothing_new,
            "refused": [asdict(each) | {"file": str(each.file)} for each in self.refused],
        }


def sheets_in(path: Path) -> list[Path]:
    """The files to read: one, or the workbooks of a folder, by name. Raises UsageError."""
    if not path.exists():
        raise UsageError(f"{path} is not there; name a sheet, or a folder of sheets.")
    if not path.is_dir():
        return [path]
    found = sorted(each for each in path.iterdir() if is_sheet(each))
    if not found:
        raise UsageError(f"{path} has no workbook ({SUFFIX}) in it.")
    return found


def is_sheet(file: Path) -> bool:
    """Whether a file of a folder is a workbook, and none that a spreadsheet has there for itself.

    A file that a spreadsheet has open has a second one beside it, whose name begins with `~$`.
    """
    is_spreadsheet = file.suffix.lower() in (SUFFIX, *OTHER_SUFFIXES)
    return is_spreadsheet and not file.name.startswith(NOT_SHEETS)


def take(store: Store, sources: Sequence[Path], by: str, day: date | None = None) -> Taken:
    """Take what sheets say, the earlier exported first; what is refused changes nothing.

    by: who hands them in; day: today, in the city's time zone.
    """
    taken = Taken(sheets=len(sources))
    sheets = sorted(readable(sources, taken), key=lambda sheet: (sheet.number.entry, sheet.file))
    own = [sheet for sheet in sheets if is_own(sheet, store)]
    then = {number: cases_of(store.entries(number)) for number in {s.number.entry for s in own}}
    for sheet in sheets:
        if sheet in own:
            reader = Reader(store, sheet, then[sheet.number.entry], by, day or today())
            reader.read(taken)
        else:
            reason = "it was not exported from the cases that are kept here; export a new one."
            taken.refused.append(Refused(sheet.file, reason))
    taken.refused.sort(key=lambda refused: (refused.file, refused.row or 0))
    return taken


def is_own(sheet: ReadSheet, store: Store) -> bool:
    """Whether a sheet was exported from the log of a store."""
    return sheet.number.is_of(store.mark(sheet.number.entry))


def readable(sources: Sequence[Path], taken: Taken) -> Iterator[ReadSheet]:
    """The files that are sheets; the others are refused."""
    for file in sources:
        if file.suffix.lower() in OTHER_SUFFIXES:
            taken.refused.append(Refused(file, f"a sheet comes back as {SUFFIX}; save it so."))
            continue
        try:
            yield read_sheet(file)
        except SourceError as error:
            reason = str(error).removeprefix(str(file)).lstrip(" ,:")
            taken.refused.append(Refused(file, reason))


@dataclass(frozen=True)
class Reader:
    """Takes the rows of one sheet.

    then: all cases as they were when it was exported; by: who hands it in; day: today.
    """

    store: Store
    sheet: ReadSheet
    then: Cases
    by: str
    day: date

    def read(self, taken: Taken) -> None:
        """Take the rows, each once, but those that were taken of this file before."""
        taken.refused += self.sheet.refused
        before = self.store.handed_in(self.sheet.digest)
        now: list[int] = []
        for row in self.sheet.rows:
            try:
                number = self.number_of(row)
                if not row.is_filled:
                    continue
                case = self.case_of(number, now)
                said = [] if case.number in before else self.news_of(row, case)
            except CellError as error:
                refused = Refused(self.sheet.file, error.reason, row.number, error.column)
                taken.refused.append(refused)
                continue
            taken.nothing_new += not said
            taken.actions += said
            taken.counties.add(case.county_code)
            now.append(case.number)
            for acted in said:
                self.store.append(acted)
        if new := [number for number in now if number not in before]:
            entry = HandedIn(sheet=self.sheet.digest, cases=tuple(new), by=self.by)
            self.store.append(entry)

    def number_of(self, row: SheetRow) -> int:
        """The number of the case of a row that has what was given. Raises CellError."""
        number = row.cells.get("number", "")
        case = self.then.get(int(number)) if tables.WHOLE.fullmatch(number) else None
        if case is None or case.closed_on or case.county_code != self.sheet.number.county:
            raise refusing("number", "the sheet was exported without such a case.")
        for column in COLUMNS:
            if column.use == "given" and not is_same(row.cells.get(column.name), case, column):
                raise refusing(column.name, "this is not what the sheet was exported with.")
        return case.number

    def case_of(self, number: int, before: Sequence[int]) -> Case:
        """A case as it is now; before: the cases of earlier rows. Raises CellError."""
        if number in before:
            raise refusing("number", "the case is there twice.")
        return acting.known_case(self.store, number)

    def news_of(self, row: SheetRow, case: Case) -> list[Acted]:
        """What a row says that the case does not say yet. Raises CellError."""
        said = list(self.said_in(row, case.number))
        news = [acted for acted in said if not acting.is_known(acted, case)]
        for acted in news:
            if refusal := acting.refusal_of(acted, case, self.day):
                raise refusing(column_of(acted, refusal.part), refusal.reason)
        return news

    def said_in(self, row: SheetRow, case: int) -> Iterator[Acted]:
        """What is filled in of a row, an action for each. Raises CellError."""
        cells: Mapping[str, str] = row.cells
        if "evidence" in cells and "corrected_on" not in cells:
            raise refusing("corrected_on", "a number of evidence needs the day of the correction.")
        if cells.get("acknowledged", say("sheet", "yes")[0]) != say("sheet", "yes")[0]:
            raise refusing("acknowledged", f"{say('sheet', 'yes')[0]} or nothing is due.")
        for column, action in ACTIONS.items():
            if column in cells:
                yield Acted(
                    case=case,
                    action=action,
                    by=self.by,
                    door="sheet",
                    on=day_in(column, cells[column]),
                    evidence=cells.get("evidence") if action == "corrected" else None,
                    remark=cells["remark"] if action == "remarked" else None,
                )


def day_in(name: str, text: str) -> date | None:
    """The day that a cell has; None where its column has none. Raises CellError."""
    if BY_NAME[name].type != "date":
        return None
    try:
        return tables.day(text)
    except ValueError as problem:
        raise refusing(name, f"{problem}.") from None


def is_same(text: str | None, case: Case, column: Column) -> bool:
    """Whether a cell has what a case has in its column."""
    value = getattr(case, column.name)
    if isinstance(value, Decimal):
        return bool(text and tables.DECIMAL.fullmatch(text)) and Decimal(text or 0) == value
    return text == str(value)


def column_of(acted: Acted, part: acting.Item) -> str:
    """The column of a part of an action."""
    columns: dict[acting.Item, str] = {
        "case": "number",
        "on": COLUMN_OF[acted.action],
        "evidence": "evidence",
        "remark": "remark",
    }
    return columns[part]


def refusing(column: str, reason: str) -> CellError:
    """The error for a cell of a column."""
    return CellError(both(BY_NAME[column].head), reason)


def format_taken(taken: Taken) -> list[str]:
    """What came of sheets, for a reader."""
    cases = counted_noun(len({acted.case for acted in taken.actions}), "case")
    actions = counted_noun(len(taken.actions), "action")
    nothing_new = counted_noun(taken.nothing_new, "row says", "rows say")
    summary = (
        f"{counted_noun(taken.sheets, 'sheet')} read: {actions} on {cases} taken, "
        f"{nothing_new} nothing new, {len(taken.refused):,} refused"
    )
    return [summary, *(f"  {refused}" for refused in taken.refused)]
