"""What each indicator is, in words, beside its SQL.

The words are complete, and true to the methodology and to what the SQL reads.
"""

import re

from orchestration.documents.definitions import (
    PARTS,
    definitions,
    grade_labels,
    grade_rows,
    sentences,
    source_names,
    sources,
)
from orchestration.settings import DBT_PROJECT
from tests.support.briefings import methodology

MODELS = DBT_PROJECT / "models"
LINKED = {"enterprise", "union_org", "operating_event"}
STAGED = re.compile(r"ref\('stg_(\w+)'\)")
STATUSES_OF_MACRO = {
    "status_by_employees": {"missing", "not_applicable"},
    "per_employee": {"missing", "not_applicable"},
    "share_of_cases": {"not_applicable"},
}
MEASURES = re.compile(r"ref\('(int_\w+)'\)")


def test_every_model_defines_its_indicator_in_both_languages():
    assert set(definitions()) == {
        file.stem.removeprefix("ind_") for file in (MODELS / "indicators").glob("*.sql")
    }
    for name, definition in definitions().items():
        words = [
            *(definition[part] for part in PARTS if part in definition),
            *definition.get("grades", {}).values(),
        ]
        assert all(each.keys() == {"zh", "en"} and each["zh"] and each["en"] for each in words), (
            name
        )
        assert ("numerator" in definition) == ("denominator" in definition), name
        assert "numerator" in definition or "value" in definition, name


def test_a_definition_has_the_parameters_of_the_methodology():
    parameters = methodology().tables["methodologies"][0]
    for row in methodology().tables["indicators"]:
        assert "{" not in "".join(
            words[0] + words[1] for words in sentences(row["indicator"], methodology()).values()
        )
    threshold = parameters["womens_committee_threshold"]
    assert (
        sentences("womens_committee", methodology())["not_applicable"][0]
        == f"女会员不足{threshold}人"
    )


def test_a_status_that_a_definition_tells_is_one_that_the_model_gives():
    for name, definition in definitions().items():
        sql = (MODELS / "indicators" / f"ind_{name}.sql").read_text(encoding="utf-8")
        given = set(re.findall(r"'(missing|not_applicable)'", sql))
        for macro, statuses in STATUSES_OF_MACRO.items():
            if f"{macro}(" in sql:
                given |= statuses
        assert {"missing", "not_applicable"} & definition.keys() == given, name


def test_the_sources_of_a_definition_are_what_its_model_reads():
    for name, definition in definitions().items():
        sql = (MODELS / "indicators" / f"ind_{name}.sql").read_text(encoding="utf-8")
        read = set(STAGED.findall(sql))
        for measure in set(MEASURES.findall(sql)) - {"int_linked_union", "int_period"}:
            read |= set(
                STAGED.findall((MODELS / "measures" / f"{measure}.sql").read_text(encoding="utf-8"))
            )
        told = set(definition["sources"])
        assert read - LINKED <= told <= read | LINKED, name
        assert told <= source_names().keys()
        assert all(sources(name))


def test_every_grade_of_the_methodology_has_its_words():
    graded = {row["indicator"] for row in methodology().tables["grades"]}
    for indicator in graded:
        rows = [row for row in methodology().tables["grades"] if row["indicator"] == indicator]
        assert len(grade_rows(indicator, methodology())) == len(rows)
    assert grade_labels(methodology())["collective_contract"]["100"] == (
        "有效且已登记",
        "in force and registered",
    )
    assert grade_labels(methodology())["innovation_studio"]["100"][0] == "国家级、省级、市级"
    assert grade_labels(methodology())["open_affairs"] == {
        "100": ("召开职工代表大会，并公开厂务达到2次", "a workers' congress and 2 disclosures"),
        "0": ("未召开职工代表大会，也未公开厂务", "neither a workers' congress nor a disclosure"),
    }
