"""The Dagster instance of a home: its folder, and how it is configured."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import UsageError
from orchestration.home import files
from orchestration.home.layout import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

CONFIGURATION_FILE = "dagster.yaml"

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
    return (home.dagster / CONFIGURATION_FILE).exists()


def ensure_instance(folder: Path) -> None:
    """Configure a Dagster instance in a folder, and lay out its storage where it has none.

    Two processes must not do that at once. Raises UsageError as `opened_instance`.
    """
    with opened_instance(folder) as instance:
        instance.get_runs_count()


def opened_instance(folder: Path) -> "DagsterInstance":
    """The Dagster instance of a folder of a home, to be closed by who opens it.

    The folder is for its owner alone: what runs say is of months that are not released. Raises
    UsageError where it is configured otherwise than here: the file can name any code, which Dagster
    then runs.
    """
    from dagster import DagsterInstance

    files.keep_private(folder)
    file = folder / CONFIGURATION_FILE
    if not os.path.lexists(file):
        files.write_atomically(file, CONFIGURATION)
    if files.read_kept(file, UsageError) != CONFIGURATION.encode():
        raise UsageError(
            f"{file} is not as it was written here, and can name code that Dagster would run. Move "
            "it to a folder of your own and set DAGSTER_HOME to that, or remove it."
        )
    return DagsterInstance.from_config(str(folder))
