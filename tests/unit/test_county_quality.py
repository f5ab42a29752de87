"""A county's data quality: its parameters, and what its desk and its workbook show of it."""

import re

import duckdb
import pytest
from openpyxl import load_workbook

from orchestration.alerts.desk import refresh
from orchestration.alerts.quality import qualities_in
from orchestration.alerts.sheets.exporting import export
from orchestration.alerts.sheets.reading import read_sheet
from orchestration.audit.rebuild_comparison import made_otherwise
from orchestration.build.candidate import candidate_month
from orchestration.contract.parameters import WEIGHTS, parameters, read_parameters
from orchestration.errors import SourceError, UsageError
from orchestration.home.layout import Home
from orchestration.periods import Period
from orchestration.why.places import limits
from tests.reference import quality as reference
from tests.support.alerts import candidate, evaluated, finding, store_of
from tests.unit.test_parameters import lines_with

OCTOBER = Period(2020, 10)
SCORES = """
    select
        '2020-10' as period, area_code, 8 as observed, 2 as missing, 80.0000 as completeness,
        1200 as landed, 3 as refused, 75.0000 as conformity, 0 as conflicting,
        100.0000 as consistency, 0 as dated, cast(null as integer) as days_late,
        cast(null as decimal(18, 4)) as timeliness, 83.7500 as score
    from (values ('330302'), ('330303')) as counties (area_code)
"""
AREAS = """
    from (
        values
            ('330302', 'county', '鹿城区', 'Lucheng'),
            ('330303', 'county', '龙湾区', 'Longwan')
    )
        as areas (area_code, level, name_zh, name_en)
"""
VENUES = limits()["refused_rows"] + 10
REFUSED = f"""
    select 'member' as source_table, 'M1' as source_key, 'enumeration' as rule,
        'gender' as detail, 1 as landing_row
    union all
    select 'venue', 'N' || number, 'enumeration', 'kind', number
    from range(1, {VENUES + 1}) as numbers (number)
"""
PLACES = """
    select source_table, landing_row, '330302001' as region_code, 'E' as enterprise_id,
        case when source_table = 'venue' then 'U1' end as union_id
    from refused
"""
VALUES = """
    select source_table, landing_row, detail as column_name, false as looks_personal,
        '=bowling' as landed_value
    from refused
"""


@pytest.fixture
def home(tmp_path):
    """A home with a candidate of October, in which rows of one county were refused."""
    home = Home(tmp_path / "home")
    folder = home.candidate("2020-10")
    for name in ("tables", "staging"):
        (folder / name).mkdir(parents=True)
    (folder / "verdict.json").write_text("{}", encoding="utf-8")
    files = {
        "tables/data_quality": SCORES,
        "tables/area_index": AREAS,
        "staging/refused_rows": "from refused",
        "staging/refused_places": PLACES,
        "staging/refused_values": VALUES,
    }
    with duckdb.connect() as connection:
        connection.execute(f"create table refused as {REFUSED}")
        for name, query in files.items():
            connection.execute(f"copy ({query}) to '{folder / name}.parquet'")
    return home


def page_of(home, county, *findings):
    with store_of(evaluated(candidate(*findings))) as store:
        [page] = [page for page in refresh(store, home) if page.parent.name == county]
    return re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))


def test_the_reference_has_the_same_weights_and_bounds():
    here = parameters()
    assert tuple(f"quality_{part}_weight" for part in reference.WEIGHTS) == WEIGHTS
    assert [getattr(here, name) for name in WEIGHTS] == list(reference.WEIGHTS.values())
    bounds = (here.quality_faulty_rows, here.quality_prompt_days, here.quality_late_days)
    assert bounds == (reference.FAULTY_OF_A_THOUSAND, reference.PROMPT, reference.LATE)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"quality_completeness_weight": 30}, "add up to 90; make them add up to 100"),
        ({"quality_timeliness_weight": 21}, "add up to 101; make them add up to 100"),
        ({"quality_late_days": 7}, "more than quality_prompt_days, 7, is due"),
    ],
)
def test_weights_add_up_to_100_and_late_is_after_prompt(tmp_path, changed, problem):
    file = tmp_path / "parameters.csv"
    file.write_text("\n".join(lines_with(**changed)), encoding="utf-8")
    with pytest.raises(UsageError, match=f"line [0-9]+, column value: .*{problem}"):
        read_parameters(file)


def test_a_desk_shows_score_parts_and_rows_to_mend(home):
    page = page_of(home, "330302", finding())
    assert "<strong>83.8</strong>" in page
    assert "应报指标10项次，缺报2项次" in page
    assert "移交1,200行，拒收3行" in page
    assert "无数据可评" in page
    assert "<td>N1</td>" in page
    assert "kind = =bowling" in page


def test_a_desk_tells_the_key_of_a_row_about_a_person_and_nothing_of_it(home):
    page = page_of(home, "330302", finding())
    assert "<td>M1</td>" in page
    assert "gender: 个人信息，不显示" in page


def test_rows_are_bounded_and_the_rest_is_counted(home):
    quality = qualities_in(candidate_month(home, OCTOBER))["330302"]
    assert (quality.refused, len(quality.rows)) == (VENUES + 1, limits()["refused_rows"])
    assert f"共有{VENUES + 1}行被拒收" in quality.shown[0]
    assert "staging/refused_rows.parquet" in quality.shown[0]


def test_a_county_without_any_case_has_a_desk_of_its_data(home):
    page = page_of(home, "330303", finding())
    assert "目前没有未销号的预警。" in page
    assert "没有被拒收的数据行。" in page
    assert "<strong>83.8</strong>" in page


def test_a_candidate_of_an_older_version_has_no_data_quality(home):
    (home.candidate("2020-10") / "tables" / "data_quality.parquet").unlink()
    assert qualities_in(candidate_month(home, OCTOBER)) == {}
    assert 'id="quality"' not in page_of(home, "330302", finding())


def exported(home, folder):
    folder.mkdir()
    with store_of(evaluated(candidate(finding()))) as store:
        [sheet] = export(store, home, folder, "330302")
    return sheet.file


def test_the_workbook_of_a_county_has_its_data_beside_its_cases(home, tmp_path):
    first, second = load_workbook(exported(home, tmp_path / "out")).worksheets
    assert (first.title, second.title) == ("整改单 Rectification", "数据质量 Data quality")
    cells = [cell for row in second.iter_rows() for cell in row if cell.value is not None]
    texts = [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {"总分 Score 83.8", "N1", "M1", "kind = =bowling", "40", "80.0"} <= set(texts)
    assert second.protection.sheet


def test_what_stands_beside_the_cases_is_not_taken_and_no_other_sheet_may(home, tmp_path):
    file = exported(home, tmp_path / "out")
    book = load_workbook(file)
    book.worksheets[1]["A40"] = "filled in"
    book.save(file)
    assert len(read_sheet(file).rows) == 1
    book.create_sheet("more")["A1"] = "filled in"
    book.save(file)
    with pytest.raises(SourceError, match="the sheet more has cells beside those of"):
        read_sheet(file)


def test_a_rebuild_tells_tables_apart_that_the_release_does_not_have():
    released = {"internal/alert.parquet", "public/index.html"}
    names = ["internal/alert.parquet", "internal/data_quality.parquet", "public/index.html"]
    assert made_otherwise(names, released) == names[1:]
