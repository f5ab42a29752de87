"""Homes that several tests look at, built once for each worker."""

import pytest

from orchestration import pipeline
from tests.conftest import EXAMPLE, settings_in


@pytest.fixture(scope="session")
def example_run(tmp_path_factory):
    """The contract's example, run from October to December 2020: (settings, outcomes)."""
    settings = settings_in(tmp_path_factory.mktemp("example") / "home")
    due = pipeline.due_dates("2020-10..2020-12", None)
    _, outcomes = pipeline.run(settings, str(EXAMPLE / "source"), due, "tests", lambda _: None)
    return settings, outcomes
