"""`uhi` commands on the calendar of public holidays, by which working days are counted."""

from pathlib import Path

import click

from orchestration.cli.group import Subcommands
from orchestration.screen import Screen, json_option, settings


@click.group(cls=Subcommands)
def calendar() -> None:
    """The calendar of public holidays, by which working days are counted."""


@calendar.command("show")
@json_option
def show_calendar(*, as_json: bool) -> None:
    """Say how far the calendar is official and projected, and the next ten holidays."""
    from orchestration.contract.clock import today
    from orchestration.release import holiday_report

    found = holiday_report.calendar_from(today())
    Screen(as_json=as_json).result(holiday_report.format_calendar(found), found)


@calendar.command("import")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--reason", help="Why official days change that a published release rests on; for the ledger."
)
@click.option("--as", "by", metavar="NAME", help="Who answers for that.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@json_option
def import_calendar(
    *,
    file: Path | None,
    reason: str | None,
    by: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take newly announced holidays into the calendar, and project the years after them.

    They are those of the installed chinesecalendar, or of FILE: a CSV file with the columns date
    and kind, which has whole years.
    """
    from orchestration.release import holiday_import, holiday_report

    statement = holiday_import.Statement.of(reason, by)
    imported = holiday_import.import_holidays(settings().home, file, statement, dry_run=dry_run)
    Screen(as_json=as_json).result(holiday_report.format_import(imported), imported.as_json())
