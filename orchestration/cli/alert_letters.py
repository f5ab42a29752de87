"""`uhi alert letter`: the letters about cases that are past their deadline."""

from pathlib import Path

import click

from orchestration.screen import Screen, json_option, settings


@click.command()
@click.option("--case", metavar="NUMBER", type=click.IntRange(min=1), help="About one case.")
@click.option("--union", metavar="ID", help="About all open cases of a union.")
@click.option("--county", metavar="CODE", help="About all open cases of a county, to its union.")
@click.option("--step", metavar="STEP", help="Only the letter of this step, such as opinion.")
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write them [default: `alerts/letters` in the home].",
)
@json_option
def letter(
    *,
    case: int | None,
    union: str | None,
    county: str | None,
    step: str | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Write the letters (一函两书) that are due about open cases, as DOCX and PDF; internal."""
    from orchestration.alerts.letters.choosing import subject_of
    from orchestration.alerts.letters.exporting import export, format_letters
    from orchestration.alerts.store import opened

    current = settings()
    subject = subject_of(case, union, county)
    with opened(current) as store:
        letters = export(store, current.home, subject, step, folder)
    content = [
        {
            "number": each.number,
            "step": each.step,
            "cases": each.cases,
            "files": [str(file) for file in each.files],
        }
        for each in letters
    ]
    Screen(as_json=as_json).result(format_letters(letters), {"letters": content})
