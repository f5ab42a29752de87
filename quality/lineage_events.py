"""What the OpenLineage events of a release tell, checked against its files."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from quality.release_files import Json, read_json

JOBS = ("extraction", "build", "verdict", "preparation")
STATES = ("START", "COMPLETE")


def other_events(folder: Path) -> Iterator[str]:
    """Events that are not one START and one COMPLETE of each job, or that differ from the release.

    They may tell of other bytes, checks or lineage than the release has.
    """
    manifest = read_json(folder / "manifest.json")
    verdict = read_json(folder / "verdict.json")
    text = (folder / "openlineage.ndjson").read_text(encoding="utf-8")
    events = [json.loads(line) for line in text.splitlines()]
    found = [(event["job"]["name"], event["eventType"]) for event in events]
    if found != list(product(JOBS, STATES)):
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
    if columns_in(computed) != columns_due(folder):
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


def columns_in(computed: Json) -> dict[str, set[str]]:
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
