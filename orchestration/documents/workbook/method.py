"""The first and the last sheet of the workbook.

The first has the city at a glance and what the sheets hold, the last has method and sources.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from orchestration.documents import figures
from orchestration.documents.briefing.wording import check_in_words
from orchestration.documents.edition import Edition
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
READING = ("index_meaning", "interval_meaning", "places", "empty_meaning")

Cell = tuple[Any, str]
Section = list[list[Cell]]


def overview_of(edition: Edition, tables: Sequence[Sheet]) -> list[Section]:
    """Title, headline, sheets with their rows, and legend."""
    city, methodology = edition.city, edition.methodology
    chinese, english = said("title")
    title = [
        [(f"{city['name_zh']}{chinese} {edition.period}", "title")],
        [(f"{city['name_en']}: {english}, {edition.period}", "subtitle")],
    ]
    headline = section("headline")
    for name in HEADLINE:
        dash = (figures.NONE, "suppressed")
        value = dash if city[name] is None else (city[name], KINDS.get(name, "count"))
        headline.append([(both(head_of(methodology, "area_index", name)), "text"), value])
    contents = section("contents", "rows")
    for table in tables:
        note = [(both(said("across")), "text")] if table.name == "union_index" else []
        contents.append(
            [(both(wording()["sheet", table.name]), "text"), (len(table.rows), "count"), *note]
        )
    contents.append([(both(wording()["sheet", "method"]), "text")])
    legend = [
        *section("legend"),
        [(figures.NONE, "suppressed"), (both(said("suppressed_meaning")), "text")],
    ]
    if edition.is_internal:
        legend += [[(0, "missing"), (both(said("missing_meaning")), "text")]]
        legend += [
            [(both(methodology.label("health_code", code)), code)]
            for code in ("green", "yellow", "red")
        ]
    return [title, *notice_of(edition), headline, contents, legend]


def method_of(edition: Edition) -> list[Section]:
    """What the figures rest on, how they are made, judged and to be read."""
    return [
        basis_of(edition),
        *notice_of(edition),
        dimensions_of(edition),
        indicators_of(edition),
        rules_of(edition),
        reading_of(),
        checks_of(edition),
        *warnings_of(edition),
        *overrides_of(edition),
    ]


def section(name: str, *heads: str) -> Section:
    """The beginning of a section: its title, with heads of further columns."""
    return [[(both(said(name)), "section"), *((both(said(head)), "section") for head in heads)]]


def texts(cells: Iterable[str]) -> list[Cell]:
    """A row of text."""
    return [(cell, "text") for cell in cells]


def notice_of(edition: Edition) -> list[Section]:
    """The notice of the source, where there is one."""
    notice = edition.verdict.notice
    return [[[(both(said("notice")), "section")], [(notice, "notice")]]] if notice else []


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
    return [
        *section("basis"),
        *(texts((both(said(name)), value)) for name, value in stated.items()),
    ]


def dimensions_of(edition: Edition) -> Section:
    """The dimensions with their weights."""
    rows = edition.dimensions
    return [
        *section("dimensions", "weight", "code"),
        *(
            [
                (label_of(row), "text"),
                (Decimal(row["weight"]), "weight"),
                (row["dimension"], "text"),
            ]
            for row in rows
        ),
    ]


def indicators_of(edition: Edition) -> Section:
    """The indicators with weight, code, dimension, type and unit."""
    dimensions = {row["dimension"]: label_of(row) for row in edition.dimensions}
    found = section("indicators", "weight", "code", "dimension", "item_type", "unit")
    for row in edition.indicators:
        item_type, unit = (
            edition.methodology.label("item_type", row["item_type"]),
            wording()["unit", row["unit"]],
        )
        further = (row["indicator"], dimensions[row["dimension"]], both(item_type), both(unit))
        found.append([(label_of(row), "text"), (Decimal(row["weight"]), "weight"), *texts(further)])
    return found


def rules_of(edition: Edition) -> Section:
    """The alert rules: what they measure and when they hold."""
    indicators = {row["indicator"]: label_of(row) for row in edition.indicators}
    found = section("rules", "level", "measure", "operator")
    for row in edition.methodology.tables["alert_rules"]:
        measure = indicators.get(row["measure"]) or both(wording()["measure", row["measure"]])
        level = both(edition.methodology.label("alert_level", row["level"]))
        condition = figures.true_minus(f"{row['operator']} {row['threshold']}")
        found.append(texts((label_of(row), level, measure, condition)))
    return found


def reading_of() -> Section:
    """How to read the figures."""
    return [
        *section("reading"),
        *(texts([both(said(name))]) for name in READING),
        texts([both(said("suppressed_meaning"))]),
    ]


def warnings_in(edition: Edition) -> list[str]:
    """The checks that warned, by their codes."""
    checks = edition.verdict.checks
    return [check.name for check in checks if not check.passed and check.severity == "warn"]


def checks_of(edition: Edition) -> Section:
    """How many checks passed, and how many warned."""
    passed = sum(check.passed for check in edition.verdict.checks)
    counts = (("passed", passed), ("warned", len(warnings_in(edition))))
    rows: Section = [[(both(said(name)), "text"), (count, "count")] for name, count in counts]
    return [*section("checks"), *rows]


def warnings_of(edition: Edition) -> list[Section]:
    """The checks that warned, where any did: in words, with what each found."""
    codes = warnings_in(edition)
    rows = [words_of_check(code, code, edition.observed(code)) for code in codes]
    return [[*section("warnings", "code", "finding"), *rows]] if codes else []


def overrides_of(edition: Edition) -> list[Section]:
    """The overrides, where there are any: what each check found, who let it pass, why and when."""
    found = section("overrides", "code", "finding", "reason", "by", "at")
    for entry in edition.overrides:
        code = entry.check
        stated = (code, edition.observed(code), entry.reason, entry.by, entry.at)
        found.append(words_of_check(code, *stated))
    return [found] if edition.overrides else []


def words_of_check(code: str, *stated: str) -> list[Cell]:
    """A row on a check that did not pass: what it means, then what is stated of it."""
    words = check_in_words(code)
    return [(cell, "words") for cell in (both((words.zh, words.en)), *stated)]


def label_of(row: dict[str, str]) -> str:
    """The label of a row of the methodology."""
    return both((row["name_zh"], row["name_en"]))
