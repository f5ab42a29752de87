"""`uhi source contract`: what the platform must hand over, and that it is what is then read."""

import csv
import json
import shutil
import zipfile
from datetime import date, datetime
from importlib import resources
from zoneinfo import ZoneInfo

import docx
import duckdb
import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from open_data_contract_standard.model import OpenDataContractStandard
from openpyxl import load_workbook

from orchestration.cli.main import main
from orchestration.contract.dictionary import described_tables
from orchestration.contract.registry import further_tables, source_tables
from orchestration.extract.casting import from_text, quoted
from orchestration.extract.landing import extract
from orchestration.source_contract.exporting import CONTRACT, DOCUMENT, FORMS, WORKBOOK, export
from orchestration.source_contract.rules import Bounds, bounds_of
from tests.support.settings import EXAMPLE

TABLES = source_tables() | further_tables()
CITY = ZoneInfo("Asia/Shanghai")
HEAD_REQUIRED = "FFFFE08A"
LONGEST_MESSAGE = 255
ROWS = 60
EARLIEST = (1980, 1, 1, 0, 0, 0)
CELLS = {
    "int": int,
    "decimal": float,
    "date": date.fromisoformat,
    "timestamptz": lambda text: datetime.fromisoformat(text).astimezone(CITY).replace(tzinfo=None),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contract") / "out"
    export(folder)
    return folder


@pytest.fixture(scope="module")
def contract(folder):
    return yaml.safe_load((folder / CONTRACT).read_text(encoding="utf-8"))


def columns_of(table):
    return {column["name"]: column for column in table["properties"]}


def test_the_contract_keeps_the_standard(folder, contract):
    package = resources.files("open_data_contract_standard")
    schema = json.loads((package / "schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft201909Validator(schema)
    assert [error.message for error in validator.iter_errors(contract)] == []
    assert contract["apiVersion"] == "v3.1.0"
    read = OpenDataContractStandard.from_file(str(folder / CONTRACT))
    assert [table.name for table in read.schema_] == list(TABLES)


def test_the_contract_says_what_the_registry_says(contract):
    tables = {table["name"]: table for table in contract["schema"]}
    for name, table in TABLES.items():
        columns = columns_of(tables[name])
        assert {
            name: (column["required"], column.get("primaryKeyPosition"))
            for name, column in columns.items()
        } == {
            column.name: (
                column.required,
                table.key.index(column.name) + 1 if column.name in table.key else None,
            )
            for column in table.columns
        }
        related = {
            column: referred["to"].partition(".")[0]
            for column, entry in columns.items()
            for referred in entry.get("relationships", ())
        }
        assert related == table.references
    member = columns_of(tables["member"])
    classes = {name: column["classification"] for name, column in member.items()}
    restricted = {name for name, of in classes.items() if of == "restricted"}
    assert restricted == {"name", "id_number", "phone"}
    assert classes["joined_on"] == "confidential"
    [codes] = member["gender"]["quality"]
    assert codes["arguments"] == {"validValues": ["f", "m"]}
    stars = columns_of(tables["member_rating"])["stars"]["logicalTypeOptions"]
    assert stars == {"minimum": 1, "maximum": 5}
    assert tables["rectification"]["tags"] == ["optional"]


def test_the_contract_names_no_host(folder, contract):
    assert "servers" not in contract
    assert "://" not in (folder / CONTRACT).read_text(encoding="utf-8")


def test_the_queries_of_the_contract_count_the_rows_that_break_a_rule(contract):
    counted = 0
    with duckdb.connect() as connection:
        for table in contract["schema"]:
            cells = ", ".join(
                f"{from_text(column.name, column.type, 'UTC').value} as {quoted(column.name)}"
                for column in TABLES[table["name"]].columns
            )
            texts = ", ".join(
                f"'{column['examples'][0]}' as {quoted(column['name'])}"
                for column in table["properties"]
            )
            rows = f"(select {cells} from (select {texts}))"
            for rule in table["quality"]:
                if rule["type"] == "sql":
                    query = rule["query"].replace("${object}", rows)
                    assert connection.execute(query).fetchone() == (0,), query
                    counted += 1
        rule = next(rule for rule in contract["schema"][1]["quality"] if ">= 0" in str(rule))
        broken = rule["query"].replace("${object}", "(select -1 as employee_count)")
        assert connection.execute(broken).fetchone() == (1,)
    stated = sum(len(table.rules) for table in described_tables().values())
    assert counted == stated - 2  # the check characters of credit codes and identity numbers


def test_the_service_levels_name_zone_and_watermarks(contract):
    levels = {level["property"]: level for level in contract["slaProperties"]}
    assert levels["timeZone"]["value"] == "Asia/Shanghai"
    with_watermark = {f"{name}.updated_at" for name, table in TABLES.items() if table.watermark}
    assert set(levels["watermark"]["element"].split(", ")) == with_watermark
    assert levels["frequency"]["value"] == 1


def test_the_same_files_are_written_each_time(folder, tmp_path):
    written = export(tmp_path / "again")
    assert len(written) == 3 + len(TABLES)
    for path in written:
        assert path.read_bytes() == (folder / path.relative_to(tmp_path / "again")).read_bytes()
        if path.name == CONTRACT:
            continue
        with zipfile.ZipFile(path) as archive:
            assert {member.date_time for member in archive.infolist()} == {EARLIEST}
            assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_filled_in_workbooks_land_as_the_same_rows_of_csv_do(settings, folder, tmp_path):
    source, filled = tmp_path / "source", tmp_path / "filled"
    source.mkdir()
    filled.mkdir()
    for name in source_tables():
        lines = (EXAMPLE / "source" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        (source / f"{name}.csv").write_text("\n".join(lines[:ROWS]), encoding="utf-8")
        fill_in(folder / FORMS / f"{name}.xlsx", source / f"{name}.csv", filled / f"{name}.xlsx")
    for name in further_tables():
        shutil.copy(folder / FORMS / f"{name}.xlsx", filled)
    expected = extract(settings, str(source), lambda _: None).record
    assert sum(table.rows for table in expected.tables) > len(source_tables())
    assert extract(settings, str(filled), lambda _: None).record.digest == expected.digest


def cell_of(text, kind):
    return CELLS.get(kind, str)(text) if text else None


def fill_in(form, rows, filled):
    types = {column.name: column.kind for column in TABLES[form.stem].columns}
    book = load_workbook(form)
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    with rows.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            sheet.append([cell_of(row[column], types[column]) for column in header])
            for cell in sheet[sheet.max_row]:
                if cell.data_type == "f":  # a text that begins as a formula does
                    cell.data_type = "s"
    book.save(filled)


@pytest.mark.parametrize("name", TABLES)
def test_a_form_tells_what_is_due_and_keeps_out_what_does_not_fit(folder, name):
    book = load_workbook(folder / FORMS / f"{name}.xlsx")
    [sheet] = book.worksheets
    assert (sheet.title, sheet.freeze_panes, sheet.max_row) == (name, "A2", 1)
    table = described_tables()[name]
    rules = {
        str(rule.sqref).partition("2:")[0]: rule for rule in sheet.data_validations.dataValidation
    }
    for cell, described in zip(sheet[1], table.columns, strict=True):
        column = described.column
        rule = rules[cell.column_letter]
        assert cell.value == column.name
        assert (cell.fill.fgColor.rgb == HEAD_REQUIRED) == column.required
        assert described.name.zh in cell.comment.text
        assert described.description.en in cell.comment.text
        assert rule.promptTitle == described.name.zh
        assert rule.prompt.startswith("必填" if column.required else "可留空")
        assert len(rule.prompt) <= LONGEST_MESSAGE
        if described.codes:
            assert (rule.type, rule.formula1) == ("list", f'"{",".join(column.accepted)}"')
        if described.earliest:
            assert rule.type == "date"
        if column.kind == "bool":
            assert rule.formula1 == '"true,false"'


def test_bounds_are_those_of_the_row_rules():
    found = {
        f"{name}.{described.column.name}": bounds
        for name, table in described_tables().items()
        for described in table.columns
        if (bounds := bounds_of(described, table))
    }
    assert found["union_org.committee_term_years"] == Bounds(3, 5)
    assert found["member_rating.stars"] == Bounds(1, 5)
    assert found["safety_inspection.hazards_rectified"] == Bounds(0)
    assert len(found) == 12


def test_the_dictionary_has_each_column_and_code_in_both_languages(folder):
    book = load_workbook(folder / WORKBOOK)
    columns, codes = book["字段 Columns"], book["代码 Codes"]
    listed = [tuple(cell.value for cell in row[:2]) for row in columns.iter_rows(min_row=2)]
    assert listed == [
        (name, column.name) for name, table in TABLES.items() for column in table.columns
    ]
    rows = {tuple(cell.value for cell in row) for row in codes.iter_rows(min_row=2)}
    assert ("member", "gender", "f", "女 Female") in rows
    document = docx.Document(str(folder / DOCUMENT))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert len(headings) == len(document.tables) == len(TABLES)
    assert headings[4] == "实名制会员 member Member"
    assert [len(table.rows) - 1 for table in document.tables] == [
        len(table.columns) for table in TABLES.values()
    ]


def test_a_folder_with_something_in_it_is_left_alone(folder, tmp_path):
    filled = tmp_path / "filled.xlsx"
    filled.write_bytes(b"filled in")
    done = CliRunner().invoke(main, ["source", "contract", "--output", str(tmp_path)])
    assert done.exit_code == 2
    assert "is not an empty folder" in done.output
    assert filled.read_bytes() == b"filled in"
    empty = tmp_path / "empty"
    empty.mkdir()
    done = CliRunner().invoke(main, ["source", "contract", "--output", str(empty), "--json"])
    assert done.exit_code == 0
    written = json.loads(done.stdout)["files"]
    assert str(empty / CONTRACT) in written
