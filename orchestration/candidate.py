"""The candidate of a period: planned, built from one intake and the stored month before, and kept with its verdict under `candidates/`.

The steps are plain functions that the command line calls in one go and Dagster as assets; between them the plan lies beside the warehouse.
"""

import csv
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration import files, ledger, warehouse
from orchestration.errors import RefusedError, UsageError
from orchestration.extract.intakes import intake_record
from orchestration.lineage.sending import reported
from orchestration.methodology import Methodology, load_methodology
from orchestration.periods import Period, is_provisional, yesterday
from orchestration.settings import DBT_PROJECT, METHODOLOGY, Settings


@dataclass(frozen=True)
class Plan:
    """What a build is made of: period, as-of date, intake, methodology, the stored month before, and who prepares it."""

    period: str
    as_of: str
    provisional: bool
    intake: str
    landing_digest: str
    notice: str | None
    methodology: str
    methodology_digest: str
    predecessor: dict[str, str]
    predecessor_methodology: str
    predecessor_remark: str
    prepared_by: str | None

    def save(self, home: Path) -> None:
        """Write the plan where the steps of the build find it."""
        files.write_atomically(build_folder(home, self.period) / "plan.json", files.to_json(asdict(self)))

    @classmethod
    def load(cls, home: Path, period: str) -> "Plan":
        """Read the plan of the period's build. Raises UsageError where none was made."""
        path = build_folder(home, period) / "plan.json"
        if not path.exists():
            raise UsageError(f"No build of {period} is planned; extract first.")
        return cls(**files.read_json(path))


def build_folder(home: Path, period: str) -> Path:
    """Folder of a period's build: its plan and its warehouse; disposable."""
    return home / "warehouse" / period


def candidate_folder(home: Path, period: str) -> Path:
    """Folder of a period's judged candidate."""
    return home / "candidates" / period


def methodology_of(period: Period) -> Methodology:
    """The methodology in force, checked. Raises UsageError."""
    return load_methodology(METHODOLOGY, period)


def check_calendar(as_of: date) -> None:
    """The calendar of public holidays reaches the as-of date. Raises UsageError."""
    with (DBT_PROJECT / "seeds" / "public_holidays.csv").open(encoding="utf-8", newline="") as lines:
        last_year = max(int(row["date"][:4]) for row in csv.DictReader(lines))
    if as_of.year > last_year:
        raise UsageError(f"The calendar of public holidays (public_holidays.csv) ends with {last_year}; {as_of} needs a later one.")


def plan_build(settings: Settings, intake: Path, period: Period, as_of: date, prepared_by: str | None = None) -> Plan:
    """Settle what a period is built from, and keep the plan; a warehouse of an earlier one goes. Raises UsageError."""
    methodology = methodology_of(period)
    check_calendar(as_of)
    record = files.read_json(intake / "intake.json")
    predecessor, predecessor_methodology, remark = stored_predecessor(settings.home, period.previous)
    plan = Plan(
        period=str(period),
        as_of=as_of.isoformat(),
        provisional=is_provisional(period, as_of, yesterday()),
        intake=record["intake"],
        landing_digest=record["digest"],
        notice=record["notice"],
        methodology=methodology.name,
        methodology_digest=methodology.digest,
        predecessor=predecessor,
        predecessor_methodology=predecessor_methodology,
        predecessor_remark=remark,
        prepared_by=prepared_by,
    )
    with files.locked(settings.home):
        warehouse.remove(build_folder(settings.home, plan.period))
        plan.save(settings.home)
    return plan


def stored_predecessor(home: Path, period: Period) -> tuple[dict[str, str], str, str]:
    """Digests of the tables of the stored month before, its methodology, and what there is to say of it; no digests where not stored."""
    folder = candidate_folder(home, str(period))
    if not (folder / "verdict.json").exists():
        return {}, "", f"{period} is not stored"
    verdict = files.read_json(folder / "verdict.json")
    if verdict["provisional"]:
        return {}, "", f"{period} is stored as a provisional candidate only, which is no history"
    return verdict["tables"], verdict["methodology"]["name"], f"{period}, {'passed' if verdict['passed'] else 'refused'}"


def build_warehouse(settings: Settings, plan: Plan, on_node: Callable[[warehouse.NodeResult], None]) -> Path:
    """Build the period's warehouse file from its landing.

    Raises RefusedError where a model or a test of it fails; then an older candidate of the period no longer counts.
    """
    with reported(settings, "build", plan.period) as report, files.locked(settings.home):
        check_planned(settings, plan)
        try:
            built = warehouse.build(build_folder(settings.home, plan.period), build_variables(settings, plan), on_node)
        except RefusedError as error:
            withdraw(settings, plan, str(error))
            raise
        report(intake_record(settings.home, plan.intake), plan.methodology_digest, plan.predecessor)
    return built


def check_planned(settings: Settings, plan: Plan) -> None:
    """The plan is the one that lies beside the warehouse. Raises UsageError where another process has planned anew since."""
    if Plan.load(settings.home, plan.period) != plan:
        raise UsageError(f"Another build of {plan.period} has been planned since this one; extract again.")


def build_variables(settings: Settings, plan: Plan) -> dict[str, str]:
    """What the dbt project is told of a build. Raises RefusedError where the stored month before is not what was judged."""
    variables = {
        "period": plan.period,
        "as_of": plan.as_of,
        "landing": str((settings.home / "landing" / "intakes" / plan.intake).resolve()),
        "predecessor": "",
        "predecessor_methodology": plan.predecessor_methodology,
    }
    if plan.predecessor:
        tables = candidate_folder(settings.home, str(Period.parse(plan.period).previous)).resolve() / "tables"
        if {name: files.sha256_of(tables / f"{name}.parquet") for name in plan.predecessor} != plan.predecessor:
            raise RefusedError(f"The stored tables of the month before {plan.period} are not those of their verdict; run that month again.")
        variables["predecessor"] = str(tables)
    return variables


def assemble(settings: Settings, plan: Plan) -> Path:
    """Write the candidate's tables, not yet judged, into a folder of its own; returns it. Raises UsageError where no warehouse is built."""
    check_planned(settings, plan)
    built = build_folder(settings.home, plan.period) / warehouse.FILE
    if not built.exists():
        raise UsageError(f"The warehouse of {plan.period} is not built, or its build failed; build it first.")
    folder = settings.home / "candidates" / f".{plan.period}-{next_number(settings.home, plan.period)}"
    with files.fresh_folder(folder):
        warehouse.export(built, folder / "tables", folder / "staging")
    return folder


def next_number(home: Path, period: str) -> int:
    """A number for a new folder of the period that the one in force does not have."""
    link = candidate_folder(home, period)
    return int(link.readlink().name.rpartition("-")[2]) % 2 + 1 if link.is_symlink() else 1


def put_in_force(home: Path, period: str, folder: Path, verdict: dict[str, Any]) -> None:
    """Store a judged candidate: from here on it is the period's stored result."""
    files.write_atomically(folder / "verdict.json", files.to_json(verdict))
    files.sync_tree(folder)
    files.point_to(candidate_folder(home, period), folder)


def withdraw(settings: Settings, plan: Plan, reason: str) -> None:
    """Record that a build gave no candidate; an older one of the period no longer stands for it, for the source has changed since."""
    candidate_folder(settings.home, plan.period).unlink(missing_ok=True)
    ledger.append(settings.home, "verdict", period=plan.period, passed=False, provisional=plan.provisional, reason=reason)
