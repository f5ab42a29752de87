"""`uhi source check`: all that is wrong with a source at once, and nothing of it lands."""

import csv
import json
import shutil
from datetime import datetime

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from orchestration.cli.main import main
from orchestration.contract.clock import city_zone
from orchestration.documents.workbook import LINE_HEIGHT
from orchestration.home import locks
from orchestration.home.layout import Home
from orchestration.source_check.findings import Findings
from tests.support.settings import EXAMPLE


@pytest.fixture
def source(tmp_path):
    return shutil.copytree(EXAMPLE / "source", tmp_path / "source")


def spoil(source, table, old, new, times=1):
    file = source / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, times), encoding="utf-8")


def check(tmp_path, source, *options):
    arguments = ["source", "check", str(source), "--period", "2020-12", *map(str, options)]
    return CliRunner().invoke(main, arguments, env={"UHI_HOME": str(tmp_path / "home")})


def by_the_clock_of_the_city(source):
    """The first and last change of a violation."""
    with (source / "violation.csv").open(encoding="utf-8", newline="") as lines:
        moments = [datetime.fromisoformat(row["updated_at"]) for row in csv.DictReader(lines)]
    return [f"{end(moments).astimezone(city_zone()):%Y-%m-%d %H:%M:%S}" for end in (min, max)]


def test_everything_is_told_at_once_and_nothing_lands(tmp_path, source):
    spoil(source, "venue", ",reading,", ",阅览室,", times=3)
    spoil(source, "member", ",m,", ",张三,", times=2)
    spoil(source, "member", ",f,", ",2,", times=1)
    spoil(source, "violation", "V0006541,", "V0006541,9133", times=1)
    workbook = tmp_path / "report.xlsx"
    done = check(tmp_path, source, "--workbook", workbook, "--json")
    assert done.exit_code == 3
    found = json.loads(done.stdout)
    tables = {table["table"]: table for table in found["tables"]}
    refused = {
        (name, each["rule"], each["detail"]): (each["rows"], len(each["keys"]))
        for name, table in tables.items()
        for each in table["refused"]
    }
    assert refused["venue", "enumeration", "kind"] == (3, 3)
    assert refused["member", "enumeration", "gender"] == (3, 3)
    assert refused["violation", "reference", "enterprise_id"] == (1, 1)
    [kinds] = tables["venue"]["codes"]
    assert (kinds["others"], kinds["met"]["阅览室"]) == (3, 3)
    assert kinds["proposed"] == {"阅览室": "reading"}
    [genders] = tables["member"]["codes"]
    assert (genders["met"], genders["proposed"]) == (None, {"2": "f"})
    assert tables["violation"]["spans"]["found_on"][0] < tables["violation"]["spans"]["found_on"][1]
    assert tables["violation"]["spans"]["updated_at"] == by_the_clock_of_the_city(source)
    assert "rows.refused_share" in found["failed"]
    assert found["unions_without_members"] > 0
    assert {each["indicator"]: each["missing"] for each in found["lacking"]}["realname_rate"] > 0
    assert "张三" not in done.stdout
    assert not found["sound"]
    home = Home(tmp_path / "home")
    assert [path for path in home.folder.rglob("*") if path.is_file()] == [
        home.locks / locks.SOURCE_CHECK
    ]
    check_workbook(workbook)


def check_workbook(file):
    book = load_workbook(file)
    assert book.sheetnames == [
        "概况",
        "数据表",
        "日期范围",
        "拒收记录",
        "代码取值",
        "无法计算的指标",
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "暂不能接入" in cells
    assert any("阅览室（3）" in str(cell) for cell in cells)
    assert not any("张三" in str(cell) for cell in cells)
    assert "会员实名率" in cells, "an indicator by its name"
    [[stopped]] = [
        cells[at + 1 : at + 2] for at, cell in enumerate(cells) if cell == "未通过的检查"
    ]
    assert stopped.startswith("有来源数据表不合规则而被剔除的行过多\nrows.refused_share: ")
    sheet = book["概况"]
    [row] = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == stopped]
    assert sheet.row_dimensions[row].height > 2 * LINE_HEIGHT


def test_what_cannot_be_read_is_listed_whole(tmp_path, source):
    spoil(source, "venue", "kind", "colour")
    (source / "activity.csv").unlink()
    done = check(tmp_path, source)
    assert done.exit_code == 4
    assert "unreadable" in done.stdout
    assert "lacks the column kind" in done.stdout
    assert "Table activity is missing" in done.stdout
    assert "One with other tables or columns is read by a map (--map)" in done.stderr


def test_a_source_must_be_named(tmp_path):
    done = CliRunner().invoke(main, ["source", "check"], env={"UHI_HOME": str(tmp_path)})
    assert done.exit_code == 2


def test_a_source_is_sound_where_nothing_stops_a_month():
    assert Findings("folder", "2020-12", failed={}).is_sound
    assert not Findings("folder", "2020-12", failed={"rows.refused_share": "…"}).is_sound
    assert not Findings("folder", "2020-12", unreadable=("…",)).is_sound
