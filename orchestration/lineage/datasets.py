"""The data sets that OpenLineage events tell of, with their facets, from the records of a release: schema, version, rows, lineage, checks.

All are in one namespace, by room: `source.member` as handed over, `landing.member`, `seeds.indicators`, `publication.union_index`, …
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import yaml
from openlineage.client.event_v2 import InputDataset, OutputDataset
from openlineage.client.facet_v2 import (
    DatasetFacet,
    column_lineage_dataset,
    data_quality_assertions_dataset,
    dataset_version_dataset,
    documentation_dataset,
    output_statistics_output_dataset,
    schema_dataset,
)

from orchestration.extract.registry import REGISTRY
from orchestration.extract.registry import source_tables as registered_tables
from orchestration.lineage.columns import PREDECESSOR, ROW_RULES, SEED, SOURCE
from orchestration.lineage.naming import NAMESPACE, producer
from orchestration.lineage.statements import FILTER, IDENTITY, TRANSFORMATION, VARIABLE
from orchestration.warehouse import published_tables as publication_list

ROOMS = {SOURCE: "landing.{}", SEED: "seeds.{}", PREDECESSOR: "predecessor.{}", VARIABLE: "variables"}
SEVERITIES = {"stop": "error", "warn": "warn"}
CANDIDATE = "candidate"

Facets = dict[str, DatasetFacet]
Record = Mapping[str, Any]


@cache
def landed_columns() -> dict[str, list[dict[str, Any]]]:
    """The columns of each landed table as the registry has them."""
    registry = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))["sources"][0]["tables"]
    return {table["name"]: [column for column in table["columns"] if "data_type" in column] for table in registry}


def schema(columns: Iterable[tuple[str, str, str | None]]) -> Facets:
    """A schema of columns, each with its type and what it means."""
    fields = [schema_dataset.SchemaDatasetFacetFields(name, kind, description) for name, kind, description in columns]
    return {"schema": schema_dataset.SchemaDatasetFacet(fields, producer=producer())}


def version(digest: str) -> Facets:
    """The SHA-256 that a data set is known by."""
    return {"version": dataset_version_dataset.DatasetVersionDatasetFacet(f"sha256:{digest}", producer=producer())}


def documentation(text: str) -> Facets:
    """What a data set holds."""
    return {"documentation": documentation_dataset.DocumentationDatasetFacet(text, producer=producer())}


def source_tables(manifest: Record) -> list[InputDataset]:
    """The tables of the source as handed over."""
    return [
        InputDataset(
            NAMESPACE,
            f"source.{table['table']}",
            facets=schema((column.name, column.type, None) for column in registered_tables()[table["table"]].columns),
        )
        for table in manifest["source"]["tables"]
    ]


def landed_tables(manifest: Record) -> list[OutputDataset]:
    """The landed tables as extraction writes them, with what each column was made of."""
    return [
        OutputDataset(
            NAMESPACE,
            f"landing.{table['table']}",
            facets=landed_facets(table) | {"columnLineage": extraction_lineage(table["table"])},
            outputFacets={
                "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
                    rowCount=table["rows"], producer=producer()
                )
            },
        )
        for table in manifest["source"]["tables"]
    ]


def read_tables(manifest: Record) -> list[InputDataset]:
    """The landed tables as the build reads them."""
    return [InputDataset(NAMESPACE, f"landing.{table['table']}", facets=landed_facets(table)) for table in manifest["source"]["tables"]]


def landed_facets(table: Record) -> Facets:
    """Schema and version of a landed table."""
    columns = [(column["name"], column["data_type"], column["description"]) for column in landed_columns()[table["table"]]]
    return schema(columns) | version(table["sha256"])


def extraction_lineage(table: str) -> DatasetFacet:
    """What extraction makes each landed column of: itself, or a personal column that is never landed, masked."""
    fields = {}
    for column in landed_columns()[table]:
        meta = column.get("config", {}).get("meta", {})
        origin, kind = (meta["derived_from"], TRANSFORMATION) if "derived_from" in meta else (column["name"], IDENTITY)
        if "type" in meta or "derived_from" in meta:
            how = column_lineage_dataset.Transformation(*kind, masking="derived_from" in meta)
            fields[column["name"]] = column_lineage_dataset.Fields([
                column_lineage_dataset.InputField(NAMESPACE, f"source.{table}", origin, [how])
            ])  # fmt: skip
    return column_lineage_dataset.ColumnLineageDatasetFacet(fields, producer=producer())


def methodology(verdict: Record) -> list[InputDataset]:
    """The methodology, and what there is of the month before."""
    stored = [
        InputDataset(NAMESPACE, f"predecessor.{name}", facets=version(digest)) for name, digest in sorted(verdict["predecessor"].items())
    ]
    return [InputDataset(NAMESPACE, "seeds.methodology", facets=version(verdict["methodology"]["sha256"])), *stored]


def published_facets(verdict: Record, name: str) -> Facets:
    """Schema, meaning and version of a published table."""
    table = publication_list()[name]
    columns = [(column, kind, table.descriptions[column]) for column, kind in table.columns.items()]
    return schema(columns) | documentation(table.description) | version(verdict["tables"][name])


def computed_tables(verdict: Record, lineage: Record) -> list[OutputDataset]:
    """The published tables as the build writes them, with their column lineage."""
    return [
        OutputDataset(
            NAMESPACE,
            f"publication.{name}",
            facets=published_facets(verdict, name) | {"columnLineage": column_lineage(lineage["tables"][name])},
        )
        for name in verdict["tables"]
    ]


def column_lineage(table: Record) -> DatasetFacet:
    """The column lineage of a table of `lineage.json`."""
    fields = {name: column_lineage_dataset.Fields(input_fields(origins)) for name, origins in table["columns"].items()}
    rules = [
        column_lineage_dataset.InputField(
            NAMESPACE, f"landing.{origin['table']}", column["name"], [column_lineage_dataset.Transformation(*FILTER, "row rules")]
        )
        for origin in table["rows"]
        if origin["kind"] == ROW_RULES
        for column in landed_columns()[origin["table"]]
    ]
    return column_lineage_dataset.ColumnLineageDatasetFacet(fields, [*input_fields(table["rows"]), *rules], producer=producer())


def input_fields(origins: Iterable[Record]) -> list[column_lineage_dataset.InputField]:
    """Origins of `lineage.json` as input fields; row rules concern the whole data set."""
    found: dict[tuple[str, str], list[column_lineage_dataset.Transformation]] = {}
    for origin in origins:
        if origin["kind"] != ROW_RULES:
            for directness in ("direct", "indirect"):
                for subtype, columns in origin[directness].items():
                    for column in columns:
                        how = column_lineage_dataset.Transformation(directness.upper(), subtype)
                        found.setdefault((ROOMS[origin["kind"]].format(origin["table"]), column), []).append(how)
    return [column_lineage_dataset.InputField(NAMESPACE, *place, hows) for place, hows in found.items()]


def published_tables(verdict: Record) -> list[InputDataset]:
    """The published tables as they are read."""
    return [InputDataset(NAMESPACE, f"publication.{name}", facets=published_facets(verdict, name)) for name in verdict["tables"]]


def judged_tables(verdict: Record) -> list[InputDataset]:
    """The published tables as they are judged, each with the checks that are named after it, and the candidate with all others."""
    data_sets = {name: InputDataset(NAMESPACE, f"publication.{name}", facets=published_facets(verdict, name)) for name in verdict["tables"]}
    data_sets[CANDIDATE] = InputDataset(NAMESPACE, CANDIDATE)
    found: dict[str, list[data_quality_assertions_dataset.Assertion]] = {name: [] for name in data_sets}
    for check in verdict["checks"]:
        table = check["name"].partition(".")[0]
        found[table if table in found else CANDIDATE].append(assertion(table, check))
    for name, data_set in data_sets.items():
        data_set.inputFacets = {
            "dataQualityAssertions": data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(found[name], producer=producer())
        }
    return list(data_sets.values())


def assertion(table: str, check: Record) -> data_quality_assertions_dataset.Assertion:
    """A check of the verdict; one that did not execute is no success."""
    _, *parts = check["name"].split(".")
    columns = publication_list()[table].columns if table in publication_list() else {}
    return data_quality_assertions_dataset.Assertion(
        assertion=".".join(parts) or check["name"],
        success=check["passed"] and check["executed"],
        column=parts[0] if parts and parts[0] in columns else None,
        severity=SEVERITIES[check["severity"]],
        name=check["name"],
        actual=check["observed"],
    )


def verdict(manifest: Record) -> OutputDataset:
    """The verdict as it is written."""
    return OutputDataset(NAMESPACE, "verdict", facets=version(manifest["verdict"]["sha256"]))


def verdict_read(manifest: Record) -> InputDataset:
    """The verdict as it is read."""
    return InputDataset(NAMESPACE, "verdict", facets=version(manifest["verdict"]["sha256"]))


def release(judged: Record, digest: str | None = None) -> OutputDataset:
    """The release of a period; its digest, that of its SHA256SUMS, is not known within it."""
    return OutputDataset(NAMESPACE, f"release.{judged['period']}", facets=version(digest) if digest else {})
