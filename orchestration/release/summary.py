"""The one-page summary of a release: headline, ranking and dimensions in Chinese and English. Labels come from the methodology's tables."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.methodology import Methodology
from orchestration.overrides import Override
from orchestration.release.documents import figures
from orchestration.release.documents.edition import rows_of

TEMPLATES = Path(__file__).with_name("templates")


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
        "index": figures.index,
        "rate": figures.rate,
        "change": figures.change,
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
