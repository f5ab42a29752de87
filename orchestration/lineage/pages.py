"""The lineage of an edition's tables for readers: `lineage.json` and `lineage.html`.

The page shows the same as the JSON, and every step in between.

Both are made once for the same dbt project and the same tables, whatever the month. What a release
that corrects another says of that is put above them. The JSON has these sentences, and lists of
origins, of each column, of the rows of each table, and of what each indicator counts: kind and
table, and the columns of it by how they are used, in OpenLineage's words for that.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
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
from orchestration.lineage.kept import kept
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
from quality.publication import published_tables

FORMAT = 1
STYLE = Path(__file__).with_name("lineage.css")
SUPPRESSED = "suppressed"
MASTHEAD = '<header class="masthead">\n'
NOTICE = Markup('<div class="notice release_note" role="note">\n{}</div>\n')

Origin = dict[str, Any]
Tables = dict[str, list[str]]


def write_lineage(folder: Path, notice: Sequence[tuple[str, str]] = ()) -> None:
    """Write both files into the folder of an edition whose tables are written.

    They are of those tables.

    notice: sentences, Chinese and English, that stand above all else in both.
    """
    tables = tables_in(folder)
    described_tables = json.dumps(tables)
    name = f"page_{hashlib.sha256(described_tables.encode()).hexdigest()[:16]}"
    lineage = kept(
        name,
        {"tables": described_tables},
        partial(lineage_in_both_forms, tables),
    )
    content = {
        "format": FORMAT,
        "notice": [{"zh": chinese, "en": english} for chinese, english in notice],
        "tables": lineage["tables"],
        "indicators": lineage["indicators"],
    }
    (folder / "lineage.json").write_text(
        json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    page = below_notice(lineage["page"], notice)
    (folder / "lineage.html").write_text(page, encoding="utf-8")


def lineage_in_both_forms(tables: Tables) -> dict[str, Any]:
    """The lineage of an edition with these tables: `tables`, `indicators`, and both as a `page`."""
    lineage = project()
    edition = edition_lineage(tables, published_lineage(lineage))
    indicators = indicator_lineage(lineage)
    content = {
        "tables": {name: described(table) for name, table in edition.items()},
        "indicators": {name: described(indicator) for name, indicator in indicators.items()},
    }
    return content | {"page": page(content, lineage)}


def below_notice(page: str, notice: Sequence[tuple[str, str]]) -> str:
    """The page below a notice, where there is one."""
    if not notice:
        return page
    sentences = Markup().join(Markup("<p>{}</p>\n").format(both(sentence)) for sentence in notice)
    return page.replace(MASTHEAD, f"{MASTHEAD}{NOTICE.format(sentences)}", 1)


def published_tables_described() -> dict[str, dict[str, Any]]:
    """The lineage of every published table in JSON."""
    return {name: described(lineage) for name, lineage in published_lineage().items()}


def tables_in(folder: Path) -> Tables:
    """The published tables that an edition has, and the columns of each."""
    found = ((name, folder / f"{name}.parquet") for name in published_tables())
    return {name: pq.read_schema(file).names for name, file in found if file.exists()}


def edition_lineage(tables: Tables, published: Mapping[str, Lineage]) -> dict[str, Lineage]:
    """The lineage of the tables of an edition.

    Whether an area is suppressed is told by how many linked unions it and others have.
    """
    judged = published["area_index"].columns
    suppressed = used(united([judged["area_code"], judged["linked"]]), CONDITIONAL)
    found = {}
    for name, columns in tables.items():
        known = {**published[name].columns, SUPPRESSED: suppressed}
        found[name] = Lineage({column: known[column] for column in columns}, published[name].rows)
    return found


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
            (KINDS.index(kind), table),
            {
                "kind": kind,
                "table": table,
                "direct": {},
                "indirect": {},
            },
        )
        for use in sorted(uses):
            origin["direct" if use in DIRECT else "indirect"].setdefault(use[1], []).append(column)
    return [origin for _, origin in sorted(found.items(), key=lambda item: item[0])]


def page(content: Mapping[str, Any], lineage: Project) -> str:
    """The page as HTML, without a notice."""
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
