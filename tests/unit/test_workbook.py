"""The workbook of an edition.

Every figure is that of its table, every text is a string, and every word is in both languages.
"""

import csv
import zipfile
from decimal import Decimal

import duckdb
import pytest
from openpyxl import load_workbook

from orchestration.contract.methodology_rules import FIGURE_MEASURES
from orchestration.documents.workbook import tabulation, write_workbook
from quality.publication import published_tables
from tests.support.editions import make_edition, methodology, write_elsewhere

DASH = "–"
EXACT = '#,##0.0000;"−"#,##0.0000'
PLACES = {
    "health_index": "0.0",
    "index_change": '+0.0;"−"0.0;0.0',
    "sampling_rate": "0.00",
    "rate": "0.00",
    "points": EXACT,
}
UNIONS = "各工会 Unions"


@pytest.fixture(scope="module", params=["public", "internal"])
def edition(request, tmp_path_factory):
    return make_edition(tmp_path_factory.mktemp("edition"), request.param)


@pytest.fixture(scope="module")
def file(edition, tmp_path_factory):
    file = tmp_path_factory.mktemp("workbook") / "workbook.xlsx"
    write_workbook(edition, file)
    return file


@pytest.fixture(scope="module")
def workbook(file):
    return load_workbook(file)


def tables_of(edition):
    tables = [
        table for table in published_tables().values() if edition.is_internal or table.is_public
    ]
    return {
        tabulation.both(tabulation.wording()["sheet", table.name]): table
        for table in tables
        if table.name not in tabulation.ACROSS
    }


def heads_of(sheet):
    return list(
        zip(*([cell.value for cell in row] for row in sheet.iter_rows(max_row=2)), strict=True)
    )


def columns_of(sheet):
    """Cells of the sheet's rows by English head."""
    return {
        head[1]: [row[place] for row in sheet.iter_rows(min_row=3)]
        for place, head in enumerate(heads_of(sheet))
    }


def rows_of(edition, table):
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(edition.folder / f"{table}.parquet"))
        if table == "county_ranking":
            found = found.order("rank nulls last, area_code")
        return found.columns, list(zip(*found.fetchall(), strict=True))


def exact(value):
    return Decimal(str(value)) if isinstance(value, int | float) else value


def test_the_sheets_are_the_tables_between_overview_and_method(edition, workbook):
    assert workbook.sheetnames == [
        "概览 Overview",
        *tables_of(edition),
        "方法与来源 Method and sources",
    ]
    assert all(len(name) <= 31 for name in workbook.sheetnames)


def test_every_figure_is_that_of_its_table(edition, workbook):
    labels = tabulation.labels_of(edition)
    for name, table in tables_of(edition).items():
        cells = columns_of(workbook[name])
        names, columns = rows_of(edition, table.name)
        suppressed = (
            columns[names.index("suppressed")]
            if "suppressed" in names
            else [False] * len(columns[0])
        )
        for column, values in zip(names, columns, strict=True):
            named = labels.get(f"{table.name}.{column}") or labels.get(column) or {}
            due = [
                DASH if value is None and hidden else named.get(value, value)
                for value, hidden in zip(values, suppressed, strict=True)
            ]
            found = cells[tabulation.head_of(edition.methodology, table.name, column)[1]]
            assert [exact(cell.value) for cell in found] == due, (name, column)
            types = table.columns | {"suppressed": "boolean"}
            numbers = [cell for cell in found if isinstance(cell.value, int | float)]
            signless = [
                cell for cell in numbers if column == "index_change" and abs(cell.value) < 0.05
            ]
            assert {cell.number_format for cell in signless} <= {"0.0;0.0;0.0"}
            kinds = {cell.number_format for cell in numbers if cell not in signless}
            assert kinds <= {PLACES.get(column, "#,##0" if types[column] == "integer" else EXACT)}
            if column.endswith(("_id", "_code", "period")):
                assert {(cell.data_type, cell.number_format) for cell in found} == {("s", "@")}


def test_a_change_that_rounds_to_zero_has_no_sign(tmp_path):
    changes = [
        "update area_index set index_change = case when level = 'city' then -0.0384 else 0.0499 end"
    ]
    edition = make_edition(tmp_path / "edition", "internal", ("2020-12",), changes)
    write_workbook(edition, tmp_path / "workbook.xlsx")
    book = load_workbook(tmp_path / "workbook.xlsx")
    cells = [
        cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == -0.0384
    ]
    cells += columns_of(book["地区指数 Area index"])["Change on the month before"]
    assert len(cells) > 10
    assert {cell.number_format for cell in cells} == {"0.0;0.0;0.0"}


def test_the_ranking_is_in_the_order_of_its_ranks(tmp_path):
    edition = make_edition(tmp_path / "edition", "internal")
    write_workbook(edition, tmp_path / "workbook.xlsx")
    ranks = [
        cell.value
        for cell in columns_of(
            load_workbook(tmp_path / "workbook.xlsx")["县市区排名 County ranking"]
        )["Rank"]
    ]
    assert ranks == [1, 2, 3, 4]
    assert [row["area_code"] for row in edition.ranking] != sorted(
        row["area_code"] for row in edition.ranking
    )


def test_figures_of_suppressed_areas_are_grey_dashes_that_the_legend_explains(edition, workbook):
    cells = [
        cell
        for sheet in workbook.worksheets[1:-1]
        for row in sheet.iter_rows(min_row=3)
        for cell in row
        if cell.value == DASH
    ]
    assert bool(cells) is not edition.is_internal
    assert {(cell.fill.fgColor.rgb, cell.font.color.rgb) for cell in cells} <= {
        ("FFECECEC", "FF5F6368")
    }
    legend = [[cell.value for cell in row] for row in workbook.worksheets[0].iter_rows()]
    assert any(row[0] == DASH and "fewer than 10 linked unions" in row[1] for row in legend)


def test_the_sheet_of_the_unions_has_their_rates_and_scores(tmp_path):
    edition = make_edition(tmp_path / "edition", "internal")
    write_workbook(edition, tmp_path / "workbook.xlsx")
    cells = columns_of(load_workbook(tmp_path / "workbook.xlsx")[UNIONS])
    unions = [cell.value for cell in cells["Union"]]
    for table, by, column, rows in (
        ("union_dimension", "dimension", "rate", edition.dimensions),
        ("union_indicator", "indicator", "score", edition.indicators),
    ):
        names, columns = rows_of(edition, table)
        found = dict(zip(names, columns, strict=True))
        due = dict(zip(zip(found["union_id"], found[by], strict=True), found[column], strict=True))
        status = dict(zip(due, found.get("status", [None] * len(due)), strict=True))
        assert len(due) == len(unions) * len(rows)
        assert "missing" in status.values() or table == "union_dimension"
        head = tabulation.head_of(edition.methodology, table, column)[1].lower()
        for row in rows:
            for union, cell in zip(unions, cells[f"{row['name_en']}: {head}"], strict=True):
                assert exact(cell.value) == due[union, row[by]]
                assert ("*" in cell.number_format) is (status[union, row[by]] == "missing")


def test_health_codes_are_coloured_by_their_text(tmp_path):
    edition = make_edition(tmp_path / "edition", "internal")
    write_workbook(edition, tmp_path / "workbook.xlsx")
    sheet = load_workbook(tmp_path / "workbook.xlsx")[UNIONS]
    place = next(
        number for number, head in enumerate(heads_of(sheet)) if head == ("健康码", "Health code")
    )
    assert {row[place].value for row in sheet.iter_rows(min_row=3)} <= {
        "绿码 Green",
        "黄码 Yellow",
        "红码 Red",
    }
    (area,) = sheet.conditional_formatting
    assert [(rule.operator, rule.formula) for rule in area.rules] == [
        ("equal", [f'"{code}"']) for code in ("绿码 Green", "黄码 Yellow", "红码 Red")
    ]
    assert len({rule.dxf.fill.bgColor.rgb for rule in area.rules}) == 3
    assert str(area.sqref).startswith(sheet.cell(3, place + 1).coordinate)


def test_tables_stay_in_view_and_can_be_filtered(edition, workbook):
    for name, table in tables_of(edition).items():
        sheet = workbook[name]
        assert sheet.freeze_panes.endswith("3")
        assert sheet.freeze_panes > "B"
        assert (
            sheet.auto_filter.ref == f"A2:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        )
        assert sheet.print_title_rows == "$1:$2"
        assert sheet.max_row == 2 + len(rows_of(edition, table.name)[1][0])
        widths = [sheet.column_dimensions[column].width for column in sheet.column_dimensions]
        assert all(8 < width < 50 for width in widths)


def test_heads_are_the_methodology_s_in_both_languages(edition, workbook):
    for sheet in workbook.worksheets[1:-1]:
        assert all(
            chinese and english and chinese != english for chinese, english in heads_of(sheet)
        )
        assert len(set(heads_of(sheet))) == len(heads_of(sheet))
    assert ("健康指数", "Health index") in heads_of(workbook["地区指数 Area index"])
    assert ("贡献率（得分率）", "Contribution rate") in heads_of(
        workbook["地区维度 Area dimensions"]
    )
    assert ("停产", "Suspended") in heads_of(workbook["经营变动 Population change"])


def test_nothing_is_a_formula_or_a_link(edition, file, workbook):
    cells = [
        cell
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert "=checked by hand" in texts
    assert any(text.startswith("=1+1") for text in texts) is edition.is_internal
    with zipfile.ZipFile(file) as archive:
        assert not any(
            b"<f>" in archive.read(name) or b"hyperlink" in archive.read(name)
            for name in archive.namelist()
        )


def test_the_last_sheet_says_what_the_figures_rest_on(edition, workbook):
    rows = [
        [cell.value for cell in row if cell.value is not None]
        for row in workbook.worksheets[-1].iter_rows()
    ]
    assert ["截至日期 As of", "2020-12-31"] in rows
    assert [
        "编制方法数据表摘要（SHA-256） Digest of the methodology (SHA-256)",
        edition.methodology.digest,
    ] in rows
    assert ["数据批次 Intake", "20210101T000000Z-0123456789ab"] in rows
    assert ["仅供测试。 For tests only."] in rows
    assert ["组织建设 Organization building", 30, "organization"] in rows
    assert [
        "职工入会率 Enrolment rate",
        9,
        "enrolment_rate",
        "组织建设 Organization building",
        "基础型 Basic",
        "百分比 percent",
    ] in rows
    assert [
        "健康指数过低 Index very low",
        "红色通报 Red notice",
        "健康指数 Health index",
        "< 60",
    ] in rows
    warned, refused = (
        observed if edition.is_internal else "" for observed in ("57.5 %", "3 % of member")
    )
    low = "全市关联取样率低于最低要求 the city's sampling rate is under the minimum"
    heads = ["提示的检查 Checks that warned", "代码 Code", "结果 Finding"]
    counted = [["通过 Passed", 1], ["提示 Warned", 1]]
    assert rows[-8:-3] == [*counted, [], heads, [low, "plausibility.city_sampling", warned]]
    many = (
        "有来源数据表不合规则而被剔除的行过多"
        " more rows of a source table than is likely broke the row rules and were refused"
    )
    signed = ["=checked by hand", "alice", "2021-01-02T00:00:00+00:00"]
    assert rows[-1] == [many, "rows.refused_share", refused, *signed]


def test_every_word_is_there_once_in_both_languages_and_used():
    with tabulation.WORDING.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    assert header == ["list", "code", "name_zh", "name_en"]
    assert [row for row in rows if len(row) != 4 or not all(row)] == []
    assert len({(row[0], row[1]) for row in rows}) == len(rows)
    heads = {
        (table.name, column)
        for table in published_tables().values()
        if table.name not in tabulation.ACROSS
        for column in table.columns
    }
    heads |= {
        ("union_dimension", "rate"),
        ("union_indicator", "score"),
        ("area_index", "suppressed"),
        ("alert", "county"),
    }
    heads |= {("union_index", "township"), ("area_dimension", "name_en"), ("alert", "enterprise")}
    assert all(len(tabulation.head_of(methodology(), *head)) == 2 for head in heads)
    used = {code for table, column in heads for code in (f"{table}.{column}", column)}
    assert {row[1] for row in rows if row[0] == "column"} <= used
    indicators = methodology().tables["indicators"]
    assert {row[1] for row in rows if row[0] == "unit"} == {row["unit"] for row in indicators}
    assert {row[1] for row in rows if row[0] == "measure"} == FIGURE_MEASURES
    assert {row[1] for row in rows if row[0] == "sheet"} == {
        "overview",
        "method",
        *published_tables(),
    } - set(tabulation.ACROSS)


def test_a_city_without_figures_has_a_workbook_too(tmp_path):
    changes = ["update area_index set linked = 3, sampling_rate = 1 where level <> 'township'"]
    edition = make_edition(tmp_path / "edition", "public", ("2020-12",), changes, notice=None)
    assert edition.city["health_index"] is None
    write_workbook(edition, tmp_path / "workbook.xlsx")
    overview = load_workbook(tmp_path / "workbook.xlsx").worksheets[0]
    assert [
        [cell.value for cell in row] for row in overview.iter_rows(min_row=5, max_row=5, max_col=2)
    ] == [["健康指数 Health index", DASH]]


def test_the_workbook_has_the_same_bytes_anywhere(edition, file, tmp_path):
    for elsewhere in write_elsewhere(write_workbook, edition, tmp_path, "workbook.xlsx"):
        assert elsewhere.read_bytes() == file.read_bytes()
