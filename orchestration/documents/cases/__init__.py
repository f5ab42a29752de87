"""The page of the cases of alerts, for the internal edition: how fast and well they are corrected.

Its figures are those of the tables in `alerts/`, as of the evaluation of the release's candidate.
None of them enters an index. It uses the style sheet and the fonts of the site beside it.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.documents import figures
from orchestration.documents.cases.chart import correction
from orchestration.documents.charts.drawing import write_drawings
from orchestration.documents.edition import Edition, Rows
from orchestration.documents.note import notice_of
from orchestration.documents.site.wording import both
from orchestration.documents.texts import Words, filled, names_of
from orchestration.home.layout import CASES, CASES_RECORD
from orchestration.home.records.cases import CaseSnapshot

PAGE = "cases.html"
FOLDER = Path(__file__).parent
ALL = "all"
COUNTS = ("opened", "open_now", "closed", "corrected", "median_days", "p90_days")
RATES = ("on_time_rate", "reopened_rate", "unconfirmed_rate")


@cache
def wording() -> dict[str, list[str]]:
    """The words of the page by key: Chinese and English."""
    content: dict[str, list[str]] = tomllib.loads(
        (FOLDER / "words.toml").read_text(encoding="utf-8")
    )
    return content


def say(key: str, **values: Any) -> Markup:  # noqa: ANN401
    """The words of a key, filled in, in both languages. Raises KeyError for an unknown key."""
    return both(filled(wording()[key], values))


def write_cases(edition: Edition) -> None:
    """Write the page of an internal edition that has cases, and its chart, into its folder."""
    write_drawings([correction(edition)], edition.folder / CASES, edition.verdict.as_of)
    (edition.folder / PAGE).write_text(render_page(edition), encoding="utf-8")


def render_page(edition: Edition) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"rate": figures.rate, "count": figures.count}
    environment.globals |= {"say": say, "both": both, "words": wording()}
    return environment.get_template("page.html").render(
        edition=edition,
        notice=notice_of(edition.period, edition.note),
        record=CaseSnapshot.read(edition.folder / CASES / CASES_RECORD),
        tables=tables(edition),
        counts=COUNTS,
        rates=RATES,
    )


def tables(edition: Edition) -> dict[str, list[tuple[Words, Any]]]:
    """The rows of each table of the page, each after its name; the last is of all cases."""
    counties = {area["area_code"]: names_of(area) for area in edition.counties}
    rules = {row["rule"]: names_of(row) for row in edition.methodology.tables["alert_rules"]}
    return {
        "county": named(edition.table(f"{CASES}/cases_by_county"), "county_code", counties),
        "rule": named(edition.table(f"{CASES}/cases_by_rule"), "rule", rules),
    }


def named(rows: Rows, key: str, names: Mapping[str, Sequence[str]]) -> list[tuple[Words, Any]]:
    """Rows after their names; what has none, such as a rule of before, shows its code."""
    known = {**names, ALL: wording()[ALL]}
    found = []
    for row in rows:
        chinese, english = known.get(row[key], (row[key], row[key]))
        found.append(((chinese, english), row))
    return found
