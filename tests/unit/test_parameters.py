"""The parameters are data: what the table says is what is done and told."""

import csv
import re
import shutil
from datetime import UTC, date, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from orchestration.audit import recount
from orchestration.contract import clock, generated_models
from orchestration.contract import parameters as contract
from orchestration.contract.methodology import load_methodology
from orchestration.documents import charts
from orchestration.documents.briefing import wording as briefing
from orchestration.documents.site import wording as site
from orchestration.documents.workbook import tabulation as workbook
from orchestration.errors import UsageError
from orchestration.periods import Period
from orchestration.release import sums
from orchestration.release.suppression import hidden_within
from orchestration.settings import DBT_PROJECT, METHODOLOGY, PROJECT
from orchestration.signatures import approvals
from quality import disclosure, intervals, profile, recovery
from quality.connection import connect
from tests.support.rank_intervals import FakeDbt, rank_interval

LINES = contract.FILE.read_text(encoding="utf-8").splitlines()
CODE = {".py", ".sql", ".yml", ".toml", ".csv", ".js", ".html"}
IGNORED = shutil.ignore_patterns("target")
AREAS = {"3303": 48, "330301": 12, "330302": 18, "330303": 18}
RANK = {
    "rank_draws": 2000,
    "rank_spread": 40,
    "rank_low_percentile": 11,
    "rank_high_percentile": 93,
}


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Lets another table take the place of the shipped one."""
    file = tmp_path / "parameters.csv"
    monkeypatch.setattr(contract, "FILE", file)

    def write(*lines):
        file.write_text("\n".join(lines), encoding="utf-8")
        forget()

    yield write
    forget()


def forget():
    """Let the table be read anew."""
    for read in (contract.parameters, site.wording, briefing.wording, workbook.wording):
        read.cache_clear()


def lines_with(**changed):
    """The lines of the table with other values."""
    lines = list(LINES)
    for name, value in changed.items():
        [place] = [number for number, line in enumerate(lines) if line.startswith(f"{name},")]
        lines[place] = re.sub(f"^{name},[^,]*,", f"{name},{value},", lines[place])
    return lines


def test_the_witnesses_in_quality_hold_the_same_least_size():
    assert contract.parameters().smallest_area == disclosure.SMALLEST_AREA
    assert contract.parameters().smallest_area == recovery.SMALLEST_AREA
    assert contract.parameters().smallest_area == intervals.SMALLEST_AREA
    assert contract.parameters().least_interval == intervals.LEAST_INTERVAL


def test_the_witnesses_in_quality_hold_the_same_lengths_of_codes():
    cut = re.compile(r"substr\((?:\w+\.)?\w*code, 1, (\d+)\)")
    queries = [*(PROJECT / "quality").rglob("*.sql"), *(PROJECT / "quality").rglob("*.py")]
    found = {int(length) for file in queries for length in cut.findall(file.read_text("utf-8"))}
    assert found == set(contract.parameters().code_lengths[:2])


def test_other_lengths_of_codes_make_other_areas(table):
    areas = {"3303", "330301", "330301001", "33030", "3303010"}
    table(*LINES)
    assert sums.holders(areas, "330301001") == ["3303", "330301", "330301001"]
    table(*lines_with(county_code_length=7))
    assert sums.holders(areas, "330301001") == ["3303", "3303010", "330301001"]


def test_models_and_texts_of_dbt_take_the_lengths_of_codes(tmp_path):
    project = shutil.copytree(DBT_PROJECT, tmp_path / "dbt_project", ignore=IGNORED)
    seed = project / "seeds" / "parameters.csv"
    seed.write_text("\n".join(lines_with(county_code_length=7)), encoding="utf-8")
    with pytest.raises(UsageError, match=r"parameters\.sql is stale"):
        generated_models.check_models(project)
    generated_models.write_models(project)
    macro = (project / "macros" / "parameters.sql").read_text(encoding="utf-8")
    assert "'county_code_length': 7," in macro
    fixed = re.compile(
        r"substr\([\w.]*code, 1, \d|length\(region_code\) = \d|when 'county' then \d"
    )
    models = [*(project / "models").rglob("*.sql"), project / "models" / "sources.yml"]
    assert [file for file in models if fixed.search(file.read_text(encoding="utf-8"))] == []


def test_the_witness_in_quality_holds_the_same_clock():
    assert contract.parameters().city_zone == profile.CLOCK


def test_days_are_those_of_the_zone_in_the_table(table):
    moment = datetime(2020, 12, 31, 15, 30, tzinfo=UTC)
    table(*LINES)
    assert clock.city_date(moment) == date(2020, 12, 31)
    table(*lines_with(city_zone="Asia/Tokyo"))
    assert clock.city_date(moment) == date(2021, 1, 1)
    macro = generated_models.parameter_macro(DBT_PROJECT, contract.parameters())
    assert "'city_zone': \"Asia/Tokyo\"," in macro


def test_the_recount_takes_days_by_the_zone_in_the_table(table):
    table(*lines_with(city_zone="Asia/Tokyo"))
    methodology = load_methodology(METHODOLOGY, Period(2020, 12)).tables
    with connect() as connection:
        manifest = SimpleNamespace(as_of="2020-12-31")
        recount.define(
            SimpleNamespace(connection=connection, manifest=manifest, methodology=methodology)
        )
        query = "select city_day(timestamptz '2020-12-31 15:30:00+00')"
        assert connection.execute(query).fetchall() == [(date(2021, 1, 1),)]


def test_the_zone_stands_in_the_table_alone():
    folders = [PROJECT / "orchestration", DBT_PROJECT / "models", DBT_PROJECT / "macros"]
    files = [file for folder in folders for file in folder.rglob("*.*") if file.suffix in CODE]
    files += [DBT_PROJECT / "dbt_project.yml", *(PROJECT / "docs").rglob("*.md")]
    stating = [file.name for file in files if "Asia/Shanghai" in file.read_text("utf-8")]
    assert stating == ["parameters.py", "parameters.sql"]


def test_a_build_is_not_planned_where_dbt_is_told_of_other_parameters(table):
    table(*LINES)
    generated_models.check_parameter_macro(DBT_PROJECT)
    table(*lines_with(county_code_length=7))
    with pytest.raises(UsageError, match=r"parameters\.csv has changed, .* run `make models`"):
        generated_models.check_parameter_macro(DBT_PROJECT)


def test_a_table_with_three_approvals_asks_for_three(table):
    table(*lines_with(approvals_needed=3))
    for key in ("verify_intro", "verify_intro_public"):
        assert all("3" in words for words in site.wording()[key])
    assert approvals.shortage([]) == ["it has none of the 3 approvals that it needs"]


def test_a_larger_least_size_hides_more_and_is_told(table):
    table(*LINES)
    assert "330301" not in hidden_within(AREAS)
    table(*lines_with(smallest_area=15))
    assert "330301" in hidden_within(AREAS)
    briefed = [briefing.wording()["text"]["sheet_suppressed_why"][place] for place in ("zh", "en")]
    for words in (
        *charts.texts.dashes(),
        *briefed,
        *workbook.said("suppressed_meaning"),
        *site.wording()["suppressed_note"],
    ):
        assert "15" in words
        assert "10" not in words


def test_texts_on_rank_intervals_are_made_from_the_table(table):
    table(*lines_with(**RANK))
    pairs = [
        charts.texts.with_values(charts.texts.INTERVALS),
        list(briefing.wording()["text"]["care_interval"].values()),
        workbook.said("interval_meaning"),
        site.wording()["interval_note"],
    ]
    for chinese, english in pairs:
        assert "±40%内随机变动2,000次" in chinese
        assert "第11至第93百分位" in chinese
        assert re.search(r"11th to 93rd percentile .*2,000 .*draws .*±40 ?%", english)
        assert not re.search(r"\{|1,000|25|95|\b5", chinese + english)
    assert workbook.wording()["column", "rank_low"] == (
        "位次区间上限（第11百分位）",
        "Rank interval: 11th percentile",
    )
    assert workbook.wording()["column", "rank_high"][1] == "Rank interval: 93rd percentile"


def test_no_text_or_model_states_the_rank_intervals_by_itself():
    stating = re.compile(r"1,000 (random )?draws|随机变动1,000次|\b(5|95)th percentile|第9?5百分位")
    folders = [PROJECT / "orchestration", DBT_PROJECT / "models", PROJECT / "docs"]
    found = [
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix in {".py", ".sql", ".yml", ".toml", ".csv", ".md", ".js", ".html", ".typ"}
        and stating.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_model_of_rank_intervals_reads_the_table():
    shipped = list(csv.DictReader(LINES))
    before = rank_interval.model(FakeDbt(shipped), None)
    wide = [row | {"value": str(RANK.get(row["parameter"], row["value"]))} for row in shipped]
    after = rank_interval.model(FakeDbt(wide), None)
    assert list(before["area_code"]) == list(after["area_code"])
    assert not np.array_equal(before["rank_high"], after["rank_high"])


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (5, "5th"), (12, "12th"), (93, "93rd"), (95, "95th")],
)
def test_ordinals(number, word):
    assert contract.ordinal(number) == word


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            [line for line in LINES if not line.startswith("approvals_needed")],
            "parameters.csv: the parameter approvals_needed is missing; add a line",
        ),
        ([*LINES, LINES[1]], f"line {len(LINES) + 1}: smallest_area is named more than once"),
        (
            [*LINES, "colour,3,people,nobody"],
            f"line {len(LINES) + 1}: there is no parameter 'colour'",
        ),
        (
            lines_with(approvals_needed=0),
            "line 3, column value: '0': a whole number above 0 is due",
        ),
        (lines_with(approvals_needed="two"), "line 3, column value: 'two': a whole number is due"),
        (lines_with(rank_spread=100), "line 9, column value: '100': a whole number from 1 to 99"),
        (lines_with(city_zone="Asia/Wenzhou"), "line 7, column value: 'Asia/Wenzhou': a time zone"),
        (["parameter,value", *LINES[1:]], "line 1: the header is parameter,value"),
    ],
)
def test_an_unsound_table_is_told_by_line_and_ends_with_2(table, lines, told):
    table(*lines)
    with pytest.raises(UsageError, match=told) as failure:
        contract.parameters()
    assert failure.value.exit_code == 2
