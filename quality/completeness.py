"""Whether a release has all its files and no others, and the bytes that were judged."""

import codecs
import hashlib
from collections.abc import Iterator
from pathlib import Path

from quality import changes, contents
from quality.publication import public_tables, published_tables
from quality.release_files import EDITIONS, read_json, sha256_of

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
    due = {*OF_THE_WHOLE, *contents.documents(folder)}
    due |= contents.predecessor(folder) | contents.cases(folder)
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


def other_bytes(folder: Path) -> Iterator[str]:
    """Internal tables whose bytes are not those of the verdict.

    Those of the month before, not those that it was built on; those of cases, not those of an
    evaluation of its candidate.
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
    yield from other_cases(folder)


def other_cases(folder: Path) -> Iterator[str]:
    """Tables of cases that are not those of their record, and a record of another verdict."""
    if not (folder / contents.CASES).is_file():
        return
    record = read_json(folder / contents.CASES)
    if record["verdict"] != sha256_of(folder / "verdict.json"):
        yield f"{contents.CASES} is of another verdict"
    for name, digest in record["tables"].items():
        if sha256_of(folder / f"internal/alerts/{name}.parquet") != digest:
            yield f"internal/alerts/{name} is not the one of its record"


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
