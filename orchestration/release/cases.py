"""The cases of alerts as of the evaluation of a release's candidate, in its internal edition.

They are written when the candidate is evaluated, and anew before a release is prepared, for nothing
vouches for files that lie in a home (`alerts.snapshots`). A release waits for no evaluation.
"""

import shutil
from pathlib import Path

from orchestration.errors import RefusedError, VerificationError
from orchestration.home import files
from orchestration.home.layout import CASES, CASES_RECORD, Home
from orchestration.home.records.cases import CaseSnapshot
from orchestration.periods import Period


def cases_for(home: Home, period: Period) -> Path | None:
    """The folder of the cases of a period's candidate; None where it was not evaluated.

    Raises RefusedError where they are damaged.
    """
    folder = home.case_snapshot(period)
    try:
        record = CaseSnapshot.in_folder(folder)
    except VerificationError as error:
        raise RefusedError(
            f"{error} Take the folder away, then run `uhi alert evaluate {period}`."
        ) from None
    is_of_it = record is not None and record.verdict == files.sha256_of(home.verdict(period))
    return folder if is_of_it else None


def archived_cases(release: Path) -> Path | None:
    """The folder of the cases that a release has; None where it has none."""
    folder = release / "internal" / CASES
    return folder if (folder / CASES_RECORD).is_file() else None


def copy_cases(cases: Path, internal: Path) -> None:
    """Copy cases, with their record, into an internal edition."""
    record = CaseSnapshot.read(cases / CASES_RECORD)
    folder = internal / CASES
    folder.mkdir()
    for name in (CASES_RECORD, *(f"{table}.parquet" for table in record.tables)):
        shutil.copyfile(cases / name, folder / name)


def other_cases(folder: Path) -> list[str]:
    """How the cases in a release are not those of its verdict."""
    archived = archived_cases(folder)
    if archived is None:
        return []
    try:
        record = CaseSnapshot.in_folder(archived)
    except VerificationError as error:
        return [str(error)]
    is_of_it = record is not None and record.verdict == files.sha256_of(folder / "verdict.json")
    return [] if is_of_it else ["its cases of alerts are those of another verdict"]
