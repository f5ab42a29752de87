"""What the scripts of a site show, as scripts themselves.

They hold the published tables of areas, word for word, and the words that go with them.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.contract.parameters import parameters
from orchestration.documents.definitions import grade_labels
from orchestration.documents.edition import Edition, Rows, rows_of
from orchestration.documents.site.wording import wording

METHODOLOGY = (
    "dimensions",
    "indicators",
    "alert_rules",
    "scoring_knots",
    "labels",
)
LEVELS = ("city", "county")
TREND = (
    "period",
    "area_code",
    "health_index",
    "index_change",
    "sampling_rate",
)


def write_script(folder: Path, name: str, content: dict[str, Any]) -> None:
    """Write the script of a name, with its content, below the folder of the site's data."""
    file = folder / f"{name}.js"
    file.write_text(script_of(name, content), encoding="utf-8")


def script_of(name: str, content: dict[str, Any]) -> str:
    """A script that gives the global object `UHI` this content by its name."""
    text = json.dumps(
        content,
        ensure_ascii=False,
        separators=(",", ":"),
        default=number,
    )
    return assignment(name, text)


def assignment(name: str, content: str) -> str:
    """A script that gives the global object `UHI` JSON by its name."""
    return f"UHI.data[{json.dumps(name)}] = {content};\n"


def number(value: Decimal) -> int | float:
    """A figure of 4 places as JSON has it: the shortest number that reads as the same decimal."""
    if value == value.to_integral_value():
        return int(value)
    return float(value)


def text_data(edition: Edition) -> dict[str, Any]:
    """The fixed words, the methodology, and what is known of the edition.

    That is its period, and the counties that have a sheet; how much of an area's code is that of
    its county is known too.
    """
    tables = edition.methodology.tables
    sheets = (edition.folder / "counties").glob("*.pdf")
    return {
        "words": wording(),
        "methodology": {table: tables[table] for table in METHODOLOGY},
        "period": edition.period,
        "internal": edition.is_internal,
        "county_code_length": parameters().county_code_length,
        "grades": grade_labels(edition.methodology),
        "sheets": sorted(sheet.stem for sheet in sheets),
    }


def area_data(edition: Edition) -> dict[str, Any]:
    """Tables by name, as columns and rows.

    Every row is one of the edition's table of that name; `trend` has rows of its and the earlier
    area_index. Indicators are those of city and counties. The counties stand in the order of the
    ranking, as in the page.
    """
    larger = {area["area_code"] for area in edition.areas if area["level"] in LEVELS}
    indicators = rows_on(edition.table("area_indicator"), larger)
    months: Rows = []
    for folder in edition.earlier:
        months += rows_on(rows_of(folder / "area_index.parquet"), larger)
    months += rows_on(edition.areas, larger)
    trend = [{column: row[column] for column in TREND} for row in months]
    return {
        "area_index": table(edition.areas),
        "area_dimension": table(edition.table("area_dimension")),
        "area_indicator": table(indicators),
        "county_ranking": table(edition.ranking),
        "trend": table(trend),
    }


def rows_on(rows: Rows, areas: set[str]) -> Rows:
    """The rows on some areas, in their order."""
    return [row for row in rows if row["area_code"] in areas]


def table(rows: Rows) -> dict[str, Any]:
    """Rows as one list of columns and a list of cells each."""
    return {
        "columns": list(rows[0]) if rows else [],
        "rows": [list(row.values()) for row in rows],
    }
