"""The workbook of an edition.

Every figure is that of its table, every text is a string, and every word is in both languages.
"""

import csv
import zipfile
from collections import defaultdict
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


def written(edition, folder):
    """The workbook of an edition, written into a folder and read again."""
    file = folder / "workbook.xlsx"
    write_workbook(edition, file)
    return load_workbook(file)


def tables_of(edition):
    """The tables that have a sheet, by its name."""
    found = {}
    for table in published_tables().values():
        is_shown = edition.is_internal or table.is_public
        if is_shown and table.name not in tabulation.ACROSS:
            name = tabulation.both(tabulation.wording()["sheet", table.name])
            found[name] = table
    return found


def heads_of(sheet):
    """The heads of a sheet's columns, in Chinese and English."""
    chinese, english = sheet.iter_rows(max_row=2, values_only=True)
    return list(zip(chinese, english, strict=True))


def columns_of(sheet):
    """Cells of the sheet's rows by English head."""
    columns = sheet.iter_cols(min_row=3)
    return {
        english: list(column) for (_, english), column in zip(heads_of(sheet), columns, strict=True)
    }


def columns_in(edition, table):
    """The columns of a table by name."""
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(edition.folder / f"{table}.parquet"))
        if table == "county_ranking":
            found = found.order("health_index desc nulls last, area_code")
        columns = zip(*found.fetchall(), strict=True)
        return dict(zip(found.columns, columns, strict=True))


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
        columns = columns_in(edition, table.name)
        for column, values in columns.items():
            named = labels.get(f"{table.name}.{column}") or labels.get(column) or {}
            is_filled = column in table.filled
            hidden = columns.get("suppressed", [False] * len(values))
            due = [
                DASH if value is None and (is_hidden or is_filled) else named.get(value, value)
                for value, is_hidden in zip(values, hidden, strict=True)
            ]
            _, head = tabulation.head_of(edition.methodology, table.name, column)
            assert [exact(cell.value) for cell in cells[head]] == due, (name, column)
            assert_formats(cells[head], column, table.columns.get(column))


def assert_formats(cells, column, kind):
    """Assert that the cells of a column are shown as figures of its kind are.

    kind: its type in the table.
    """
    numbers = [cell for cell in cells if isinstance(cell.value, int | float)]
    signless = [cell for cell in numbers if column == "index_change" and abs(cell.value) < 0.05]
    others = [cell for cell in numbers if cell not in signless]
    assert {cell.number_format for cell in signless} <= {"0.0;0.0;0.0"}
    due = PLACES.get(column, "#,##0" if kind == "integer" else EXACT)
    assert {cell.number_format for cell in others} <= {due}
    if column.endswith(("_id", "_code", "period")):
        assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


def test_a_change_that_rounds_to_zero_has_no_sign(tmp_path):
    changes = [
        "update area_index set index_change = case when level = 'city' then -0.0384 else 0.0499 end"
    ]
    edition = make_edition(tmp_path / "edition", "internal", ("2020-12",), changes)
    book = written(edition, tmp_path)
    overview = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    cells = [cell for cell in overview if cell.value == -0.0384]
    cells += columns_of(book["地区指数 Area index"])["Change on the month before"]
    assert len(cells) > 10
    assert {cell.number_format for cell in cells} == {"0.0;0.0;0.0"}


def test_the_ranking_is_in_the_order_of_its_ranks(tmp_path):
    edition = make_edition(tmp_path / "edition", "internal")
    sheet = written(edition, tmp_path)["县市区排名 County ranking"]
    assert [cell.value for cell in columns_of(sheet)["Rank"]] == [1, 2, 3, 4]
    codes = [row["area_code"] for row in edition.ranking]
    assert codes != sorted(codes)


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
    cells = columns_of(written(edition, tmp_path)[UNIONS])
    dimensions = {row["dimension"]: row["name_en"] for row in edition.dimensions}
    assert not missing_in(edition, cells, "union_dimension", dimensions)
    indicators = {row["indicator"]: row["name_en"] for row in edition.indicators}
    assert missing_in(edition, cells, "union_indicator", indicators)


def missing_in(edition, cells, table, names):
    """What the sheet of the unions marks as missing, its figures compared with a table's.

    names: English names by code, of the dimensions or indicators.
    """
    across = tabulation.ACROSS[table]
    unions = [cell.value for cell in cells["Union"]]
    stored = {(row["union_id"], row[across.by]): row for row in edition.table(table)}
    missing = {key for key, row in stored.items() if row.get("status") == "missing"}
    _, head = tabulation.head_of(edition.methodology, table, across.figure)
    assert len(stored) == len(unions) * len(names)
    for code, name in names.items():
        shown = cells[f"{name}: {head.lower()}"]
        for union, cell in zip(unions, shown, strict=True):
            key = union, code
            assert exact(cell.value) == stored[key][across.figure]
            assert ("*" in cell.number_format) is (key in missing)
    return missing


def test_health_codes_are_coloured_by_their_text(tmp_path):
    edition = make_edition(tmp_path / "edition", "internal")
    sheet = written(edition, tmp_path)[UNIONS]
    cells = columns_of(sheet)["Health code"]
    codes = ["绿码 Green", "黄码 Yellow", "红码 Red"]
    assert {cell.value for cell in cells} <= set(codes)
    (area,) = sheet.conditional_formatting
    rules = [(rule.operator, rule.formula) for rule in area.rules]
    assert rules == [("equal", [f'"{code}"']) for code in codes]
    assert len({rule.dxf.fill.bgColor.rgb for rule in area.rules}) == 3
    assert ("健康码", "Health code") in heads_of(sheet)
    assert str(area.sqref).startswith(cells[0].coordinate)


def test_tables_stay_in_view_and_can_be_filtered(edition, workbook):
    for name, table in tables_of(edition).items():
        sheet = workbook[name]
        assert sheet.freeze_panes.endswith("3")
        assert sheet.freeze_panes > "B"
        last = sheet.cell(sheet.max_row, sheet.max_column)
        assert sheet.auto_filter.ref == f"A2:{last.coordinate}"
        assert sheet.print_title_rows == "$1:$2"
        assert sheet.max_row == 2 + len(edition.table(table.name))
        widths = [sheet.column_dimensions[column].width for column in sheet.column_dimensions]
        assert all(8 < width < 50 for width in widths)


def test_heads_are_the_methodology_s_in_both_languages(edition, workbook):
    for sheet in workbook.worksheets[1:-1]:
        heads = heads_of(sheet)
        for chinese, english in heads:
            assert chinese
            assert english
            assert chinese != english
        assert len(set(heads)) == len(heads)
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
        for name in archive.namelist():
            part = archive.read(name)
            assert b"<f>" not in part
            assert b"hyperlink" not in part


def test_the_last_sheet_says_what_the_figures_rest_on(edition, workbook):
    rows = [
        [value for value in row if value is not None]
        for row in workbook.worksheets[-1].iter_rows(values_only=True)
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
    warned = "57.5 %" if edition.is_internal else ""
    refused = "3 % of member" if edition.is_internal else ""
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
    codes = defaultdict(set)
    for name, code, _, _ in rows:
        codes[name].add(code)
    indicators = methodology().tables["indicators"]
    due_sheets = {"overview", "method", *published_tables()} - set(tabulation.ACROSS)
    assert codes["column"] <= used
    assert codes["unit"] == {row["unit"] for row in indicators}
    assert codes["measure"] == FIGURE_MEASURES
    assert codes["sheet"] == due_sheets


def test_a_city_without_figures_has_a_workbook_too(tmp_path):
    changes = ["update area_index set linked = 3, sampling_rate = 1 where level <> 'township'"]
    edition = make_edition(tmp_path / "edition", "public", ("2020-12",), changes, notice=None)
    assert edition.city["health_index"] is None
    overview = written(edition, tmp_path).worksheets[0]
    assert overview["A5"].value == "健康指数 Health index"
    assert overview["B5"].value == DASH


def test_the_workbook_has_the_same_bytes_anywhere(edition, file, tmp_path):
    for elsewhere in write_elsewhere(write_workbook, edition, tmp_path, "workbook.xlsx"):
        assert elsewhere.read_bytes() == file.read_bytes()
