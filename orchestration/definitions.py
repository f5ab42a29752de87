"""Everything that Dagster loads, in the data's order; tests load it with other settings."""

import dagster as dg

from orchestration.defs.alerts import DESK_SPEC, alert_cases
from orchestration.defs.judgement import judged_candidate
from orchestration.defs.landing import landing
from orchestration.defs.models import SEEDS, dbt_models
from orchestration.defs.operations import JOBS, SCHEDULES, SENSORS
from orchestration.defs.release import prepared_release, published_release
from orchestration.defs.revisions import revised_months
from orchestration.defs.watching import moved_source
from orchestration.settings import Settings, load_settings

ASSETS: list[dg.AssetsDefinition | dg.AssetSpec] = [
    landing,
    revised_months,
    *SEEDS,
    dbt_models,
    judged_candidate,
    alert_cases,
    DESK_SPEC,
    prepared_release,
    published_release,
]


def build_defs(settings: Settings) -> dg.Definitions:
    """Assets, jobs, schedules and sensors over the given settings.

    The steps of a run share its process.
    """
    return dg.Definitions(
        assets=ASSETS,
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=[*SENSORS, moved_source],
        resources={"settings": settings},
        executor=dg.in_process_executor,
    )


defs = build_defs(load_settings())
