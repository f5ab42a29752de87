"""The Dagster instance of a home: its folder, and how it is configured."""

from pathlib import Path

from orchestration.home import files
from orchestration.home.layout import Home

# Runs of one home queue: their assets share a pool, and each pool has room for one run.
CONFIGURATION = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    granularity: run
    default_limit: 1
"""


def has_instance(home: Home) -> bool:
    """Whether a home has a Dagster instance."""
    return (home.dagster / "dagster.yaml").exists()


def ensure_instance(folder: Path) -> None:
    """Configure a Dagster instance in a folder that has none, and lay out its storage.

    The folder is for its owner alone: what runs say is of months that are not released. Two
    processes must not do that at once.
    """
    from dagster import DagsterInstance

    files.keep_private(folder)
    configuration = folder / "dagster.yaml"
    if not configuration.exists():
        files.write_atomically(configuration, CONFIGURATION)
    with DagsterInstance.from_config(str(folder)) as instance:
        instance.get_runs_count()
