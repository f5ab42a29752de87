"""Column lineage of the project.

It is whole, has no false origin, agrees with the contract, and changes when the SQL changes.
"""

import ast
import copy
import re

import pytest
from sqlglot.errors import OptimizeError

from orchestration.contract.parameters import Parameters
from orchestration.errors import UsageError
from orchestration.lineage.columns import indicator_lineage, project, project_of, published_lineage
from orchestration.lineage.compiled import compiled_manifest
from orchestration.lineage.statements import ROWS
from orchestration.settings import DBT_PROJECT
from quality.publication import published_tables

RANK_INTERVAL = "model.union_health_index.int_county_rank_interval"
MEMBERSHIP = "model.union_health_index.int_membership"

# What the contract's formulas read, by indicator and part: (kind, column, how it is used).
BY_CONTRACT = {
    ("enrolment_rate", "numerator"): [
        ("source", "member.joined_on", "FILTER"),
        ("source", "member.left_on", "FILTER"),
        ("variable", "as_of", "FILTER"),
        ("source", "enterprise.employee_count", "TRANSFORMATION"),
        ("source", "union_org.linked_on", "FILTER"),
        ("row_rules", "member", "FILTER"),
        ("row_rules", "enterprise", "FILTER"),
    ],
    ("realname_rate", "numerator"): [("source", "member.verified_on", "CONDITIONAL")],
    ("fund_remittance_rate", "numerator"): [
        ("source", "fund_remittance.amount_paid", "AGGREGATION"),
        ("source", "fund_remittance.paid_on", "CONDITIONAL"),
        ("source", "fund_remittance.month", "FILTER"),
        ("seed", "methodologies.window_months", "FILTER"),
    ],
    ("womens_committee", "numerator"): [("source", "union_org.womens_committee", "CONDITIONAL")],
    ("womens_committee", "status"): [
        ("source", "member.gender", "CONDITIONAL"),
        ("seed", "methodologies.womens_committee_threshold", "CONDITIONAL"),
    ],
    ("collective_contract", "numerator"): [
        ("seed", "grades.value", "IDENTITY"),
        ("source", "collective_contract.registered_on", "CONDITIONAL"),
        ("source", "collective_contract.effective_to", "FILTER"),
    ],
    ("request_timeliness", "numerator"): [
        ("source", "service_request.opened_at", "JOIN"),
        ("source", "service_request.closed_at", "CONDITIONAL"),
        ("seed", "public_holidays.kind", "CONDITIONAL"),
        ("seed", "methodologies.request_limit_working_days", "JOIN"),
    ],
    ("member_satisfaction", "numerator"): [
        ("source", "member_rating.stars", "AGGREGATION"),
        ("source", "member_rating.rating_id", "WINDOW"),
        ("source", "member.joined_on", "JOIN"),
        ("source", "member.left_on", "JOIN"),
    ],
    ("member_satisfaction", "status"): [("seed", "methodologies.min_raters", "CONDITIONAL")],
    ("operating_status", "numerator"): [
        ("source", "operating_event.event", "CONDITIONAL"),
        ("source", "operating_event.updated_at", "WINDOW"),
    ],
}

# All direct origins of published columns.
DIRECT = {
    ("union_index", "name_zh"): {("source", "enterprise.name_zh")},
    ("union_index", "months_yellow"): {("predecessor", "union_index.months_yellow")},
    ("area_index", "period"): {("variable", "period")},
    ("area_index", "name_en"): {("source", "region.name_en")},
    ("area_dimension", "dimension"): {("seed", "dimensions.dimension")},
    ("county_ranking", "previous_rank"): {("predecessor", "area_index.rank")},
    ("alert", "threshold"): {("seed", "alert_rules.threshold")},
    ("alert", "opened_period"): {("predecessor", "alert.opened_period"), ("variable", "period")},
    ("union_indicator", "denominator"): {
        ("source", "enterprise.employee_count"),
        ("source", "fund_remittance.amount_due"),
        ("source", "safety_inspection.hazards_found"),
    },
}


@pytest.fixture
def manifest():
    return copy.deepcopy(compiled_manifest())


def test_every_published_column_has_origins_and_none_that_is_none():
    lineage = project()
    leaves = {
        (kind, f"{name.split('.')[1]}.{column}")
        for name, (kind, columns) in lineage.leaves.items()
        for column in columns
    }
    leaves |= {("variable", name) for name in ("period", "as_of", "same_methodology")}
    leaves |= {("row_rules", table) for table in lineage.row_rules.values()}
    published = published_lineage()
    assert {name: list(table.columns) for name, table in published.items()} == {
        name: list(table.columns) for name, table in published_tables().items()
    }
    for name, table in published.items():
        for column, origins in (*table.columns.items(), (ROWS, table.rows)):
            assert {kind for kind, _ in origins | table.rows} & {"source", "seed", "variable"}, (
                f"{name}.{column}"
            )
            assert origins, f"{name}.{column}"
            assert set(origins) <= leaves, f"{name}.{column}"


@pytest.mark.parametrize(("indicator", "part"), BY_CONTRACT)
def test_an_indicator_reads_what_its_formula_says(indicator, part):
    origins = indicator_lineage()[indicator].columns[part]
    for kind, column, subtype in BY_CONTRACT[indicator, part]:
        assert subtype in {used for _, used in origins.get((kind, column), ())}, column


def test_an_indicator_reads_nothing_else():
    lineage = indicator_lineage()["enrolment_rate"]
    assert {(kind, column) for kind, column in lineage.columns["denominator"]} == {
        ("source", "enterprise.employee_count")
    }
    read = {
        column.split(".")[0] for kind, column in lineage.columns["numerator"] if kind == "source"
    }
    assert read == {"enterprise", "member", "operating_event", "union_org"}
    assert ("source", "member.gender") not in lineage.columns["numerator"]


@pytest.mark.parametrize(("table", "column"), DIRECT)
def test_a_published_column_is_made_of(table, column):
    origins = published_lineage()[table].columns[column]
    assert {
        origin for origin, kinds in origins.items() if any(kind == "DIRECT" for kind, _ in kinds)
    } == DIRECT[table, column]


def test_the_published_value_has_what_every_indicator_reads():
    value = set(published_lineage()["union_indicator"].columns["value"])
    for lineage in indicator_lineage().values():
        assert set(lineage.columns["numerator"]) <= value


def test_a_change_of_the_sql_changes_the_lineage(manifest):
    node = manifest["nodes"][MEMBERSHIP]
    clause = "and (members.left_on is null or members.left_on > period.as_of_date)"
    assert clause in node["compiled_code"]
    node["compiled_code"] = node["compiled_code"].replace(clause, "and members.gender is not null")
    before, after = (
        indicator_lineage(each)["enrolment_rate"].columns["numerator"]
        for each in (project(), project_of(manifest))
    )
    assert set(before) - set(after) == {("source", "member.left_on")}
    assert set(after) - set(before) == {("source", "member.gender")}


@pytest.mark.parametrize(
    ("old", "new"), [("members.verified_on", "members.confirmed_on"), ("female_members", "women")]
)
def test_sql_of_other_columns_than_described_is_refused(manifest, old, new):
    node = manifest["nodes"][MEMBERSHIP]
    node["compiled_code"] = node["compiled_code"].replace(old, new)
    with pytest.raises((OptimizeError, UsageError)):
        project_of(manifest)


def test_the_model_in_python_declares_what_its_code_reads():
    manifest = compiled_manifest()
    node = manifest["nodes"][RANK_INTERVAL]
    code = ast.parse((DBT_PROJECT / node["original_file_path"]).read_text(encoding="utf-8"))
    function = next(
        each for each in code.body if isinstance(each, ast.FunctionDef) and each.name == "model"
    )
    texts = [
        each.value
        for part in function.body[1:]
        for each in ast.walk(part)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    words = set(re.findall(r"\w+", " ".join(texts)))
    read = {
        manifest["nodes"][unique_id]["name"]: set(manifest["nodes"][unique_id]["columns"])
        for unique_id in node["depends_on"]["nodes"]
    }
    lineage = project().models["index.int_county_rank_interval"]
    declared = {
        column
        for inputs in (*lineage.columns.values(), lineage.rows)
        for column in inputs
        if column[1] != ROWS
    }
    assert {(relation.split(".")[1], column) for relation, column in declared} <= {
        (model, column) for model, columns in read.items() for column in columns & words
    }
    assert {column for _, column in declared} == {
        column for columns in read.values() for column in columns
    } & words
    assert set(lineage.columns) == set(node["columns"])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda declared: declared["columns"].pop("rank_low"), "other columns"),
        (lambda declared: declared["rows"].update(FILTER=["int_area.nowhere"]), "int_area.nowhere"),
        (lambda declared: declared["rows"].update(GUESS=["int_area.level"]), "GUESS"),
        (
            lambda declared: [
                part.clear() for part in (*declared["columns"].values(), declared["rows"])
            ],
            r"declares no lineage from index\.int_indicator_score, .*seeds\.indicators",
        ),
    ],
)
def test_a_declaration_that_is_not_whole_is_refused(manifest, change, named):
    change(manifest["nodes"][RANK_INTERVAL]["config"]["meta"]["lineage"])
    with pytest.raises(UsageError, match=named):
        project_of(manifest)


def test_no_name_of_a_parameter_is_left_in_compiled_sql():
    left = re.compile("|".join(f"{{{name}}}" for name in Parameters.model_fields))
    compiled = {
        node["name"]: node["compiled_code"]
        for node in compiled_manifest()["nodes"].values()
        if node["resource_type"] == "model" and node["language"] == "sql"
    }
    assert "when ''county'' then 6 else 9" in compiled["refused_region"]
    assert [name for name, code in compiled.items() if left.search(code)] == []
