"""The page of a site: what every reader gets, with or without a script.

Its tables show figures of the edition's tables alone.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.documents import figures
from orchestration.documents.briefing.finding import finding
from orchestration.documents.briefing.imprint import imprint
from orchestration.documents.briefing.wording import Text, check_in_words
from orchestration.documents.definitions import grade_rows, sentences, sources
from orchestration.documents.edition import Edition
from orchestration.documents.note import links_before, notice_of
from orchestration.documents.note import words as note_words
from orchestration.documents.note.changed import PARTS, counted, exact, what_changed
from orchestration.documents.site.wording import both, pair_of, say, wording
from orchestration.signatures.approvals import APPROVAL
from orchestration.signatures.overrides import OVERRIDE
from quality.check_entries import check_groups
from quality.contents import release_documents
from quality.verdict import Check

TEMPLATES = Path(__file__).with_name("templates")
OTHER = "other"
# The groups of files for download, in their order, and the files of them that are no documents.
GROUPS = (
    "group_documents",
    "group_charts",
    "group_counties",
    "group_tables",
    "group_methodology",
    "group_lineage",
)
DATA = {
    "group_tables": ("*.csv", "*.parquet"),
    "group_methodology": ("methodology/*.csv",),
}


def render_page(edition: Edition, scripts: list[str]) -> str:
    """The page as HTML; scripts: what it loads, below `site/`."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "index": figures.index,
        "rate": figures.rate,
        "count": figures.count,
        "change": figures.change,
        "exact": exact,
        "true_minus": figures.true_minus,
    }
    environment.globals |= {
        "say": say,
        "both": both,
        "words": wording(),
        "note_words": note_words()["changes"],
        "counted": counted,
        "label": lambda name, code, unit="": both(
            [words + unit for words in edition.methodology.label(name, code)]
        ),
    }
    checks = edition.verdict.checks
    return environment.get_template("index.html").render(
        edition=edition,
        scripts=scripts,
        city=edition.city,
        counties={area["area_code"]: area for area in edition.areas if area["level"] == "county"},
        title=pair_of(
            "title",
            city=names(edition.city),
            figure=edition.methodology.label("figure", "health_index"),
        ),
        method=method(edition),
        checks=checks,
        passed=sum(check.passed for check in checks),
        warnings=[check for check in checks if not check.passed and check.severity == "warn"],
        finding=words_of(finding(edition)),
        imprint=[(words_of(label), value) for label, value in imprint(edition)],
        check_groups=counted_groups(checks),
        in_words=words_of_check,
        overrides=edition.overrides,
        namespaces={"approval": APPROVAL.namespace, "override": OVERRIDE.namespace},
        downloads=downloads(edition),
        notice=notice_of(edition.period, edition.note),
        links_before=links_before(edition),
        changed=what_changed(edition),
        parts=PARTS,
    )


def counted_groups(checks: Sequence[Check]) -> list[tuple[tuple[str, str], int, int]]:
    """What the checks look at, by group: in words, how many there are, and how many passed."""
    groups: dict[str, list[bool]] = {}
    known = {name: (group.zh, group.en) for name, group in check_groups().items()}
    for check in checks:
        prefix = check.name.partition(".")[0]
        groups.setdefault(prefix if prefix in known else OTHER, []).append(check.passed)
    known[OTHER] = pair_of("checks_other")
    return [(known[name], len(groups[name]), sum(groups[name])) for name in known if name in groups]


def words_of_check(name: str) -> tuple[str, str] | None:
    """What a check that did not pass means to a reader."""
    return words_of(check_in_words(name))


def words_of(text: Text | None) -> tuple[str, str] | None:
    """A text of the documents as the page has words."""
    return None if text is None else (text.zh, text.en)


def names(row: dict[str, Any]) -> tuple[str, str]:
    """Both names of a row."""
    return row["name_zh"], row["name_en"]


def method(edition: Edition) -> dict[str, Any]:
    """The methodology as the page tells it: dimensions, their indicators, and the knots of each."""
    tables = edition.methodology.tables
    knots: dict[str, list[tuple[str, str]]] = {}
    for row in tables["scoring_knots"]:
        knots.setdefault(row["indicator"], []).append((row["value"], row["score"]))
    measures = {row["indicator"]: names(row) for row in tables["indicators"]}
    figures_measured = {
        key.removeprefix("measure_"): words
        for key, words in wording().items()
        if key.startswith("measure_")
    }
    return {
        "parameters": tables["methodologies"][0],
        "knots": knots,
        "curves": {indicator: curve(points) for indicator, points in knots.items()},
        "rules": tables["alert_rules"],
        "measures": measures | figures_measured,
        "definitions": {name: sentences(name, edition.methodology) for name in knots},
        "sources": {name: sources(name) for name in knots},
        "grades": {name: grade_rows(name, edition.methodology) for name in knots},
    }


def curve(points: list[tuple[str, str]]) -> str:
    """The points of a polyline of scores (0 to 20, upwards) over values (0 to 60).

    It is flat beyond the first and last knot.
    """
    values, scores = [[float(point[place]) for point in points] for place in (0, 1)]
    low, high = min(values), max(values)
    places = [8 + 44 * (value - low) / (high - low or 1) for value in values]
    line = [(0.0, scores[0]), *zip(places, scores, strict=True), (60.0, scores[-1])]
    return " ".join(f"{place:.2f},{20 - score / 5:.2f}" for place, score in line)


def downloads(edition: Edition) -> list[tuple[str, list[dict[str, Any]]]]:
    """The files of the edition's folder beside the site, by group.

    Each has its path, its size, and what it is where its name does not say.
    """
    counties = {
        f"counties/{area['area_code']}.pdf": names(area)
        for area in edition.areas
        if area["level"] == "county"
    }
    found: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    for document in release_documents().values():
        words = wording()[document.words] if document.words else None
        for name in document.names(edition.folder, edition.period):
            if document.group and (edition.folder / name).exists():
                found[document.group].append(entry_of(edition, name, counties.get(name) or words))
    for group, patterns in DATA.items():
        files = [file for pattern in patterns for file in sorted(edition.folder.glob(pattern))]
        paths = [file.relative_to(edition.folder).as_posix() for file in files]
        found[group] += [entry_of(edition, path, None) for path in paths]
    return [(group, entries) for group, entries in found.items() if entries]


def entry_of(edition: Edition, path: str, what: tuple[str, str] | None) -> dict[str, Any]:
    """A file of the edition as the page lists it."""
    return {"path": path, "size": size_of(edition.folder / path), "what": what}


def size_of(file: Path) -> str:
    """A file's size in kB or MB."""
    size = file.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(size / 1e3, 0.1):.1f} kB"  # noqa: PLR2004 - a megabyte
