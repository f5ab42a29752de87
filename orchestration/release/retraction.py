"""Retract: a release in force is withdrawn, for a reason.

Its files go to a room of the home's owner; a tombstone stays in their place.
"""

import shutil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.errors import RefusedError
from orchestration.home import files, ledger, locks
from orchestration.home.events import Retracted
from orchestration.home.layout import SUMS, TOMBSTONE, Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.release import Tombstone
from orchestration.home.releases import in_force, release_in_force, renew_current
from orchestration.periods import Period
from orchestration.plain_text import LONGEST_REASON, stated_line
from orchestration.release.context import sums_digest
from orchestration.signatures.people import person_name

PAGE = "index.html"
TEMPLATES = Path(__file__).with_name("templates")


def retract(
    home: Home,
    period: Period,
    reason: str,
    by: str,
) -> Path:
    """Withdraw the release in force of a period; returns its tombstone.

    Nothing is in force then, until a next release.

    The ledger has it first; a retraction that was interrupted after that is finished by the next
    retraction, preparation or publication. Raises UsageError without a name or a reason,
    RefusedError where nothing is in force.
    """
    person = person_name(by)
    stated = stated_line(reason, "A retraction needs its reason", LONGEST_REASON)
    with locks.held(home, str(period)):
        finished = finish_retractions(home)
        of_period = [place for place in finished if place.parent.name == str(period)]
        if of_period:
            return of_period[-1]
        release = release_in_force(home, period)
        if release is None:
            raise RefusedError(f"No release of {period} is in force.")
        event = Retracted(
            period=str(period),
            release=release.name,
            digest=sums_digest(release),
            reason=stated,
            by=person,
        )
        ledger.append(home, event)
        return finish_retractions(home)[-1]


def finish_retractions(home: Home) -> list[Path]:
    """Carry out what the ledger says is retracted and is not yet; returns the tombstones made."""
    made = []
    for event in Ledger.of(home).every(Retracted):
        place = home.release(event.period, event.release)
        if (place / TOMBSTONE).exists():
            continue
        with locks.held(home, event.period):
            carry_out(home, event, place)
        made.append(place)
    return made


def carry_out(
    home: Home,
    event: Retracted,
    place: Path,
) -> None:
    """Take a release out of force, move its files aside, and put the tombstone in its place.

    Each step only if it is not done.
    """
    renew_current(home)
    if place.exists():
        take_aside(home, event, place)
    put_tombstone(event, place, in_force(home).get(event.period))


def put_tombstone(
    event: Retracted,
    place: Path,
    replaced_by: str | None,
) -> None:
    """Put a tombstone with its page where a retracted release was.

    replaced_by: the release in force of its month, if any.
    """
    tombstone = Tombstone(**event.model_dump(exclude={"event"}))
    page = tombstone_page(tombstone, replaced_by)
    with files.scratch_folder(place.with_name(f".{place.name}")) as scratch:
        folder = scratch / "tombstone"
        folder.mkdir()
        (folder / TOMBSTONE).write_text(tombstone.text(), encoding="utf-8")
        (folder / PAGE).write_text(page, encoding="utf-8")
        files.rename_folder(folder, place)


def take_aside(home: Home, event: Retracted, place: Path) -> None:
    """Move a retracted release's files aside.

    Where they lie aside already, the release came back, from a backup perhaps, and goes again.
    Raises RefusedError where something else is in its place.
    """
    aside = home.retracted_release(event.period, event.release)
    if not aside.exists():
        files.rename_folder(place, aside)
    elif (place / SUMS).is_file() and sums_digest(place) == event.digest:
        shutil.rmtree(place)
    else:
        raise RefusedError(
            f"{place} is not the release that was retracted there, whose files are in {aside}; "
            "take it away."
        )


def tombstone_page(tombstone: Tombstone, replaced_by: str | None) -> str:
    """The page that stands in place of a retracted release, with its Chinese font in it.

    replaced_by: the release in force of its month, if any.
    """
    # Half a second, which whatever retracts nothing does without.
    from orchestration.documents.page_fonts import font_face

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
    )
    template = environment.get_template("tombstone.html")
    page = template.render(tombstone.as_json(), replaced_by=replaced_by)
    return page.replace("<style>", f"<style>\n{font_face(page)}", 1)


def renew_tombstones(
    home: Home,
    period: Period,
    replaced_by: str,
) -> None:
    """Let the tombstones of a period point to the release that is in force instead.

    Nothing else of them changes.
    """
    for stone in sorted((home.releases / str(period)).glob(f"r*/{TOMBSTONE}")):
        page = tombstone_page(Tombstone.read(stone), replaced_by)
        files.write_atomically(stone.with_name(PAGE), page)
