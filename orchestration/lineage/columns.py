"""Column lineage of the project: each model, and the published tables back to their origins.

An origin of a column is a column of a source table or of a seed, a variable that the build is
given, a column of the stored month before, or the row rules of a source table (ROW_RULES), which
read all columns of it and refuse rows. What a model does is read from its compiled SQL;
a model in Python declares it where it is described, by subtype of OpenLineage's column lineage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from orchestration.errors import UsageError
from orchestration.lineage import statements
from orchestration.lineage.compiled import Manifest, compiled_manifest
from orchestration.lineage.kept import Data, kept, lineage_as_data, lineage_from
from orchestration.lineage.statements import (
    FILTER,
    IDENTITY,
    ROWS,
    VARIABLE,
    Inputs,
    Lineage,
    lineage_of,
    schema_of,
    united,
    used,
)
from quality.publication import published_tables

SOURCE, SEED, PREDECESSOR, ROW_RULES = "source", "seed", "predecessor", "row_rules"
KINDS = (SOURCE, SEED, VARIABLE, PREDECESSOR, ROW_RULES)
SUBTYPES = {kind[1]: kind for kind in (*statements.DIRECT, *statements.INDIRECT)}


@dataclass
class Project:
    """What each relation of the project is made of.

    models: lineage of each model by relation (`schema.name`); leaves: kind and columns of each
    relation that no model makes; row_rules: of each relation of refused rows its source table;
    nodes: dbt's unique id of each relation.
    """

    models: dict[str, Lineage] = field(default_factory=dict)
    leaves: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    row_rules: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, str] = field(default_factory=dict)
    found: dict[tuple[str, str], Inputs] = field(default_factory=dict)

    @classmethod
    def from_data(cls, data: Data) -> "Project":
        """The lineage of a project from its JSON."""
        return cls(
            {relation: lineage_from(model) for relation, model in data["models"].items()},
            {relation: (kind, tuple(names)) for relation, (kind, names) in data["leaves"].items()},
            data["row_rules"],
            data["nodes"],
        )

    def as_data(self) -> Data:
        """The lineage of the project in JSON."""
        models = {relation: lineage_as_data(model) for relation, model in self.models.items()}
        return {
            "models": models,
            "leaves": self.leaves,
            "row_rules": self.row_rules,
            "nodes": self.nodes,
        }

    def origins(self, relation: str, column: str) -> Inputs:
        """The origins, as (kind, `table.column`), of a column of a relation or of its rows (ROWS).

        Those of ROWS are the origins of the choice of its rows.
        """
        key = (relation, column)
        if key not in self.found:
            self.found[key] = self.traced(relation, column)
        return self.found[key]

    def traced(self, relation: str, column: str) -> Inputs:
        """The same, of what is not known yet."""
        if relation in self.row_rules:
            return {(ROW_RULES, self.row_rules[relation]): frozenset([FILTER])}
        if relation == VARIABLE:
            return {(VARIABLE, column): frozenset([IDENTITY])}
        if relation in self.leaves:
            kind, _ = self.leaves[relation]
            return (
                {}
                if column == ROWS
                else {(kind, f"{relation.split('.')[1]}.{column}"): frozenset([IDENTITY])}
            )
        lineage = self.models[relation]
        inputs = lineage.rows if column == ROWS else lineage.columns[column]
        return united(
            used(self.origins(*read), kind) for read, kinds in inputs.items() for kind in kinds
        )


@cache
def project() -> Project:
    """The lineage of the project as it stands, read from its SQL once for each state of it.

    Raises UsageError where a model in Python does not declare its own.
    """
    return Project.from_data(
        kept(
            "project",
            {},
            lambda: project_of(compiled_manifest()).as_data(),
        )
    )


def project_of(manifest: Manifest) -> Project:
    """The lineage of a compiled project."""
    found = Project()
    columns: dict[str, tuple[str, ...]] = {}
    for node in (*manifest["sources"].values(), *manifest["nodes"].values()):
        relation = relation_of(node)
        if node["resource_type"] == "source":
            columns[relation] = tuple(
                column["name"] for column in node["columns"].values() if column["data_type"]
            )
            found.leaves[relation] = (
                PREDECESSOR if node["source_name"] == PREDECESSOR else SOURCE,
                columns[relation],
            )
        elif node["resource_type"] in ("seed", "model"):
            columns[relation] = tuple(node["columns"])
            if node["resource_type"] == "seed":
                found.leaves[relation] = (SEED, columns[relation])
        else:
            continue
        found.nodes[relation] = node["unique_id"]
        if node["fqn"][1:3] == ["staging", "refused"]:
            found.row_rules[relation] = node["name"].removeprefix("refused_")
    schema = schema_of(columns)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            relation = relation_of(node)
            is_sql = node["language"] == "sql"
            found.models[relation] = (
                lineage_of(node["compiled_code"], schema)
                if is_sql
                else declared_lineage(node, manifest, columns)
            )
            if set(found.models[relation].columns) != set(columns[relation]):
                raise UsageError(
                    f"The lineage of {relation} is of other columns than its description."
                )
    return found


def relation_of(node: Mapping[str, Any]) -> str:
    """The relation of a node, `schema.name`."""
    return f"{node['schema']}.{node['name']}"


def declared_lineage(
    node: Mapping[str, Any],
    manifest: Manifest,
    columns: Mapping[str, tuple[str, ...]],
) -> Lineage:
    """What a model in Python declares in its description.

    The inputs of each column and of its rows, as `model.column` or `model.*`, by subtype. Raises
    UsageError where it declares nothing, an input that is not there, or nothing of a model that it
    reads.
    """
    read = {
        unique_id.rpartition(".")[2]: relation_of(manifest["nodes"][unique_id])
        for unique_id in node["depends_on"]["nodes"]
    }
    declared = node["config"]["meta"].get("lineage", {})

    def inputs_of(what: Mapping[str, list[str]]) -> Inputs:
        parts: list[Inputs] = []
        for subtype, names in what.items():
            for name in names:
                model, _, column = name.partition(".")
                if (
                    model not in read
                    or subtype not in SUBTYPES
                    or column not in (*columns[read[model]], ROWS)
                ):
                    raise UsageError(
                        f"{node['name']} declares a lineage from {name} ({subtype}), "
                        "which is not there."
                    )
                parts.append({(read[model], column): frozenset([SUBTYPES[subtype]])})
        return united(parts)

    lineage = Lineage(
        {name: inputs_of(what) for name, what in declared.get("columns", {}).items()},
        inputs_of(declared.get("rows", {})),
    )
    named = {
        relation for inputs in (*lineage.columns.values(), lineage.rows) for relation, _ in inputs
    }
    if missing := sorted(set(read.values()) - named):
        raise UsageError(
            f"{node['name']} declares no lineage from {', '.join(missing)}, which it reads."
        )
    return lineage


def published_lineage(lineage: Project | None = None) -> dict[str, Lineage]:
    """Of each published table the origins of every column and of its rows.

    A column of constants has those that decide its rows.
    """
    lineage = lineage or project()
    tables = {}
    for name, table in published_tables().items():
        relation = f"publication.{name}"
        rows = lineage.origins(relation, ROWS)
        columns = {column: lineage.origins(relation, column) or rows for column in table.columns}
        tables[name] = Lineage(columns, rows)
    return tables


def indicator_lineage(lineage: Project | None = None) -> dict[str, Lineage]:
    """Of each indicator's model the origins of status, numerator and denominator, by indicator."""
    lineage = lineage or project()
    models = [relation for relation in lineage.models if relation.startswith("indicators.ind_")]
    return {
        relation.removeprefix("indicators.ind_"): Lineage(
            {
                column: lineage.origins(relation, column)
                for column in ("status", "numerator", "denominator")
            },
            lineage.origins(relation, ROWS),
        )
        for relation in models
    }
