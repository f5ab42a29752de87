"""What a built release must be like before it counts as prepared.

Its files, bytes and cells are judged, and that both editions agree. Each check looks for faults in
the files alone, and is written apart from what builds them, on purpose. What a release might give
away is in `disclosure.py`, `recovery.py` and `egress.py`, what it says of itself in
`description.py` and `lineage.py`.
"""

import codecs
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import duckdb
from pydantic import TypeAdapter

from quality import (
    changes,
    contents,
    description,
    disclosure,
    egress,
    lineage,
    pages,
    recovery,
    standing,
)
from quality.check_entries import ENTRIES, entries_judged_by, hold_against_entries
from quality.connection import connect
from quality.edited_files import EditedFileError, read_yaml
from quality.parallel import parallel
from quality.publication import public_tables, published_tables
from quality.release_files import (
    EDITIONS,
    csv_header,
    files_below,
    read_json,
    sha256_of,
)
from quality.verdict import CheckResult, Severity

REQUIRED = Path(__file__).with_name("required_release_checks.yml")
METHODOLOGY = (
    "alert_rules",
    "dimensions",
    "grades",
    "indicators",
    "labels",
    "methodologies",
    "scoring_knots",
)
STAGING = (
    "refused_places",
    "refused_rows",
    "refused_values",
    "row_balance",
    "source_profile",
    "unmeasured_unions",
)
OF_THE_WHOLE = (
    "manifest.json",
    "verdict.json",
    "overrides.json",
    "openlineage.ndjson",
    "provenance.json",
)
MADE_OF_THE_JUDGED = {
    "release_verdict.json",
    "public/SHA256SUMS",
    "SHA256SUMS",
    "record.json",
    "publication.json",
}
STARTS_LIKE_A_FORMULA = r"^[=+\-@\t\r]"
NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"
NOT_FINITE = r"^[+-]?(nan|inf|infinity)$"
# The cells of a CSV file as text, by the columns c0, c1, …; an unquoted empty cell is null.
CELLS = """read_csv(
    $file, columns = $columns, header = true, auto_detect = false,
    delim = ',', quote = '"', escape = '"', nullstr = '',
    allow_quoted_nulls = false, max_line_size = 10000000
)"""


REQUIRED_CHECKS: TypeAdapter[dict[str, Severity]] = TypeAdapter(dict[str, Severity])


def required_release_checks() -> dict[str, Severity]:
    """The reviewed list of the checks of a release with their severities.

    Raises EditedFileError where functions, entries in `checks.yml` and the list do not agree.
    """
    listed = read_yaml(REQUIRED, REQUIRED_CHECKS)
    entries = entries_judged_by("release")
    apart = sorted(entries.keys() ^ CHECKS.keys())
    if apart:
        message = f"{ENTRIES}: {apart[0]} needs both an entry and a function in {__name__}.CHECKS."
        raise EditedFileError(message)
    hold_against_entries(listed, entries, REQUIRED)
    return listed


@dataclass(frozen=True)
class BuiltRelease:
    """A release's folder, and those that it is held against.

    earlier: folders of the earlier releases of the period; before: that of the release which it
    follows; months: those of earlier months in force; canaries: names of persons that must be
    nowhere; month_before, month_after: folders of all releases of the months next to it.
    """

    folder: Path
    earlier: Sequence[Path] = ()
    before: Path | None = None
    months: Sequence[Path] = ()
    canaries: Sequence[str] = ()
    month_before: Sequence[Path] = ()
    month_after: Sequence[Path] = ()


def judge_release(release: BuiltRelease, processes: int = 1) -> Iterator[CheckResult]:
    """Run every check over a release, in so many processes."""
    pieces = [partial(judge_by, name, release) for name in CHECKS]
    return parallel(pieces, processes)


def judge_by(name: str, release: BuiltRelease) -> CheckResult:
    """Run one check. One that raises is reported as not executed."""
    try:
        faults = list(CHECKS[name](release))
    except Exception as error:  # noqa: BLE001 - whatever kept a check from judging, the release is not judged
        return CheckResult(
            name,
            passed=False,
            observed=f"raised {type(error).__name__}",
            executed=False,
        )
    return CheckResult(
        name,
        passed=not faults,
        observed="; ".join(faults) or "no fault",
    )


# The files.


def other_files(folder: Path) -> Iterator[str]:
    """Files that are missing, or that are no part of their edition."""
    due = files_due(folder)
    found = files_found(folder)
    for name in sorted(due - found):
        yield f"{name} is missing"
    for name in sorted(found - due - MADE_OF_THE_JUDGED):
        yield f"{name} does not belong there"
    for name in sorted(found):
        if (folder / name).is_symlink():
            yield f"{name} is a link"


def files_due(folder: Path) -> set[str]:
    """Names of the files that a release is due to have."""
    due = {*OF_THE_WHOLE, *contents.documents(folder), *contents.predecessor(folder)}
    due |= {f"internal/staging/{name}.parquet" for name in STAGING}
    compared_with = read_json(folder / "manifest.json")["compared_with"]
    compared = changes.TABLES if compared_with else ()
    tables_of = {
        "internal": [*published_tables(), *compared],
        "public": [*public_tables(), *compared],
    }
    for edition, tables in tables_of.items():
        due |= {f"{edition}/{table}.csv" for table in tables}
        due |= {f"{edition}/{table}.parquet" for table in tables}
        due |= {f"{edition}/methodology/{name}.csv" for name in METHODOLOGY}
    return due


def files_found(folder: Path) -> set[str]:
    """Names of the files and links that a release has."""
    names = set()
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir():
            names.add(path.relative_to(folder).as_posix())
    return names


# The bytes.


def other_bytes(folder: Path) -> Iterator[str]:
    """Internal tables whose bytes are not those of the verdict.

    Those of the month before, not those that it was built on.
    """
    verdict = read_json(folder / "verdict.json")
    internal = folder / "internal"
    before = internal / "predecessor"
    judged = {
        internal: verdict["tables"],
        internal / "staging": verdict["staging"],
    }
    if verdict["predecessor"]:
        judged[before / "tables"] = verdict["predecessor"]
        judged[before / "staging"] = read_json(before / "verdict.json")["staging"]
    for place, digests in judged.items():
        for name, digest in digests.items():
            if sha256_of(place / f"{name}.parquet") != digest:
                yield f"{place.relative_to(folder) / name} is not the judged one"


def other_methodology(folder: Path) -> Iterator[str]:
    """Editions whose methodology is not the one of the verdict, apart from the byte order marks."""
    judged = read_json(folder / "verdict.json")["methodology"]["sha256"]
    for edition in EDITIONS:
        if methodology_digest(folder / edition / "methodology") != judged:
            yield f"{edition} has another methodology"


def methodology_digest(folder: Path) -> str:
    """The digest of the tables of a methodology, as a verdict states it."""
    listed = hashlib.sha256()
    for name in METHODOLOGY:
        content = (folder / f"{name}.csv").read_bytes()
        digest = hashlib.sha256(content.removeprefix(codecs.BOM_UTF8))
        listed.update(f"{name} {digest.hexdigest()}\n".encode())
    return listed.hexdigest()


# The cells.


class CsvFile(NamedTuple):
    """A CSV file: its header, and the parameters of CELLS for it."""

    header: list[str]
    parameters: dict[str, Any]


def csv_file(path: Path) -> CsvFile:
    """A CSV file as CELLS reads it."""
    header = csv_header(path)
    columns = {f"c{number}": "VARCHAR" for number in range(len(header))}
    return CsvFile(header, {"file": str(path), "columns": columns})


def other_csv(folder: Path) -> Iterator[str]:
    """CSV files that do not hold the rows of the Parquet file beside them.

    The rows are compared in order, cell by cell.
    """
    with connect() as connection:
        for edition in EDITIONS:
            for parquet in sorted((folder / edition).glob("*.parquet")):
                fault = csv_fault(connection, parquet)
                if fault:
                    yield f"{edition}/{parquet.stem}.csv {fault}"


def csv_fault(connection: duckdb.DuckDBPyConnection, parquet: Path) -> str | None:
    """How the CSV file beside a Parquet file does not hold its rows; None where it does."""
    written = csv_file(parquet.with_suffix(".csv"))
    table = connection.read_parquet(str(parquet))
    if written.header != table.columns:
        return "has other columns"
    query = f"""
        select count(*)
        from (
            select row_number() over () as row, *
            from {CELLS}
        ) as written
        full join (
            select row_number() over () as row, {written_cells(table)}
            from read_parquet($parquet)
        ) as due on written.row = due.row
        where written is distinct from due
    """
    parameters = {**written.parameters, "parquet": str(parquet)}
    [(count,)] = connection.execute(query, parameters).fetchall()
    return f"has {count} other rows than its Parquet file" if count else None


def written_cells(table: duckdb.DuckDBPyRelation) -> str:
    """SQL of the columns of a Parquet file as CELLS has those of its CSV file."""
    columns = zip(table.columns, map(str, table.types), strict=True)
    cells = [written_cell(name, kind) for name, kind in columns]
    return ", ".join(f"{cell} as c{number}" for number, cell in enumerate(cells))


def written_cell(column: str, kind: str) -> str:
    """SQL of a column of a Parquet file as its CSV file has it, with formulas made harmless."""
    if kind != "VARCHAR":
        return f'cast("{column}" as varchar)'
    condition = f"regexp_matches(\"{column}\", '{STARTS_LIKE_A_FORMULA}')"
    return f"case when {condition} then concat('''', \"{column}\") else \"{column}\" end"


def formulas(folder: Path) -> Iterator[str]:
    """CSV files with cells that a spreadsheet would take for a formula."""
    condition = (
        f"regexp_matches(cell, '{STARTS_LIKE_A_FORMULA}') and not regexp_matches(cell, '{NUMBER}')"
    )
    return csv_cells(folder, condition, "that start like a formula")


def csv_cells(
    folder: Path,
    condition: str,
    which: str,
) -> Iterator[str]:
    """CSV files with cells that meet an SQL condition."""
    with connect() as connection:
        for name, path in files_below(folder, "*.csv").items():
            file = csv_file(path)
            cells = file.parameters["columns"]
            any_cell = " or ".join(f"({condition.replace('cell', cell)})" for cell in cells)
            query = f"select count(*) from {CELLS} where {any_cell}"
            [(count,)] = connection.execute(query, file.parameters).fetchall()
            if count:
                yield f"{name} has cells {which} in {count} rows"


def not_finite(folder: Path) -> Iterator[str]:
    """Files with a figure that is no number or infinite."""
    condition = f"regexp_matches(cell, '{NOT_FINITE}', 'i')"
    yield from csv_cells(folder, condition, "that are no finite number")
    with connect() as connection:
        for name, file in files_below(folder, "*.parquet").items():
            if not is_finite(connection.read_parquet(str(file))):
                yield f"{name} has figures that are not finite"
    for text in json_texts(folder):
        json.loads(text, parse_constant=refuse_constant)


def is_finite(table: duckdb.DuckDBPyRelation) -> bool:
    """Whether each figure of a table is a number and not infinite."""
    columns = zip(table.columns, map(str, table.types), strict=True)
    floats = [name for name, kind in columns if kind in ("FLOAT", "DOUBLE")]
    if not floats:
        return True
    is_wrong = " or ".join(f'not isfinite("{name}")' for name in floats)
    return len(table.filter(is_wrong)) == 0


def json_texts(folder: Path) -> Iterator[str]:
    """Each JSON text in the files of a release."""
    for file in files_below(folder, "*.json").values():
        yield file.read_text(encoding="utf-8")
    for file in files_below(folder, "*.ndjson").values():
        yield from file.read_text(encoding="utf-8").splitlines()


def refuse_constant(constant: str) -> NoReturn:
    """Raise for what JSON has no number for."""
    message = f"{constant} is no JSON"
    raise ValueError(message)


# Those that take longest come first, for they are judged side by side.
CHECKS: dict[str, Callable[[BuiltRelease], Iterator[str]]] = {
    "release.personal": lambda release: egress.personal(release.folder, release.canaries),
    "release.site": lambda release: pages.site_figures(release.folder, release.months),
    "release.changes": lambda release: changes.other_changes(release.folder, release.before),
    "release.csv_equals_parquet": lambda release: other_csv(release.folder),
    "release.formula": lambda release: formulas(release.folder),
    "release.finite": lambda release: not_finite(release.folder),
    "release.standing": lambda release: standing.unannounced(release.folder, release.earlier),
    "release.page": lambda release: pages.page_figures(release.folder),
    "release.recoverable": lambda release: recovery.recoverable(
        release.folder,
        release.earlier,
        release.month_before,
        release.month_after,
    ),
    "release.datapackage": lambda release: description.misdescribed(release.folder),
    "release.files": lambda release: other_files(release.folder),
    "release.internal_bytes": lambda release: other_bytes(release.folder),
    "release.methodology": lambda release: other_methodology(release.folder),
    "release.manifest": lambda release: description.other_manifest(release.folder),
    "release.public_equals_internal": lambda release: disclosure.differences(release.folder),
    "release.findings": lambda release: disclosure.findings_told(release.folder),
    "release.small_areas": lambda release: disclosure.small_areas_shown(release.folder),
    "release.lineage": lambda release: lineage.other_lineage(release.folder),
    "release.events": lambda release: lineage.other_events(release.folder),
    "release.provenance": lambda release: lineage.other_statement(release.folder),
}
