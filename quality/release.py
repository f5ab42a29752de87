"""What a built release must be like before it counts as prepared.

Its files, bytes and cells are judged, and that both editions agree. Each check looks for faults in
the files alone, and is written apart from what builds them, on purpose. What a release might give
away is in `disclosure.py`, `recovery.py` and `egress.py`, what it says of itself in
`description.py` and `lineage.py`.
"""

import codecs
import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

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
from quality.connection import reading
from quality.edited_files import EditedFileError, read_yaml
from quality.publication import public_tables, published_tables
from quality.side_by_side import side_by_side
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
# What is in no file without a figure that is not finite: a search much faster than reading cells.
LIKE_NOT_FINITE = re.compile(rb"nan|inf", re.IGNORECASE)
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
    if apart := sorted(entries.keys() ^ CHECKS.keys()):
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
    return side_by_side([partial(judge_by, name, release) for name in CHECKS], processes)


def judge_by(name: str, release: BuiltRelease) -> CheckResult:
    """Run one check. One that raises is reported as not executed."""
    try:
        faults = list(CHECKS[name](release))
    except Exception as error:  # noqa: BLE001 - whatever kept a check from judging, the release is not judged
        return CheckResult(
            name, passed=False, observed=f"raised {type(error).__name__}", executed=False
        )
    return CheckResult(name, passed=not faults, observed="; ".join(faults) or "no fault")


def verdict_of(folder: Path) -> dict[str, Any]:
    """The verdict that a release was built from."""
    verdict: dict[str, Any] = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    return verdict


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def other_files(folder: Path) -> Iterator[str]:
    """Files that are missing, or that are no part of their edition."""
    due = {*OF_THE_WHOLE, *(f"internal/staging/{name}.parquet" for name in STAGING)}
    due |= contents.documents(folder) | contents.predecessor(folder)
    compared = (
        changes.TABLES if description.json_of(folder / "manifest.json")["compared_with"] else ()
    )
    for edition, tables in (("internal", published_tables()), ("public", public_tables())):
        due |= {
            f"{edition}/{table}.{form}"
            for table in (*tables, *compared)
            for form in ("csv", "parquet")
        }
        due |= {f"{edition}/methodology/{name}.csv" for name in METHODOLOGY}
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    yield from (f"{name} is missing" for name in sorted(due - found))
    yield from (
        f"{name} does not belong there" for name in sorted(found - due - MADE_OF_THE_JUDGED)
    )
    yield from (f"{name} is a link" for name in sorted(found) if (folder / name).is_symlink())


def other_bytes(folder: Path) -> Iterator[str]:
    """Internal tables whose bytes are not those of the verdict.

    Those of the month before, not those that it was built on.
    """
    verdict, internal = verdict_of(folder), folder / "internal"
    judged = [(internal, verdict["tables"]), (internal / "staging", verdict["staging"])]
    before = internal / "predecessor"
    if verdict["predecessor"]:
        judged += [
            (before / "tables", verdict["predecessor"]),
            (before / "staging", verdict_of(before)["staging"]),
        ]
    for place, digests in judged:
        for name, digest in digests.items():
            if sha256_of(place / f"{name}.parquet") != digest:
                yield f"{place.relative_to(folder) / name} is not the judged one"


def other_methodology(folder: Path) -> Iterator[str]:
    """Editions whose methodology is not the one of the verdict, apart from the byte order marks."""
    judged = verdict_of(folder)["methodology"]["sha256"]
    for edition in ("internal", "public"):
        tables = {
            name: (folder / edition / "methodology" / f"{name}.csv").read_bytes()
            for name in METHODOLOGY
        }
        digests = {
            name: hashlib.sha256(content.removeprefix(codecs.BOM_UTF8)).hexdigest()
            for name, content in tables.items()
        }
        listed = "".join(f"{name} {digest}\n" for name, digest in digests.items())
        if hashlib.sha256(listed.encode()).hexdigest() != judged:
            yield f"{edition} has another methodology"


def header_and_parameters(file: Path) -> tuple[list[str], dict[str, Any]]:
    """The header of a CSV file, and the parameters of CELLS for it."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines, strict=True))
    return header, {
        "file": str(file),
        "columns": {f"c{number}": "VARCHAR" for number in range(len(header))},
    }


def other_csv(folder: Path) -> Iterator[str]:
    """CSV files that do not hold the rows of the Parquet file beside them.

    The rows are compared in order, cell by cell.
    """
    with reading() as connection:
        for parquet in sorted(
            path
            for edition in ("internal", "public")
            for path in (folder / edition).glob("*.parquet")
        ):
            name = parquet.relative_to(folder).with_suffix(".csv").as_posix()
            header, parameters = header_and_parameters(folder / name)
            table = connection.read_parquet(str(parquet))
            if header != table.columns:
                yield f"{name} has other columns"
                continue
            cells = [
                written_cell(column, kind)
                for column, kind in zip(table.columns, map(str, table.types), strict=True)
            ]
            due = ", ".join(f"{cell} as c{number}" for number, cell in enumerate(cells))
            query = f"""
                select count(*)
                from (select row_number() over () as row, * from {CELLS}) as written
                full join (
                    select row_number() over () as row, {due} from read_parquet($parquet)
                ) as due on written.row = due.row
                where written is distinct from due
            """
            [(count,)] = connection.execute(
                query, parameters | {"parquet": str(parquet)}
            ).fetchall()
            if count:
                yield f"{name} has {count} other rows than its Parquet file"


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
    files = sorted(folder.rglob("*.csv"))
    for file, count in csv_cells(files, condition):
        name = file.relative_to(folder).as_posix()
        yield f"{name} has cells that start like a formula in {count} rows"


def csv_cells(files: Sequence[Path], condition: str) -> Iterator[tuple[Path, int]]:
    """CSV files with cells that meet an SQL condition, and in how many rows."""
    with reading() as connection:
        for file in files:
            header, parameters = header_and_parameters(file)
            any_cell = " or ".join(
                f"({condition.replace('cell', f'c{number}')})" for number in range(len(header))
            )
            [(count,)] = connection.execute(
                f"select count(*) from {CELLS} where {any_cell}", parameters
            ).fetchall()
            if count:
                yield file, count


def not_finite(folder: Path) -> Iterator[str]:
    """Files with a figure that is no number or infinite."""
    files = sorted(folder.rglob("*.csv"))
    candidates = [file for file in files if LIKE_NOT_FINITE.search(file.read_bytes())]
    condition = f"regexp_matches(cell, '{NOT_FINITE}', 'i')"
    for file, count in csv_cells(candidates, condition):
        name = file.relative_to(folder).as_posix()
        yield f"{name} has cells that are no finite number in {count} rows"
    with reading() as connection:
        for file in sorted(folder.rglob("*.parquet")):
            table = connection.read_parquet(str(file))
            floats = [
                name
                for name, kind in zip(table.columns, table.types, strict=True)
                if str(kind) in ("FLOAT", "DOUBLE")
            ]
            if floats and len(
                table.filter(" or ".join(f'not isfinite("{name}")' for name in floats))
            ):
                yield f"{file.relative_to(folder).as_posix()} has figures that are not finite"
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*.json"))]
    texts += [
        line
        for file in sorted(folder.rglob("*.ndjson"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    for text in texts:
        if LIKE_NOT_FINITE.search(text.encode()):
            json.loads(text, parse_constant=refuse_constant)


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
        release.folder, release.earlier, release.month_before, release.month_after
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
