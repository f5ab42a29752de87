"""`uhi alert sheet`: the workbooks of cases that counties fill in."""

from pathlib import Path

import click

from orchestration.cli.group import Subcommands
from orchestration.cli.options import by_option
from orchestration.screen import Screen, json_option, operator, settings
from quality.nouns import counted_noun


@click.group(cls=Subcommands)
def sheet() -> None:
    """The sheets of cases (整改单): a workbook for each county, out and back in."""


@sheet.command("export")
@click.option("--county", metavar="CODE", help="Only the sheet of a county.")
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write them [default: `alerts/sheets` in the home].",
)
@json_option
def export_sheets(*, county: str | None, folder: Path | None, as_json: bool) -> None:
    """Write the open cases of each county as a workbook to fill in; internal."""
    from orchestration.alerts.sheets.exporting import export, format_sheets
    from orchestration.alerts.store import opened

    current = settings()
    with opened(current) as store:
        sheets = export(store, current.home, folder, county)
    content = [
        {"county": each.county, "file": str(each.file), "cases": each.cases} for each in sheets
    ]
    Screen(as_json=as_json).result(format_sheets(sheets), {"sheets": content})


@sheet.command("import")
@click.argument("path", metavar="FILE_OR_FOLDER", type=click.Path(path_type=Path))
@by_option
@json_option
def import_sheets(*, path: Path, by: str | None, as_json: bool) -> None:
    """Take what counties filled in; exits 3 where a row or a file is refused, the rest is taken."""
    from orchestration.alerts.desk import refresh
    from orchestration.alerts.sheets.taking import format_taken, sheets_in, take
    from orchestration.alerts.store import opened
    from orchestration.errors import RefusedError
    from orchestration.signatures.people import person_name

    current = settings()
    name = person_name(by or operator(current))
    sources = sheets_in(path)
    with opened(current) as store:
        taken = take(store, sources, name)
    with opened(current) as store:
        refresh(store, current.home, taken.counties)
    Screen(as_json=as_json).result(format_taken(taken), taken.as_json())
    if taken.refused:
        refused = counted_noun(
            len(taken.refused), "row or file was refused", "rows or files were refused"
        )
        raise RefusedError(f"{refused}; the rest was taken.")
