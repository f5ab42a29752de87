"""The landed tables, as the registry of source tables describes them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import dagster as dg

from orchestration import pipeline
from orchestration.build import candidate
from orchestration.contract.clock import today, yesterday
from orchestration.contract.registry import REGISTRY, registry_entries
from orchestration.defs.graph import (
    HOME_POOL,
    MONTHS,
    SettingsResource,
    StepResult,
    code_reference,
    owners_of,
    step,
)
from orchestration.errors import UsageError
from orchestration.extract.intakes import intake_record
from orchestration.home import locks
from orchestration.home.layout import Home
from orchestration.periods import Period, as_of_date
from orchestration.release.holiday_report import reach_on, warning_of
from orchestration.signatures.people import person_name
from quality.nouns import counted_noun

GROUP = "landing"
# The source is read each night: one that is missed warns, two fail.
FRESH = dg.FreshnessPolicy.time_window(
    warn_window=timedelta(hours=26), fail_window=timedelta(hours=50)
)


def spec_of(entry: dict[str, Any]) -> dg.AssetSpec:
    """A landed table as an asset; entry: the table's of the registry."""
    dropped = [column["name"] for column in entry["columns"] if "data_type" not in column]
    not_landed = f" Not landed, for they are personal: {', '.join(dropped)}." if dropped else ""
    return dg.AssetSpec(
        [GROUP, entry["name"]],
        group_name=GROUP,
        kinds={"parquet"},
        owners=owners_of(GROUP),
        tags={"personal_data": "pseudonymised"} if dropped else {},
        freshness_policy=FRESH,
        description=f"{entry['config']['meta']['zh']}. {entry['description']}{not_landed}",
        metadata={
            "dagster/column_schema": dg.TableSchema(
                [column_of(column) for column in entry["columns"] if "data_type" in column]
            ),
            "dagster/code_references": code_reference(REGISTRY),
        },
    )


def column_of(column: dict[str, Any]) -> dg.TableColumn:
    """A landed column, with its Chinese name; what is made of a personal one says of which."""
    meta = column.get("config", {}).get("meta", {})
    personal = meta.get("derived_from")
    name_zh = f"{meta['zh']}. " if "zh" in meta else ""
    return dg.TableColumn(
        column["name"],
        column["data_type"],
        description=f"{name_zh}{column['description']}",
        constraints=dg.TableColumnConstraints(nullable=not meta.get("required", False)),
        tags={"personal_data": f"made of {personal}"} if personal else {},
    )


@dg.multi_asset(
    name="extraction",
    specs=[spec_of(entry) for entry in registry_entries()],
    partitions_def=MONTHS,
    pool=HOME_POOL,
)
def landing(context: dg.AssetExecutionContext, settings: SettingsResource) -> Iterator[StepResult]:
    """Extract the source and settle what the period is built from.

    Dagster asks nobody who they are. Where no operator is set, no person stands for the run, and
    its candidate cannot be approved.
    """
    with step(context, settings, locks.LANDING, context.partition_key):
        if not settings.source:
            raise UsageError("No source: set UHI_SOURCE.")
        period = Period.parse(context.partition_key)
        as_of = as_of_date(period, None, yesterday())
        if warning := warning_of(reach_on(today())):
            context.log.warning(warning)
        person = person_name(settings.operator) if settings.operator else None
        intake = pipeline.land(settings, settings.source, context.log.info)
        candidate.plan_build(settings.home, intake.folder, period, as_of, person)
        yield from landing_results(settings.home, period)


def landing_results(home: Home, period: Period) -> Iterator[dg.MaterializeResult[None]]:
    """What the intake that a period is built from holds, table by table."""
    plan = candidate.planned_build(home, str(period))
    for table in intake_record(home, plan.intake).tables:
        yield dg.MaterializeResult(
            asset_key=[GROUP, table.table],
            metadata={
                "dagster/row_count": table.rows,
                "intake": plan.intake,
                "source": table.source,
                "bytes": table.bytes,
                "sha256": table.sha256,
                "read": f"{counted_noun(table.rows_read, 'row')}, "
                + (f"changed since {table.since}" if table.since else "whole"),
                "watermark": f"{table.watermark_from or '–'} to {table.watermark_to or '–'}",
                "ignored_columns": ", ".join(table.ignored_columns) or "none",
            },
        )
