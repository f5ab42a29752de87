"""The page of a site: what every reader gets, with or without a script.

Its tables show figures of the edition's tables alone.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.documents import figures
from orchestration.documents.briefing.finding import finding
from orchestration.documents.briefing.imprint import imprint
from orchestration.documents.briefing.wording import Text, check_in_words
from orchestration.documents.definitions import grade_rows, sentences, sources
from orchestration.documents.edition import Edition, Row
from orchestration.documents.note import links_before, notice_of
from orchestration.documents.note import words as note_words
from orchestration.documents.note.changed import PARTS, counted, exact, what_changed
from orchestration.documents.site.downloads import downloads
from orchestration.documents.site.wording import both, pair_of, say, wording
from orchestration.documents.texts import Words, names_of
from orchestration.signatures.approvals import APPROVAL
from orchestration.signatures.overrides import OVERRIDE
from quality.check_entries import check_groups
from quality.verdict import Check

TEMPLATES = Path(__file__).with_name("templates")
OTHER = "other"
MEASURE = "measure_"
FILTERS = {
    "index": figures.index,
    "rate": figures.rate,
    "count": figures.count,
    "change": figures.change,
    "exact": exact,
    "true_minus": figures.true_minus,
}

# A value and its score, as the methodology states them.
Knot = tuple[str, str]


def render_page(edition: Edition, scripts: list[str]) -> str:
    """The page as HTML; scripts: what it loads, below `site/`."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    checks = edition.verdict.checks
    environment.filters |= FILTERS
    environment.globals |= words_for_templates(edition)
    return environment.get_template("index.html").render(
        edition=edition,
        scripts=scripts,
        city=edition.city,
        counties={area["area_code"]: area for area in edition.counties},
        title=title(edition),
        method=method(edition),
        finding=words_of(finding(edition)),
        imprint=[(words_of(label), value) for label, value in imprint(edition)],
        overrides=edition.overrides,
        namespaces={
            "approval": APPROVAL.namespace,
            "override": OVERRIDE.namespace,
        },
        downloads=downloads(edition),
        notice=notice_of(edition.period, edition.note),
        links_before=links_before(edition),
        changed=what_changed(edition),
        parts=PARTS,
        checks=checks,
        check_groups=counted_groups(checks),
        passed=sum(check.passed for check in checks),
        warnings=edition.warnings,
    )


def words_for_templates(edition: Edition) -> dict[str, Any]:
    """What the templates have their words from, by name."""

    def label(name: str, code: str, unit: str = "") -> Markup:
        chinese, english = edition.methodology.label(name, code)
        return both((chinese + unit, english + unit))

    return {
        "say": say,
        "both": both,
        "words": wording(),
        "note_words": note_words()["changes"],
        "counted": counted,
        "label": label,
        "in_words": words_of_check,
    }


def title(edition: Edition) -> Words:
    """What the page is called."""
    return pair_of(
        "title",
        city=names_of(edition.city),
        figure=edition.methodology.label("figure", "health_index"),
    )


def counted_groups(checks: Sequence[Check]) -> list[tuple[Words, int, int]]:
    """What the checks look at, by group: in words, how many there are, and how many passed."""
    known = {}
    for name, words_of_group in check_groups().items():
        known[name] = words_of_group.zh, words_of_group.en
    groups: dict[str, list[bool]] = {}
    for check in checks:
        prefix, _, _ = check.name.partition(".")
        group = prefix if prefix in known else OTHER
        groups.setdefault(group, []).append(check.passed)
    known[OTHER] = pair_of("checks_other")
    found = []
    for name, words in known.items():
        if name in groups:
            passed = groups[name]
            found.append((words, len(passed), sum(passed)))
    return found


def words_of_check(name: str) -> Words | None:
    """What a check that did not pass means to a reader."""
    return words_of(check_in_words(name))


def words_of(text: Text | None) -> Words | None:
    """A text of the documents as the page has words."""
    return None if text is None else (text.zh, text.en)


def method(edition: Edition) -> dict[str, Any]:
    """The methodology as the page tells it: dimensions, their indicators, and the knots of each."""
    methodology = edition.methodology
    tables = methodology.tables
    knots: dict[str, list[Knot]] = {}
    for row in tables["scoring_knots"]:
        knot = row["value"], row["score"]
        knots.setdefault(row["indicator"], []).append(knot)
    return {
        "parameters": tables["methodologies"][0],
        "knots": knots,
        "curves": {indicator: curve(points) for indicator, points in knots.items()},
        "rules": tables["alert_rules"],
        "measures": measures(tables["indicators"]),
        "definitions": {name: sentences(name, methodology) for name in knots},
        "sources": {name: sources(name) for name in knots},
        "grades": {name: grade_rows(name, methodology) for name in knots},
    }


def measures(indicators: Sequence[Row]) -> dict[str, Words]:
    """What alert rules measure, in words: indicators, and the figures that the wording names."""
    found = {row["indicator"]: names_of(row) for row in indicators}
    for key, words in wording().items():
        if key.startswith(MEASURE):
            found[key.removeprefix(MEASURE)] = words
    return found


def curve(points: Sequence[Knot]) -> str:
    """The points of a polyline of scores (0 to 20, upwards) over values (0 to 60).

    It is flat beyond the first and last knot.
    """
    values = [float(value) for value, _ in points]
    scores = [float(score) for _, score in points]
    low, high = min(values), max(values)
    spread = high - low or 1
    places = [8 + 44 * (value - low) / spread for value in values]
    line = [
        (0.0, scores[0]),
        *zip(places, scores, strict=True),
        (60.0, scores[-1]),
    ]
    points_drawn = []
    for place, score in line:
        height = 20 - score / 5
        points_drawn.append(f"{place:.2f},{height:.2f}")
    return " ".join(points_drawn)
