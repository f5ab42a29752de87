"""How the homes that many tests look at are made.

Each is made within a folder of its own (`tests.support.prebuilt`).
"""

import shutil
from pathlib import Path

from orchestration import pipeline
from orchestration.extract.intakes import latest_record
from orchestration.periods import Period
from orchestration.release import preparation, publication
from tests.support.faults import candidate_tables, copy_of, run_again
from tests.support.people import DECEMBER, approve
from tests.support.settings import EXAMPLE, settings_in

MONTHS = ("2020-10", "2020-11", "2020-12")
NOVEMBER = Period(2020, 11)
LOOKED = "a look before the 20th"
REASON = "ratings were withdrawn by the platform"
PREPARED = "prepared for December"


def run_example(folder):
    """The contract's example, run from October to December 2020."""
    due = pipeline.due_dates(f"{MONTHS[0]}..{MONTHS[-1]}", None)
    pipeline.run(
        settings_in(folder / "home"), str(EXAMPLE / "source"), due, "tests", lambda _: None
    )


def prepare_december(example, folder):
    """The example's home, without its warehouse, with December prepared."""
    home = copy_of(example, folder, "home")
    shutil.rmtree(home / "warehouse")
    preparation.prepare(settings_in(home), DECEMBER)


def release_december(prepared, folder):
    """The same, with December published."""
    settings = settings_in(copy_of(prepared, folder, "home"))
    approve(settings)
    publication.publish(settings.home, DECEMBER)


def change_source(folder):
    """The example's source after a night, with fewer ratings."""
    source = Path(shutil.copytree(EXAMPLE / "source", folder / "source"))
    ratings = (source / "member_rating.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (source / "member_rating.csv").write_text("".join(ratings[:-30]), encoding="utf-8")


def run_night(released, changed_source, folder):
    """A home with a release after a night, undisturbed."""
    home = copy_of(released, folder, "home")
    run_again(home, changed_source)
    assert candidate_tables(home) != candidate_tables(released)


def release_two_months(example, folder):
    """A home in which November, and then December, previewed, was published.

    Beside it lies what was prepared for December.
    """
    settings = settings_in(copy_of(example, folder, "home"))
    for period in (NOVEMBER, DECEMBER):
        preparation.prepare(settings, period)
        if period == DECEMBER:
            preparation.preview(settings.home, period, "press office", LOOKED)
            prepared = settings.home.prepared(period)
            shutil.copytree(prepared, folder / PREPARED, symlinks=True)
        approve(settings, period=period)
        publication.publish(settings.home, period)


def revise_december(released, night, folder):
    """A home with December released, then revised and prepared anew after a night.

    Beside it lie the keys of those who approved the release.
    """
    without = shutil.ignore_patterns(released.name)
    shutil.copytree(released.parent, folder, symlinks=True, dirs_exist_ok=True, ignore=without)
    copy_of(night, folder, "home")
    settings = settings_in(folder / "home")
    intake = latest_record(settings.home).intake
    pipeline.compare_with_published(settings, intake, lambda _: None)
    preparation.prepare(settings, DECEMBER, "revision", REASON)
