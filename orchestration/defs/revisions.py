"""What the intake of a month says otherwise than published months, with a check that warns.

The figures themselves are not shown: Dagster's pages have no login, and nobody has released them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from orchestration import pipeline
from orchestration.build import candidate
from orchestration.contract.registry import source_tables
from orchestration.defs.graph import (
    HOME_POOL,
    MONTHS,
    SettingsResource,
    StepResult,
    code_reference,
    owners_of,
    step,
)
from orchestration.home import locks
from orchestration.home.layout import Home
from orchestration.home.records.revisions import Revisions
from orchestration.periods import Period
from orchestration.revisions import comparing
from orchestration.revisions.text import (
    FIGURES_HEAD,
    ROWS_HEAD,
    cells_of_figures,
    cells_of_rows,
    month_lines,
)

GROUP = "revisions"
REVISIONS = dg.AssetKey([GROUP, "published_months"])
AS_PUBLISHED = "as_published"


@dg.asset(
    key=REVISIONS,
    group_name=GROUP,
    kinds={"parquet"},
    deps=[["landing", name] for name in source_tables()],
    partitions_def=MONTHS,
    pool=HOME_POOL,
    owners=owners_of("landing"),
    metadata={"dagster/code_references": code_reference(Path(comparing.__file__))},
    check_specs=[
        dg.AssetCheckSpec(
            AS_PUBLISHED,
            asset=REVISIONS,
            description="Whether the intake says of published months what was published.",
            partitions_def=MONTHS,
        )
    ],
)
def revised_months(
    context: dg.AssetExecutionContext, settings: SettingsResource
) -> Iterator[StepResult]:
    """The rows and figures of published months that the month's intake says otherwise, counted."""
    with step(context, settings, locks.LANDING, context.partition_key):
        plan = candidate.planned_build(settings.home, context.partition_key)
        pipeline.compare_with_published(settings, plan.intake, context.log.info)
        yield from revision_results(settings.home, Period.parse(context.partition_key))


def revision_results(home: Home, period: Period) -> Iterator[StepResult]:
    """What the intake of a period says otherwise; nothing where that was not computed."""
    intake = candidate.planned_build(home, str(period)).intake
    revisions = Revisions.in_folder(home.revisions_of(intake))
    if revisions is None:
        return
    yield dg.MaterializeResult(
        asset_key=REVISIONS,
        metadata={
            "intake": intake,
            "published_months": len(revisions.months),
            "revised_months": len(revisions.revised),
        },
    )
    yield dg.AssetCheckResult(
        asset_key=REVISIONS,
        check_name=AS_PUBLISHED,
        passed=not revisions.revised,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(month_lines(revisions)),
        metadata={"rows": rows_table(revisions), "figures": figures_table(revisions)},
    )


def rows_table(revisions: Revisions) -> dg.MarkdownMetadataValue:
    """The revised rows of each month by table and county, in Markdown."""
    rows = [
        (month.period, *cells) for month in revisions.revised for cells in cells_of_rows(month.rows)
    ]
    return markdown_table(("month", *ROWS_HEAD), rows)


def figures_table(revisions: Revisions) -> dg.MarkdownMetadataValue:
    """How many figures of each month would move, by table and county, in Markdown."""
    rows = [
        (month.period, *cells)
        for month in revisions.revised
        for cells in cells_of_figures(month.figures)
    ]
    return markdown_table(("month", *FIGURES_HEAD), rows)


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> dg.MarkdownMetadataValue:
    """A table in Markdown; `none` without rows."""
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
    return dg.MetadataValue.md("\n".join(lines) if rows else "none")
