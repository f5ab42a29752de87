"""What of the landing may go: intakes that nothing names any more, and bytes that no intake shows."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestration import files, ledger
from orchestration.extract.intakes import intake_records
from orchestration.settings import Settings

NAMING = ("candidates/*/verdict.json", "prepared/*/verdict.json", "releases/*/*/verdict.json", "retracted/*/*/verdict.json")


@dataclass(frozen=True)
class Pruning:
    """What a pruning removes, or would: intakes by name, objects by digest, and the bytes that this frees."""

    intakes: list[str]
    objects: list[str]
    bytes: int


def prune(settings: Settings, *, dry_run: bool) -> Pruning:
    """Remove what no release, candidate, planned build or retention rule names; with `dry_run`, only say what it would be."""
    landing = settings.home / "landing"
    with files.locked(settings.home):
        records = intake_records(settings.home)
        kept = named_intakes(settings.home) | retained_intakes(settings, records, datetime.now(UTC))
        gone = [record["intake"] for record in records if record["intake"] not in kept]
        shown = {table["sha256"] for record in records if record["intake"] in kept for table in record["tables"]}
        objects = [path for path in sorted((landing / "objects").glob("*.parquet")) if path.stem not in shown]
        pruning = Pruning(gone, [path.stem for path in objects], sum(path.stat().st_size for path in objects))
        if not dry_run and (gone or objects):
            ledger.append(settings.home, "prune", intakes=gone, objects=len(objects), bytes=pruning.bytes)
            with files.scratch_folder(landing / ".gone") as aside:
                for name in gone:
                    (landing / "intakes" / name).rename(aside / name)
                files.sync_folder(landing / "intakes")
            for path in objects:
                path.unlink()
            files.sync_folder(landing / "objects")
    return pruning


def named_intakes(home: Path) -> set[str]:
    """Intakes that a candidate, judged or refused, a prepared or published release, or a planned build is made of."""
    verdicts = [path for pattern in NAMING for path in home.glob(pattern)]
    plans = home.glob("warehouse/*/plan.json")
    return {files.read_json(path)["landing"]["intake"] for path in verdicts} | {files.read_json(path)["intake"] for path in plans}


def retained_intakes(settings: Settings, records: list[dict[str, Any]], now: datetime) -> set[str]:
    """Intakes younger than `keep_days`, and the latest of each source, which the next reading of changes builds on."""
    latest = {record["source"]: record["intake"] for record in records}
    young = now - timedelta(days=settings.keep_days)
    return set(latest.values()) | {record["intake"] for record in records if datetime.fromisoformat(record["extracted_at"]) > young}
