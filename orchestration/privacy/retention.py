"""What of the landing may go: intakes that nothing names any more, and bytes of no intake."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.extract.intakes import intake_records, objects_not_shown
from orchestration.home import files, ledger, locks
from orchestration.home.events import Pruned
from orchestration.home.layout import Home
from orchestration.home.records.intake import IntakeRecord
from orchestration.home.records.verdict import Plan, Verdict
from orchestration.privacy.replacement import finish_erasure
from orchestration.settings import Settings


@dataclass(frozen=True)
class Pruning:
    """What a pruning removes, or would remove.

    It has intakes by name, objects by digest, and the bytes that this frees.
    """

    intakes: list[str]
    objects: list[str]
    bytes: int


def prune(settings: Settings, *, dry_run: bool) -> Pruning:
    """Remove what no release, candidate, planned build or retention rule names.

    With `dry_run`, only say what it would be.
    """
    home = settings.home
    with locks.held(home, locks.LANDING):
        if not dry_run:
            finish_erasure(home)
        records = intake_records(home)
        kept = reasons_to_keep(settings, records)
        gone = [record.intake for record in records if not kept[record.intake]]
        staying = [record for record in records if kept[record.intake]]
        objects = objects_not_shown(home, staying)
        pruning = Pruning(
            intakes=gone,
            objects=[path.stem for path in objects],
            bytes=sum(path.stat().st_size for path in objects),
        )
        if not dry_run and (gone or objects):
            remove(home, pruning, objects)
    return pruning


def remove(
    home: Home,
    pruning: Pruning,
    objects: list[Path],
) -> None:
    """Remove the intakes of a pruning and these objects, after an entry in the ledger.

    What such an intake said otherwise than published months goes with it.
    """
    event = Pruned(
        intakes=tuple(pruning.intakes),
        objects=len(objects),
        bytes=pruning.bytes,
    )
    ledger.append(home, event)
    with files.scratch_folder(home.landing / ".gone") as aside:
        for name in pruning.intakes:
            shutil.rmtree(home.revisions_of(name), ignore_errors=True)
            home.intake(name).rename(aside / name)
        files.sync_folder(home.intakes)
    for path in objects:
        path.unlink()
    files.sync_folder(home.objects)


def made_of_intakes(home: Home) -> dict[str, list[Path]]:
    """The folders made of each intake.

    They are candidates, judged or refused, releases prepared or published, and planned builds. A
    candidate in force goes by the name of its period.
    """
    found: dict[str, list[Path]] = {}
    for verdict in verdicts_of(home):
        intake = Verdict.read(verdict).landing.intake
        found.setdefault(intake, []).append(verdict.parent)
    for plan in home.build_plans():
        intake = Plan.read(plan).intake
        found.setdefault(intake, []).append(plan.parent)
    return found


def verdicts_of(home: Home) -> list[Path]:
    """The verdicts of a home's candidates and releases, each once, by its last name."""
    found = {}
    for folder in (*home.candidate_builds(), *home.judged_folders()):
        verdict = folder / "verdict.json"
        if verdict.exists():
            found[verdict.resolve()] = verdict
    return list(found.values())


def reasons_to_keep(settings: Settings, records: list[IntakeRecord]) -> dict[str, list[str]]:
    """Why each intake is kept; one without a reason may go.

    Reasons are what is made of it, that it is young, and that the next reading of changes builds on
    it.
    """
    now = datetime.now(UTC)
    made_of = made_of_intakes(settings.home)
    latest = {record.source: record.intake for record in records}
    kept = {}
    for record in records:
        made = made_of.get(record.intake, [])
        reasons = [place.relative_to(settings.home.folder).as_posix() for place in made]
        young_until = datetime.fromisoformat(record.extracted_at) + timedelta(settings.keep_days)
        if young_until > now:
            reasons.append(f"young until {young_until:%Y-%m-%d}")
        if latest[record.source] == record.intake:
            reasons.append("latest of its source")
        kept[record.intake] = reasons
    return kept
