"""The description of an edition for other programs: a Frictionless Data Package.

It describes the edition's CSV files, with a Table Schema of each.
"""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.contract.methodology import Methodology
from orchestration.contract.methodology_tables import COLUMNS, TABLES
from orchestration.documents.edition import rows_of
from orchestration.documents.note import notice_of
from orchestration.home import files
from orchestration.home.records.verdict import Verdict
from orchestration.home.release_note import ReleaseNote
from orchestration.release.changes import ComparisonTable, comparison_tables
from orchestration.settings import METHODOLOGY
from quality.publication import PublishedTable, published_tables

FILE = "datapackage.json"
SUPPRESSED = (
    "Whether the figures of the area are left out, for they are small or would give small ones, "
    "or few unions, away."
)
READING = (
    "UTF-8 with a byte order mark; an empty cell is no value; text that starts like a formula has "
    "an apostrophe before it. "
    "The Parquet file beside a table holds the same rows, text as it is."
)


def write_datapackage(
    folder: Path, methodology: Methodology, verdict: Verdict, note: ReleaseNote
) -> None:
    """Describe all CSV files of an edition's folder in a file beside them.

    note: what the release is.
    """
    period = verdict.period
    city = next(row for row in rows_of(folder / "area_index.parquet") if row["level"] == "city")
    name_zh, name_en = methodology.label("figure", "health_index")
    chinese = f"{city['name_zh']}民营企业工会{name_zh} {period}"
    english = f"{city['name_en']}: {name_en.lower()} of private-enterprise unions, {period}"
    basis = f"As of {verdict.as_of}, methodology {methodology.name}, {folder.name} edition."
    said = [sentence for pair in notice_of(period, note) for sentence in pair]
    tables = [
        table for table in published_tables().values() if (folder / f"{table.name}.csv").exists()
    ]
    compared = [
        table for table in comparison_tables().values() if (folder / f"{table.name}.csv").exists()
    ]
    package = {
        "profile": "tabular-data-package",
        "name": f"union-health-index-{period}-{folder.name}",
        "title": f"{chinese} / {english}",
        "description": " ".join(filter(None, (verdict.notice, *said, basis, READING))),
        "version": period,
        "sources": [
            {"title": f"智慧工会平台 / Smart-union platform, intake {verdict.landing.intake}"}
        ],
        "resources": [
            *(
                resource(
                    folder,
                    table.name,
                    table.name,
                    table.description,
                    table_schema(table, folder.name),
                )
                for table in tables
            ),
            *(
                resource(
                    folder, table.name, table.name, table.description, comparison_schema(table)
                )
                for table in compared
            ),
            *(
                resource(
                    folder,
                    f"methodology_{name}",
                    f"methodology/{name}",
                    seeds()[name]["description"],
                    methodology_schema(name),
                )
                for name in COLUMNS
            ),
        ],
    }
    (folder / FILE).write_text(files.to_json(package), encoding="utf-8")


def resource(
    folder: Path, name: str, stem: str, description: str, schema: dict[str, Any]
) -> dict[str, Any]:
    """A CSV file of the edition."""
    file = folder / f"{stem}.csv"
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{stem}.csv",
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{files.sha256_of(file)}",
        "schema": schema,
    }


def table_schema(table: PublishedTable, edition: str) -> dict[str, Any]:
    """The schema of a published table; in the public edition figures may be left out.

    A key of which a part may be empty is none.
    """
    suppressible = edition == "public"
    required = {name for name in table.filled if name in table.identifying or not suppressible}
    fields = []
    for name, kind in table.columns.items():
        facts = table.facts[name]
        stated = {
            "required": name in required or None,
            "minimum": facts.lowest,
            "maximum": facts.highest,
            "enum": facts.codes,
        }
        constraints = {
            constraint: value for constraint, value in stated.items() if value is not None
        }
        fields.append(field(name, kind, table.descriptions[name], constraints))
    if suppressible:
        fields.append(field("suppressed", "boolean", SUPPRESSED, {"required": True}))
    return schema(fields, table.key if required.issuperset(table.key) else ())


def comparison_schema(table: ComparisonTable) -> dict[str, Any]:
    """The schema of a table of what changed."""
    fields = []
    for column in table.columns:
        stated = {"required": column.get("required"), "enum": column.get("enum")}
        constraints = {
            constraint: value for constraint, value in stated.items() if value is not None
        }
        fields.append(field(column["name"], column["type"], column["description"], constraints))
    return schema(fields, table.key)


def methodology_schema(name: str) -> dict[str, Any]:
    """The schema of a table of the methodology."""
    types, columns = seeds()[name]["config"]["column_types"], TABLES[name].model_fields
    fields = []
    for described in seeds()[name]["columns"]:
        column = described["name"]
        constraints = {"required": True} if columns[column].is_required() else {}
        fields.append(field(column, types[column], described["description"], constraints))
    return schema(fields)


def schema(fields: list[dict[str, Any]], key: Collection[str] = ()) -> dict[str, Any]:
    """A Table Schema."""
    return {"fields": fields, "missingValues": [""]} | ({"primaryKey": list(key)} if key else {})


def field(name: str, kind: str, description: str, constraints: Mapping[str, Any]) -> dict[str, Any]:
    """A field from a column of a DuckDB type."""
    types = {
        "varchar": "yearmonth" if name.endswith("period") else "string",
        "integer": "integer",
        "boolean": "boolean",
    }
    described = {"name": name, "type": types.get(kind, "number"), "description": description}
    return described | ({"constraints": dict(constraints)} if constraints else {})


@cache
def seeds() -> dict[str, dict[str, Any]]:
    """What dbt knows of the methodology's tables."""
    listed = yaml.safe_load((METHODOLOGY / "methodology.yml").read_text(encoding="utf-8"))["seeds"]
    return {seed["name"]: seed for seed in listed}
