"""What a release says of itself, checked against its files: its data packages and manifest.

Each edition has a data package.
"""

import codecs
import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quality.connection import reading
from quality.publication import published_tables

EDITIONS = ("internal", "public")
FORM = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
TYPES = {"VARCHAR": {"string", "yearmonth"}, "INTEGER": {"integer"}, "BOOLEAN": {"boolean"}}
REPEATED = ("period", "as_of", "notice", "landing", "predecessor")


def json_of(file: Path) -> dict[str, Any]:
    """A JSON object."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def misdescribed(folder: Path) -> Iterator[str]:
    """Data packages that do not match their edition.

    A CSV file is left out, or is other than it is described.
    """
    period = json_of(folder / "verdict.json")["period"]
    for edition in EDITIONS:
        package = json_of(folder / edition / "datapackage.json")
        if package["version"] != period or not package["name"].endswith(f"-{period}-{edition}"):
            yield f"{edition}/datapackage.json is of another period or edition"
        named = sorted(resource["path"] for resource in package["resources"])
        there = sorted(
            path.relative_to(folder / edition).as_posix()
            for path in (folder / edition).rglob("*.csv")
        )
        if named != there:
            others = ", ".join(sorted({*named} ^ {*there})) or "one twice"
            yield f"{edition}/datapackage.json describes other files than there are: {others}"
        for resource in package["resources"]:
            if resource["path"] in there:
                yield from (
                    f"{edition}/{resource['path']} {fault}"
                    for fault in faults_of(folder / edition, resource)
                )


def faults_of(edition: Path, resource: dict[str, Any]) -> Iterator[str]:
    """How a CSV file is other than its resource describes it."""
    file = edition / resource["path"]
    content = file.read_bytes()
    if {name: resource[name] for name in FORM} != FORM or not content.startswith(codecs.BOM_UTF8):
        yield "is described as another form than CSV in UTF-8, or has no byte order mark"
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    if (resource["bytes"], resource["hash"]) != (len(content), digest):
        yield "is described with other bytes"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines, strict=True))
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    if header != [field["name"] for field in resource["schema"]["fields"]]:
        yield "is described with other columns"
    elif file.stem in published_tables():
        yield from other_table(
            file.with_suffix(".parquet"), fields, resource["schema"].get("primaryKey")
        )


def other_table(
    parquet: Path, fields: dict[str, dict[str, Any]], key: list[str] | None
) -> Iterator[str]:
    """How a table differs from its Table Schema: types, values that must be there, and the key.

    The key is None where a part of it may be empty.
    """
    with reading() as connection:
        table = connection.read_parquet(str(parquet))
        types = dict(zip(table.columns, map(str, table.types), strict=True))
        if any(
            field["type"] not in TYPES.get(types.get(name, ""), {"number"})
            for name, field in fields.items()
        ):
            yield "is described with other types"
        required = [
            name for name, field in fields.items() if field.get("constraints", {}).get("required")
        ]
        if set(required) - set(types) or len(
            table.filter(" or ".join(f'"{name}" is null' for name in required))
        ):
            yield "has empty cells where it is described to have none"
        due = list(published_tables()[parquet.stem].key)
        if key != (due if set(due) <= set(required) else None):
            yield "is described with another key"


def other_manifest(folder: Path) -> Iterator[str]:
    """What the manifest states otherwise than the verdict, overrides and source rows beside it.

    The source rows are those of the account.
    """
    manifest, verdict = json_of(folder / "manifest.json"), json_of(folder / "verdict.json")
    yield from (
        f"{name} differs from the verdict's" for name in REPEATED if manifest[name] != verdict[name]
    )
    approved = [
        check["observed"] for check in verdict["checks"] if check["name"] == "methodology.approved"
    ]
    methodologies = [verdict["methodology"] | {"approval": approval} for approval in approved]
    if [manifest["methodology"]] != methodologies:
        yield "methodology differs from the verdict's"
    if manifest["code"]["candidate"] != verdict.get("code"):
        yield "the candidate's code differs from the verdict's"
    digest = hashlib.sha256((folder / "verdict.json").read_bytes()).hexdigest()
    if manifest["verdict"] != {"passed": verdict["passed"], "sha256": digest}:
        yield "the verdict has changed"
    overrides = (folder / "overrides.json").read_bytes()
    count, digest = len(json.loads(overrides)), hashlib.sha256(overrides).hexdigest()
    if manifest["overrides"] != {"count": count, "sha256": digest}:
        yield "the overrides have changed"
    tables = {table["table"]: table for table in manifest["source"]["tables"]}
    landed = "".join(f"{name} {table['sha256']}\n" for name, table in sorted(tables.items()))
    if hashlib.sha256(landed.encode()).hexdigest() != verdict["landing"]["sha256"]:
        yield "the source tables are not those of the verdict"
    with reading() as connection:
        balance = connection.read_parquet(
            str(folder / "internal" / "staging" / "row_balance.parquet")
        )
        counted = dict(balance.select("source_table, landed").fetchall())
    if counted != {name: table["rows"] for name, table in tables.items()}:
        yield "the source tables have other rows than were counted"
