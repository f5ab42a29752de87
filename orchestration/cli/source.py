"""`uhi source`: what a source must have, what is wrong with one, and what it revised."""

from pathlib import Path

import click

from orchestration.cli.group import Subcommands
from orchestration.cli.options import chosen_source, map_option, with_map
from orchestration.screen import Screen, json_option, settings

BY_A_MAP = (
    "One with other tables or columns is read by a map (--map), which uhi source draft-map drafts "
    "of a database."
)


@click.group(cls=Subcommands)
def source() -> None:
    """Look through a source that is to be joined, and what a joined one revised."""


@source.command("check")
@click.argument("location", metavar="SOURCE", required=False)
@map_option
@click.option(
    "--period",
    metavar="YYYY-MM",
    help="Month to make of it, on trial [default: the last that is over].",
)
@click.option(
    "--workbook",
    "file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the findings as an Excel workbook (数据质量报告) too.",
)
@json_option
def check_command(
    *,
    location: str | None,
    source_map: Path | None,
    period: str | None,
    file: Path | None,
    as_json: bool,
) -> None:
    """Read all of a source and say everything that is wrong with it; nothing is landed.

    SOURCE: a folder or a database's URL [default: UHI_SOURCE]. Exits 3 where a month would be
    refused, 4 where it cannot be read.
    """
    from orchestration import pipeline
    from orchestration.contract.clock import yesterday
    from orchestration.errors import RefusedError, SourceError
    from orchestration.home import files
    from orchestration.periods import last_closed
    from orchestration.source_check.checking import check_source
    from orchestration.source_check.report import lines_of
    from orchestration.source_check.workbook import workbook_of

    current = with_map(settings(), source_map)
    month = period or str(last_closed(yesterday()))
    [(wanted, as_of)] = pipeline.due_dates(month, None)
    screen = Screen(as_json=as_json)
    findings = check_source(
        current, chosen_source(current, location), wanted, as_of, screen.progress
    )
    if file:
        files.write_bytes_atomically(file, workbook_of(findings))
    screen.result(lines_of(findings), findings.as_json())
    if findings.unreadable:
        remedy = "" if current.source_map else f" {BY_A_MAP}"
        raise SourceError(f"The source cannot be read as it is.{remedy}")
    if not findings.is_sound:
        raise RefusedError(f"{month} would be refused.")


@source.command("draft-map")
@click.argument("location", metavar="SOURCE", required=False)
@click.option(
    "--output",
    "file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("source_map.yml"),
    show_default=True,
    help="Where to write the draft; a file that is there is not overwritten.",
)
@json_option
def draft_command(*, location: str | None, file: Path, as_json: bool) -> None:
    """Draft a map of a foreign database, from its catalogue and a sample of each table.

    SOURCE: a database's URL [default: UHI_SOURCE]. Each proposal has its evidence; what is not sure
    is marked `unresolved`, and such a map is not read before a person has settled it.
    """
    from orchestration.errors import UsageError
    from orchestration.home import files
    from orchestration.source_draft.drafting import draft_map

    current = settings()
    if file.exists():
        raise UsageError(f"{file} is there; name another by --output, or move it away.")
    screen = Screen(as_json=as_json)
    draft = draft_map(current, chosen_source(current, location), screen.progress)
    files.write_bytes_atomically(file, draft.text.encode())
    screen.result(draft.lines(file), {"file": str(file)} | draft.as_json())


@source.command("contract")
@click.option(
    "--output",
    "folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("source_contract"),
    show_default=True,
    help="Folder to write to, which must be empty.",
)
@json_option
def contract_command(*, folder: Path, as_json: bool) -> None:
    """Write what the platform must hand over: contract, data dictionary and empty workbooks.

    The contract is one by the Open Data Contract Standard 3.1; the dictionary is in Chinese and
    English; the workbooks in `forms/`, once filled in, are a source.
    """
    from orchestration.source_contract.exporting import export

    written = export(folder)
    lines = [f"Written to {folder}:", *(f"  {path.relative_to(folder)}" for path in written)]
    Screen(as_json=as_json).result(lines, {"files": [str(path) for path in written]})


@source.command("revisions")
@click.option("--intake", metavar="NAME", help="Which intake [default: the latest].")
@json_option
def revisions_command(*, intake: str | None, as_json: bool) -> None:
    """Say what an intake has otherwise than published months: rows, and figures that would move.

    It is as `uhi run` found it, and found out now where that is not known. Nothing is released.
    """
    from orchestration import pipeline
    from orchestration.extract.intakes import latest_record
    from orchestration.revisions.text import format_revisions

    current = settings()
    screen = Screen(as_json=as_json)
    chosen = intake or latest_record(current.home).intake
    found = pipeline.compare_with_published(current, chosen, screen.progress)
    folder = current.home.revisions_of(chosen)
    screen.result(format_revisions(found, folder), {"folder": str(folder)} | found.as_json())
