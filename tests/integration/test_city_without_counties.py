"""Cities of which some or all townships hang on the city itself, as in Dongguan and in zones."""

import csv
import shutil

import pytest

from orchestration import pipeline
from orchestration.release import preparation, publication
from orchestration.settings import METHODOLOGY
from quality.publication import published_tables
from tests.reference import calculate
from tests.support.cells import INTERVAL, cells
from tests.support.people import DECEMBER, approve
from tests.support.settings import EXAMPLE, settings_in

PERIOD = str(DECEMBER)


def without_counties(source, gone):
    """The example whose townships of some counties hang on the city."""
    shutil.copytree(EXAMPLE / "source", source)
    file = source / "region.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["region_code"] not in gone]
    for row in rows:
        if row["parent_code"] in gone:
            row["parent_code"] = row["region_code"][:4]
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def run_and_compare(folder, gone):
    """Settings of a home in which the city of December passed, with the reference's figures."""
    source, settings = folder / "source", settings_in(folder / "home")
    without_counties(source, gone)
    due = pipeline.due_dates(PERIOD, None)
    _, [outcome] = pipeline.run(settings, str(source), due, "tests", lambda _: None)
    assert outcome.passed
    expected = calculate(source, METHODOLOGY, [PERIOD])[PERIOD]
    for table in published_tables():
        rows = [
            {name: cell for name, cell in row.items() if name not in INTERVAL}
            for row in expected[table]
        ]
        assert cells(settings, PERIOD, table) == rows, table
    return settings


def test_townships_of_no_county_are_areas(tmp_path):
    settings = run_and_compare(tmp_path, {"330302"})
    ranks = {row["area_code"]: row["rank"] for row in cells(settings, PERIOD, "area_index")}
    assert {"1", "2"} <= {rank for code, rank in ranks.items() if code.startswith("330302")}


@pytest.mark.drill
def test_a_city_of_townships_alone_is_released(tmp_path):
    settings = run_and_compare(tmp_path, {"330302", "330328", "330329", "330381"})
    assert cells(settings, PERIOD, "county_ranking") == []
    preparation.prepare(settings, DECEMBER)
    approve(settings)
    assert publication.publish(settings.home, DECEMBER).name == "r1"
