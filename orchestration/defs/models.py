"""The dbt project: every model an asset, every data test a check of it.

Seeds are read as they stand.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator
from dagster_dbt.asset_utils import (
    DBT_DEFAULT_SELECT,
    DBT_DEFAULT_SELECTOR,
    build_dbt_specs,
    get_asset_check_key_for_test,
)

from orchestration import pipeline
from orchestration.build import candidate, warehouse
from orchestration.defs.graph import (
    HOME_POOL,
    MONTHS,
    Result,
    SettingsResource,
    StepResult,
    code_reference,
    owners_of,
    step,
)
from orchestration.home import files, locks
from orchestration.home.layout import Home
from orchestration.lineage.columns import project, relation_of
from orchestration.lineage.statements import ROWS
from orchestration.periods import Period
from orchestration.settings import DBT_PROJECT

GROUPS = {
    "period": "measures",
    "methodology": "methodology",
    "public_holidays": "methodology",
    "parameters": "methodology",
}
PASSED = "pass"


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

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What the project says of the node, without its SQL, which the code reference leads to."""
        description: str = dbt_resource_props["description"]
        return description

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Who answers for its group."""
        return owners_of(self.get_group_name(dbt_resource_props))

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """The edition that a published table is in, public or internal."""
        edition = dbt_resource_props.get("config", {}).get("meta", {}).get("edition")
        return {"edition": edition} if edition else {}

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """The columns, and the file that defines it."""
        file = DBT_PROJECT / dbt_resource_props["original_file_path"]
        return {
            **super().get_metadata(dbt_resource_props),
            "dagster/code_references": code_reference(file),
        }

    def get_asset_check_spec(
        self,
        *args: Any,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> dg.AssetCheckSpec | None:
        """A data test, month by month, like the model that it is of."""
        spec = super().get_asset_check_spec(*args, **kwargs)
        if spec is None:
            return None
        return dg.AssetCheckSpec(
            spec.name,
            asset=spec.asset_key,
            description=spec.description,
            metadata=spec.metadata,
            partitions_def=MONTHS,
        )


TRANSLATOR = HouseTranslator()


@cache
def manifest_of_project() -> dict[str, Any]:
    """The parsed project."""
    manifest: dict[str, Any] = files.read_json(warehouse.parsed_manifest())
    return manifest


def nodes_of(resource_type: str) -> list[dict[str, Any]]:
    """The project's nodes of a type: model, seed or test."""
    nodes = manifest_of_project()["nodes"].values()
    return [node for node in nodes if node["resource_type"] == resource_type]


SEEDS = [
    TRANSLATOR.get_asset_spec(manifest_of_project(), seed["unique_id"], None)
    for seed in nodes_of("seed")
]


# Not `dbt_assets`, which would give a backfill one run for all months, and checks of a range no
# month.
MODELS, TESTS = build_dbt_specs(
    translator=TRANSLATOR,
    manifest=manifest_of_project(),
    select=DBT_DEFAULT_SELECT,
    exclude="resource_type:seed",
    selector=DBT_DEFAULT_SELECTOR,
    io_manager_key=None,
    project=None,
)


@dg.multi_asset(
    name="warehouse", specs=MODELS, check_specs=TESTS, partitions_def=MONTHS, pool=HOME_POOL
)
def dbt_models(
    context: dg.AssetExecutionContext, settings: SettingsResource
) -> Iterator[StepResult]:
    """Build the period's warehouse: every model an asset, every data test an asset check."""
    period = Period.parse(context.partition_key)
    ended: list[warehouse.NodeResult] = []
    with step(context, settings, locks.LANDING, context.partition_key):
        plan = candidate.planned_build(settings.home, context.partition_key)
        try:
            pipeline.build(settings, plan, ended.append)
        except Exception:
            yield from test_results(ended)
            raise
        for result in warehouse_results(settings.home, period, ended):
            if isinstance(result, dg.AssetObservation):
                context.log_event(result)
            else:
                yield result


def built_results(home: Home, period: Period) -> Iterator[Result]:
    """The same of a build that is over, as dbt recorded it.

    The data tests alone where it gave no warehouse.
    """
    folder = home.build(period)
    recorded = warehouse.node_results(folder)
    if (folder / warehouse.FILE).exists():
        yield from warehouse_results(home, period, recorded)
    else:
        yield from test_results(recorded)


def warehouse_results(
    home: Home, period: Period, ended: list[warehouse.NodeResult]
) -> Iterator[Result]:
    """What a built warehouse holds, model by model in the order built.

    The seeds that it was built with and its data tests follow.
    """
    file = home.build(period) / warehouse.FILE
    rows, refused = warehouse.row_counts(file), warehouse.refused_counts(file)
    models = {model["unique_id"]: model for model in nodes_of("model")}
    for node in ended:
        if model := models.get(node.unique_id):
            by_rule = refused.get(model["name"].removeprefix("stg_"), {})
            yield dg.MaterializeResult(
                asset_key=TRANSLATOR.get_asset_key(model),
                metadata={"seconds": node.seconds}
                | column_lineage(model)
                | row_count(rows, model)
                | {f"refused/{rule}": count for rule, count in by_rule.items()},
            )
    for seed in nodes_of("seed"):
        yield dg.AssetObservation(
            TRANSLATOR.get_asset_key(seed),
            metadata={"read_for": str(period)} | row_count(rows, seed),
        )
    yield from test_results(ended)


def row_count(rows: Mapping[tuple[str, str], int], node: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a table; nothing of a view."""
    counted = rows.get((node["schema"], node["name"]))
    return {} if counted is None else {"dagster/row_count": counted}


@cache
def lineage_by_model() -> dict[str, dg.TableColumnLineage]:
    """The column lineage of each model by its unique id, one step upstream, as Dagster shows it."""
    columns_by_relation = project().models
    found = {}
    for model in nodes_of("model"):
        columns = columns_by_relation[relation_of(model)].columns
        found[model["unique_id"]] = dg.TableColumnLineage(
            {column: column_inputs(inputs) for column, inputs in columns.items()}
        )
    return found


def column_inputs(inputs: Iterable[tuple[str, str]]) -> list[dg.TableColumnDep]:
    """The columns that a column is made of, as Dagster shows them.

    inputs: relations, each with the column read.
    """
    manifest, nodes_by_relation = manifest_of_project(), project().nodes
    nodes = manifest["nodes"] | manifest["sources"]
    return [
        dg.TableColumnDep(TRANSLATOR.get_asset_key(nodes[nodes_by_relation[relation]]), read)
        for relation, read in sorted(inputs)
        if relation in nodes_by_relation and read != ROWS
    ]


def column_lineage(model: Mapping[str, Any]) -> dict[str, Any]:
    """The column lineage of a model, as metadata."""
    return {"dagster/column_lineage": lineage_by_model()[model["unique_id"]]}


def test_results(ended: list[warehouse.NodeResult]) -> Iterator[dg.AssetCheckResult]:
    """The results of dbt's data tests as those of asset checks, failing ones first."""
    for node in sorted(ended, key=lambda node: node.status == PASSED):
        key = get_asset_check_key_for_test(manifest_of_project(), TRANSLATOR, node.unique_id, None)
        if key is not None:
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=node.status == PASSED,
                metadata={"status": node.status, "message": node.message or "no failing rows"},
            )
