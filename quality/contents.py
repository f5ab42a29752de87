"""The documents that each edition of a release is due to have, by their names."""

import json
from pathlib import Path

from quality.connection import reading

CHARTS = ("ranking", "dimensions", "trend", "alerts")
SCRIPTS = (
    "base.js",
    "model.js",
    "charts.js",
    "areas.js",
    "app.js",
    "data/text.js",
    "data/areas.js",
)
STYLE = ("style.css", "regular.ttf", "bold.ttf", "font_licence.txt")
INTERNAL_SITE = ("unions.js", "why.js", "data/unions.js", "data/unmeasured.js")


def documents(folder: Path) -> set[str]:
    """Names of the documents of both editions, below the release's folder."""
    return {
        f"{edition}/{name}"
        for edition in ("internal", "public")
        for name in documents_of(folder / edition)
    }


def documents_of(edition: Path) -> set[str]:
    """Names of the documents of an edition, below its folder.

    Of the internal one a script for each township that has unions.
    """
    period = json.loads((edition.parent / "verdict.json").read_text(encoding="utf-8"))["period"]
    names = {
        "index.html",
        f"union_health_index_{period}.xlsx",
        *(f"site/{name}" for name in (*SCRIPTS, *STYLE)),
    }
    names |= {"briefing.docx", "briefing.pdf", "lineage.html", "lineage.json"}
    names |= {
        f"counties/{code}.pdf" for code in codes_of(edition / "county_ranking.parquet", "area_code")
    }
    names |= {f"charts/{chart}.{form}" for chart in CHARTS for form in ("svg", "png")}
    if edition.name == "internal":
        names |= {"docs/index.html", *(f"site/{name}" for name in INTERNAL_SITE)}
        names |= {
            f"site/data/unions/{code}.js"
            for code in codes_of(edition / "union_index.parquet", "township_code")
        }
        names |= {
            f"site/data/why/{code}.js"
            for code in codes_of(edition / "county_ranking.parquet", "area_code")
        }
        names |= {
            f"site/data/why/{code}.js"
            for code in codes_of(edition / "area_index.parquet", "area_code", "level = 'city'")
        }
    return names


def predecessor(folder: Path) -> set[str]:
    """Names of the files of the month before that the release was built on."""
    verdict = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    if not verdict["predecessor"]:
        return set()
    stored = folder / "internal" / "predecessor" / "verdict.json"
    staging = json.loads(stored.read_text(encoding="utf-8"))["staging"] if stored.is_file() else ()
    names = [
        *(f"tables/{table}" for table in verdict["predecessor"]),
        *(f"staging/{table}" for table in staging),
    ]
    return {
        "internal/predecessor/verdict.json",
        *(f"internal/predecessor/{name}.parquet" for name in names),
    }


def codes_of(file: Path, column: str, condition: str = "true") -> list[str]:
    """The different codes in a column of a table, of the rows that meet a condition."""
    with reading() as connection:
        rows = connection.read_parquet(str(file)).filter(condition)
        return [code for (code,) in rows.select(column).distinct().fetchall()]
