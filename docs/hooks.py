"""What the documentation site has from the code itself.

JSON Schemas of the records, the rules of alerts, and dbt's page of the models.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from orchestration.contract.methodology import Row
from orchestration.documents.figures import true_minus
from orchestration.documents.page_fonts import font_face
from orchestration.documents.site.wording import wording
from orchestration.extract.mapping.source_map import schema_of_map
from orchestration.home.schemas import schemas
from orchestration.lineage.dbt_docs import docs_page
from orchestration.settings import METHODOLOGY

SCHEMAS = "reference/schemas"
MODELS = "models/index.html"
FAMILY = "Documentation Sans"
FIRST_CHINESE = "\u2e80"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The site's files with a JSON Schema of each record, and dbt's page of the models."""
    for name, schema in all_schemas().items():
        content = json.dumps(schema, ensure_ascii=False, indent=2)
        files.append(File.generated(config, schema_path(name), content=content))
    files.append(File.generated(config, MODELS, abs_src_path=str(docs_page())))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A page's text with each table that is made from the code in its place."""
    del page, config, files
    return markdown.replace("<!-- schemas -->", schema_table()).replace(
        "<!-- alert rules -->", alert_rule_table()
    )


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """A page with the Chinese characters that it shows in a font of its own."""
    del page, config
    chinese = "".join(letter for letter in output if letter >= FIRST_CHINESE)
    if not chinese:
        return output
    style = f"{font_face(chinese, FAMILY)}body{{--md-text-font:'{FAMILY}'}}"
    return output.replace("</head>", f"<style>{style}</style></head>", 1)


def schema_table() -> str:
    """Each record's file, what it is, and its schema, as a Markdown table."""
    rows = [
        (
            f"`{name}`",
            summary(schema.get("description", "An event in the ledger, bound to the line before.")),
            f"[schema]({schema_path(name).removeprefix('reference/')})",
        )
        for name, schema in all_schemas().items()
    ]
    return markdown_table([("file", "what it is", "JSON Schema"), *rows])


def all_schemas() -> dict[str, dict[str, Any]]:
    """The schema of each record, and of the map of a foreign source, by the file's name."""
    return schemas() | {"source_map.yml": schema_of_map()}


def schema_path(name: str) -> str:
    """Where the schema of a record lies in the site."""
    return f"{SCHEMAS}/{name.removeprefix('.').removesuffix('.json')}.schema.json"


def summary(description: str) -> str:
    """The first paragraph of a description, on one line."""
    return " ".join(description.partition("\n\n")[0].split())


def alert_rule_table() -> str:
    """The alert rules of the newest version of the methodology, in Chinese, as a Markdown table."""
    rules = seed_rows("alert_rules")
    newest = max(seed_rows("methodologies"), key=lambda row: row["effective_from"])["methodology"]
    labels = {(row["list"], row["code"]): row["name_zh"] for row in seed_rows("labels")}
    indicators = {row["indicator"]: row["name_zh"] for row in seed_rows("indicators")}
    rows = [
        (labels["alert_level", rule["level"]], rule["name_zh"], trigger(rule, indicators))
        for rule in rules
        if rule["methodology"] == newest
    ]
    return markdown_table([("级别", "规则", "触发条件"), *rows])


def trigger(rule: Row, indicators: Mapping[str, str]) -> str:
    """When a rule holds, in Chinese: measure, comparison and threshold.

    indicators: the Chinese name of each.
    """
    words, measure = wording(), rule["measure"]
    if measure in indicators:
        name = indicators[measure]
    else:
        name, _ = words[f"measure_{measure}"]
    comparison, _ = words["triggers"][rule["operator"]]
    return f"{name}{comparison} {true_minus(rule['threshold'])}"


def seed_rows(table: str) -> list[Row]:
    """The rows of a table of the methodology, as they are written."""
    with (METHODOLOGY / f"{table}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table; the first is its head."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])
