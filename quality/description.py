"""What a release says of itself, checked against its files: its data packages and manifest.

Each edition has a data package.
"""

import codecs
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from quality.connection import reading
from quality.publication import published_tables
from quality.release_files import (
    EDITIONS,
    Json,
    csv_header,
    files_below,
    read_json,
    read_rows,
    sha256_of,
)

FORM = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
TYPES = {"VARCHAR": {"string", "yearmonth"}, "INTEGER": {"integer"}, "BOOLEAN": {"boolean"}}
LANDED_ROWS = "select source_table, landed from read_parquet($balance)"
REPEATED = ("period", "as_of", "notice", "landing", "predecessor")


def misdescribed(folder: Path) -> Iterator[str]:
    """Data packages that do not match their edition.

    A CSV file is left out, or is other than it is described.
    """
    period = read_json(folder / "verdict.json")["period"]
    for edition in EDITIONS:
        for fault in package_faults(folder / edition, period):
            yield f"{edition}/{fault}"


def package_faults(edition: Path, period: str) -> Iterator[str]:
    """How the data package of an edition does not match it."""
    package = read_json(edition / "datapackage.json")
    is_named = package["name"].endswith(f"-{period}-{edition.name}")
    if package["version"] != period or not is_named:
        yield "datapackage.json is of another period or edition"
    resources = package["resources"]
    described = sorted(resource["path"] for resource in resources)
    there = files_below(edition, "*.csv")
    if described != sorted(there):
        differing = sorted({*described} ^ {*there})
        others = ", ".join(differing) or "one twice"
        yield f"datapackage.json describes other files than there are: {others}"
    for resource in resources:
        path = resource["path"]
        if path not in there:
            continue
        for fault in resource_faults(there[path], resource):
            yield f"{path} {fault}"


def resource_faults(file: Path, resource: Json) -> Iterator[str]:
    """How a CSV file is other than its resource describes it."""
    content = file.read_bytes()
    form = {name: resource[name] for name in FORM}
    if form != FORM or not content.startswith(codecs.BOM_UTF8):
        yield "is described as another form than CSV in UTF-8, or has no byte order mark"
    digest = f"sha256:{sha256_of(file)}"
    if resource["bytes"] != len(content) or resource["hash"] != digest:
        yield "is described with other bytes"
    schema = resource["schema"]
    names = [field["name"] for field in schema["fields"]]
    if names != csv_header(file):
        yield "is described with other columns"
    elif file.stem in published_tables():
        yield from schema_faults(file.with_suffix(".parquet"), schema)


def schema_faults(parquet: Path, schema: Json) -> Iterator[str]:
    """How a table differs from its Table Schema: types, values that must be there, and the key.

    The key is left out where a part of it may be empty.
    """
    fields = schema["fields"]
    required = list(required_of(fields))
    with reading() as connection:
        table = connection.read_parquet(str(parquet))
        if has_other_types(table, fields):
            yield "is described with other types"
        if has_empty_cells(table, required):
            yield "has empty cells where it is described to have none"
    key = published_tables()[parquet.stem].key
    is_filled = set(key) <= set(required)
    due = list(key) if is_filled else None
    if schema.get("primaryKey") != due:
        yield "is described with another key"


def required_of(fields: list[Json]) -> Iterator[str]:
    """The names of the fields that are described to have a value in each row."""
    for field in fields:
        constraints = field.get("constraints", {})
        if constraints.get("required"):
            yield field["name"]


def has_other_types(table: duckdb.DuckDBPyRelation, fields: list[Json]) -> bool:
    """Whether a field has another type than the column of its name."""
    types = dict(zip(table.columns, table.types, strict=True))
    for field in fields:
        found = str(types.get(field["name"], ""))
        if field["type"] not in TYPES.get(found, {"number"}):
            return True
    return False


def has_empty_cells(table: duckdb.DuckDBPyRelation, required: list[str]) -> bool:
    """Whether one of these columns is missing from a table, or has no value in a row."""
    if not set(required) <= set(table.columns):
        return True
    is_empty = " or ".join(f'"{name}" is null' for name in required)
    return len(table.filter(is_empty)) > 0


def other_manifest(folder: Path) -> Iterator[str]:
    """What the manifest states otherwise than the verdict, overrides and source rows beside it.

    The source rows are those of the account.
    """
    manifest = read_json(folder / "manifest.json")
    verdict = read_json(folder / "verdict.json")
    for name in REPEATED:
        if manifest[name] != verdict[name]:
            yield f"{name} differs from the verdict's"
    if [manifest["methodology"]] != list(methodologies_of(verdict)):
        yield "methodology differs from the verdict's"
    if manifest["code"]["candidate"] != verdict.get("code"):
        yield "the candidate's code differs from the verdict's"
    judged = {
        "passed": verdict["passed"],
        "sha256": sha256_of(folder / "verdict.json"),
    }
    if manifest["verdict"] != judged:
        yield "the verdict has changed"
    overrides = folder / "overrides.json"
    granted = {
        "count": len(json.loads(overrides.read_bytes())),
        "sha256": sha256_of(overrides),
    }
    if manifest["overrides"] != granted:
        yield "the overrides have changed"
    yield from other_source(folder, manifest["source"], verdict["landing"])


def methodologies_of(verdict: Json) -> Iterator[Json]:
    """The methodology of a verdict with its approval; none where its check did not report."""
    for check in verdict["checks"]:
        if check["name"] == "methodology.approved":
            approval = {"approval": check["observed"]}
            yield verdict["methodology"] | approval


def other_source(
    folder: Path,
    source: Json,
    landing: Json,
) -> Iterator[str]:
    """What the manifest states otherwise of the source tables than the verdict and the account."""
    tables = {table["table"]: table for table in source["tables"]}
    landed = hashlib.sha256()
    for name in sorted(tables):
        digest = tables[name]["sha256"]
        landed.update(f"{name} {digest}\n".encode())
    if landed.hexdigest() != landing["sha256"]:
        yield "the source tables are not those of the verdict"
    stated = {name: table["rows"] for name, table in tables.items()}
    balance = folder / "internal" / "staging" / "row_balance.parquet"
    if stated != dict(read_rows(LANDED_ROWS, balance=balance)):
        yield "the source tables have other rows than were counted"
