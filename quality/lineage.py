"""What a release says of the origin of its figures, checked against its files.

That is its column lineage, its OpenLineage events and its provenance statement.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from quality.description import json_of

EDITIONS = ("internal", "public")
KINDS = {"source", "seed", "variable", "predecessor", "row_rules"}
VARIABLES = {"period", "as_of", "same_methodology"}
NOT_IN_A_RELEASE = {"public_holidays", "parameters"}
JOBS = ("extraction", "build", "verdict", "preparation")
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


def other_lineage(folder: Path) -> Iterator[str]:
    """Columns of the editions' tables whose lineage is wrong.

    It is missing, empty, of a table that does not exist, or not on the page.
    """
    manifest = json_of(folder / "manifest.json")
    handed_over = {table["table"] for table in manifest["source"]["tables"]}
    judged = judged_tables(folder)
    for edition in EDITIONS:
        tables = json_of(folder / edition / "lineage.json")["tables"]
        page = (folder / edition / "lineage.html").read_text(encoding="utf-8")
        seeds = methodology_columns(folder / edition / "methodology")
        published = {name for name in judged if (folder / edition / f"{name}.parquet").is_file()}
        if set(tables) != published:
            yield f"{edition}/lineage.json is of other tables"
        for name in sorted(published & set(tables)):
            if (
                list(tables[name]["columns"])
                != pq.read_schema(folder / edition / f"{name}.parquet").names
            ):
                yield f"{edition}/lineage.json has other columns of {name}"
            if f'<h3 id="{name}">' not in page or any(
                f"<code>{column}</code>" not in page for column in tables[name]["columns"]
            ):
                yield f"{edition}/lineage.html does not show {name}"
            for column, origins in (
                *tables[name]["columns"].items(),
                ("its rows", tables[name]["rows"]),
            ):
                if not any(origin["kind"] in {"source", "seed", "variable"} for origin in origins):
                    yield f"{edition}/lineage.json has no origin of {name}: {column}"
                if any(is_dangling(origin, handed_over, seeds, judged) for origin in origins):
                    yield f"{edition}/lineage.json has an origin of {name}: {column} that is none"


def judged_tables(folder: Path) -> dict[str, list[str]]:
    """The columns of each judged table."""
    return {
        name: pq.read_schema(folder / "internal" / f"{name}.parquet").names
        for name in json_of(folder / "verdict.json")["tables"]
    }


def methodology_columns(folder: Path) -> dict[str, list[str]]:
    """The columns of each table of the methodology."""
    columns = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            columns[file.stem] = next(csv.reader(lines, strict=True))
    return columns


def is_dangling(
    origin: Mapping[str, Any],
    handed_over: set[str],
    seeds: Mapping[str, list[str]],
    judged: Mapping[str, list[str]],
) -> bool:
    """Whether an origin names a table or a column that is not there.

    The tables NOT_IN_A_RELEASE and the columns of source tables are not there to be looked up.
    """
    kind, table = origin["kind"], origin["table"]
    columns = {
        column
        for uses in (origin["direct"], origin["indirect"])
        for named in uses.values()
        for column in named
    }
    held = {"seed": seeds, "predecessor": judged, "variable": {"variable": list(VARIABLES)}}
    if not columns or kind not in KINDS:
        return True
    if kind in {"source", "row_rules"}:
        return table not in handed_over
    is_elsewhere = kind == "seed" and table in NOT_IN_A_RELEASE
    return not is_elsewhere and not columns <= set(held[kind].get(table, ()))


def other_events(folder: Path) -> Iterator[str]:
    """Events that are not one START and one COMPLETE of each job, or that differ from the release.

    They may tell of other bytes, checks or lineage than the release has.
    """
    manifest, verdict = json_of(folder / "manifest.json"), json_of(folder / "verdict.json")
    events = [
        json.loads(line)
        for line in (folder / "openlineage.ndjson").read_text(encoding="utf-8").splitlines()
    ]
    found = [(event["job"]["name"], event["eventType"]) for event in events]
    if found != [(job, state) for job in JOBS for state in ("START", "COMPLETE")]:
        yield "openlineage.ndjson is not of a START and a COMPLETE of each job"
        return
    runs = [event["run"]["runId"] for event in events]
    if [*dict.fromkeys(runs)] != runs[1::2]:
        yield "openlineage.ndjson does not have one run of each job"
    if {event["eventTime"] for event in events} != {manifest["source"]["extracted_at"]}:
        yield "openlineage.ndjson has other moments than that at which the source was read"
    if versions_in(events) != versions_due(manifest, verdict):
        yield "openlineage.ndjson tells of other tables than the release is made of"
    _, computed, judged = events[1::2][:3]
    assertions = [
        each
        for table in judged["inputs"]
        for each in table["inputFacets"]["dataQualityAssertions"]["assertions"]
    ]
    checks = {
        (check["name"], check["passed"] and check["executed"], check["observed"])
        for check in verdict["checks"]
    }
    if {(each["name"], each["success"], each["actual"]) for each in assertions} != checks:
        yield "openlineage.ndjson tells of other checks than the verdict"
    described = {
        table["name"]: set(table["facets"]["columnLineage"]["fields"])
        for table in computed["outputs"]
    }
    lineage = json_of(folder / "internal" / "lineage.json")["tables"]
    due = {f"publication.{name}": set(table["columns"]) for name, table in lineage.items()}
    if described != due:
        yield "openlineage.ndjson has the lineage of other columns"


def versions_in(events: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Name and version of every data set that events tell of."""
    data_sets = [data_set for event in events for data_set in (*event["inputs"], *event["outputs"])]
    return {
        (each["name"], each["facets"]["version"]["datasetVersion"])
        for each in data_sets
        if "version" in each["facets"]
    }


def versions_due(manifest: Mapping[str, Any], verdict: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The same of all that a release was made of, by its manifest and verdict."""
    due = {f"landing.{table['table']}": table["sha256"] for table in manifest["source"]["tables"]}
    due |= {f"publication.{name}": digest for name, digest in verdict["tables"].items()}
    due |= {f"predecessor.{name}": digest for name, digest in verdict["predecessor"].items()}
    due |= {
        "seeds.methodology": verdict["methodology"]["sha256"],
        "verdict": manifest["verdict"]["sha256"],
    }
    return {(name, f"sha256:{digest}") for name, digest in due.items()}


def other_statement(folder: Path) -> Iterator[str]:
    """What the provenance statement states otherwise than the release.

    It is compared with its files, its manifest and its verdict.
    """
    statement, manifest, verdict = (
        json_of(folder / f"{name}.json") for name in ("provenance", "manifest", "verdict")
    )
    if (statement["_type"], statement["predicateType"]) != (STATEMENT_TYPE, PREDICATE_TYPE):
        yield "provenance.json is no in-toto Statement of SLSA provenance"
    files = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    due = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in files.items()
        if name not in NOT_SUBJECTS and not name.startswith(APPROVALS)
    }
    if digests(statement["subject"]) != due or len(statement["subject"]) != len(due):
        yield "provenance.json is of other files"
    build = statement["predicate"]["buildDefinition"]
    if (
        any(manifest[name] != value for name, value in build["externalParameters"].items())
        or "period" not in build["externalParameters"]
    ):
        yield "provenance.json has other parameters than the manifest"
    made_of = {
        f"landing/{table['table']}.parquet": table["sha256"]
        for table in manifest["source"]["tables"]
    }
    made_of |= {
        f"predecessor/{name}.parquet": digest for name, digest in verdict["predecessor"].items()
    }
    made_of["methodology"] = verdict["methodology"]["sha256"]
    codes = {part: code for part, code in manifest["code"].items() if code}
    made_of |= {
        f"requirements.lock/{part}": code["requirements_lock"]
        for part, code in codes.items()
        if code["requirements_lock"]
    }
    made_of |= {f"code/{part}": code["commit"] for part, code in codes.items() if code["commit"]}
    if digests(build["resolvedDependencies"]) != made_of:
        yield "provenance.json names other inputs than the manifest and the verdict"
    results = {f"{name}.json": manifest[name]["sha256"] for name in ("verdict", "overrides")}
    if digests(statement["predicate"]["runDetails"]["byproducts"]) != results:
        yield "provenance.json is of another verdict or other overrides"


def digests(descriptors: list[dict[str, Any]]) -> dict[str, str]:
    """Digest of each resource by name."""
    return {each["name"]: digest for each in descriptors for digest in each["digest"].values()}
