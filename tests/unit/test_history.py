"""What a month reads of the month before: the tables that are marked so, and no others."""

import re
from pathlib import Path

import pytest
import yaml

from orchestration.settings import DBT_PROJECT
from orchestration.why import movement
from quality import recovery
from quality.check_entries import QUERIES
from quality.publication import history_tables, published_tables
from tests.unit.test_rules import of

ONE, OTHER = "1" * 64, "2" * 64


def tables_read():
    """The published tables that models, checks, movements and hidden figures read of it."""
    sources = yaml.safe_load((DBT_PROJECT / "models" / "predecessor.yml").read_text("utf-8"))
    read = {table["name"] for table in sources["sources"][0]["tables"]} | set(movement.TABLES)
    read |= set(
        re.findall(r'tables / "(\w+)\.parquet"', Path(recovery.__file__).read_text("utf-8"))
    )
    queries = " ".join(file.read_text("utf-8") for file in QUERIES.glob("*.sql"))
    return read | set(re.findall(r"before_(\w+)", queries)) & published_tables().keys()


def test_history_is_what_is_read_of_the_month_before():
    assert set(history_tables()) == tables_read()
    assert "data_quality" not in history_tables()


@pytest.mark.parametrize(
    ("read", "there", "is_the_same"),
    [
        ({"alert": ONE}, {"alert": ONE, "data_quality": OTHER}, True),
        ({"alert": ONE}, {"alert": OTHER, "data_quality": OTHER}, False),
        ({"alert": ONE}, {}, False),
        ({}, {"alert": ONE}, False),
        ({}, {}, True),
        # As an older version recorded it: all tables.
        ({"alert": ONE, "data_quality": ONE}, {"alert": ONE, "data_quality": OTHER}, False),
    ],
)
def test_a_month_is_stale_by_what_it_read_alone(tmp_path, read, there, is_the_same):
    verdict = of(tmp_path, predecessor=read).verdict
    assert verdict.is_built_on(there) == is_the_same
