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
    Column,
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
INDICATOR_MODEL = "indicators.ind_"
INDICATOR_COLUMNS = ("status", "numerator", "denominator")
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
            return self.leaf(relation, column)
        lineage = self.models[relation]
        inputs = lineage.rows if column == ROWS else lineage.columns[column]
        origins = []
        for read, kinds in inputs.items():
            origins += [used(self.origins(*read), kind) for kind in kinds]
        return united(origins)

    def leaf(self, relation: str, column: str) -> Inputs:
        """A column of a relation that no model makes, as its own origin; its rows have none."""
        if column == ROWS:
            return {}
        kind, _ = self.leaves[relation]
        _, _, table = relation.partition(".")
        return {(kind, f"{table}.{column}"): frozenset([IDENTITY])}


@cache
def project() -> Project:
    """The lineage of the project as it stands, read from its SQL once for each state of it.

    Raises UsageError where a model in Python does not declare its own.
    """
    return Project.from_data(kept("project", {}, project_as_data))


def project_as_data() -> Data:
    """The lineage of the project as it stands, in JSON."""
    return project_of(compiled_manifest()).as_data()


def project_of(manifest: Manifest) -> Project:
    """The lineage of a compiled project."""
    found = Project()
    columns = read_relations(manifest, found)
    schema = schema_of(columns)
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model":
            continue
        relation = relation_of(node)
        if node["language"] == "sql":
            lineage = lineage_of(node["compiled_code"], schema)
        else:
            lineage = declared_lineage(node, manifest, columns)
        if set(lineage.columns) != set(columns[relation]):
            raise UsageError(f"The lineage of {relation} is of other columns than its description.")
        found.models[relation] = lineage
    return found


def read_relations(manifest: Manifest, found: Project) -> dict[str, tuple[str, ...]]:
    """The columns of each relation of a compiled project.

    Its leaves, row rules and nodes go into the project that is found.
    """
    columns = {}
    for node in (*manifest["sources"].values(), *manifest["nodes"].values()):
        if node["resource_type"] not in ("source", "seed", "model"):
            continue
        relation = relation_of(node)
        columns[relation] = columns_of(node)
        found.nodes[relation] = node["unique_id"]
        if node["resource_type"] == "source":
            kind = PREDECESSOR if node["source_name"] == PREDECESSOR else SOURCE
            found.leaves[relation] = (kind, columns[relation])
        elif node["resource_type"] == "seed":
            found.leaves[relation] = (SEED, columns[relation])
        if node["fqn"][1:3] == ["staging", "refused"]:
            found.row_rules[relation] = node["name"].removeprefix("refused_")
    return columns


def columns_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of a node; of a source those that are handed over with a type."""
    if node["resource_type"] != "source":
        return tuple(node["columns"])
    return tuple(column["name"] for column in node["columns"].values() if column["data_type"])


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
    known = {
        f"{model}.{column}": (relation, column)
        for model, relation in read.items()
        for column in (*columns[relation], ROWS)
    }
    declared = node["config"]["meta"].get("lineage", {})
    lineage = Lineage(
        {
            column: declared_inputs(node["name"], uses, known)
            for column, uses in declared.get("columns", {}).items()
        },
        declared_inputs(
            node["name"],
            declared.get("rows", {}),
            known,
        ),
    )
    every_input = united([*lineage.columns.values(), lineage.rows])
    named = {relation for relation, _ in every_input}
    if missing := sorted(set(read.values()) - named):
        raise UsageError(
            f"{node['name']} declares no lineage from {', '.join(missing)}, which it reads."
        )
    return lineage


def declared_inputs(
    model: str,
    uses: Mapping[str, list[str]],
    known: Mapping[str, Column],
) -> Inputs:
    """The inputs that a model in Python declares of a column, or of its rows.

    uses: names of inputs by subtype; known: the columns that these names stand for. Raises
    UsageError for a subtype or a name that is not known.
    """
    parts: list[Inputs] = []
    for subtype, names in uses.items():
        for name in names:
            if subtype not in SUBTYPES or name not in known:
                raise UsageError(
                    f"{model} declares a lineage from {name} ({subtype}), which is not there."
                )
            parts.append({known[name]: frozenset([SUBTYPES[subtype]])})
    return united(parts)


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
    found = {}
    for relation in lineage.models:
        if relation.startswith(INDICATOR_MODEL):
            columns = {column: lineage.origins(relation, column) for column in INDICATOR_COLUMNS}
            rows = lineage.origins(relation, ROWS)
            found[relation.removeprefix(INDICATOR_MODEL)] = Lineage(columns, rows)
    return found
