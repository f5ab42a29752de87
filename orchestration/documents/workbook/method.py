"""The first and the last sheet of the workbook.

The first has the city at a glance and what the sheets hold, the last has method and sources.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from orchestration.contract.methodology import Row as MethodologyRow
from orchestration.documents import figures
from orchestration.documents.briefing.wording import check_in_words
from orchestration.documents.edition import Edition, lack_ranks
from orchestration.documents.palette import CODES
from orchestration.documents.texts import Words, names_of
from orchestration.documents.workbook.tabulation import (
    KINDS,
    Sheet,
    both,
    head_of,
    said,
    wording,
)

HEADLINE = (
    "health_index",
    "index_change",
    "sampling_rate",
    "frame",
    "linked",
    "green",
    "yellow",
    "red",
)
READING = (
    "index_meaning",
    "interval_meaning",
    "places",
    "empty_meaning",
    "suppressed_meaning",
)

# A value and how it is shown.
Cell = tuple[Any, str]
Section = list[list[Cell]]

DASH: Cell = (figures.NONE, "suppressed")


def overview_of(edition: Edition, tables: Sequence[Sheet]) -> list[Section]:
    """Title, headline, sheets with their rows, and legend."""
    return [
        title_of(edition),
        *notice_of(edition),
        headline_of(edition),
        contents_of(tables),
        legend_of(edition),
    ]


def title_of(edition: Edition) -> Section:
    """What the workbook is about."""
    city = edition.city
    chinese, english = said("title")
    return [
        [(f"{city['name_zh']}{chinese} {edition.period}", "title")],
        [(f"{city['name_en']}: {english}, {edition.period}", "subtitle")],
    ]


def headline_of(edition: Edition) -> Section:
    """The city's figures."""
    found = section("headline")
    for name in HEADLINE:
        value = edition.city[name]
        head = head_of(edition.methodology, "area_index", name)
        cell = DASH
        if value is not None:
            cell = value, KINDS.get(name, "count")
        found.append([text_cell(head), cell])
    return found


def contents_of(tables: Iterable[Sheet]) -> Section:
    """The sheets with the numbers of their rows."""
    found = section("contents", "rows")
    for table in tables:
        row = [
            text_cell(wording()["sheet", table.name]),
            (len(table.rows), "count"),
        ]
        if table.name == "union_index":
            row.append(text_cell(said("across")))
        found.append(row)
    found.append([text_cell(wording()["sheet", "method"])])
    return found


def legend_of(edition: Edition) -> Section:
    """What the marks and colours of the sheets mean."""
    found = section("legend")
    found.append([DASH, text_cell(said("suppressed_meaning"))])
    if edition.is_internal:
        missing: Cell = (0, "missing")
        found.append([missing, text_cell(said("missing_meaning"))])
        for code in CODES:
            label = edition.methodology.label("health_code", code)
            found.append([(both(label), code)])
    return found


def method_of(edition: Edition) -> list[Section]:
    """What the figures rest on, how they are made, judged and to be read."""
    return [
        basis_of(edition),
        *notice_of(edition),
        dimensions_of(edition),
        indicators_of(edition),
        rules_of(edition),
        reading_of(edition),
        checks_of(edition),
        *warnings_of(edition),
        *overrides_of(edition),
    ]


def section(name: str, *heads: str) -> Section:
    """The beginning of a section: its title, with heads of further columns."""
    title = heading_cell(said(name))
    further = [heading_cell(said(head)) for head in heads]
    return [[title, *further]]


def heading_cell(words: Words) -> Cell:
    """A cell of a heading in both languages."""
    return both(words), "section"


def text_cell(words: Words) -> Cell:
    """A cell of text in both languages."""
    return both(words), "text"


def notice_of(edition: Edition) -> list[Section]:
    """The notice of the source, where there is one."""
    notice = edition.verdict.notice
    if not notice:
        return []
    found = section("notice")
    found.append([(notice, "notice")])
    return [found]


def basis_of(edition: Edition) -> Section:
    """Edition, day, methodology and sources."""
    verdict = edition.verdict
    stated = {
        "edition": both(said(edition.folder.name)),
        "as_of": verdict.as_of,
        "methodology": edition.methodology.name,
        "methodology_digest": edition.methodology.digest,
        "source": both(said("platform")),
        "intake": verdict.landing.intake,
        "intake_digest": verdict.landing.sha256,
    }
    found = section("basis")
    for name, value in stated.items():
        found.append([text_cell(said(name)), (value, "text")])
    return found


def dimensions_of(edition: Edition) -> Section:
    """The dimensions with their weights."""
    found = section("dimensions", "weight", "code")
    for row in edition.dimensions:
        cells: list[Cell] = [
            label_cell(row),
            (Decimal(row["weight"]), "weight"),
            (row["dimension"], "text"),
        ]
        found.append(cells)
    return found


def indicators_of(edition: Edition) -> Section:
    """The indicators with weight, code, dimension, type and unit."""
    dimensions = {row["dimension"]: label_cell(row) for row in edition.dimensions}
    found = section(
        "indicators",
        "weight",
        "code",
        "dimension",
        "item_type",
        "unit",
    )
    for row in edition.indicators:
        item_type = edition.methodology.label("item_type", row["item_type"])
        cells: list[Cell] = [
            label_cell(row),
            (Decimal(row["weight"]), "weight"),
            (row["indicator"], "text"),
            dimensions[row["dimension"]],
            text_cell(item_type),
            text_cell(wording()["unit", row["unit"]]),
        ]
        found.append(cells)
    return found


def rules_of(edition: Edition) -> Section:
    """The alert rules: what they measure and when they hold."""
    found = section(
        "rules",
        "level",
        "measure",
        "operator",
    )
    for row in edition.methodology.tables["alert_rules"]:
        level = edition.methodology.label("alert_level", row["level"])
        condition = f"{row['operator']} {row['threshold']}"
        cells: list[Cell] = [
            label_cell(row),
            text_cell(level),
            measure_cell(edition, row["measure"]),
            (figures.true_minus(condition), "text"),
        ]
        found.append(cells)
    return found


def measure_cell(edition: Edition, measure: str) -> Cell:
    """What a rule measures: an indicator, or a figure that the workbook has words for."""
    for row in edition.indicators:
        if row["indicator"] == measure:
            return label_cell(row)
    return text_cell(wording()["measure", measure])


def reading_of(edition: Edition) -> Section:
    """How to read the figures."""
    found = section("reading")
    for name in READING:
        found.append([text_cell(said(name))])
    if edition.hides_ranks or lack_ranks(edition.areas_of("township")):
        found.append([text_cell(said("unranked_meaning"))])
    elif edition.hides_dimension_ranks:
        found.append([text_cell(said("unranked_dimensions"))])
    return found


def checks_of(edition: Edition) -> Section:
    """How many checks passed, and how many warned."""
    counts = {
        "passed": sum(check.passed for check in edition.verdict.checks),
        "warned": len(edition.warnings),
    }
    found = section("checks")
    for name, count in counts.items():
        found.append([text_cell(said(name)), (count, "count")])
    return found


def warnings_of(edition: Edition) -> list[Section]:
    """The checks that warned, where any did: in words, with what each found."""
    if not edition.warnings:
        return []
    found = section("warnings", "code", "finding")
    for check in edition.warnings:
        observed = edition.observed(check.name)
        found.append(row_on_check(check.name, [observed]))
    return [found]


def overrides_of(edition: Edition) -> list[Section]:
    """The overrides, where there are any: what each check found, who let it pass, why and when."""
    if not edition.overrides:
        return []
    found = section(
        "overrides",
        "code",
        "finding",
        "reason",
        "by",
        "at",
    )
    for entry in edition.overrides:
        stated = [
            edition.observed(entry.check),
            entry.reason,
            entry.by,
            entry.at,
        ]
        found.append(row_on_check(entry.check, stated))
    return [found]


def row_on_check(code: str, stated: Iterable[str]) -> list[Cell]:
    """A row on a check that did not pass: what it means, its code, then what is stated of it."""
    words = check_in_words(code)
    meaning = both((words.zh, words.en))
    return [(cell, "words") for cell in (meaning, code, *stated)]


def label_cell(row: MethodologyRow) -> Cell:
    """The label of a row of the methodology."""
    return text_cell(names_of(row))
