"""A personal value where none belongs: its row is refused, and nothing keeps or tells the value."""

import shutil
from datetime import date

import duckdb
import pytest

from orchestration import pipeline
from orchestration.errors import SourceError
from orchestration.extract.landing import extract
from quality import egress, id_columns
from quality.id_columns import IdColumn
from tests.support.erasing import change_rows, files_with
from tests.support.settings import EXAMPLE

NUMBER, OLD, PHONE = "330302199001011008", "330302900101100", "13900009999"
SPACED, WIDE = "330302 19900101 1008", "１３９００００９９９９"
VALUES = (NUMBER, OLD, PHONE, SPACED, WIDE, "139-0000-9999")


@pytest.fixture
def source(tmp_path):
    return shutil.copytree(EXAMPLE / "source", tmp_path / "source")


def put(source, table, row, **cells):
    """Give cells to a row of a table, by its number; returns the row as it was."""
    found = []

    def changed(rows):
        found.append(dict(rows[row]))
        rows[row].update(cells)
        return rows

    change_rows(source, table, changed)
    return found[0]


def land(settings, source):
    return extract(settings, str(source), lambda _: None)


def rows_of(intake, table, condition="true"):
    return duckdb.sql(f"from '{intake.folder / table}.parquet' where {condition}")


def test_every_text_column_is_looked_at_and_a_personal_value_never_lands(settings, source):
    put(source, "service_request", 0, category=f"来电{WIDE}")
    put(source, "service_request", 1, category=SPACED)
    put(source, "member", 0, member_id=NUMBER)
    put(source, "member", 1, gender="139-0000-9999")
    put(source, "labour_dispute", 0, outcome=OLD)
    put(source, "region", 0, name_en=f"Lucheng\n{PHONE}")
    intake = land(settings, source)
    faults = {
        (table, *row)
        for table in ("service_request", "member", "labour_dispute", "region")
        for row in rows_of(intake, table, "fault_rule = 'personal'")
        .select("fault_column, key_rows")
        .fetchall()
    }
    assert faults == {
        ("service_request", "category", 1),
        ("member", "member_id", 1),
        ("member", "gender", 1),
        ("labour_dispute", "outcome", 1),
        ("region", "name_en", 1),
    }
    assert not files_with(settings.home.folder, *VALUES)


def test_what_belongs_there_is_a_pseudonym_as_before(settings, source):
    put(source, "member", 0, id_number=NUMBER, phone=PHONE)
    intake = land(settings, source)
    assert not rows_of(intake, "member", "fault_rule = 'personal'").fetchall()
    assert not files_with(settings.home.folder, NUMBER, PHONE)


def test_a_reviewed_column_lands_its_ids(settings, source, monkeypatch):
    put(source, "service_request", 0, request_id=NUMBER)
    put(source, "service_request", 1, category=NUMBER)
    listed = IdColumn(
        form="33[0-9]{16}", reason="numbered by the platform", since=date(2026, 11, 27)
    )
    monkeypatch.setattr(
        "orchestration.extract.personal_cells.id_columns", lambda: {"request_id": listed}
    )
    assert id_columns.id_columns() == {}
    intake = land(settings, source)
    faults = rows_of(intake, "service_request", "fault_rule is not null")
    assert faults.select("fault_rule, fault_column").fetchall() == [("personal", "category")]
    assert rows_of(intake, "service_request", f"request_id = '{NUMBER}'").shape[0] == 1


def test_a_message_about_a_column_does_not_name_a_personal_key(settings, source):
    def spoilt(rows):
        return [row | {"member_id": NUMBER, "joined_on": "soon"} for row in rows]

    change_rows(source, "member", spoilt)
    with pytest.raises(SourceError, match="no cell of column joined_on of member") as raised:
        land(settings, source)
    assert NUMBER not in str(raised.value)


def test_a_phone_in_a_name_refuses_the_enterprise_and_no_check_names_its_union(settings, source):
    unions = duckdb.sql(f"from read_csv('{source / 'union_org.csv'}', all_varchar = true)")
    linked = unions.filter("linked_on < '2020-06-01'").order("union_id")
    [(union, enterprise)] = linked.select("union_id, enterprise_id").limit(1).fetchall()

    def renamed(rows):
        return [
            row | {"name_zh": f"瓯泰{WIDE}有限公司"} if row["enterprise_id"] == enterprise else row
            for row in rows
        ]

    change_rows(source, "enterprise", renamed)
    _, [outcome] = pipeline.run(
        settings,
        str(source),
        pipeline.due_dates("2020-10", None),
        "tests",
        lambda _: None,
    )
    candidate = settings.home.candidate("2020-10")
    refused = duckdb.sql(f"from '{candidate / 'staging' / 'refused_rows.parquet'}'")
    told = "source_table, source_key, rule, detail"
    assert refused.filter("rule = 'personal'").select(told).fetchall() == [
        ("enterprise", enterprise, "personal", "name_zh")
    ]
    assert refused.filter(f"source_key = '{union}'").select(told).fetchall() == [
        ("union_org", union, "reference", "enterprise_id")
    ]
    assert list(egress.personal(candidate)) == []
    named = [check.name for check in outcome.verdict.checks if union in check.observed]
    # It tells refused rows by their keys, whatever they were refused for.
    assert named == ["rows.refused_share"]
    assert not files_with(settings.home.folder, PHONE, WIDE)
