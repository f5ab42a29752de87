"""The warehouse's exact arithmetic, run as it is compiled.

It is compared with fractions over the whole ranges of its types.
"""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.audit.recount import query_of
from orchestration.audit.union_comparison import in_units as audited_units
from orchestration.release.rescoring import in_units
from orchestration.settings import DBT_PROJECT
from tests.reference.exact import mean, rounded, weighted_mean

PLACES = Decimal("0.0001")
LARGEST = {"decimal(14, 2)": 10**14 - 1, "decimal(18, 4)": 10**18 - 1}
METHODOLOGY_TABLE = "{% macro current_methodology(table) -%} {{ table }} {%- endmacro %}"


class Dispatch:
    """dbt's adapter, as far as macros ask it: the macro that an engine has of a name."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        files = [DBT_PROJECT / "macros" / name for name in ("exact.sql", "scoring.sql")]
        texts = [file.read_text(encoding="utf-8") for file in files]
        template = jinja2.Template("\n".join([*texts, METHODOLOGY_TABLE]))
        self.macros = template.make_module({"adapter": self})

    def dispatch(self, name: str) -> jinja2.runtime.Macro:
        return getattr(self.macros, f"{self.engine}__{name}")


@pytest.fixture(scope="module", params=["duckdb"])
def macros(request):
    """The project's macros as an engine has them."""
    return Dispatch(request.param).macros


@pytest.fixture(scope="module")
def connection():
    """A connection that knows what the queries of a recount know."""
    definitions = query_of("definitions")
    before_days = definitions[: definitions.index("create temporary table working_day")]
    from_units = definitions[definitions.index("create temporary macro in_units") :]
    with duckdb.connect() as connection:
        connection.execute(before_days)
        connection.execute(from_units)
        yield connection


def figures(kind: str, least: int | None = None) -> st.SearchStrategy[Decimal]:
    """Decimals of a type, its ends among them; least: the smallest, in its last place."""
    largest = LARGEST[kind]
    smallest = -largest if least is None else least
    scale = int(kind.rpartition(",")[2].strip(" )"))
    ends = [smallest, largest, 10**14, 10**14 + 1, 10**10 * 10**scale]
    counts = st.integers(smallest, largest) | st.sampled_from(ends)
    of_type = counts.filter(lambda count: smallest <= count <= largest)
    return of_type.map(lambda count: Decimal(count).scaleb(-scale))


def table_of(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    kinds: dict[str, str],
    rows: list[tuple],
) -> None:
    """Make a table of these rows, each column of its type."""
    parameters = {}
    cells = []
    for number, (column, kind) in enumerate(kinds.items()):
        values = [row[number] for row in rows]
        parameters[column] = [None if value is None else str(value) for value in values]
        cells.append(f"cast(unnest(${column}::varchar[]) as {kind}) as {column}")
    query = f"""
        create or replace temp table {name} as
        select {", ".join(cells)}, unnest(range({len(rows)})) as row_number
    """
    connection.execute(query, parameters)


def column(
    connection: duckdb.DuckDBPyConnection,
    expression: str,
    name: str = "given",
    rest: str = "order by row_number",
) -> list:
    """The cells of an expression over a table."""
    query = f"select {expression} from {name} {rest}"
    rows = connection.execute(query).fetchall()
    return [cell for (cell,) in rows]


def is_a_figure(pair: tuple[Decimal, Decimal]) -> bool:
    """Whether a hundred times a ratio is within the range of figures."""
    above, below = map(Fraction, pair)
    return 100 * above / below < 10**14 - 1


@pytest.mark.parametrize("kind", LARGEST)
@given(data=st.data())
@settings(max_examples=10)
def test_units_of_any_figure(macros, connection, kind, data):
    rows = data.draw(st.lists(st.tuples(figures(kind)), min_size=50, max_size=200))
    table_of(connection, "given", {"figure": kind}, rows)
    due = [int(figure.scaleb(4)) for (figure,) in rows]
    expressions = (
        macros.units("figure"),
        "in_units(figure)",
        in_units("figure"),
        audited_units("figure"),
    )
    for expression in expressions:
        assert column(connection, expression) == due


@pytest.mark.parametrize("kind", LARGEST)
@given(data=st.data())
@settings(max_examples=10)
def test_ratio_of_any_figures(macros, connection, kind, data):
    """Numbers up to the largest, over as little as there is, whose quotient is a figure."""
    above = figures(kind, least=0)
    below = figures(kind, least=1)
    cells = st.tuples(above, below).filter(is_a_figure)
    rows = data.draw(st.lists(cells, min_size=50, max_size=200))
    table_of(connection, "given", {"n": kind, "d": kind}, rows)
    for factor in (1, 100):
        due = [rounded(factor * Fraction(n) / Fraction(d)) for n, d in rows]
        assert column(connection, macros.ratio("n", "d", factor)) == due
        assert column(connection, f"rounded_quotient({factor}, n, d)") == due


@given(st.lists(figures("decimal(18, 4)"), min_size=1, max_size=300))
@settings(max_examples=20)
def test_mean_of_any_figures(macros, connection, cells):
    table_of(connection, "given", {"figure": "decimal(18, 4)"}, [(cell,) for cell in cells])
    due = mean([Fraction(cell) for cell in cells])
    assert column(connection, macros.mean("figure"), rest="") == [due]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=50, max_size=300))
@settings(max_examples=10)
def test_points_of_any_weight_and_rate(macros, connection, counts):
    rows = [(Decimal(weight) * PLACES, Decimal(rate) * PLACES) for weight, rate in counts]
    table_of(connection, "given", {"weight": "decimal(9, 4)", "rate": "decimal(18, 4)"}, rows)
    due = [rounded(Fraction(weight) * Fraction(rate) / 100) for weight, rate in rows]
    assert column(connection, macros.points("weight", "rate")) == due


def due_score(knots: list[tuple[Decimal, Decimal]], value: Decimal) -> Fraction:
    """The score of a value, linear between the knots and flat beyond them."""
    exact = [(Fraction(at), Fraction(score)) for at, score in knots]
    (first, first_score), (_, last_score) = exact[0], exact[-1]
    if value <= first:
        return first_score
    for (low, low_score), (high, high_score) in pairwise(exact):
        if value < high:
            share = (Fraction(value) - low) / (high - low)
            return rounded(low_score + share * (high_score - low_score))
    return last_score


SCORES = st.integers(0, 10**6).map(lambda count: count * PLACES)


@given(
    st.lists(figures("decimal(18, 4)"), min_size=2, max_size=6, unique=True),
    st.lists(SCORES, min_size=6, max_size=6),
    st.lists(figures("decimal(18, 4)"), min_size=50, max_size=200),
)
@settings(max_examples=20)
def test_score_of_any_value_between_any_knots(macros, connection, at, scores, values):
    knots = list(zip(sorted(at), scores, strict=False))
    kinds = {
        "indicator": "varchar",
        "value": "decimal(18, 4)",
        "score": "decimal(18, 4)",
    }
    table_of(connection, "scoring_knots", kinds, [("one", *knot) for knot in knots])
    measured = {
        "indicator": "varchar",
        "status": "varchar",
        "numerator": "int",
        "denominator": "int",
        "value": "decimal(18, 4)",
    }
    rows = [("one", "observed", None, None, value) for value in values]
    table_of(connection, "given", measured, rows)
    query = macros.score_indicators("given", unit="row_number")
    due = [due_score(knots, value) for value in values]
    assert column(connection, "score", f"({query})") == due


# Indicator, dimension and weight.
INDICATORS = [
    ("a", "x", Decimal("99999.9999")),
    ("b", "x", Decimal("0.0001")),
    ("c", "x", Decimal("27.5")),
    ("d", "y", Decimal(3)),
    ("e", "y", Decimal("0.3333")),
    ("f", "z", Decimal(1)),
]
DIMENSIONS = {
    "x": Decimal(45),
    "y": Decimal("54.9999"),
    "z": Decimal("0.0001"),
}


def due_rates(scores: list[Decimal | None]) -> dict[str, Fraction]:
    """The rate of each dimension; one without scores has the weighted mean of the others."""
    pairs = {dimension: [] for dimension in DIMENSIONS}
    for (_, dimension, weight), score in zip(INDICATORS, scores, strict=True):
        if score is not None:
            pairs[dimension].append((Fraction(weight), Fraction(score)))
    own = {dimension: weighted_mean(of_it) for dimension, of_it in pairs.items() if of_it}
    weighed = [(Fraction(DIMENSIONS[dimension]), rate) for dimension, rate in own.items()]
    instead = weighted_mean(weighed)
    return {dimension: own.get(dimension, instead) for dimension in DIMENSIONS}


some_scores = st.lists(SCORES | st.none(), min_size=6, max_size=6).filter(any)


@given(st.lists(some_scores, min_size=20, max_size=60))
@settings(max_examples=10)
def test_rates_of_any_scores(macros, connection, scored):
    indicators = {
        "indicator": "varchar",
        "dimension": "varchar",
        "weight": "decimal(9, 4)",
    }
    dimensions = {
        "dimension": "varchar",
        "weight": "decimal(9, 4)",
    }
    kinds = {
        "unit": "int",
        "indicator": "varchar",
        "score": "decimal(18, 4)",
    }
    rows = []
    due = []
    for unit, scores in enumerate(scored):
        for (name, _, _), score in zip(INDICATORS, scores, strict=True):
            rows.append((unit, name, score))
        for dimension, rate in due_rates(scores).items():
            due.append((unit, dimension, rate))
    table_of(connection, "indicators", indicators, INDICATORS)
    table_of(connection, "dimensions", dimensions, list(DIMENSIONS.items()))
    table_of(connection, "given", kinds, rows)
    query = f"""
        select unit, dimension, rate
        from ({macros.weigh_dimensions("given", unit="unit")})
        order by unit, dimension
    """
    assert connection.execute(query).fetchall() == due
