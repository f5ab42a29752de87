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

from orchestration.audit.comparison import in_units as audited_units
from orchestration.audit.recount import query_of
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
        texts = [
            (DBT_PROJECT / "macros" / f"{name}.sql").read_text(encoding="utf-8")
            for name in ("exact", "scoring")
        ]
        self.macros = jinja2.Template("\n".join([*texts, METHODOLOGY_TABLE])).make_module(
            {"adapter": self}
        )

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
    counts = st.integers(smallest, largest) | st.sampled_from(
        [smallest, largest, 10**14, 10**14 + 1, 10**10 * 10**scale]
    )
    return counts.filter(lambda count: smallest <= count <= largest).map(
        lambda count: Decimal(count).scaleb(-scale)
    )


def table_of(
    connection: duckdb.DuckDBPyConnection, name: str, kinds: dict[str, str], rows: list[tuple]
) -> None:
    """Make a table of these rows, each column of its type."""
    columns = {
        column: [None if row[number] is None else str(row[number]) for row in rows]
        for number, column in enumerate(kinds)
    }
    cells = ", ".join(
        f"cast(unnest(${column}::varchar[]) as {kind}) as {column}"
        for column, kind in kinds.items()
    )
    connection.execute(
        (
            f"create or replace temp table {name} as"
            f" select {cells}, unnest(range({len(rows)})) as row_number"
        ),
        columns,
    )


def column(
    connection: duckdb.DuckDBPyConnection,
    expression: str,
    name: str = "given",
    rest: str = "order by row_number",
) -> list:
    return [
        cell for (cell,) in connection.execute(f"select {expression} from {name} {rest}").fetchall()
    ]


@pytest.mark.parametrize("kind", LARGEST)
@given(data=st.data())
@settings(max_examples=10)
def test_units_of_any_figure(macros, connection, kind, data):
    rows = data.draw(st.lists(st.tuples(figures(kind)), min_size=50, max_size=200))
    table_of(connection, "given", {"figure": kind}, rows)
    due = [int(figure.scaleb(4)) for (figure,) in rows]
    for expression in (
        macros.units("figure"),
        "in_units(figure)",
        in_units("figure"),
        audited_units("figure"),
    ):
        assert column(connection, expression) == due


@pytest.mark.parametrize("kind", LARGEST)
@given(data=st.data())
@settings(max_examples=10)
def test_ratio_of_any_figures(macros, connection, kind, data):
    """Numbers up to the largest, over as little as there is, whose quotient is a figure."""
    above, below = figures(kind, 0), figures(kind, 1)
    cells = st.tuples(above, below).filter(
        lambda pair: 100 * Fraction(pair[0]) / Fraction(pair[1]) < 10**14 - 1
    )
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
    assert column(connection, macros.mean("figure"), rest="") == [
        mean([Fraction(cell) for cell in cells])
    ]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=50, max_size=300))
@settings(max_examples=10)
def test_points_of_any_weight_and_rate(macros, connection, counts):
    rows = [(Decimal(weight) * PLACES, Decimal(rate) * PLACES) for weight, rate in counts]
    table_of(connection, "given", {"weight": "decimal(9, 4)", "rate": "decimal(18, 4)"}, rows)
    due = [rounded(Fraction(weight) * Fraction(rate) / 100) for weight, rate in rows]
    assert column(connection, macros.points("weight", "rate")) == due


def due_score(knots: list[tuple[Decimal, Decimal]], value: Decimal) -> Fraction:
    """The score of a value, linear between the knots and flat beyond them."""
    if value <= knots[0][0]:
        return Fraction(knots[0][1])
    for (low, low_score), (high, high_score) in pairwise(knots):
        if value < high:
            rise = (Fraction(value) - Fraction(low)) * (Fraction(high_score) - Fraction(low_score))
            return rounded(Fraction(low_score) + rise / (Fraction(high) - Fraction(low)))
    return Fraction(knots[-1][1])


SCORES = st.integers(0, 10**6).map(lambda count: count * PLACES)


@given(
    st.lists(figures("decimal(18, 4)"), min_size=2, max_size=6, unique=True),
    st.lists(SCORES, min_size=6, max_size=6),
    st.lists(figures("decimal(18, 4)"), min_size=50, max_size=200),
)
@settings(max_examples=20)
def test_score_of_any_value_between_any_knots(macros, connection, at, scores, values):
    knots = list(zip(sorted(at), scores, strict=False))
    kinds = {"indicator": "varchar", "value": "decimal(18, 4)", "score": "decimal(18, 4)"}
    table_of(connection, "scoring_knots", kinds, [("one", *knot) for knot in knots])
    measured = {
        "indicator": "varchar",
        "status": "varchar",
        "numerator": "int",
        "denominator": "int",
        "value": "decimal(18, 4)",
    }
    table_of(
        connection, "given", measured, [("one", "observed", None, None, value) for value in values]
    )
    query = macros.score_indicators("given", unit="row_number")
    assert column(connection, "score", f"({query})") == [
        due_score(knots, value) for value in values
    ]


@given(
    st.lists(
        st.lists(SCORES | st.none(), min_size=6, max_size=6).filter(any), min_size=20, max_size=60
    )
)
@settings(max_examples=10)
def test_rates_of_any_scores(macros, connection, scored):
    weights = [
        Decimal("99999.9999"),
        Decimal("0.0001"),
        Decimal("27.5"),
        Decimal(3),
        Decimal("0.3333"),
        Decimal(1),
    ]
    names = [("a", "x"), ("b", "x"), ("c", "x"), ("d", "y"), ("e", "y"), ("f", "z")]
    indicators = {"indicator": "varchar", "dimension": "varchar", "weight": "decimal(9, 4)"}
    table_of(
        connection,
        "indicators",
        indicators,
        [(*name, weight) for name, weight in zip(names, weights, strict=True)],
    )
    table_of(
        connection,
        "dimensions",
        {"dimension": "varchar", "weight": "decimal(9, 4)"},
        [("x", 45), ("y", "54.9999"), ("z", "0.0001")],
    )
    kinds = {"unit": "int", "indicator": "varchar", "score": "decimal(18, 4)"}
    rows = [
        (unit, name, score)
        for unit, scores in enumerate(scored)
        for (name, _), score in zip(names, scores, strict=True)
    ]
    table_of(connection, "given", kinds, rows)
    query = (
        f"select unit, dimension, rate from ({macros.weigh_dimensions('given', unit='unit')})"
        " order by unit, dimension"
    )
    found = connection.execute(query).fetchall()
    for unit, scores in enumerate(scored):
        own = {}
        for dimension in "xyz":
            pairs = [
                (Fraction(weight), Fraction(score))
                for (_, of), weight, score in zip(names, weights, scores, strict=True)
                if of == dimension and score is not None
            ]
            own[dimension] = weighted_mean(pairs)
        of_dimensions = zip(
            (Fraction(45), Fraction("54.9999"), Fraction("0.0001")), own.values(), strict=True
        )
        instead = weighted_mean(
            [(weight, rate) for weight, rate in of_dimensions if rate is not None]
        )
        due = [
            (unit, dimension, instead if rate is None else rate) for dimension, rate in own.items()
        ]
        assert found[3 * unit : 3 * unit + 3] == due
