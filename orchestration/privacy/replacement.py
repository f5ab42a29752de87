"""Putting intakes that were written anew without a person's rows in the place of the old ones.

What is to be put there is decided by one file, `landing/.erasure.json`, written once the new landed
files are in their place. From then on every step can be done again, so that an erasure that was
interrupted is finished by the next erasure, extraction or pruning. Each intake is shown wholly as
it was or wholly as it is to be.
"""

import shutil

from orchestration.build import warehouse
from orchestration.extract.intakes import intake_records, objects_not_shown, show_intake
from orchestration.home import files, ledger
from orchestration.home.events import Erased
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.intake import ErasureDecision, ErasureStatement, IntakeRecord
from orchestration.home.records.verdict import Plan

UNFINISHED = (".incoming", ".intake", ".gone")


def decide(
    home: Home,
    entry: ErasureStatement,
    records: list[IntakeRecord],
) -> None:
    """Decide that intakes are to have these records, whose landed files are in their place.

    entry: what the ledger is to say of it.
    """
    ErasureDecision(entry=entry, records=tuple(records)).write(home.erasure)


def finish_erasure(home: Home) -> ErasureStatement | None:
    """Do what is decided and not yet done; returns the ledger's entry of it, None where nothing is.

    Called by whoever holds the landing.
    """
    if not home.erasure.exists():
        return None
    decision = ErasureDecision.read(home.erasure)
    entry = decision.entry
    if not any(is_of(recorded, entry) for recorded in Ledger.of(home).every(Erased)):
        ledger.append(
            home,
            Erased(
                by=entry.by,
                reason=entry.reason,
                intakes=entry.intakes,
            ),
        )
    landing = home.landing
    for record in decision.records:
        with files.scratch_folder(landing / ".intake") as shown:
            show_intake(shown, record)
            files.replace_folder(shown, home.intake(record.intake))
    remove_objects_not_shown(home)
    renewed = {record.intake for record in decision.records}
    for plan in home.build_plans():
        if Plan.read(plan).intake in renewed:
            warehouse.remove(plan.parent)
    home.erasure.unlink()
    files.sync_folder(landing)
    return entry


def is_of(recorded: Erased, entry: ErasureStatement) -> bool:
    """Whether an event of the ledger is that of an erasure."""
    return all(getattr(recorded, name) == stated for name, stated in entry)


def remove_unfinished(home: Home) -> None:
    """Remove what steps that were interrupted left in the landing."""
    for name in UNFINISHED:
        shutil.rmtree(home.landing / name, ignore_errors=True)
    remove_objects_not_shown(home)


def remove_objects_not_shown(home: Home) -> None:
    """Remove the landed files that no intake shows."""
    if unshown := objects_not_shown(home, intake_records(home)):
        for path in unshown:
            path.unlink()
        files.sync_folder(home.objects)
