"""What each indicator is, in words: read from the descriptions of its model, where its SQL is.

`meta.definition` of `ind_<name>` has, each in Chinese and English: numerator and denominator, or
value where it is no quotient; when it is missing and when not applicable; what its grades are; and
the source tables that it counts.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from orchestration.contract.methodology import Methodology
from orchestration.settings import DBT_PROJECT

PREFIX = "ind_"
PARTS = ("numerator", "denominator", "value", "missing", "not_applicable")

Words = tuple[str, str]


@cache
def definitions() -> dict[str, dict[str, Any]]:
    """The definition of each indicator whose model has one."""
    files = sorted((DBT_PROJECT / "models" / "indicators").glob(f"{PREFIX}*.yml"))
    models = [
        model
        for file in files
        for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]
    ]
    metas = {model["name"]: model.get("config", {}).get("meta", {}) for model in models}
    return {
        name.removeprefix(PREFIX): meta["definition"]
        for name, meta in metas.items()
        if "definition" in meta
    }


@cache
def source_names() -> dict[str, Words]:
    """The names of the source tables, as the registry has them: in Chinese, and as called."""
    registry = yaml.safe_load((DBT_PROJECT / "models" / "sources.yml").read_text(encoding="utf-8"))
    tables = [table for source in registry["sources"] for table in source["tables"]]
    return {table["name"]: (table["config"]["meta"]["zh"], table["name"]) for table in tables}


def sentences(indicator: str, methodology: Methodology) -> dict[str, Words]:
    """The parts of an indicator's definition, with the parameters of a methodology filled in."""
    parameters = methodology.tables["methodologies"][0]
    definition = definitions().get(indicator, {})
    return {
        part: (
            definition[part]["zh"].format_map(parameters),
            definition[part]["en"].format_map(parameters),
        )
        for part in PARTS
        if part in definition
    }


def sources(indicator: str) -> Words:
    """The names of the source tables that an indicator counts."""
    tables = [source_names()[name] for name in definitions().get(indicator, {}).get("sources", ())]
    return joined(tables, "、", ", ")


def grade_rows(indicator: str, methodology: Methodology) -> list[tuple[Words, str]]:
    """The names and values of the grades of an indicator, or of the parts that it adds up."""
    definition = definitions().get(indicator, {})
    names = definition.get("grades", definition.get("parts", {}))
    rows = [row for row in methodology.tables["grades"] if row["indicator"] == indicator]
    return [
        ((names[row["grade"]]["zh"], names[row["grade"]]["en"]), row["value"])
        for row in rows
        if row["grade"] in names
    ]


def grade_labels(methodology: Methodology) -> dict[str, dict[str, Words]]:
    """The names of values of indicators.

    They are those of grades, and of sums of parts those of the highest value and of none.
    """
    found: dict[str, dict[str, Words]] = {}
    for indicator, definition in definitions().items():
        by_value: dict[str, list[Words]] = {}
        if "grades" in definition:
            for words, value in grade_rows(indicator, methodology):
                by_value.setdefault(shortest(value), []).append(words)
        elif "highest" in definition:
            by_value = ends_of_parts(indicator, methodology)
        if by_value:
            found[indicator] = {
                value: joined(words, "、", " or ") for value, words in by_value.items()
            }
    return found


def ends_of_parts(indicator: str, methodology: Methodology) -> dict[str, list[Words]]:
    """What the highest value that scores, and none, of a sum of parts are called."""
    definition = definitions()[indicator]
    grades = {
        row["grade"]: shortest(row["value"])
        for row in methodology.tables["grades"]
        if row["indicator"] == indicator
    }
    knots = [
        Decimal(row["value"])
        for row in methodology.tables["scoring_knots"]
        if row["indicator"] == indicator
    ]
    if not knots:
        return {}
    highest, lowest = (
        (definition[end]["zh"].format_map(grades), definition[end]["en"].format_map(grades))
        for end in ("highest", "lowest")
    )
    return {shortest(max(knots)): [highest], "0": [lowest]}


def shortest(value: str | Decimal) -> str:
    """A value without the zeros that end it, as scripts write it."""
    return f"{Decimal(value).normalize():f}"


def joined(words: Iterable[Words], chinese: str, english: str) -> Words:
    """Words of both languages, one after the other."""
    pairs = list(words)
    return chinese.join(pair[0] for pair in pairs), english.join(pair[1] for pair in pairs)
