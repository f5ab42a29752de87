"""OpenLineage events of the jobs of the house, made with the client's own classes.

In a release (`openlineage.ndjson`, one event a line) stand START and COMPLETE of extraction, build, verdict and preparation. They are the
same whenever a release is made again: a run's id is a UUID (version 5) of the job and the digests of what it was given, and each event has
the moment at which the source was read, the one moment that the records hold for good; when a person prepared and published it says
`record.json` and `publication.json`. What is sent to an endpoint while the jobs run (`sending.py`) has the moments of the clock.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import JobFacet, RunFacet, documentation_job, error_message_run, job_type_job, source_code_location_job
from openlineage.client.serde import Serde

from orchestration import files
from orchestration.lineage import datasets
from orchestration.lineage.naming import NAMESPACE, PACKAGE, producer, revision

FILE = "openlineage.ndjson"
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, f"pkg:pypi/{PACKAGE}")
JOBS = {
    "extraction": "Reads every table of the source strictly by its contract, replaces persons by pseudonyms, and lands the rows.",
    "build": "Builds the published tables of a period from the landing, the methodology and the stored month before.",
    "verdict": "Judges the published tables of a period by every required check.",
    "preparation": "Builds the whole release of a period, both editions, and judges its files.",
    "publication": "Moves what was prepared and approved to the releases, when its time has come.",
}
BATCH = "BATCH"


@dataclass(frozen=True)
class JobRun:
    """One run of a job: its id, the code that ran, and what it read and wrote as far as it is known."""

    job: str
    run_id: str
    code: Mapping[str, Any] | None = None
    inputs: Sequence[InputDataset] = ()
    outputs: Sequence[OutputDataset] = ()


@dataclass(frozen=True)
class Made:
    """What a job that ended read and wrote."""

    inputs: list[InputDataset] = field(default_factory=list)
    outputs: list[OutputDataset] = field(default_factory=list)


def run_id(job: str, *given: str) -> str:
    """The id of a run by what it was given."""
    return str(uuid.uuid5(SPACE, "\n".join((job, *given))))


def event(state: RunState, run: JobRun, moment: str, error: str | None = None) -> RunEvent:
    """An event of a run at a moment (ISO 8601 with its offset); a START says what is read, a COMPLETE what was written, too."""
    facets: dict[str, JobFacet] = {
        "documentation": documentation_job.DocumentationJobFacet(JOBS[run.job], producer=producer()),
        "jobType": job_type_job.JobTypeJobFacet(BATCH, "UNION_HEALTH_INDEX", "JOB", producer=producer()),
    }
    if identifier := revision(run.code):
        facets["sourceCodeLocation"] = source_code_location_job.SourceCodeLocationJobFacet(
            type="git", url=identifier, version=identifier.rpartition(":")[2], producer=producer()
        )
    run_facets: dict[str, RunFacet] = {}
    if error is not None:
        run_facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(error, "PYTHON", producer=producer())
    return RunEvent(
        eventTime=moment,
        eventType=state,
        run=Run(run.run_id, run_facets),
        job=Job(NAMESPACE, run.job, facets),
        inputs=list(run.inputs),
        outputs=list(run.outputs) if state == RunState.COMPLETE else [],
        producer=producer(),
    )


def release_runs(manifest: Mapping[str, Any], verdict: Mapping[str, Any], lineage: Mapping[str, Any]) -> list[JobRun]:
    """The runs that a release was made by, from its manifest and verdict; lineage: the `lineage.json` of its internal edition."""
    code, landing = verdict.get("code"), verdict["landing"]["sha256"]
    tables = files.digest_of(verdict["tables"])
    given = [verdict["period"], verdict["as_of"], landing, verdict["methodology"]["sha256"], files.digest_of(verdict["predecessor"])]
    source, landed = datasets.source_tables(manifest), datasets.landed_tables(manifest)
    computed = datasets.computed_tables(verdict, lineage)
    judged = datasets.judged_tables(verdict)
    return [
        JobRun("extraction", run_id("extraction", verdict["landing"]["intake"], landing), None, source, landed),
        JobRun("build", run_id("build", *given), code, [*datasets.read_tables(manifest), *datasets.methodology(verdict)], computed),
        JobRun("verdict", run_id("verdict", *given, tables), code, judged, [datasets.verdict(manifest)]),
        JobRun(
            "preparation",
            run_id("preparation", *given, tables, manifest["verdict"]["sha256"]),
            manifest["code"]["release"],
            [*datasets.published_tables(verdict), datasets.verdict_read(manifest)],
            [datasets.release(verdict)],
        ),
    ]


def write_events(folder: Path, manifest: Mapping[str, Any], verdict: Mapping[str, Any]) -> None:
    """Write the events of a release into its folder, whose internal edition has its `lineage.json`."""
    lineage = files.read_json(folder / "internal" / "lineage.json")
    moment = manifest["source"]["extracted_at"]
    runs = release_runs(manifest, verdict, lineage)
    events = [event(state, run, moment) for run in runs for state in (RunState.START, RunState.COMPLETE)]
    (folder / FILE).write_text("".join(Serde.to_json(each, ensure_ascii=False) + "\n" for each in events), encoding="utf-8")
