"""The audit report as PDF and workbook: in Chinese, the same twice, with refused rows and ranks."""

import json

import openpyxl
import pytest

from quality.documents import texts_of
from tests.support.audits import rows, uhi


@pytest.fixture(scope="module")
def report(home, release, tmp_path_factory):
    """The report on December by `uhi audit --report`: (its folder, the printed JSON)."""
    folder = tmp_path_factory.mktemp("report") / "written"
    done = uhi(release, "--report", folder, "--landing", home, "--json")
    assert done.exit_code == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_the_report_is_a_pdf_and_a_workbook_in_chinese(report, found):
    folder, told = report
    assert sorted(file.name for file in folder.iterdir()) == [
        "audit_report_2020-12.pdf",
        "audit_report_2020-12.xlsx",
    ]
    text = "".join(
        "".join(texts_of("report.pdf", (folder / "audit_report_2020-12.pdf").read_bytes())).split()
    )
    book = openpyxl.load_workbook(folder / "audit_report_2020-12.xlsx")
    cells = {
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    }
    assert "2020年12月民营企业工会健康指数审计报告" in text
    assert "批准，批准人：" in text
    assert "approved on" not in text
    failing = "有县（市、区）的关联取样率较上月变动过大"
    for expected in (failing, "plausibility.county_sampling_change"):
        assert expected in text
    assert "未纳入测算的工会" in book.sheetnames
    for expected in (found["sha256sums"], found["source"]["tables"][0]["sha256"]):
        assert expected in text
        assert expected in cells
    unmeasured = {row["union_id"] for row in told["areas"]["unmeasured"]}
    assert len(unmeasured) > 10
    assert unmeasured <= cells
    assert all(union in text for union in unmeasured)
    assert "〓" not in text


def test_the_report_says_why_each_county_moved(report, release):
    _, told = report
    movements = told["areas"]["movements"]
    ranks = rows(
        f"select area_code, previous_rank, rank from '{release}/internal/county_ranking.parquet'"
    )
    assert {(row["area_code"], row["rank_before"], row["rank"]) for row in movements} == set(ranks)
    assert told["areas"]["differences"] == []
    assert told["areas"]["figures_compared"] > len(ranks)


def test_the_report_is_the_same_twice(report, home, release, tmp_path):
    folder, _ = report
    assert uhi(release, "--report", tmp_path, "--landing", home).exit_code == 0
    for file in folder.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_the_report_tells_refused_rows_with_their_values(overridden, tmp_path):
    home, folder = overridden
    done = uhi(folder, "--report", tmp_path, "--landing", home, "--json")
    assert done.exit_code == 0, done.stderr
    refused = json.loads(done.stdout)["areas"]["refused_rows"]
    assert {(row["table"], row["rule"], tuple(row["columns"])) for row in refused} == {
        ("venue", "reference", ("union_id",))
    }
    assert all(row["values"]["union_id"] for row in refused)
    book = openpyxl.load_workbook(tmp_path / "audit_report_2020-12.xlsx")
    shown = [
        row
        for row in book["被拒收的行"].iter_rows(values_only=True)
        if row[3] == "引用的记录不存在或被拒收"
    ]
    assert len(shown) == len(refused) == 20
    assert shown[0][4] == f"union_id = {refused[0]['values']['union_id']}"


def test_a_report_without_the_landing_is_refused(release, tmp_path):
    done = uhi(release, "--report", tmp_path / "report", "--landing", tmp_path)
    assert (done.exit_code, "has not landed the intake" in done.stderr) == (2, True)
    assert not (tmp_path / "report").exists()
