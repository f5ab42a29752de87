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
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
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
from orchestration.lineage.page_words import both, text, words
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
from quality.publication import SUPPRESSED, published_tables

FORMAT = 1
STYLE = Path(__file__).with_name("lineage.css")
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
    lineage = kept_lineage(tables)
    content = {
        "format": FORMAT,
        "notice": [{"zh": chinese, "en": english} for chinese, english in notice],
        "tables": lineage["tables"],
        "indicators": lineage["indicators"],
    }
    as_json = json.dumps(content, ensure_ascii=False) + "\n"
    (folder / "lineage.json").write_text(as_json, encoding="utf-8")
    page = below_notice(lineage["page"], notice)
    (folder / "lineage.html").write_text(page, encoding="utf-8")


def kept_lineage(tables: Tables) -> dict[str, Any]:
    """The lineage of an edition with these tables, made once for the same dbt project."""
    described_tables = json.dumps(tables)
    digest = hashlib.sha256(described_tables.encode()).hexdigest()
    return kept(
        f"page_{digest[:16]}",
        {"tables": described_tables},
        partial(lineage_in_both_forms, tables),
    )


def lineage_in_both_forms(tables: Tables) -> dict[str, Any]:
    """The lineage of an edition with these tables: `tables`, `indicators`, and both as a `page`."""
    lineage = project()
    edition = edition_lineage(tables, published_lineage(lineage))
    indicators = indicator_lineage(lineage)
    content = {
        "tables": all_described(edition),
        "indicators": all_described(indicators),
    }
    return content | {"page": page(content, lineage)}


def below_notice(page: str, notice: Sequence[tuple[str, str]]) -> str:
    """The page below a notice, where there is one."""
    if not notice:
        return page
    paragraph = Markup("<p>{}</p>\n")
    sentences = Markup().join(paragraph.format(both(sentence)) for sentence in notice)
    noticed = f"{MASTHEAD}{NOTICE.format(sentences)}"
    return page.replace(MASTHEAD, noticed, 1)


def published_tables_described() -> dict[str, dict[str, Any]]:
    """The lineage of every published table in JSON."""
    return all_described(published_lineage())


def tables_in(folder: Path) -> Tables:
    """The published tables that an edition has, and the columns of each."""
    found = {}
    for name in published_tables():
        file = folder / f"{name}.parquet"
        if file.exists():
            found[name] = pq.read_schema(file).names
    return found


def edition_lineage(tables: Tables, published: Mapping[str, Lineage]) -> dict[str, Lineage]:
    """The lineage of the tables of an edition.

    Whether a row is suppressed is told by how many linked unions its area and others have, and how
    many unions are behind its means.
    """
    judged = published["area_index"].columns
    sample = [judged["area_code"], judged["linked"]]
    found = {}
    for name, columns in tables.items():
        table = published[name]
        behind = [table.columns[column] for column in published_tables()[name].means]
        suppressed = used(united([*sample, *behind]), CONDITIONAL)
        known = {**table.columns, SUPPRESSED: suppressed}
        found[name] = Lineage({column: known[column] for column in columns}, table.rows)
    return found


def all_described(lineages: Mapping[str, Lineage]) -> dict[str, dict[str, Any]]:
    """The lineage of tables, or of indicators, in JSON by name."""
    return {name: described(lineage) for name, lineage in lineages.items()}


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
        table, column = place_of(kind, name)
        key = (KINDS.index(kind), table)
        if key not in found:
            found[key] = {
                "kind": kind,
                "table": table,
                "direct": {},
                "indirect": {},
            }
        for use in sorted(uses):
            _, subtype = use
            columns = found[key]["direct" if use in DIRECT else "indirect"]
            columns.setdefault(subtype, []).append(column)
    return [found[key] for key in sorted(found)]


def place_of(kind: str, name: str) -> tuple[str, str]:
    """Table and column of an origin by its kind and name."""
    if kind == ROW_RULES:
        return name, ROWS
    if kind == VARIABLE:
        return VARIABLE, name
    table, column = name.split(".")
    return table, column


def page(content: Mapping[str, Any], lineage: Project) -> str:
    """The page as HTML, without a notice."""
    manifest = compiled_manifest()
    every_node = manifest["nodes"] | manifest["sources"]
    nodes = {relation: every_node[unique_id] for relation, unique_id in lineage.nodes.items()}
    names = {}
    for relation, node in nodes.items():
        if is_handed_over(lineage, relation):
            names[node["name"]] = node["config"]["meta"].get("zh", "")
    roots = [f"publication.{name}" for name in content["tables"]]
    style = STYLE.read_text(encoding="utf-8")
    style_digest = hashlib.sha256(style.encode()).digest()
    return template().render(
        style=Markup(style),  # noqa: S704 - a file of this project
        style_digest=base64.b64encode(style_digest).decode(),
        tables=content["tables"],
        published=published_tables(),
        indicators=content["indicators"],
        models={relation: steps(lineage, relation) for relation in upstream(lineage, roots)},
        descriptions={relation: node["description"] for relation, node in nodes.items()},
        names=names,
    )


def template() -> Template:
    """The template of the page, with the words and how they are said in both languages."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"text": text, "both": both, "words": words()}
    return environment.get_template("lineage.html")


def is_handed_over(lineage: Project, relation: str) -> bool:
    """Whether a relation is a source table or a seed."""
    return relation in lineage.leaves and lineage.leaves[relation][0] in {SOURCE, SEED}


def upstream(lineage: Project, relations: Iterable[str]) -> list[str]:
    """Models that relations are made of, with these, each before what it is made of.

    Those of row rules are left out.
    """
    found: dict[str, None] = {}

    def visit(relation: str) -> None:
        is_step = relation in lineage.models and relation not in lineage.row_rules
        if not is_step or relation in found:
            return
        for read in relations_read(lineage.models[relation]):
            visit(read)
        found[relation] = None

    for relation in relations:
        visit(relation)
    return list(reversed(found))


def relations_read(model: Lineage) -> list[str]:
    """The relations that a model reads, sorted."""
    inputs = united([*model.columns.values(), model.rows])
    return sorted({relation for relation, _ in inputs})


def steps(lineage: Project, relation: str) -> dict[str, list[dict[str, Any]]]:
    """Of each column of a model, and of its rows (ROWS), what it is made of one step upstream."""
    model = lineage.models[relation]
    made_of = {**model.columns, ROWS: model.rows}
    return {column: list(inputs_of(lineage, inputs)) for column, inputs in made_of.items()}


def inputs_of(lineage: Project, inputs: Inputs) -> Iterator[dict[str, Any]]:
    """Inputs as the page lists them; what a row rule refuses is one of them."""
    listed = set()
    for (relation, column), uses in sorted(inputs.items()):
        is_rule = relation in lineage.row_rules
        place = (ROW_RULES, lineage.row_rules[relation]) if is_rule else (relation, column)
        is_whole_leaf = column == ROWS and relation in lineage.leaves
        if place in listed or is_whole_leaf:
            continue
        listed.add(place)
        named_relation, named_column = place
        yield {
            "relation": named_relation,
            "column": named_column,
            "uses": [subtype for _, subtype in sorted(uses)],
            "is_model": relation in lineage.models and not is_rule,
            "is_rule": is_rule,
        }
