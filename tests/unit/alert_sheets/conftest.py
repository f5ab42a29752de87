"""A log of alerts with three open cases, and the sheet of two of them."""

import pytest

from tests.support.alerts import store_of
from tests.support.sheets import exported, log_of


@pytest.fixture
def store():
    with store_of(log_of()) as store:
        yield store


@pytest.fixture
def file(store, tmp_path):
    return exported(store, tmp_path)
