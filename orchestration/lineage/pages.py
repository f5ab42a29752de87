"""The lineage of an edition's tables for readers: `lineage.json` and `lineage.html`.

The page shows the same as the JSON, and every step in between.

Both are the same for the same dbt project, whatever the month, but for what a release that corrects
another says of that. The JSON has these sentences, and lists of origins, of each column, of the
rows of each table, and of what each indicator counts: kind and table, and the columns of it by how
they are used, in OpenLineage's words for that.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.lineage.columns import (
    KINDS,
    ROW_RULES,
    SEED,
    SOURCE,
    Project,
    indicator_lineage,
    project,
    published_lineage,
)
from orchestration.lineage.compiled import compiled_manifest
from orchestration.lineage.statements import (
    CONDITIONAL,
    DIRECT,
    ROWS,
    VARIABLE,
    Inputs,
    Lineage,
    united,
    used,
)
from orchestration.lineage.wording import both, say, wording
from orchestration.warehouse import published_tables

FORMAT = 1
STYLE = Path(__file__).with_name("lineage.css")
SUPPRESSED = "suppressed"

Origin = dict[str, Any]


def write_lineage(folder: Path, notice: Sequence[tuple[str, str]] = ()) -> None:
    """Write both files into the folder of an edition whose tables are written.

    They are of those tables.

    notice: sentences, Chinese and English, that stand above all else in both.
    """
    lineage = project()
    tables = edition_lineage(folder, published_lineage(lineage))
    content = {
        "format": FORMAT,
        "notice": [{"zh": chinese, "en": english} for chinese, english in notice],
        "tables": {name: described(table) for name, table in tables.items()},
        "indicators": {
            name: described(indicator) for name, indicator in indicator_lineage(lineage).items()
        },
    }
    (folder / "lineage.json").write_text(
        json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder / "lineage.html").write_text(page(content, lineage, notice), encoding="utf-8")


def published_tables_described() -> dict[str, dict[str, Any]]:
    """The lineage of every published table in JSON."""
    return {name: described(lineage) for name, lineage in published_lineage().items()}


def edition_lineage(folder: Path, published: Mapping[str, Lineage]) -> dict[str, Lineage]:
    """The lineage of the tables of an edition.

    Whether an area is suppressed is told by how many linked unions it and others have.
    """
    judged = published["area_index"].columns
    hiding = used(united([judged["area_code"], judged["linked"]]), CONDITIONAL)
    tables = {}
    for name, lineage in published.items():
        if (file := folder / f"{name}.parquet").exists():
            columns = pq.read_schema(file).names
            tables[name] = Lineage(
                {
                    column: hiding if column == SUPPRESSED else lineage.columns[column]
                    for column in columns
                },
                lineage.rows,
            )
    return tables


def described(lineage: Lineage) -> dict[str, Any]:
    """The lineage of a table, or of an indicator, in JSON."""
    return {
        "columns": {name: origins(inputs) for name, inputs in lineage.columns.items()},
        "rows": origins(lineage.rows),
    }


def origins(inputs: Inputs) -> list[Origin]:
    """Origins by kind and table, in the order of KINDS.

    Row rules and variables have no table's columns but their own.
    """
    found: dict[tuple[int, str], Origin] = {}
    for (kind, name), uses in sorted(inputs.items()):
        table, column = (
            (name, ROWS)
            if kind == ROW_RULES
            else (VARIABLE, name)
            if kind == VARIABLE
            else name.split(".")
        )
        origin = found.setdefault(
            (KINDS.index(kind), table), {"kind": kind, "table": table, "direct": {}, "indirect": {}}
        )
        for use in sorted(uses):
            origin["direct" if use in DIRECT else "indirect"].setdefault(use[1], []).append(column)
    return [origin for _, origin in sorted(found.items(), key=lambda item: item[0])]


def page(content: Mapping[str, Any], lineage: Project, notice: Sequence[tuple[str, str]]) -> str:
    """The page as HTML, below a notice where there is one."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"say": say, "both": both, "words": wording()}
    manifest = compiled_manifest()
    nodes = {
        relation: (manifest["nodes"] | manifest["sources"])[unique_id]
        for relation, unique_id in lineage.nodes.items()
    }
    roots = [f"publication.{name}" for name in content["tables"]]
    style = STYLE.read_text(encoding="utf-8")
    return environment.get_template("lineage.html").render(
        notice=notice,
        style=Markup(style),  # noqa: S704 - a file of this project
        style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        tables=content["tables"],
        published=published_tables(),
        indicators=content["indicators"],
        models={relation: steps(lineage, relation) for relation in upstream(lineage, roots)},
        descriptions={relation: node["description"] for relation, node in nodes.items()},
        names={
            node["name"]: node["config"]["meta"].get("zh", "")
            for relation, node in nodes.items()
            if is_handed_over(lineage, relation)
        },
    )


def is_handed_over(lineage: Project, relation: str) -> bool:
    """Whether a relation is a source table or a seed."""
    return relation in lineage.leaves and lineage.leaves[relation][0] in {SOURCE, SEED}


def upstream(lineage: Project, relations: Iterable[str]) -> list[str]:
    """Models that relations are made of, with these, each before what it is made of.

    Those of row rules are left out.
    """
    found: dict[str, None] = {}

    def visit(relation: str) -> None:
        if (
            relation in lineage.models
            and relation not in lineage.row_rules
            and relation not in found
        ):
            step = lineage.models[relation]
            for read in sorted(
                {read for inputs in (*step.columns.values(), step.rows) for read, _ in inputs}
            ):
                visit(read)
            found[relation] = None

    for relation in relations:
        visit(relation)
    return list(reversed(found))


def steps(lineage: Project, relation: str) -> dict[str, list[dict[str, Any]]]:
    """Of each column of a model, and of its rows (ROWS), what it is made of one step upstream."""
    model = lineage.models[relation]
    return {
        column: list(inputs_of(lineage, inputs))
        for column, inputs in (*model.columns.items(), (ROWS, model.rows))
    }


def inputs_of(lineage: Project, inputs: Inputs) -> Iterator[dict[str, Any]]:
    """Inputs as the page lists them; what a row rule refuses is one of them."""
    seen = set()
    for (relation, column), uses in sorted(inputs.items()):
        is_rule = relation in lineage.row_rules
        shown = (ROW_RULES, lineage.row_rules[relation]) if is_rule else (relation, column)
        if shown not in seen and not (column == ROWS and relation in lineage.leaves):
            seen.add(shown)
            yield {
                "relation": shown[0],
                "column": shown[1],
                "uses": [subtype for _, subtype in sorted(uses)],
                "is_model": relation in lineage.models and not is_rule,
                "is_rule": is_rule,
            }
