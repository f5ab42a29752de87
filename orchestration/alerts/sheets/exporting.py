"""Writes the sheets of the counties that have open cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from orchestration.alerts.evaluated import present_candidate
from orchestration.alerts.listing import Wanted, listed
from orchestration.alerts.naming import names_in
from orchestration.alerts.quality import qualities_in
from orchestration.alerts.records import Case
from orchestration.alerts.sheets.columns import SheetNumber
from orchestration.alerts.sheets.writing import SheetContent, sheet_bytes
from orchestration.alerts.store import Store
from orchestration.errors import UsageError
from orchestration.home import files
from orchestration.home.layout import Home
from quality.nouns import counted_noun


@dataclass(frozen=True)
class Sheet:
    """A county's sheet that was written, and how many cases are on it."""

    county: str
    file: Path
    cases: int


def export(store: Store, home: Home, folder: Path | None, county: str | None) -> list[Sheet]:
    """Write the sheets of a county, or of all, each for its owner alone; returns them by county.

    folder: where to, by default in the home. Raises UsageError where no case was ever a county's.
    """
    if county and county not in {case.county_code for case in store.cases()}:
        raise UsageError(f"There is no case of a county {county}; `uhi alert list` shows them.")
    if folder is None:
        files.keep_private(home.sheets)
    return [
        write_sheet(content, folder or home.sheets) for content in contents(store, home, county)
    ]


def contents(store: Store, home: Home, county: str | None) -> Iterator[SheetContent]:
    """What the sheets of a county, or of all, show."""
    last, mark = store.last_evaluated(), store.mark()
    if last is None or mark is None:
        return
    names = names_in(home, last.period)
    qualities = qualities_in(present_candidate(home, last))
    for code, cases in by_county(listed(store.open_cases(), Wanted(county))):
        yield SheetContent(
            number=SheetNumber.of(code, mark),
            as_of=last.as_of,
            made=datetime.fromisoformat(last.at),
            cases=cases,
            names=names,
            quality=qualities.get(code),
        )


def by_county(cases: Sequence[Case]) -> Iterator[tuple[str, list[Case]]]:
    """Cases by the code of their county, each county's in their order."""
    code_of = attrgetter("county_code")
    for code, group in groupby(sorted(cases, key=code_of), key=code_of):
        yield code, list(group)


def write_sheet(content: SheetContent, folder: Path) -> Sheet:
    """Write a sheet into a folder, under the county's code and the day of the figures."""
    county = content.number.county
    file = folder / file_name(county, content.as_of)
    files.write_bytes_atomically(file, sheet_bytes(content))
    file.chmod(files.FILE_OF_OWNER)
    return Sheet(county, file, len(content.cases))


def file_name(county: str, as_of: date) -> str:
    """The name of a county's sheet."""
    return f"{county}-{as_of}.xlsx"


def format_sheets(sheets: Sequence[Sheet]) -> list[str]:
    """What was written, for a reader."""
    if not sheets:
        return ["No case is open; no sheet was written."]
    return [
        f"{sheet.county}: {counted_noun(sheet.cases, 'case')} in {sheet.file}" for sheet in sheets
    ]
