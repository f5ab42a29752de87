"""What an intake says otherwise than published months: computed once, written whole.

Each intake is held against the releases in force of the latest published months. The rows of its
landing and of theirs are compared as of each month's day; where one differs, the month is computed
on the new landing, and its tables are compared with those of the release.
"""

from pathlib import Path

import duckdb

from orchestration.build.warehouse import write_parquet
from orchestration.contract.registry import source_tables
from orchestration.errors import RefusedError, UsageError
from orchestration.home import files, locks
from orchestration.home.layout import REVISIONS_RECORD, Home
from orchestration.home.records.revisions import RevisedMonth, Revisions
from orchestration.release.editions import write_csv
from orchestration.revisions import counting, figures, rows
from orchestration.revisions.published import (
    Landing,
    PublishedMonth,
    landing_of,
    landing_problem,
    moved_tables,
    published_months,
    sums_of,
)
from orchestration.screen import Progress
from orchestration.settings import Settings
from quality.connection import connect

TABLES = {"revised_rows": rows.ORDER, "revised_figures": figures.ORDER}


def revisions_of(settings: Settings, intake: str, progress: Progress) -> Revisions:
    """What an intake of a home says otherwise than its published months; computed the first time.

    Nothing of the home changes but the folder in which this is kept. Raises RefusedError where the
    landing does not hold the intake, VerificationError where a release in force, or what was
    written before, is not as it was, HomeBusyError while another process works on the landing.
    """
    home = settings.home
    with locks.held(home, locks.LANDING):
        landing = Landing.in_home(home, intake)
        folder = home.revisions_of(intake)
        if found := Revisions.in_folder(folder):
            return found
        months = published_months(home, settings.revision_months)
        with (
            files.scratch_folder(home.revisions / ".comparing") as scratch,
            connect() as connection,
        ):
            connection.execute(rows.TABLE)
            connection.execute(figures.TABLE)
            compared = [
                compare_month(
                    connection, home, scratch / month.manifest.period, month, landing, progress
                )
                for month in months
            ]
            made = scratch / "made"
            record = write(connection, made, landing, compared)
            files.replace_folder(made, folder)
    return record


def compare_month(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    scratch: Path,
    month: PublishedMonth,
    landing: Landing,
    progress: Progress,
) -> RevisedMonth:
    """What a landing says otherwise than a published month; its rows and figures are added."""
    then = landing_of(home, month)
    remarks: list[str] = []
    problem = figures_problem = None
    if then is None:
        problem = f"the home does not have the intake {month.manifest.landing.intake} any more"
    elif moved := moved_tables(then, landing):
        progress(f"comparing what was landed with what was published of {month.name}")
        remarks += remarks_on(month, then, landing)
        problem = landing_problem(then, moved)
        if problem is None:
            compare_rows(connection, month, then, landing, moved)
    period = month.manifest.period
    revised = counting.rows_revised(connection, period)
    if revised:
        remarks += figures.remarks_on(month)
        figures_problem = compare_figures(connection, home, scratch, month, landing, progress)
    return RevisedMonth(
        period=period,
        release=month.folder.name,
        sha256sums=sums_of(month),
        as_of=month.manifest.as_of,
        rows=revised,
        rows_problem=problem,
        figures=counting.figures_revised(connection, period),
        figures_problem=figures_problem,
        largest_move=counting.largest_move(connection, period),
        remarks=tuple(remarks),
    )


def compare_rows(
    connection: duckdb.DuckDBPyConnection,
    month: PublishedMonth,
    then: Landing,
    landing: Landing,
    moved: list[str],
) -> None:
    """Add the revised rows of the tables that have other bytes than those published."""
    for side, each in ((rows.THEN, then), (rows.NOW, landing)):
        rows.open_places(connection, side, each.file("enterprise"), each.file("union_org"))
    for name in moved:
        table = source_tables()[name]
        without = pseudonyms_of(name) if has_other_key(then, landing) else ()
        comparison = rows.Comparison(
            month.manifest.period,
            month.folder.name,
            month.as_of,
            month.read_at,
            then.file(name),
            landing.file(name),
        )
        rows.add_revised_rows(connection, comparison, table, without)


def compare_figures(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    scratch: Path,
    month: PublishedMonth,
    landing: Landing,
    progress: Progress,
) -> str | None:
    """Add the figures that would move; returns why they cannot be computed, None where they can."""
    progress(f"computing {month.name} on what was landed")
    try:
        with files.scratch_folder(scratch):
            tables = figures.tables_on(home, scratch, month, landing, progress)
            figures.add_revised_figures(connection, month, tables)
    except (UsageError, RefusedError) as error:
        return str(error)
    return None


def remarks_on(month: PublishedMonth, then: Landing, landing: Landing) -> list[str]:
    """What to know of a comparison: that rows were erased since, or have other pseudonyms."""
    remarks = []
    if erased := then.record.erased_since(month.manifest.landing.sha256):
        remarks.append(f"rows about persons were erased since ({', '.join(erased)})")
    if has_other_key(then, landing):
        columns = [f"{name}.{column}" for name in source_tables() for column in pseudonyms_of(name)]
        remarks.append(f"not compared, for they are made with another key: {', '.join(columns)}")
    return remarks


def has_other_key(then: Landing, landing: Landing) -> bool:
    """Whether the pseudonyms of two landings are made with different keys."""
    return then.record.pseudonym_key != landing.record.pseudonym_key


def pseudonyms_of(table: str) -> list[str]:
    """The columns of a table that are made of personal ones."""
    return [column.name for column in source_tables()[table].landed if column.derived_from]


def write(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    landing: Landing,
    months: list[RevisedMonth],
) -> Revisions:
    """Write the tables of revised rows and figures, Parquet and CSV, with their record."""
    folder.mkdir()
    for name, order in TABLES.items():
        file = folder / f"{name}.parquet"
        write_parquet(connection, f"select * from {name} order by {order}", file)
        write_csv(connection, file)
    record = Revisions(
        intake=landing.record.intake,
        digest=landing.record.digest,
        months=tuple(months),
        tables={name: files.sha256_of(folder / f"{name}.parquet") for name in TABLES},
    )
    record.write(folder / REVISIONS_RECORD)
    return record
