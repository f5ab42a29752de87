"""OpenLineage events of the jobs of the house, made with the client's own classes.

In a release (`openlineage.ndjson`, one event a line) stand START and COMPLETE of extraction, build,
verdict and preparation. They are the same whenever a release is made again: a run's id is a UUID
(version 5) of the job and the digests of what it was given, and each event has the moment at which
the source was read, the one moment that the records hold for good; when a person prepared and
published it says `record.json` and `publication.json`. What is sent to an endpoint while the jobs
run (`sending.py`) has the moments of the clock.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    JobFacet,
    RunFacet,
    documentation_job,
    error_message_run,
    job_type_job,
    source_code_location_job,
)
from openlineage.client.serde import Serde

from orchestration.home import files
from orchestration.home.layout import SUMS
from orchestration.home.records.intake import LandedTable
from orchestration.home.records.release import Manifest, TableRead
from orchestration.home.records.verdict import CodeIdentity, Verdict
from orchestration.lineage import datasets
from orchestration.lineage.identifiers import NAMESPACE, PACKAGE, producer, revision
from orchestration.lineage.pages import published_tables_described
from quality.verdict import stopping

FILE = "openlineage.ndjson"
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, f"pkg:pypi/{PACKAGE}")
JOBS = {
    "extraction": (
        "Reads every table of the source strictly by its contract, "
        "replaces persons by pseudonyms, and lands the rows."
    ),
    "build": (
        "Builds the published tables of a period from the landing, "
        "the methodology and the stored month before."
    ),
    "verdict": "Judges the published tables of a period by every required check.",
    "preparation": "Builds the whole release of a period, both editions, and judges its files.",
    "publication": "Moves what was prepared and approved to the releases, when its time has come.",
}

Record = Mapping[str, Any]
Tables = Iterable[LandedTable | TableRead]


@dataclass(frozen=True)
class Made:
    """What a run of a job read and wrote, and, where it ended without what it is for, why."""

    inputs: Sequence[InputDataset] = ()
    outputs: Sequence[OutputDataset] = ()
    refused: str | None = None


@dataclass(frozen=True)
class JobRun:
    """One run of a job: its id, the code that ran, and what it made as far as it is known."""

    job: str
    run_id: str
    code: CodeIdentity | None = None
    made: Made = Made()


def run_id(job: str, *given: str) -> str:
    """The id of a run by what it was given."""
    return str(uuid.uuid5(SPACE, "\n".join((job, *given))))


def event(
    state: RunState,
    run: JobRun,
    moment: str,
    error: str | None = None,
) -> RunEvent:
    """An event of a run at a moment (ISO 8601 with its offset).

    What was written is told of once the run is complete.
    """
    facets: dict[str, JobFacet] = {
        "documentation": documentation_job.DocumentationJobFacet(
            JOBS[run.job], producer=producer()
        ),
        "jobType": job_type_job.JobTypeJobFacet(
            "BATCH", "UNION_HEALTH_INDEX", "JOB", producer=producer()
        ),
    }
    if identifier := revision(run.code):
        facets["sourceCodeLocation"] = source_code_location_job.SourceCodeLocationJobFacet(
            type="git", url=identifier, version=identifier.rpartition(":")[2], producer=producer()
        )
    run_facets: dict[str, RunFacet] = {}
    if error is not None:
        run_facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(
            error, "PYTHON", producer=producer()
        )
    return RunEvent(
        eventTime=moment,
        eventType=state,
        run=Run(run.run_id, run_facets),
        job=Job(NAMESPACE, run.job, facets),
        inputs=list(run.made.inputs),
        outputs=list(run.made.outputs) if state == RunState.COMPLETE else [],
        producer=producer(),
    )


def made_by_extraction(tables: Tables) -> Made:
    """What an extraction read and landed."""
    return Made(datasets.source_tables(tables), datasets.landed_tables(tables))


def made_by_build(
    tables: Tables,
    methodology: str,
    predecessor: Mapping[str, str],
) -> Made:
    """What a build read, and the tables that it wrote.

    It read these landed tables, and the methodology and month before of these digests.
    """
    read = [
        *datasets.read_tables(tables),
        *datasets.methodology(methodology, predecessor),
    ]
    lineage = published_tables_described()
    return Made(read, datasets.computed_tables(dict.fromkeys(lineage), lineage))


def made_by_verdict(verdict: Verdict) -> Made:
    """What was judged, with every check, and the verdict; one that is not passed is a failure."""
    digest = hashlib.sha256(verdict.text().encode()).hexdigest()
    failed = [check.name for check in stopping(verdict.checks)]
    refused = None if verdict.passed else f"refused by {', '.join(failed)}"
    return Made(
        datasets.judged_tables(verdict),
        [datasets.verdict_written(digest)],
        refused,
    )


def made_by_preparation(folder: Path) -> Made:
    """What a prepared release was made of."""
    verdict = Verdict.read(folder / "verdict.json")
    return prepared(
        verdict, files.sha256_of(folder / "verdict.json"), files.sha256_of(folder / SUMS)
    )


def prepared(
    verdict: Verdict,
    digest: str,
    sums: str | None,
) -> Made:
    """What a release was made of.

    By its verdict, the verdict's digest, and the digest of its SHA256SUMS where it has them.
    """
    read = [*datasets.published_tables(verdict).values(), datasets.verdict_read(digest)]
    return Made(read, [datasets.release_written("prepared", verdict.period, sums)])


def made_by_publication(folder: Path) -> Made:
    """What was published, in its folder."""
    period, sums = (
        Verdict.read(folder / "verdict.json").period,
        files.sha256_of(folder / SUMS),
    )
    return Made(
        [datasets.release_read(period, sums)], [datasets.release_written("releases", period, sums)]
    )


MADE: dict[str, Callable[..., Made]] = {
    "extraction": made_by_extraction,
    "build": made_by_build,
    "verdict": made_by_verdict,
    "preparation": made_by_preparation,
    "publication": made_by_publication,
}


def release_runs(
    manifest: Manifest,
    verdict: Verdict,
    lineage: Record,
) -> list[JobRun]:
    """The runs that a release was made by, from its manifest and verdict.

    lineage: the tables of its internal `lineage.json`.
    """
    landing, source, code = verdict.landing, manifest.source, verdict.code
    given = [
        verdict.period,
        verdict.as_of,
        landing.sha256,
        verdict.methodology.sha256,
    ]
    given.append(files.digest_of(verdict.predecessor))
    judged = [*given, files.digest_of(verdict.tables)]
    digest = manifest.verdict.sha256
    read = [
        *datasets.read_tables(source.tables),
        *datasets.methodology(verdict.methodology.sha256, verdict.predecessor),
    ]
    return [
        JobRun(
            "extraction",
            run_id("extraction", landing.intake, landing.sha256),
            None,
            made_by_extraction(source.tables),
        ),
        JobRun(
            "build",
            run_id("build", *given),
            code,
            Made(read, datasets.computed_tables(verdict.tables, lineage)),
        ),
        JobRun(
            "verdict",
            run_id("verdict", *judged),
            code,
            Made(datasets.judged_tables(verdict), [datasets.verdict_written(digest)]),
        ),
        JobRun(
            "preparation",
            run_id("preparation", *judged, digest),
            manifest.code.release,
            prepared(verdict, digest, None),
        ),
    ]


def write_events(folder: Path, manifest: Manifest, verdict: Verdict) -> None:
    """Write the events of a release into its folder; the internal edition has `lineage.json`."""
    runs = release_runs(
        manifest, verdict, files.read_json(folder / "internal" / "lineage.json")["tables"]
    )
    moment = manifest.source.extracted_at
    events = [
        event(state, run, moment) for run in runs for state in (RunState.START, RunState.COMPLETE)
    ]
    (folder / FILE).write_text(
        "".join(Serde.to_json(each, ensure_ascii=False) + "\n" for each in events), encoding="utf-8"
    )
