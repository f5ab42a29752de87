"""What each indicator is, in words: read from the descriptions of its model, where its SQL is.

`meta.definition` of `ind_<name>` has, each in Chinese and English: numerator and denominator, or
value where it is no quotient; when it is missing and when not applicable; what its grades are; and
the source tables that it counts.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from orchestration.contract.methodology import Methodology, Row
from orchestration.documents.texts import Words, filled, joined
from orchestration.settings import DBT_PROJECT

PREFIX = "ind_"
PARTS = ("numerator", "denominator", "value", "missing", "not_applicable")

Definition = dict[str, Any]
# The names of values.
Labels = dict[str, Words]


@cache
def definitions() -> dict[str, Definition]:
    """The definition of each indicator whose model has one."""
    found = {}
    for model in indicator_models():
        meta = model.get("config", {}).get("meta", {})
        if "definition" in meta:
            indicator = model["name"].removeprefix(PREFIX)
            found[indicator] = meta["definition"]
    return found


def indicator_models() -> Iterator[dict[str, Any]]:
    """The models of indicators, as dbt's files describe them."""
    folder = DBT_PROJECT / "models" / "indicators"
    for file in sorted(folder.glob(f"{PREFIX}*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        yield from content["models"]


@cache
def source_names() -> dict[str, Words]:
    """The names of the source tables, as the registry has them: in Chinese, and as called."""
    file = DBT_PROJECT / "models" / "sources.yml"
    registry = yaml.safe_load(file.read_text(encoding="utf-8"))
    found = {}
    for source in registry["sources"]:
        for table in source["tables"]:
            name = table["name"]
            found[name] = table["config"]["meta"]["zh"], name
    return found


def sentences(indicator: str, methodology: Methodology) -> dict[str, Words]:
    """The parts of an indicator's definition, with the parameters of a methodology filled in."""
    parameters = methodology.tables["methodologies"][0]
    definition = definitions().get(indicator, {})
    found = {}
    for part in PARTS:
        if part in definition:
            found[part] = words_in(definition[part], parameters)
    return found


def words_in(words: dict[str, str], values: Row) -> Words:
    """Words of a definition with the values that they name."""
    return filled((words["zh"], words["en"]), values)


def sources(indicator: str) -> Words:
    """The names of the source tables that an indicator counts."""
    definition = definitions().get(indicator, {})
    names = source_names()
    counted = [names[table] for table in definition.get("sources", ())]
    return joined(
        counted,
        chinese="、",
        english=", ",
    )


def grade_rows(indicator: str, methodology: Methodology) -> list[tuple[Words, str]]:
    """The names and values of the grades of an indicator, or of the parts that it adds up."""
    definition = definitions().get(indicator, {})
    names = definition.get("grades") or definition.get("parts", {})
    found = []
    for row in rows_on(indicator, methodology, "grades"):
        if row["grade"] in names:
            name = names[row["grade"]]
            words = name["zh"], name["en"]
            found.append((words, row["value"]))
    return found


def rows_on(
    indicator: str,
    methodology: Methodology,
    table: str,
) -> list[Row]:
    """The rows on an indicator of a table of the methodology."""
    rows = methodology.tables[table]
    return [row for row in rows if row["indicator"] == indicator]


def grade_labels(methodology: Methodology) -> dict[str, Labels]:
    """The names of values of indicators.

    They are those of grades, and of sums of parts those of the highest value and of none.
    """
    found = {}
    for indicator, definition in definitions().items():
        labels: Labels = {}
        if "grades" in definition:
            labels = labels_of_grades(indicator, methodology)
        elif "highest" in definition:
            labels = labels_of_ends(indicator, methodology)
        if labels:
            found[indicator] = labels
    return found


def labels_of_grades(indicator: str, methodology: Methodology) -> Labels:
    """The names of the grades of an indicator by value; grades of one value stand together."""
    by_value: dict[str, list[Words]] = {}
    for words, value in grade_rows(indicator, methodology):
        by_value.setdefault(shortest(value), []).append(words)
    found = {}
    for value, names in by_value.items():
        found[value] = joined(
            names,
            chinese="、",
            english=" or ",
        )
    return found


def labels_of_ends(indicator: str, methodology: Methodology) -> Labels:
    """What the highest value that scores, and none, of a sum of parts are called."""
    knots = rows_on(indicator, methodology, "scoring_knots")
    if not knots:
        return {}
    highest = max(Decimal(row["value"]) for row in knots)
    definition = definitions()[indicator]
    grades = {}
    for row in rows_on(indicator, methodology, "grades"):
        grades[row["grade"]] = shortest(row["value"])
    return {
        shortest(highest): words_in(definition["highest"], grades),
        "0": words_in(definition["lowest"], grades),
    }


def shortest(value: str | Decimal) -> str:
    """A value without the zeros that end it, as scripts write it."""
    return f"{Decimal(value).normalize():f}"
