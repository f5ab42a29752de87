"""The release as it is prepared, and as it is published.

Both wait for people: what waits is skipped, and says for what.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration import pipeline
from orchestration.contract.needed_codes import needed_labels
from orchestration.contract.parameters import parameters
from orchestration.defs.graph import (
    CANDIDATE,
    HOME_POOL,
    MONTHS,
    PREPARED,
    PUBLISHED,
    Result,
    SettingsResource,
    code_reference,
    owners_of,
    runs_too,
    step,
)
from orchestration.documents import figures
from orchestration.documents.edition import by_index, rows_of
from orchestration.home.layout import PUBLICATION_RECORD, Home
from orchestration.home.records.release import Manifest, PublicationRecord
from orchestration.home.releases import release_in_force
from orchestration.periods import Period
from orchestration.release import bundle, preparation, publication
from orchestration.release.rules.judgement import Judgement
from orchestration.release.rules.requested import TO_BE_GIVEN, RequestedRelease
from orchestration.release.rules.rule import reasons_against
from orchestration.signatures import approvals

GROUP = "release"


class RevisionConfig(dg.Config):
    """What a release is that supersedes another of its period, and why.

    Nothing is stated of a first release.
    """

    kind: str | None = None
    reason: str | None = None


@dg.asset(
    key=PREPARED,
    group_name=GROUP,
    deps=[CANDIDATE],
    partitions_def=MONTHS,
    pool=HOME_POOL,
    output_required=False,
    owners=owners_of(GROUP),
    metadata={"dagster/code_references": code_reference(Path(preparation.__file__))},
)
def prepared_release(
    context: dg.AssetExecutionContext, config: RevisionConfig, settings: SettingsResource
) -> Iterator[dg.MaterializeResult[None]]:
    """The release as it would be published.

    Refused where the verdict, read again, does not hold for the bytes.

    In a run that builds the candidate too it is skipped where a person has to act first.
    """
    period = Period.parse(context.partition_key)
    with step(context, settings, context.partition_key):
        waits_for = (
            missing_for_preparation(settings.home, period, config)
            if runs_too(context, CANDIDATE)
            else []
        )
        if waits_for:
            context.log_event(waiting(PREPARED, period, waits_for))
            return
        pipeline.prepare(settings, period, config.kind, config.reason, context.log.info)
        yield from prepared_results(settings.home, period)


def missing_for_preparation(home: Home, period: Period, config: RevisionConfig) -> list[str]:
    """What people, or the calendar, must still give before a release can be prepared.

    The release is that of a passed candidate.
    """
    requested = RequestedRelease(Judgement.of_candidate(home, period), config.kind)
    return reasons_against(TO_BE_GIVEN, requested)


def waiting(asset: dg.AssetKey, period: Period, waits_for: list[str]) -> dg.AssetObservation:
    """That an asset of a month was skipped, and what it waits for."""
    return dg.AssetObservation(
        asset,
        partition=str(period),
        description=f"Skipped; it waits for: {'; '.join(waits_for)}.",
        metadata={"waits_for": dg.MetadataValue.md("\n".join(f"- {each}" for each in waits_for))},
    )


def prepared_results(home: Home, period: Period) -> Iterator[dg.MaterializeResult[None]]:
    """What is prepared for a period."""
    folder = home.prepared(period)
    yield dg.MaterializeResult(
        asset_key=PREPARED,
        metadata={
            "folder": dg.MetadataValue.path(folder),
            "files": len(bundle.digests_of(folder)),
            "release_time": Manifest.read(folder / "manifest.json").planned.release_time,
            **approval_state(home, period),
        },
    )


def approval_results(home: Home, period: Period) -> Iterator[dg.AssetObservation]:
    """Who has approved a period's release by now, for the page of what is prepared."""
    yield dg.AssetObservation(
        PREPARED, partition=str(period), metadata=approval_state(home, period)
    )


def approval_state(home: Home, period: Period) -> dict[str, Any]:
    """Who has approved what is prepared, or, where nothing is any more, the release in force."""
    release = release_in_force(home, period)
    is_prepared = home.prepared(period).is_dir()
    given = (
        preparation.approvals_of(home, period)
        if is_prepared or release is None
        else approvals.approvals_in(release)
    )
    lines = [f"- {entry.by}, {entry.at}" for entry in given]
    return {
        "approvals": f"{len(given)} of {parameters().approvals_needed}",
        "approved_by": dg.MetadataValue.md("\n".join(lines) or "nobody yet"),
    }


@dg.asset(
    key=PUBLISHED,
    group_name=GROUP,
    deps=[PREPARED],
    partitions_def=MONTHS,
    pool=HOME_POOL,
    output_required=False,
    owners=owners_of(GROUP),
    tags={"edition": "public"},
    metadata={"dagster/code_references": code_reference(Path(publication.__file__))},
)
def published_release(
    context: dg.AssetExecutionContext, settings: SettingsResource
) -> Iterator[dg.MaterializeResult[None]]:
    """The release in force.

    Refused without the approvals that it needs; the prepared release's page shows those that it
    has by now.

    A run that prepares it too skips it, for nobody can have approved it yet.
    """
    period = Period.parse(context.partition_key)
    with step(context, settings, context.partition_key):
        for observation in approval_results(settings.home, period):
            context.log_event(observation)
        if runs_too(context, PREPARED):
            context.log_event(
                waiting(PUBLISHED, period, publication.publication_blockers(settings.home, period))
            )
            return
        pipeline.publish(settings, period)
        yield from published_results(settings.home, period)


def published_results(home: Home, period: Period) -> Iterator[dg.MaterializeResult[None]]:
    """The release in force of a period: its public edition alone.

    Dagster's pages have no login.
    """
    folder = release_in_force(home, period)
    if folder is None:
        return
    public = folder / "public"
    record = PublicationRecord.read(folder / PUBLICATION_RECORD)
    yield dg.MaterializeResult(
        asset_key=PUBLISHED,
        metadata={
            "release": folder.name,
            "release_time": record.release_time,
            "published_at": record.published_at,
            "folder": dg.MetadataValue.path(folder),
            "page": dg.MetadataValue.path(public / "index.html"),
            "ranking": dg.MetadataValue.md(ranking_table(public)),
            "health_codes": dg.MetadataValue.md(health_code_table(public)),
        },
    )


def publication_results(home: Home, period: Period) -> Iterator[Result]:
    """The release in force, and who approved it."""
    yield from approval_results(home, period)
    yield from published_results(home, period)


def retraction_results(home: Home, period: Period) -> Iterator[dg.AssetObservation]:
    """That no release of a period is in force any more."""
    in_force = release_in_force(home, period)
    yield dg.AssetObservation(
        PUBLISHED,
        partition=str(period),
        metadata={"in_force": in_force.name if in_force else "retracted"},
    )


def ranking_table(tables: Path) -> str:
    """The ranking of the counties in Markdown."""
    lines = []
    for row in by_index(rows_of(tables / "county_ranking.parquet")):
        names = f"{row['name_zh']} {row['name_en']}"
        index, rate = figures.index(row["health_index"]), figures.rate(row["sampling_rate"])
        interval = f"{row['rank_low'] or '–'}–{row['rank_high'] or '–'}"
        lines.append(f"| {row['rank'] or '–'} | {names} | {index} | {rate} | {interval} |")
    return "\n".join(
        [
            "| rank | county | index | sampling rate % | interval |",
            "| --- | --- | --- | --- | --- |",
            *lines,
        ]
    )


def health_code_table(tables: Path) -> str:
    """The unions of the city and its counties by health code, in Markdown."""
    areas = [row for row in rows_of(tables / "area_index.parquet") if row["level"] != "township"]
    codes = needed_labels()["health_code"]
    lines = []
    for row in sorted(areas, key=lambda row: row["area_code"]):
        counts = " | ".join(figures.count(row[code]) for code in codes)
        lines.append(f"| {row['name_zh']} {row['name_en']} | {counts} |")
    head = " | ".join(["area", *codes])
    rule = " | ".join(["---"] * (1 + len(codes)))
    return "\n".join([f"| {head} |", f"| {rule} |", *lines])
