"""The home of a round: it begins with the latest intake, and ends as the one that counts.

It has a ledger of its own, which records the intake, the plan and the verdict of the round. The
stored months are those of the home that is watched for.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from orchestration.extract.intakes import digests_on_record, intake_records, show_intake
from orchestration.extract.landing import append_to_ledger
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.home.records.intake import IntakeRecord

Kept = tuple[Home, IntakeRecord]
"""An intake, and the home that has it."""


def latest_intake(home: Home, location: str) -> Kept | None:
    """The latest intake of a source that is on record, in a home or in that of its last round.

    location: the source's, without credentials. None where there is none.
    """
    found: list[Kept] = []
    for place in (home, home.watched):
        recorded = digests_on_record(place)
        found += [
            (place, record)
            for record in intake_records(place)
            if record.source == location and record.intake in recorded
        ]
    return max(found, key=lambda kept: kept[1].extracted_at, default=None)


@contextmanager
def begun(home: Home, latest: Kept | None) -> Iterator[Home]:
    """A home for one round, with the latest intake; it becomes `home.watched` in the end.

    Where the round fails it is removed, and the one before stays.
    """
    files.keep_private(home.watch)
    folder = home.watch / "next"
    with files.fresh_folder(folder):
        own = replace(home.watched, folder=folder)
        if latest:
            carry_over(latest, own)
        yield own
        shutil.rmtree(own.warehouse)
        files.replace_folder(folder, home.watched.folder)


def carry_over(latest: Kept, own: Home) -> None:
    """Show an intake in another home too, and put it on record there; no byte is copied."""
    origin, record = latest
    own.objects.mkdir(parents=True)
    own.intakes.mkdir(parents=True)
    for digest in {table.sha256 for table in (*record.tables, *record.further)}:
        name = f"{digest}.parquet"
        os.link(origin.objects / name, own.objects / name)
    with files.scratch_folder(own.landing / ".intake") as shown:
        show_intake(shown, record)
        files.replace_folder(shown, own.intake(record.intake))
    append_to_ledger(own, record)
