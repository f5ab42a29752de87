"""The whole house, listed in the data's order: what Dagster loads, and what tests load with other settings."""

import dagster as dg

from orchestration.assets import ASSETS
from orchestration.operations import JOBS, SCHEDULES, SENSORS
from orchestration.settings import Settings, load_settings


def build_defs(settings: Settings) -> dg.Definitions:
    """Assets, jobs, schedules and sensors over the given settings."""
    return dg.Definitions(assets=ASSETS, jobs=JOBS, schedules=SCHEDULES, sensors=SENSORS, resources={"settings": settings})


defs = build_defs(load_settings())
