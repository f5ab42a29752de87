"""The recount: the facts of unions computed again from the landed rows that count.

The queries are in `recounts/`:

- `frame.sql`: which unions are measured
- `indicators/<indicator>.sql`, two queries. The first gives the rows that the indicator counts:
  what each counts as, and what it adds to the numerator and to the denominator (or to what the
  indicator depends on). The second gives the facts that follow from the `sums` of these rows, in
  the columns of the indicator's model: status, numerator, denominator and factor of each union.
- `sums.sql` and `union_sums.sql`: the sums, by source table and whole

The queries can use what `definitions.sql` defines; `linked`, the measured unions; `employees`, what
the employees of their enterprises add; and each source table by its name, with the `origin` (table,
landing_row) of each row that counts.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration.audit.landed import LandedFile, landed_for, load
from orchestration.audit.published import Published
from orchestration.contract.holidays import HOLIDAYS
from orchestration.contract.methodology_tables import VersionRow
from orchestration.contract.parameters import parameters
from orchestration.contract.registry import source_tables
from orchestration.errors import UsageError
from quality.nouns import counted_noun

RECOUNTS = Path(__file__).with_name("recounts")
FRAME_TABLES = ("union_org", "operating_event")
PARAMETERS = VersionRow.model_fields.keys() - {"methodology", "effective_from", "effective_to"}
FACTS = ("status", "numerator", "denominator", "value")
FIGURE = "decimal(18, 4)"
TABLE_READ = re.compile(r"\b(?:from|join) (\w+)")


class IndicatorQueries(NamedTuple):
    """The two queries of an indicator's recount: the rows that count, the facts from their sums."""

    rows: str
    facts: str


def landed_files(
    published: Published, landing: Path, indicators: Sequence[str]
) -> dict[str, LandedFile]:
    """The landed files that a recount of these indicators reads, by table.

    landing: a home, or an intake's folder. Raises UsageError where the landing is not there,
    VerificationError where it has changed.
    """
    row_queries = [queries_of(indicator).rows for indicator in indicators]
    queries = " ".join([query_of("frame"), *row_queries])
    read = set(TABLE_READ.findall(queries))
    return landed_for(published, landing, read)


def recount(
    published: Published,
    landed: Mapping[str, LandedFile],
    indicators: Sequence[str],
    condition: str,
    traced: str,
) -> None:
    """Recount indicators of the linked unions whose enterprises meet a condition.

    In the condition, the variable `traced` is what is traced. Makes the tables `frame`, `linked`,
    `not_counted` (source_table, row_key, rule, detail), `counted` (indicator, union_id, origin,
    counts_as, numerator, denominator), `counted_sums` by union, indicator and source table, and
    `recounted` (union_id, indicator and FACTS), and a view of each landed table, with its name.
    """
    recount_frame(published, landed, condition, traced)
    load_rows(published, landed)
    recount_indicators(published.connection, indicators)


def load_rows(published: Published, landed: Mapping[str, LandedFile]) -> None:
    """Make the views of the landed rows of the linked unions, and the view `employees`."""
    published.connection.execute(f"create temp view employees as {query_of('employees')}")
    for table in landed.keys() - {"enterprise", *FRAME_TABLES}:
        columns = {column.name for column in source_tables()[table].columns}
        key = "union_id" if "union_id" in columns else "enterprise_id"
        load(
            published,
            landed[table],
            f"source.{key} in (select {key} from linked)",
        )


def recount_indicators(connection: duckdb.DuckDBPyConnection, indicators: Sequence[str]) -> None:
    """Make the tables `indicators`, `counted`, `counted_sums` and `recounted`, as in recount.

    The connection has `linked`, `employees`, the definitions, and the views of the landed rows.
    """
    queries = {indicator: queries_of(indicator) for indicator in indicators}
    connection.execute(
        "create temp table indicators as select unnest($1) as indicator", [list(indicators)]
    )
    counted = " union all ".join(
        f"""
        select
            '{indicator}' as indicator, union_id, origin, counts_as,
            cast(numerator as {FIGURE}) as numerator, cast(denominator as {FIGURE}) as denominator
        from ({query.rows})
        """
        for indicator, query in queries.items()
    )
    connection.execute(f"create temp view counted as {counted}")
    connection.execute(f"create temp table counted_sums as {query_of('sums')}")
    connection.execute(f"create temp table union_sums as {query_of('union_sums')}")
    facts = " union all ".join(
        f"""
        (
            with sums as (from union_sums where indicator = '{indicator}')
            select '{indicator}' as indicator, * from ({query.facts})
        )
        """
        for indicator, query in queries.items()
    )
    connection.execute(f"""
        create temp table recounted as
        with facts as ({facts}),
        observed as (
            select *, coalesce(rounded_quotient(factor, numerator, denominator), numerator) as value
            from facts where status = 'observed'
        )
        select
            facts.union_id, facts.indicator, facts.status,
            cast(observed.numerator as {FIGURE}) as numerator,
            cast(observed.denominator as {FIGURE}) as denominator,
            cast(observed.value as {FIGURE}) as value
        from facts left join observed using (union_id, indicator)
    """)


def recount_frame(
    published: Published,
    landed: Mapping[str, LandedFile],
    condition: str,
    traced: str,
) -> None:
    """Make the tables `frame` and `linked` of the unions whose enterprises meet a condition.

    The condition is as in recount.
    """
    connection = published.connection
    define(published)
    connection.execute("set variable traced = $1", [traced])
    load(published, landed["enterprise"], condition)
    for table in FRAME_TABLES:
        of_the_enterprises = "source.enterprise_id in (select enterprise_id from enterprise)"
        load(published, landed[table], of_the_enterprises)
    connection.execute(f"create temp table frame as {query_of('frame')}")
    connection.execute("create temp table linked as select * from frame where is_linked")


def define(published: Published) -> None:
    """Give the connection what the queries know."""
    connection = published.connection
    known = {
        "as_of": published.manifest.as_of,
        "holidays": str(HOLIDAYS),
        "city_zone": parameters().city_zone,
    }
    for name, content in known.items():
        connection.execute(f"set variable {name} = $1", [content])
    [methodology] = published.methodology["methodologies"]
    set_map(connection, "parameters", "bigint", {name: methodology[name] for name in PARAMETERS})
    grades = {
        f"{row['indicator']}/{row['grade']}": row["value"]
        for row in published.methodology["grades"]
    }
    set_map(connection, "grades", FIGURE, grades)
    connection.execute(query_of("definitions"))


def set_map(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    kind: str,
    values: Mapping[str, str],
) -> None:
    """Set a variable to a map of numbers by name; kind: their type in SQL."""
    query = f"set variable {name} = map(cast($1 as varchar[]), cast($2 as {kind}[]))"
    connection.execute(query, [list(values), list(values.values())])


def queries_of(indicator: str) -> IndicatorQueries:
    """The queries of an indicator's recount.

    Raises UsageError where there is none, or where it is not two queries.
    """
    name = f"indicators/{indicator}"
    queries = [each.query.rstrip("; \n") for each in duckdb.extract_statements(query_of(name))]
    if len(queries) != len(IndicatorQueries._fields):
        found = counted_noun(len(queries), "query", "queries")
        raise UsageError(
            f"{RECOUNTS.name}/{name}.sql has {found}; write two: "
            "the rows that count; the facts that follow from their sums."
        )
    return IndicatorQueries(*queries)


def query_of(name: str) -> str:
    """The text of a query of `recounts/`. Raises UsageError where there is none."""
    file = RECOUNTS / f"{name}.sql"
    if not file.is_file():
        raise UsageError(
            f"This version of the code cannot recount the release: {RECOUNTS.name}/{name}.sql is "
            "missing. Use the version that made it."
        )
    return file.read_text(encoding="utf-8")
