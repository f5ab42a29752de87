"""The cases as of the evaluation of a closed month, as its release shows them, internally.

They follow from the log up to that evaluation: the same candidate has the same tables, whatever
happened since. A release is never edited, so no text that somebody wrote is in them.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.alerts.records import Case
from orchestration.alerts.statistics import History, correction_curve, statistics_of
from orchestration.alerts.statistics_tables import parquet_of, tables_of
from orchestration.alerts.store import Mark, Store, opened
from orchestration.home import files
from orchestration.home.layout import CASES_RECORD, Home
from orchestration.home.records.cases import CaseSnapshot
from orchestration.home.records.verdict import Verdict
from orchestration.periods import Period
from orchestration.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa


def renew_snapshot(settings: Settings, period: Period) -> None:
    """Let the cases of a period's candidate be those of the log, whatever lies in their place.

    So they are after an evaluation that was killed before it wrote them, and after somebody changed
    them with their record. Without a log that has the evaluation there are none. Raises
    RefusedError where the candidate is none that was built here, AlertsError where the database
    cannot be used.
    """
    home = settings.home
    verdict = home.verdict(period)
    kept = None
    if settings.has_alerts and verdict.is_file():
        with opened(settings) as store:
            kept = keep_snapshot(store, home, verdict)
    if kept is None and home.case_snapshot(period).exists():
        shutil.rmtree(home.case_snapshot(period))


def keep_snapshot(store: Store, home: Home, verdict: Path) -> Path | None:
    """Write the cases as of the evaluation of a verdict; returns the folder.

    verdict: its file. None of a running month, and of a verdict that was not evaluated.
    """
    digest = files.sha256_of(verdict)
    evaluation = store.evaluation_of(digest)
    if evaluation is None:
        return None
    judged = Verdict.read(verdict)
    if judged.provisional:
        return None
    folder = home.case_snapshot(judged.period)
    history = History.read(store.entries(evaluation.number))
    write_snapshot(folder, judged.period, digest, evaluation, history)
    return folder


def write_snapshot(
    folder: Path, period: str, verdict: str, evaluation: Mark, history: History
) -> None:
    """Write the tables of a history with their record, all of them or none."""
    contents = {name: parquet_of(table) for name, table in case_tables(history).items()}
    with files.scratch_folder(folder.with_name(f".{folder.name}")) as scratch:
        for name, content in contents.items():
            (scratch / f"{name}.parquet").write_bytes(content)
        record = CaseSnapshot(
            period=period,
            as_of=history.as_of,
            verdict=verdict,
            entry=evaluation.number,
            log=evaluation.digest,
            tables={name: files.sha256_of(scratch / f"{name}.parquet") for name in contents},
        )
        record.write(scratch / CASES_RECORD)
        files.replace_folder(scratch, folder)


def case_tables(history: History) -> dict[str, "pa.Table"]:
    """The tables of a history by name: its cases, statistics of them, and the curve."""
    return {
        "alert_case": table_of_cases(history.cases),
        **tables_of(statistics_of(history)),
        "correction_curve": table_of_curve(history),
    }


def table_of_cases(cases: Sequence[Case]) -> "pa.Table":
    """A row for each case, in their order, with what the columns name of it."""
    import pyarrow as pa

    whole, text, day, flag = pa.int32(), pa.string(), pa.date32(), pa.bool_()
    figure = pa.decimal128(18, 4)
    schema = pa.schema(
        {
            "number": whole,
            "state": text,
            "union_id": text,
            "county_code": text,
            "rule": text,
            "dimension": text,
            "level": text,
            "measure": text,
            "observed": figure,
            "threshold": figure,
            "opened_on": day,
            "due_on": day,
            "due_is_projected": flag,
            "reopens": whole,
            "step": text,
            "notified_at": text,
            "acknowledged_at": text,
            "planned_on": day,
            "corrected_on": day,
            "is_unconfirmed": flag,
            "silenced_until": day,
            "closed_on": day,
            "closed_reason": text,
        }
    )
    rows = [{"state": case.state} | case.model_dump() for case in cases]
    return pa.Table.from_pylist(rows, schema)


def table_of_curve(history: History) -> "pa.Table":
    """The curve of corrections: a row for each day after opening on which it falls."""
    import pyarrow as pa

    schema = pa.schema({"days": pa.int32(), "uncorrected_rate": pa.decimal128(7, 4)})
    rows = [{"days": days, "uncorrected_rate": rate} for days, rate in correction_curve(history)]
    return pa.Table.from_pylist(rows, schema)
