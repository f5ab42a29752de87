"""Column lineage of one SQL statement: the inputs of each of its columns, and of its rows.

An input is a column of a relation that the statement reads, with how it is used, by the types of
OpenLineage's column lineage facet: DIRECT (its values go in) or INDIRECT (it decides which values
go in), each with a subtype. A column of `ROWS` stands for whatever decides the rows of a relation.
A column has the inputs of its expression. If the expression gathers rows (an aggregate or window),
it also has what decides those rows; if it comes from a joined relation, also what decides which row
of that relation is met. A constant has no input, and the order of rows does not count.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

DIALECT = "duckdb"
ROWS = "*"
VARIABLE = "variable"

Transformation = tuple[str, str]
Column = tuple[str, str]
Inputs = dict[Column, frozenset[Transformation]]

IDENTITY, TRANSFORMATION, AGGREGATION = DIRECT = (
    ("DIRECT", "IDENTITY"),
    ("DIRECT", "TRANSFORMATION"),
    ("DIRECT", "AGGREGATION"),
)
CONDITIONAL, FILTER, GROUP_BY, JOIN, SORT, WINDOW = INDIRECT = tuple(
    ("INDIRECT", subtype)
    for subtype in ("CONDITIONAL", "FILTER", "GROUP_BY", "JOIN", "SORT", "WINDOW")
)
CLAUSES = {"where": FILTER, "having": FILTER, "qualify": FILTER, "group": GROUP_BY}


@dataclass(frozen=True)
class Lineage:
    """What a relation is made of: the inputs of each column, and those that decide its rows.

    Relations are named `schema.name`.
    """

    columns: dict[str, Inputs]
    rows: Inputs


Sources = Mapping[str, Lineage]


def variable(name: str) -> str:
    """The text that stands in a compiled statement for a variable of the build."""
    return f"{VARIABLE}:{name}"


def united(parts: Iterable[Inputs]) -> Inputs:
    """Inputs of several parts together."""
    found: Inputs = {}
    for part in parts:
        for column, kinds in part.items():
            found[column] = found.get(column, frozenset()) | kinds
    return found


def used(inputs: Inputs, kind: Transformation) -> Inputs:
    """Inputs of something that is used in turn: what is indirect stays so.

    Of direct steps the one that changes most tells.
    """
    return {
        column: frozenset(composed(inner, kind) for inner in kinds)
        for column, kinds in inputs.items()
    }


def composed(inner: Transformation, outer: Transformation) -> Transformation:
    """How an input is used over two steps, the inner one nearer to it."""
    if inner in DIRECT and outer in DIRECT:
        return max(inner, outer, key=DIRECT.index)
    return outer if inner in DIRECT else inner


def schema_of(relations: Mapping[str, Iterable[str]]) -> MappingSchema:
    """Relations with their columns, as sqlglot looks them up."""
    schema = MappingSchema(dialect=DIALECT)
    for relation, columns in relations.items():
        schema.add_table(relation, dict.fromkeys(columns, "varchar"))
    return schema


def lineage_of(sql: str, schema: MappingSchema) -> Lineage:
    """The lineage of a SELECT over the relations of a schema.

    Raises sqlglot's errors where a column of it belongs to none of them.
    """
    statement = parse_one(sql, dialect=DIALECT)
    for table in statement.find_all(exp.Table):
        table.set("catalog", None)
    qualified = qualify(
        statement,
        schema=schema,
        dialect=DIALECT,
        quote_identifiers=False,
        identify=False,
    )
    root = build_scope(qualified)
    if root is None:
        raise TypeError("The statement is no query.")
    return Reader(root).of(root)


class Reader:
    """Reads the scopes of one qualified statement, each once."""

    def __init__(self, root: Scope) -> None:
        self.scopes = {id(scope.expression): scope for scope in root.traverse()}
        self.known: dict[int, Lineage] = {}

    def of(self, scope: Scope) -> Lineage:
        """The lineage of a scope; that of a recursive one from its beginning."""
        key = id(scope.expression)
        if key not in self.known:
            self.known[key] = Lineage({name: {} for name in names_of(scope)}, {})
            of_scope = self.of_parts if scope.set_operation_scopes else self.of_select
            self.known[key] = of_scope(scope)
        return self.known[key]

    def of_parts(self, scope: Scope) -> Lineage:
        """The lineage of a set operation, whose parts agree in the positions of their columns."""
        parts = [self.of(part) for part in scope.set_operation_scopes]
        inputs = zip(*(part.columns.values() for part in parts), strict=True)
        columns = {}
        for name, each in zip(names_of(scope), inputs, strict=True):
            columns[name] = united(each)
        rows = united(part.rows for part in parts)
        return Lineage(columns, rows)

    def of_select(self, scope: Scope) -> Lineage:
        """The lineage of one SELECT."""
        select = scope.expression
        if not isinstance(select, exp.Select):
            raise TypeError("A part of the statement is no SELECT.")
        sources = {}
        for name, (_, source) in scope.selected_sources.items():
            sources[name] = self.source(source)
        joined = self.joined(select, sources)
        clauses = self.clauses(select, sources)
        source_rows = [source.rows for source in sources.values()]
        rows = united([*joined.values(), *clauses, *source_rows])
        columns = {}
        for projection in select.selects:
            value = projection.unalias()
            parts = [self.inputs(value, sources, joined, IDENTITY)]
            if value.find(exp.AggFunc, exp.Window):
                parts.append(used(rows, FILTER))
            columns[projection.alias_or_name] = united(parts)
        if select.args.get("distinct"):
            compared = [used(inputs, GROUP_BY) for inputs in columns.values()]
            rows = united([rows, *compared])
        return Lineage(columns, rows)

    def joined(self, select: exp.Select, sources: Sources) -> dict[str, Inputs]:
        """What decides which row of each joined relation is met."""
        found = {}
        for join in select.args.get("joins") or ():
            name = join.alias_or_name
            condition = self.inputs(
                join.args.get("on"),
                sources,
                {},
                JOIN,
            )
            found[name] = united([condition, used(sources[name].rows, JOIN)])
        return found

    def clauses(self, select: exp.Select, sources: Sources) -> list[Inputs]:
        """The inputs of the clauses that decide the rows of a SELECT."""
        found = []
        for clause, kind in CLAUSES.items():
            expression = select.args.get(clause)
            found.append(self.inputs(expression, sources, {}, kind))
        return found

    def source(self, source: exp.Table | Scope) -> Lineage:
        """What a scope reads from: another scope, or a relation, whose columns are themselves."""
        if isinstance(source, exp.Table):
            return Relation(f"{source.db}.{source.name}")
        return self.of(self.scopes[id(source.expression)])

    def inputs(
        self,
        expression: exp.Expr | None,
        sources: Sources,
        joined: Mapping[str, Inputs],
        kind: Transformation,
    ) -> Inputs:
        """The inputs of an expression; of a projection (kind IDENTITY) each by its place in it."""
        found: list[Inputs] = []
        for leaf in leaves(expression):
            how = place_of(leaf, expression) if kind == IDENTITY else kind
            if isinstance(leaf, exp.Column):
                column = sources[leaf.table].columns[leaf.name]
                met_by = joined.get(leaf.table, {})
                found += [used(column, how), used(met_by, JOIN)]
            elif isinstance(leaf, exp.Query):
                query = self.of(self.scopes[id(leaf)])
                parts = (*query.columns.values(), query.rows)
                found += [used(inputs, how) for inputs in parts]
            else:
                name = leaf.name.removeprefix(variable(""))
                found.append({(VARIABLE, name): frozenset([how])})
        return united(found)


class Relation(Lineage):
    """A relation that is read: each column is itself, and its rows stand for themselves."""

    def __init__(self, name: str) -> None:
        super().__init__(Itself(name), {(name, ROWS): frozenset([FILTER])})


class Itself(dict[str, Inputs]):
    """The columns of a relation by name, as inputs."""

    def __init__(self, relation: str) -> None:
        super().__init__()
        self.relation = relation

    def __missing__(self, column: str) -> Inputs:
        return {(self.relation, column): frozenset([IDENTITY])}


def names_of(scope: Scope) -> list[str]:
    """The names of the columns of a scope."""
    if not isinstance(scope.expression, exp.Query):
        raise TypeError("A part of the statement is no query.")
    return scope.expression.named_selects


def leaves(expression: exp.Expr | None) -> Iterator[exp.Expr]:
    """The columns, variables and whole subqueries of an expression."""
    if expression is None:
        return
    for node in expression.walk(prune=is_read_whole):
        query = node.unnest() if isinstance(node, exp.Subquery) else node
        if is_read_whole(query) or is_variable(node):
            yield query


def is_read_whole(node: exp.Expr) -> bool:
    """Whether a part of an expression is not taken apart: a column or a query."""
    return isinstance(node, exp.Column | exp.Query)


def is_variable(node: exp.Expr) -> bool:
    """Whether a part of an expression stands for a variable of the build."""
    return isinstance(node, exp.Literal) and node.name.startswith(variable(""))


def place_of(leaf: exp.Expr, expression: exp.Expr | None) -> Transformation:
    """How a projection uses a leaf of it."""
    found = IDENTITY
    node = leaf
    while node is not expression and node.parent is not None:
        child, node = node, node.parent
        if isinstance(node, exp.Window) and child is not node.this:
            return WINDOW
        if is_condition(child, node):
            return CONDITIONAL
        if isinstance(node, exp.AggFunc):
            found = AGGREGATION
        elif found == IDENTITY and not isinstance(node, exp.Paren | exp.Subquery):
            found = TRANSFORMATION
    return found


def is_condition(child: exp.Expr, parent: exp.Expr) -> bool:
    """Whether a part of an expression is the condition of the part around it."""
    if isinstance(parent, exp.If | exp.Case):
        return child is parent.this
    return isinstance(parent, exp.Filter) and child is parent.expression
