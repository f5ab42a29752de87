"""The data sets of OpenLineage events, with their facets, from the records of a release.

The facets are schema, version, rows, lineage and checks. All data sets are in one namespace, by
room: `source.member` as handed over, `landing.member`, `seeds.indicators`,
`publication.union_index`, …
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

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

from orchestration.contract.registry import registry_entries
from orchestration.contract.registry import source_tables as registered_tables
from orchestration.home.records.intake import LandedTable
from orchestration.home.records.release import TableRead
from orchestration.home.records.verdict import Verdict
from orchestration.lineage.columns import PREDECESSOR, ROW_RULES, SEED, SOURCE
from orchestration.lineage.identifiers import NAMESPACE, producer
from orchestration.lineage.statements import FILTER, IDENTITY, TRANSFORMATION, VARIABLE
from quality.publication import published_tables as publication_list
from quality.verdict import Check

ROOMS = {
    SOURCE: "landing.{}",
    SEED: "seeds.{}",
    PREDECESSOR: "predecessor.{}",
    VARIABLE: "variables",
}
SEVERITIES = {"stop": "error", "warn": "warn"}
CANDIDATE = "candidate"

InputField = column_lineage_dataset.InputField
Transformation = column_lineage_dataset.Transformation
Assertion = data_quality_assertions_dataset.Assertion

Facets = dict[str, DatasetFacet]
Record = Mapping[str, Any]


@cache
def landed_columns() -> dict[str, list[dict[str, Any]]]:
    """The columns of each landed table as the registry has them."""
    return {
        table["name"]: [column for column in table["columns"] if "data_type" in column]
        for table in registry_entries()
    }


def schema(columns: Iterable[tuple[str, str, str | None]]) -> Facets:
    """A schema of columns, each with its type and what it means."""
    fields = [
        schema_dataset.SchemaDatasetFacetFields(name, kind, description)
        for name, kind, description in columns
    ]
    return {"schema": schema_dataset.SchemaDatasetFacet(fields, producer=producer())}


def version(digest: str) -> Facets:
    """The SHA-256 that a data set is known by."""
    facet = dataset_version_dataset.DatasetVersionDatasetFacet
    return {"version": facet(f"sha256:{digest}", producer=producer())}


def documentation(text: str) -> Facets:
    """What a data set holds."""
    facet = documentation_dataset.DocumentationDatasetFacet
    return {"documentation": facet(text, producer=producer())}


def source_tables(tables: Iterable[LandedTable | TableRead]) -> list[InputDataset]:
    """The tables of the source as handed over."""
    data_sets = []
    for table in tables:
        columns = registered_tables()[table.table].columns
        facets = schema((column.name, column.type, None) for column in columns)
        data_sets.append(InputDataset(NAMESPACE, f"source.{table.table}", facets=facets))
    return data_sets


def landed_tables(tables: Iterable[LandedTable | TableRead]) -> list[OutputDataset]:
    """The landed tables as extraction writes them, with what each column was made of."""
    statistics = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet
    data_sets = []
    for table in tables:
        facets = landed_facets(table) | {"columnLineage": extraction_lineage(table.table)}
        counted = statistics(rowCount=table.rows, producer=producer())
        data_sets.append(
            OutputDataset(
                NAMESPACE,
                f"landing.{table.table}",
                facets=facets,
                outputFacets={"outputStatistics": counted},
            )
        )
    return data_sets


def read_tables(tables: Iterable[LandedTable | TableRead]) -> list[InputDataset]:
    """The landed tables as the build reads them."""
    return [
        InputDataset(
            NAMESPACE,
            f"landing.{table.table}",
            facets=landed_facets(table),
        )
        for table in tables
    ]


def landed_facets(table: LandedTable | TableRead) -> Facets:
    """Schema and version of a landed table."""
    columns = [
        (
            column["name"],
            column["data_type"],
            column["description"],
        )
        for column in landed_columns()[table.table]
    ]
    return schema(columns) | version(table.sha256)


def extraction_lineage(table: str) -> DatasetFacet:
    """What each landed column is made of by extraction.

    Itself, or a personal column that is never landed, masked.
    """
    fields = {}
    for column in landed_columns()[table]:
        meta = column.get("config", {}).get("meta", {})
        is_derived = "derived_from" in meta
        if not is_derived and "type" not in meta:
            continue
        origin = meta["derived_from"] if is_derived else column["name"]
        kind = TRANSFORMATION if is_derived else IDENTITY
        how = Transformation(*kind, masking=is_derived)
        made_of = InputField(
            NAMESPACE,
            f"source.{table}",
            origin,
            [how],
        )
        fields[column["name"]] = column_lineage_dataset.Fields([made_of])
    return column_lineage_dataset.ColumnLineageDatasetFacet(fields, producer=producer())


def methodology(digest: str, predecessor: Mapping[str, str]) -> list[InputDataset]:
    """The methodology, and what there is of the month before, by their digests."""
    stored = [
        InputDataset(
            NAMESPACE,
            f"predecessor.{name}",
            facets=version(table),
        )
        for name, table in sorted(predecessor.items())
    ]
    return [InputDataset(NAMESPACE, "seeds.methodology", facets=version(digest)), *stored]


def published_facets(name: str, digest: str | None) -> Facets:
    """Schema, meaning and, where it is known, version of a published table."""
    table = publication_list()[name]
    columns = [(column, kind, table.descriptions[column]) for column, kind in table.columns.items()]
    facets = schema(columns) | documentation(table.description)
    if digest:
        facets |= version(digest)
    return facets


def computed_tables(digests: Mapping[str, str | None], lineage: Record) -> list[OutputDataset]:
    """The published tables as the build writes them, with their column lineage.

    lineage: the tables of a `lineage.json`.
    """
    return [
        OutputDataset(
            NAMESPACE,
            f"publication.{name}",
            facets=published_facets(name, digest)
            | {"columnLineage": column_lineage(lineage[name])},
        )
        for name, digest in digests.items()
    ]


def column_lineage(table: Record) -> DatasetFacet:
    """The column lineage of a table of `lineage.json`."""
    fields = {
        name: column_lineage_dataset.Fields(input_fields(origins))
        for name, origins in table["columns"].items()
    }
    rules = [
        field
        for origin in table["rows"]
        if origin["kind"] == ROW_RULES
        for field in fields_of_row_rules(origin["table"])
    ]
    return column_lineage_dataset.ColumnLineageDatasetFacet(
        fields,
        [*input_fields(table["rows"]), *rules],
        producer=producer(),
    )


def fields_of_row_rules(table: str) -> list[InputField]:
    """The columns of a landed table as its row rules read them."""
    return [
        InputField(
            NAMESPACE,
            f"landing.{table}",
            column["name"],
            [Transformation(*FILTER, "row rules")],
        )
        for column in landed_columns()[table]
    ]


def input_fields(origins: Iterable[Record]) -> list[InputField]:
    """Origins of `lineage.json` as input fields; row rules concern the whole data set."""
    found: dict[tuple[str, str], list[Transformation]] = {}
    for origin in origins:
        if origin["kind"] == ROW_RULES:
            continue
        data_set = ROOMS[origin["kind"]].format(origin["table"])
        for column, how in uses_of(origin):
            found.setdefault((data_set, column), []).append(how)
    return [InputField(NAMESPACE, *place, hows) for place, hows in found.items()]


def uses_of(origin: Record) -> Iterator[tuple[str, Transformation]]:
    """The columns of an origin in `lineage.json`, each with how it is used."""
    for directness in ("direct", "indirect"):
        for subtype, columns in origin[directness].items():
            for column in columns:
                yield column, Transformation(directness.upper(), subtype)


def published_tables(verdict: Verdict) -> dict[str, InputDataset]:
    """The published tables as they are read, by name."""
    return {
        name: InputDataset(
            NAMESPACE,
            f"publication.{name}",
            facets=published_facets(name, digest),
        )
        for name, digest in verdict.tables.items()
    }


def judged_tables(verdict: Verdict) -> list[InputDataset]:
    """The published tables as they are judged, each with the checks that are named after it.

    The candidate has all other checks.
    """
    data_sets = published_tables(verdict) | {CANDIDATE: InputDataset(NAMESPACE, CANDIDATE)}
    found: dict[str, list[Assertion]] = {name: [] for name in data_sets}
    for check in verdict.checks:
        table, _, _ = check.name.partition(".")
        name = table if table in found else CANDIDATE
        found[name].append(assertion(table, check))
    facet = data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet
    for name, data_set in data_sets.items():
        assertions = facet(found[name], producer=producer())
        data_set.inputFacets = {"dataQualityAssertions": assertions}
    return list(data_sets.values())


def assertion(table: str, check: Check) -> Assertion:
    """A check of the verdict; one that did not execute is no success."""
    _, *parts = check.name.split(".")
    published = publication_list().get(table)
    columns = published.columns if published else {}
    column = parts[0] if parts and parts[0] in columns else None
    return Assertion(
        assertion=".".join(parts) or check.name,
        success=check.succeeded,
        column=column,
        severity=SEVERITIES[check.severity],
        name=check.name,
        actual=check.observed,
    )


def verdict_read(digest: str) -> InputDataset:
    """A verdict as it is read."""
    return InputDataset(NAMESPACE, "verdict", facets=version(digest))


def verdict_written(digest: str) -> OutputDataset:
    """A verdict as it is written."""
    return OutputDataset(NAMESPACE, "verdict", facets=version(digest))


def release_read(period: str, digest: str) -> InputDataset:
    """What was prepared for a period, by the digest of its SHA256SUMS."""
    return InputDataset(
        NAMESPACE,
        f"prepared.{period}",
        facets=version(digest),
    )


def release_written(
    room: str,
    period: str,
    digest: str | None,
) -> OutputDataset:
    """What is prepared or published for a period; its digest is not known within it."""
    return OutputDataset(
        NAMESPACE,
        f"{room}.{period}",
        facets=version(digest) if digest else {},
    )
