"""What a home made of intakes that changed, and where its accounts still name erased rows.

An account of refused and merged rows names them by the platform's key, and nothing else of them.
"""

from pathlib import Path

from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.home.records.intake import ErasedIntake
from orchestration.privacy.retention import made_of_intakes
from quality.connection import connect

REFUSED_ROWS = "refused_rows.parquet"


def places_made_of(home: Home, changed: list[ErasedIntake]) -> list[Path]:
    """The folders of a home that are made of intakes that changed."""
    names = {intake.intake for intake in changed}
    found: list[Path] = []
    for intake, places in made_of_intakes(home).items():
        if intake in names:
            found += places
    return found


def accounts_in(
    home: Home,
    places: list[Path],
    keys: list[tuple[str, str]],
) -> dict[str, int]:
    """How many rows the accounts in these folders name by these keys; only those that name any."""
    found = {}
    for place in sorted(places):
        if rows := rows_accounted(place, keys):
            found[path_in(home, place)] = rows
    return found


def rows_accounted(place: Path, keys: list[tuple[str, str]]) -> int:
    """How many rows of these tables and keys are named in a folder.

    By its accounts of refused and merged rows.
    """
    query = "select source_table, source_key from read_parquet($1)"
    named = 0
    with connect() as connection:
        for file in files.plain_files(place.resolve()).values():
            if file.name == REFUSED_ROWS:
                rows = connection.execute(query, [str(file)]).fetchall()
                named += sum(row in keys for row in rows)
    return named


def path_in(home: Home, place: Path) -> str:
    """A folder of the home, by its path within."""
    return place.relative_to(home.folder).as_posix()
