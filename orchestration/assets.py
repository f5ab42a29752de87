"""The house as Dagster assets, in the data's order: landing, the dbt project, the candidate with its verdict, the release.

Each asset only calls the function that `uhi` calls too, and puts on its page what people want to see. Nothing is computed here.
"""

import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from orchestration import candidate, files, gate, warehouse
from orchestration.errors import UsageError
from orchestration.extract.landing import extract
from orchestration.extract.registry import source_tables
from orchestration.lineage.columns import project, relation_of
from orchestration.lineage.statements import ROWS
from orchestration.periods import CITY_ZONE, Period, as_of_date, yesterday
from orchestration.release import approvals, bundle, preparation, publication
from orchestration.release.documents import figures
from orchestration.release.documents.edition import rows_of
from orchestration.settings import Settings
from quality.verdict import required_checks

# Backfill policies are in beta; Dagster's version is pinned, and the jobs need one that all assets share.
warnings.filterwarnings("ignore", category=dg.BetaWarning, message=".*backfill_policy.*")

FIRST_PERIOD = "2019-01"
MONTHS = dg.MonthlyPartitionsDefinition(start_date=FIRST_PERIOD, fmt="%Y-%m", timezone=str(CITY_ZONE), end_offset=1)
ONE_RUN_A_MONTH = dg.BackfillPolicy.multi_run(max_partitions_per_run=1)
GROUPS = {"period": "measures", "methodology": "methodology", "public_holidays": "methodology"}
SettingsResource = dg.ResourceParam[Settings]


class HouseTranslator(DagsterDbtTranslator):
    """How dbt's nodes appear: sources under the landing, models in the group of their folder."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`landing/<table>` for a source table, else `<group>/<model>`."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])
        return dg.AssetKey([self.get_group_name(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The folder of the model."""
        folder: str = dbt_resource_props["fqn"][1]
        return GROUPS.get(folder, folder)


TRANSLATOR = HouseTranslator()


@dg.multi_asset(
    name="extraction",
    specs=[
        dg.AssetSpec(["landing", table.name], group_name="landing", kinds={"parquet"}, description=f"Landed copy of {table.name}.")
        for table in source_tables().values()
    ],
    partitions_def=MONTHS,
    backfill_policy=ONE_RUN_A_MONTH,
)
def landing(context: dg.AssetExecutionContext, settings: SettingsResource) -> Iterator[dg.MaterializeResult[None]]:
    """Extract the source and settle what the period is built from."""
    if not settings.source:
        raise UsageError("No source: set UHI_SOURCE.")
    period = Period.parse(context.partition_key)
    as_of = as_of_date(period, None, yesterday())
    intake = extract(settings, settings.source, context.log.info)
    candidate.plan_build(settings, intake.folder, period, as_of, f"dagster run {context.run.run_id}")
    for table in intake.tables:
        yield dg.MaterializeResult(
            asset_key=["landing", table.table],
            metadata={
                "dagster/row_count": table.rows,
                "intake": intake.name,
                "source": table.source,
                "bytes": table.bytes,
                "sha256": table.sha256,
                "read": f"{table.rows_read:,} rows, " + (f"changed since {table.since}" if table.since else "whole"),
                "watermark": f"{table.watermark_from or '–'} to {table.watermark_to or '–'}",
                "ignored_columns": ", ".join(table.ignored_columns) or "none",
            },
        )


@dbt_assets(
    manifest=warehouse.parsed_manifest(),
    dagster_dbt_translator=TRANSLATOR,
    partitions_def=MONTHS,
    name="warehouse",
    backfill_policy=ONE_RUN_A_MONTH,
)
def dbt_models(context: dg.AssetExecutionContext, settings: SettingsResource) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Build the period's warehouse: every model an asset, every data test an asset check."""
    manifest = files.read_json(warehouse.parsed_manifest())
    plan = candidate.Plan.load(settings.home, context.partition_key)
    ended: list[warehouse.NodeResult] = []
    try:
        file = candidate.build_warehouse(settings, plan, ended.append)
    except Exception:
        yield from check_results(manifest, ended)
        raise
    rows, refused = warehouse.row_counts(file), warehouse.refused_counts(file)
    for node in ended:
        properties = manifest["nodes"].get(node.unique_id)
        if properties and properties["resource_type"] in ("model", "seed"):
            counted = rows.get((properties["schema"], properties["name"]))
            by_rule = refused.get(properties["name"].removeprefix("stg_"), {})
            yield dg.MaterializeResult(
                asset_key=TRANSLATOR.get_asset_key(properties),
                metadata={"seconds": node.seconds}
                | column_metadata(manifest, properties)
                | ({} if counted is None else {"dagster/row_count": counted})
                | {f"refused/{rule}": count for rule, count in by_rule.items()},
            )
    yield from check_results(manifest, ended)


def column_metadata(manifest: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    """The column lineage of a model, one step upstream, as Dagster shows it; nothing of a seed."""
    lineage = project()
    if properties["resource_type"] == "seed":
        return {}
    nodes = manifest["nodes"] | manifest["sources"]
    columns = {
        column: [
            dg.TableColumnDep(TRANSLATOR.get_asset_key(nodes[lineage.nodes[relation]]), read)
            for relation, read in sorted(inputs)
            if relation in lineage.nodes and read != ROWS
        ]
        for column, inputs in lineage.models[relation_of(properties)].columns.items()
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(columns)}


def check_results(manifest: Mapping[str, Any], ended: list[warehouse.NodeResult]) -> Iterator[dg.AssetCheckResult]:
    """The results of dbt's data tests as those of asset checks."""
    for node in ended:
        key = get_asset_check_key_for_test(manifest, TRANSLATOR, node.unique_id, None)
        if key is not None:
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=node.status == "pass",
                metadata={"status": node.status, "message": node.message or "no row at fault"},
            )


def asset_check_name(check: str) -> str:
    """A check's name as Dagster allows it, without dots."""
    return check.replace(".", "__")


@dg.asset(
    key=["candidate", "candidate"],
    group_name="candidate",
    kinds={"parquet"},
    deps=[["publication", name] for name in warehouse.published_tables()] + [["staging", "row_balance"], ["staging", "refused_rows"]],
    partitions_def=MONTHS,
    backfill_policy=ONE_RUN_A_MONTH,
    check_specs=[
        dg.AssetCheckSpec("verdict", asset=["candidate", "candidate"], description="Whether the candidate may be released."),
        *(dg.AssetCheckSpec(asset_check_name(name), asset=["candidate", "candidate"]) for name in required_checks()),
    ],
)
def judged_candidate(context: dg.AssetExecutionContext, settings: SettingsResource) -> Iterator[dg.MaterializeResult[None]]:
    """The exact bytes to be judged, and the verdict on them."""
    verdict = gate.judge(settings, candidate.Plan.load(settings.home, context.partition_key))
    not_passed = [check for check in verdict["checks"] if not check["passed"]]
    tables = candidate.candidate_folder(settings.home, context.partition_key) / "tables"
    yield dg.MaterializeResult(
        metadata={
            "as_of": verdict["as_of"],
            "provisional": verdict["provisional"],
            "rows": dg.MetadataValue.md(row_table(tables)),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="verdict",
                passed=verdict["passed"],
                metadata={
                    "checks": len(verdict["checks"]),
                    "not_passed": dg.MetadataValue.md(
                        "\n".join(f"- {c['severity']} {c['name']}: {c['observed']}" for c in not_passed) or "none"
                    ),
                },
            ),
            *(check_result(check) for check in verdict["checks"] if check["required"]),
        ],
    )


def check_result(check: dict[str, Any]) -> dg.AssetCheckResult:
    """A check of the verdict as Dagster shows it; the verdict, not this, is what publication reads."""
    return dg.AssetCheckResult(
        check_name=asset_check_name(check["name"]),
        passed=check["passed"],
        severity=dg.AssetCheckSeverity.ERROR if check["severity"] == "stop" else dg.AssetCheckSeverity.WARN,
        description=f"{check['observed']}{'' if check['executed'] else ' (not executed)'}",
        metadata={"observed": check["observed"], "executed": check["executed"], "severity": check["severity"]},
    )


def row_table(tables: Path) -> str:
    """The rows of each table in Markdown; no figure, for a candidate may be under embargo."""
    counted = {file.stem: pq.read_metadata(file).num_rows for file in sorted(tables.glob("*.parquet"))}
    return "\n".join(["| table | rows |", "| --- | --- |", *(f"| {name} | {rows:,} |" for name, rows in counted.items())])


def ranking_table(tables: Path) -> str:
    """The ranking of the counties in Markdown."""
    counties = sorted(rows_of(tables / "county_ranking.parquet"), key=lambda row: (row["rank"] is None, row["rank"] or 0, row["area_code"]))
    lines = [
        f"| {row['rank'] or '–'} | {row['name_zh']} {row['name_en']} | {figures.index(row['health_index'])} "
        f"| {figures.rate(row['sampling_rate'])} | {row['rank_low'] or '–'}–{row['rank_high'] or '–'} |"
        for row in counties
    ]
    return "\n".join(["| rank | county | index | sampling rate % | interval |", "| --- | --- | --- | --- | --- |", *lines])


def alert_table(tables: Path) -> str:
    """Alerts by level and rule in Markdown."""
    counts: dict[tuple[str, str], int] = {}
    for row in rows_of(tables / "alert.parquet"):
        counts[row["level"], row["rule"]] = counts.get((row["level"], row["rule"]), 0) + 1
    lines = [f"| {level} | {rule} | {count:,} |" for (level, rule), count in sorted(counts.items())]
    return "\n".join(["| level | rule | alerts |", "| --- | --- | --- |", *lines])


class RevisionConfig(dg.Config):
    """What a release is that supersedes another of its period, and why; nothing of a first release."""

    kind: str | None = None
    reason: str | None = None


@dg.asset(
    key=["release", "prepared"],
    group_name="release",
    deps=[["candidate", "candidate"]],
    partitions_def=MONTHS,
    backfill_policy=ONE_RUN_A_MONTH,
)
def prepared_release(context: dg.AssetExecutionContext, config: RevisionConfig, settings: SettingsResource) -> dg.MaterializeResult[None]:
    """The release as it would be published; refused where the verdict, read again, does not hold for the bytes."""
    period = Period.parse(context.partition_key)
    folder = preparation.prepare(settings, period, config.kind, config.reason, context.log.info)
    return dg.MaterializeResult(
        metadata={
            "folder": dg.MetadataValue.path(folder),
            "files": len(bundle.digests_of(folder)),
            "release_time": files.read_json(folder / "manifest.json")["planned"]["release_time"],
            **approval_state(settings, period),
        }
    )


def approval_state(settings: Settings, period: Period) -> dict[str, Any]:
    """Who has approved what is prepared, for the asset's page."""
    given = preparation.approvals_of(settings.home, period)
    lines = [f"- {entry['by']}, {entry['at']}" for entry in given]
    return {"approvals": f"{len(given)} of {approvals.NEEDED}", "approved_by": dg.MetadataValue.md("\n".join(lines) or "nobody yet")}


@dg.asset(
    key=["release", "published"],
    group_name="release",
    deps=[["release", "prepared"]],
    partitions_def=MONTHS,
    backfill_policy=ONE_RUN_A_MONTH,
)
def published_release(context: dg.AssetExecutionContext, settings: SettingsResource) -> dg.MaterializeResult[None]:
    """The release in force; refused without two people's approvals, which the prepared release's page shows as they are by now."""
    period = Period.parse(context.partition_key)
    context.log_event(
        dg.AssetObservation(["release", "prepared"], partition=context.partition_key, metadata=approval_state(settings, period))
    )
    folder = publication.publish(settings, period)
    return dg.MaterializeResult(
        metadata={
            "release": folder.name,
            **{name: files.read_json(folder / bundle.PUBLICATION)[name] for name in ("release_time", "published_at")},
            "folder": dg.MetadataValue.path(folder),
            "page": dg.MetadataValue.path(folder / "public" / "index.html"),
            "ranking": dg.MetadataValue.md(ranking_table(folder / "internal")),
            "alerts": dg.MetadataValue.md(alert_table(folder / "internal")),
        }
    )


ASSETS = [landing, dbt_models, judged_candidate, prepared_release, published_release]
