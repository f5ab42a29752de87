"""The one-page summary of a release: headline, ranking and dimensions in Chinese and English. Labels come from the methodology's tables."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.methodology import Methodology
from orchestration.overrides import Override

TEMPLATES = Path(__file__).with_name("templates")
INDEX_PLACES = Decimal("0.1")
RATE_PLACES = Decimal("0.01")
DIMENSIONS = "select area_code, dimension, rate from read_parquet($1)"


def rows_of(file: Path) -> list[dict[str, Any]]:
    """Rows of a Parquet file as dictionaries."""
    with duckdb.connect() as connection:
        found = connection.execute("select * from read_parquet($1)", [str(file)])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def figure(value: Decimal | None, places: Decimal) -> str:
    """A published figure, rounded half away from zero from the exact one; a dash for none."""
    return "–" if value is None else f"{value.quantize(places, ROUND_HALF_UP):,}"


def change(value: Decimal | None) -> str:
    """A change with its sign, rounded as an index."""
    return "–" if value is None else f"{value.quantize(INDEX_PLACES, ROUND_HALF_UP):+}"


def write_summary(public: Path, methodology: Methodology, verdict: dict[str, Any], overrides: list[Override], file: Path) -> None:
    """Write the page from the public tables alone, so that it shows nothing that they do not."""
    areas = rows_of(public / "area_index.parquet")
    ranking = sorted(rows_of(public / "county_ranking.parquet"), key=lambda row: (row["rank"] is None, row["rank"] or 0, row["area_code"]))
    rates = {(row["area_code"], row["dimension"]): row["rate"] for row in rows_of(public / "area_dimension.parquet")}
    observed = {check["name"]: check["observed"] for check in verdict["checks"]}
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "index": lambda value: figure(value, INDEX_PLACES),
        "rate": lambda value: figure(value, RATE_PLACES),
        "change": change,
    }
    page = environment.get_template("summary.html").render(
        city=next(area for area in areas if area["level"] == "city"),
        counties={area["area_code"]: area for area in areas if area["level"] == "county"},
        ranking=ranking,
        rates=rates,
        dimensions=sorted(methodology.tables["dimensions"], key=lambda row: int(row["position"])),
        label=methodology.label,
        verdict=verdict,
        passed=sum(check["passed"] for check in verdict["checks"]),
        warnings=[check for check in verdict["checks"] if not check["passed"] and check["severity"] == "warn"],
        overrides=[entry | {"observed": observed[entry["check"]]} for entry in overrides],
    )
    file.write_text(page, encoding="utf-8")
