"""The description of an edition for other programs: a Frictionless Data Package.

It describes the edition's CSV files, with a Table Schema of each.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import chain
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
from quality.publication import (
    SUPPRESSED,
    SUPPRESSED_DESCRIPTION,
    PublishedTable,
    published_tables,
)

FILE = "datapackage.json"

Described = dict[str, Any]

READING = (
    "UTF-8 with a byte order mark; an empty cell is no value; text that starts like a formula has "
    "an apostrophe before it. "
    "The Parquet file beside a table holds the same rows, text as it is."
)


def write_datapackage(
    folder: Path,
    methodology: Methodology,
    verdict: Verdict,
    note: ReleaseNote,
) -> None:
    """Describe all CSV files of an edition's folder in a file beside them.

    note: what the release is.
    """
    period = verdict.period
    basis = f"As of {verdict.as_of}, methodology {methodology.name}, {folder.name} edition."
    notice = chain.from_iterable(notice_of(period, note))
    sentences = filter(None, (verdict.notice, *notice, basis, READING))
    source = f"智慧工会平台 / Smart-union platform, intake {verdict.landing.intake}"
    package = {
        "profile": "tabular-data-package",
        "name": f"union-health-index-{period}-{folder.name}",
        "title": title_of(folder, methodology, period),
        "description": " ".join(sentences),
        "version": period,
        "sources": [{"title": source}],
        "resources": list(resources_of(folder)),
    }
    (folder / FILE).write_text(files.to_json(package), encoding="utf-8")


def title_of(
    folder: Path,
    methodology: Methodology,
    period: str,
) -> str:
    """The title of an edition in Chinese and English."""
    areas = rows_of(folder / "area_index.parquet")
    city = next(row for row in areas if row["level"] == "city")
    name_zh, name_en = methodology.label("figure", "health_index")
    chinese = f"{city['name_zh']}民营企业工会{name_zh} {period}"
    english = f"{city['name_en']}: {name_en.lower()} of private-enterprise unions, {period}"
    return f"{chinese} / {english}"


def resources_of(folder: Path) -> Iterator[Described]:
    """The CSV files of an edition: published tables, what changed, and the methodology."""
    for table in published_tables().values():
        file = folder / f"{table.name}.csv"
        if file.exists():
            schema = table_schema(table, folder.name)
            yield resource(
                table.name,
                file.name,
                table.description,
                schema,
                file,
            )
    for compared in comparison_tables().values():
        file = folder / f"{compared.name}.csv"
        if file.exists():
            schema = comparison_schema(compared)
            yield resource(
                compared.name,
                file.name,
                compared.description,
                schema,
                file,
            )
    for name in COLUMNS:
        path = f"methodology/{name}.csv"
        yield resource(
            name=f"methodology_{name}",
            path=path,
            description=seeds()[name]["description"],
            schema=methodology_schema(name),
            file=folder / path,
        )


def resource(
    name: str,
    path: str,
    description: str,
    schema: Described,
    file: Path,
) -> Described:
    """A CSV file of the edition; path: its name below the edition's folder."""
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{files.sha256_of(file)}",
        "schema": schema,
    }


def table_schema(table: PublishedTable, edition: str) -> Described:
    """The schema of a published table; in the public edition figures may be left out.

    A key of which a part may be empty is none.
    """
    suppressible = edition == "public"
    required = {name for name in table.filled if name in table.identifying or not suppressible}
    fields = []
    for name, kind in table.columns.items():
        facts = table.facts[name]
        constraints = {
            "required": name in required or None,
            "minimum": facts.lowest,
            "maximum": facts.highest,
            "enum": facts.codes,
        }
        fields.append(field(name, kind, table.descriptions[name], constraints))
    if suppressible:
        fields.append(field(SUPPRESSED, "boolean", SUPPRESSED_DESCRIPTION, {"required": True}))
    is_key_filled = required.issuperset(table.key)
    return table_schema_of(fields, table.key if is_key_filled else ())


def comparison_schema(table: ComparisonTable) -> Described:
    """The schema of a table of what changed."""
    fields = []
    for column in table.columns:
        constraints = {
            "required": column.get("required"),
            "enum": column.get("enum"),
        }
        described = field(
            column["name"],
            column["type"],
            column["description"],
            constraints,
        )
        fields.append(described)
    return table_schema_of(fields, table.key)


def methodology_schema(name: str) -> Described:
    """The schema of a table of the methodology."""
    seed = seeds()[name]
    types = seed["config"]["column_types"]
    columns = TABLES[name].model_fields
    fields = []
    for described in seed["columns"]:
        column = described["name"]
        constraints = {"required": columns[column].is_required() or None}
        fields.append(field(column, types[column], described["description"], constraints))
    return table_schema_of(fields)


def table_schema_of(fields: list[Described], key: Collection[str] = ()) -> Described:
    """A Table Schema."""
    described: Described = {"fields": fields, "missingValues": [""]}
    if key:
        described["primaryKey"] = list(key)
    return described


def field(
    name: str,
    kind: str,
    description: str,
    constraints: Mapping[str, Any],
) -> Described:
    """A field from a column of a DuckDB type; a constraint that is None is none."""
    types = {
        "varchar": "yearmonth" if name.endswith("period") else "string",
        "integer": "integer",
        "boolean": "boolean",
    }
    described: Described = {
        "name": name,
        "type": types.get(kind, "number"),
        "description": description,
    }
    stated = {each: value for each, value in constraints.items() if value is not None}
    if stated:
        described["constraints"] = stated
    return described


@cache
def seeds() -> dict[str, Described]:
    """What dbt knows of the methodology's tables."""
    text = (METHODOLOGY / "methodology.yml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)["seeds"]
    return {seed["name"]: seed for seed in listed}
