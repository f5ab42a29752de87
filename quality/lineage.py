"""What a release says of the origin of its figures, checked against its files.

That is its column lineage, its OpenLineage events and its provenance statement.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from quality.release_files import (
    EDITIONS,
    Json,
    csv_header,
    files_below,
    read_json,
    sha256_of,
)

ORIGINS = {"source", "seed", "variable"}
KINDS = {*ORIGINS, "predecessor", "row_rules"}
VARIABLES = ["period", "as_of", "same_methodology"]
NOT_IN_A_RELEASE = {"public_holidays", "parameters"}
JOBS = ("extraction", "build", "verdict", "preparation")
STATES = ("START", "COMPLETE")
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
NOT_SUBJECTS = {
    "provenance.json",
    "release_verdict.json",
    "public/SHA256SUMS",
    "SHA256SUMS",
    "record.json",
    "publication.json",
}
APPROVALS = ("approvals/", "public/approvals/")

Columns = Mapping[str, list[str]]
Digests = dict[str, str]


# The lineage of the columns.


@dataclass(frozen=True)
class Known:
    """What an origin may name: source tables, and columns by table of all else.

    The tables NOT_IN_A_RELEASE and the columns of source tables are not there to be looked up.
    """

    sources: set[str]
    seeds: Columns
    judged: Columns

    def has(self, origin: Json) -> bool:
        """Whether the table and the columns that an origin names are there."""
        kind = origin["kind"]
        table = origin["table"]
        columns = columns_used(origin)
        if not columns or kind not in KINDS:
            return False
        if kind in {"source", "row_rules"}:
            return table in self.sources
        if kind == "seed" and table in NOT_IN_A_RELEASE:
            return True
        return columns <= self.columns_of(kind, table)

    def columns_of(self, kind: str, table: str) -> set[str]:
        """The columns of a table of a kind; none where there is no such table."""
        held: dict[str, Columns] = {
            "seed": self.seeds,
            "predecessor": self.judged,
            "variable": {"variable": VARIABLES},
        }
        return set(held[kind].get(table, ()))


def columns_used(origin: Json) -> set[str]:
    """The columns that an origin names."""
    columns = set[str]()
    for uses in (origin["direct"], origin["indirect"]):
        columns.update(*uses.values())
    return columns


def other_lineage(folder: Path) -> Iterator[str]:
    """Columns of the editions' tables whose lineage is wrong.

    It is missing, empty, of a table that does not exist, or not on the page.
    """
    manifest = read_json(folder / "manifest.json")
    sources = {table["table"] for table in manifest["source"]["tables"]}
    judged = judged_tables(folder)
    for name in EDITIONS:
        edition = folder / name
        seeds = methodology_columns(edition / "methodology")
        known = Known(sources, seeds, judged)
        for fault in lineage_faults(edition, known):
            yield f"{name}/{fault}"


def lineage_faults(edition: Path, known: Known) -> Iterator[str]:
    """How the lineage of an edition is wrong."""
    tables = read_json(edition / "lineage.json")["tables"]
    page = (edition / "lineage.html").read_text(encoding="utf-8")
    published = {name for name in known.judged if table_of(edition, name).is_file()}
    if set(tables) != published:
        yield "lineage.json is of other tables"
    for name in sorted(published & set(tables)):
        columns = tables[name]["columns"]
        if list(columns) != pq.read_schema(table_of(edition, name)).names:
            yield f"lineage.json has other columns of {name}"
        if not is_shown(name, columns, page):
            yield f"lineage.html does not show {name}"
        yield from origin_faults(name, tables[name], known)


def table_of(edition: Path, name: str) -> Path:
    """The Parquet file of a table of an edition."""
    return edition / f"{name}.parquet"


def is_shown(
    table: str,
    columns: Json,
    page: str,
) -> bool:
    """Whether the page of the lineage has a table and each of its columns."""
    if f'<h3 id="{table}">' not in page:
        return False
    return all(f"<code>{column}</code>" in page for column in columns)


def origin_faults(
    table: str,
    lineage: Json,
    known: Known,
) -> Iterator[str]:
    """Columns of a table, and its rows, that have no origin, or one that does not exist."""
    traced = {**lineage["columns"], "its rows": lineage["rows"]}
    for column, origins in traced.items():
        kinds = {origin["kind"] for origin in origins}
        if not kinds & ORIGINS:
            yield f"lineage.json has no origin of {table}: {column}"
        if not all(map(known.has, origins)):
            yield f"lineage.json has an origin of {table}: {column} that is none"


def judged_tables(folder: Path) -> Columns:
    """The columns of each judged table."""
    verdict = read_json(folder / "verdict.json")
    internal = folder / "internal"
    return {name: pq.read_schema(table_of(internal, name)).names for name in verdict["tables"]}


def methodology_columns(folder: Path) -> Columns:
    """The columns of each table of the methodology."""
    return {file.stem: csv_header(file) for file in sorted(folder.glob("*.csv"))}


# The events.


def other_events(folder: Path) -> Iterator[str]:
    """Events that are not one START and one COMPLETE of each job, or that differ from the release.

    They may tell of other bytes, checks or lineage than the release has.
    """
    manifest = read_json(folder / "manifest.json")
    verdict = read_json(folder / "verdict.json")
    lines = (folder / "openlineage.ndjson").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    found = [(event["job"]["name"], event["eventType"]) for event in events]
    if found != [(job, state) for job in JOBS for state in STATES]:
        yield "openlineage.ndjson is not of a START and a COMPLETE of each job"
        return
    runs = [event["run"]["runId"] for event in events]
    if [*dict.fromkeys(runs)] != runs[1::2]:
        yield "openlineage.ndjson does not have one run of each job"
    moments = {event["eventTime"] for event in events}
    if moments != {manifest["source"]["extracted_at"]}:
        yield "openlineage.ndjson has other moments than that at which the source was read"
    if versions_in(events) != versions_due(manifest, verdict):
        yield "openlineage.ndjson tells of other tables than the release is made of"
    _extraction, computed, judged, _preparation = events[1::2]
    if set(assertions_of(judged)) != set(outcomes_of(verdict)):
        yield "openlineage.ndjson tells of other checks than the verdict"
    if columns_told(computed) != columns_due(folder):
        yield "openlineage.ndjson has the lineage of other columns"


def versions_in(events: list[Json]) -> set[tuple[str, str]]:
    """Name and version of every data set that events tell of."""
    versions = set()
    for event in events:
        for data_set in (*event["inputs"], *event["outputs"]):
            facets = data_set["facets"]
            if "version" in facets:
                version = facets["version"]["datasetVersion"]
                versions.add((data_set["name"], version))
    return versions


def versions_due(manifest: Json, verdict: Json) -> set[tuple[str, str]]:
    """The same of all that a release was made of, by its manifest and verdict."""
    due = {
        "seeds.methodology": verdict["methodology"]["sha256"],
        "verdict": manifest["verdict"]["sha256"],
    }
    for table in manifest["source"]["tables"]:
        due[f"landing.{table['table']}"] = table["sha256"]
    for name, digest in verdict["tables"].items():
        due[f"publication.{name}"] = digest
    for name, digest in verdict["predecessor"].items():
        due[f"predecessor.{name}"] = digest
    return {(name, f"sha256:{digest}") for name, digest in due.items()}


def assertions_of(judged: Json) -> Iterator[tuple[str, bool, str]]:
    """Name, success and finding of each check that the event of the verdict tells of."""
    for table in judged["inputs"]:
        quality = table["inputFacets"]["dataQualityAssertions"]
        for each in quality["assertions"]:
            yield each["name"], each["success"], each["actual"]


def outcomes_of(verdict: Json) -> Iterator[tuple[str, bool, str]]:
    """The same of each check of the verdict."""
    for check in verdict["checks"]:
        has_passed = check["passed"] and check["executed"]
        yield check["name"], has_passed, check["observed"]


def columns_told(computed: Json) -> dict[str, set[str]]:
    """The columns of each data set whose lineage the event of the build tells."""
    told = {}
    for table in computed["outputs"]:
        lineage = table["facets"]["columnLineage"]
        told[table["name"]] = set(lineage["fields"])
    return told


def columns_due(folder: Path) -> dict[str, set[str]]:
    """The same as the internal edition's lineage has it."""
    tables = read_json(folder / "internal" / "lineage.json")["tables"]
    return {f"publication.{name}": set(table["columns"]) for name, table in tables.items()}


# The provenance.


def other_statement(folder: Path) -> Iterator[str]:
    """What the provenance statement states otherwise than the release.

    It is compared with its files, its manifest and its verdict.
    """
    statement = read_json(folder / "provenance.json")
    manifest = read_json(folder / "manifest.json")
    types = (statement["_type"], statement["predicateType"])
    if types != (STATEMENT_TYPE, PREDICATE_TYPE):
        yield "provenance.json is no in-toto Statement of SLSA provenance"
    subjects = statement["subject"]
    due = subjects_due(folder)
    if digests(subjects) != due or len(subjects) != len(due):
        yield "provenance.json is of other files"
    build = statement["predicate"]["buildDefinition"]
    if has_other_parameters(build["externalParameters"], manifest):
        yield "provenance.json has other parameters than the manifest"
    inputs = inputs_due(manifest, read_json(folder / "verdict.json"))
    if digests(build["resolvedDependencies"]) != inputs:
        yield "provenance.json names other inputs than the manifest and the verdict"
    run = statement["predicate"]["runDetails"]
    results = {f"{name}.json": manifest[name]["sha256"] for name in ("verdict", "overrides")}
    if digests(run["byproducts"]) != results:
        yield "provenance.json is of another verdict or other overrides"


def subjects_due(folder: Path) -> Digests:
    """The digest of each file that the statement is due to be of."""
    due = {}
    for name, file in files_below(folder).items():
        if name not in NOT_SUBJECTS and not name.startswith(APPROVALS):
            due[name] = sha256_of(file)
    return due


def has_other_parameters(parameters: Json, manifest: Json) -> bool:
    """Whether parameters lack the period, or are others than the manifest's."""
    if "period" not in parameters:
        return True
    return any(manifest[name] != value for name, value in parameters.items())


def inputs_due(manifest: Json, verdict: Json) -> Digests:
    """The digest of each thing that the release was made of, by its manifest and verdict."""
    due: Digests = {"methodology": verdict["methodology"]["sha256"]}
    for table in manifest["source"]["tables"]:
        due[f"landing/{table['table']}.parquet"] = table["sha256"]
    for name, digest in verdict["predecessor"].items():
        due[f"predecessor/{name}.parquet"] = digest
    for part, code in manifest["code"].items():
        if not code:
            continue
        if code["requirements_lock"]:
            due[f"requirements.lock/{part}"] = code["requirements_lock"]
        if code["commit"]:
            due[f"code/{part}"] = code["commit"]
    return due


def digests(descriptors: list[Json]) -> Digests:
    """Digest of each resource by name."""
    found = {}
    for each in descriptors:
        for digest in each["digest"].values():
            found[each["name"]] = digest
    return found
