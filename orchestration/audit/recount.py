"""The recount: the facts of unions computed again from the landed rows that count.

The queries are in `recounts/`:

- `frame.sql`: which unions are measured
- `rows/<indicator>.sql`: which rows an indicator counts, what each counts as, and what each adds to
  the numerator and to the denominator (or to what the indicator depends on)
- `sums.sql`: their sums
- `facts.sql`: what follows from the sums

The queries can use what `definitions.sql` defines; `linked`, the measured unions; `employees`, what
the employees of their enterprises add; and each source table by its name, with the `origin` (table,
landing_row) of each row that counts.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestration.audit.landed import LandedFile, intake_folder, load, verified_files
from orchestration.audit.published import Published
from orchestration.contract.parameters import parameters
from orchestration.errors import UsageError
from orchestration.settings import DBT_PROJECT

RECOUNTS = Path(__file__).with_name("recounts")
HOLIDAYS = DBT_PROJECT / "seeds" / "public_holidays.csv"
FRAME_TABLES = ("union_org", "operating_event")
BY_ENTERPRISE = ("violation",)
PARAMETERS = (
    "window_months",
    "min_raters",
    "request_limit_working_days",
    "small_union_employees",
    "womens_committee_threshold",
)
FACTS = ("status", "numerator", "denominator", "value")
FIGURE = "decimal(18, 4)"


def landed_files(
    published: Published, landing: Path, indicators: Sequence[str]
) -> dict[str, LandedFile]:
    """The landed files that a recount of these indicators reads, by table.

    landing: a home, or an intake's folder. Raises UsageError where the landing is not there,
    VerificationError where it has changed.
    """
    named = set(
        re.findall(
            r"\b(?:from|join) (\w+)",
            " ".join(query_of(query) for query in ("frame", *map(rows_of, indicators))),
        )
    )
    tables = [entry.table for entry in published.manifest.source.tables if entry.table in named]
    return {
        each.table: each
        for each in verified_files(
            intake_folder(landing, published.manifest), published.manifest, tables
        )
    }


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
    connection = published.connection
    recount_frame(published, landed, condition, traced)
    connection.execute(f"create temp view employees as {query_of('employees')}")
    for table in landed.keys() - {"enterprise", *FRAME_TABLES}:
        shared = "enterprise_id" if table in BY_ENTERPRISE else "union_id"
        load(published, landed[table], f"source.{shared} in (select {shared} from linked)")
    connection.execute(
        "create temp table indicators as select unnest($1) as indicator", [list(indicators)]
    )
    amounts = ", ".join(
        f"cast({amount} as {FIGURE}) as {amount}" for amount in ("numerator", "denominator")
    )
    counted = [
        f"select '{indicator}' as indicator, union_id, origin, counts_as, {amounts} "
        f"from ({query_of(rows_of(indicator))})"
        for indicator in indicators
    ]
    connection.execute(f"create temp view counted as {' union all '.join(counted)}")
    connection.execute(f"create temp table counted_sums as {query_of('sums')}")
    observed = f"case when status = 'observed' then cast({{}} as {FIGURE}) end as {{}}"
    value = "coalesce(rounded_quotient(factor, numerator, denominator), numerator)"
    measured = {"numerator": "numerator", "denominator": "denominator", "value": value}
    figures = ", ".join(observed.format(sql, name) for name, sql in measured.items())
    connection.execute(f"""
        create temp table recounted as
        select union_id, indicator, status, {figures}
        from ({query_of("facts")})
    """)


def recount_frame(
    published: Published, landed: Mapping[str, LandedFile], condition: str, traced: str
) -> None:
    """Make the tables `frame` and `linked` of the unions whose enterprises meet a condition.

    The condition is as in recount.
    """
    connection = published.connection
    define(published)
    connection.execute("set variable traced = $1", [traced])
    load(published, landed["enterprise"], condition)
    for table in FRAME_TABLES:
        load(
            published,
            landed[table],
            "source.enterprise_id in (select enterprise_id from enterprise)",
        )
    connection.execute(f"create temp table frame as {query_of('frame')}")
    connection.execute("create temp table linked as select * from frame where is_linked")


def define(published: Published) -> None:
    """Give the connection what the queries know."""
    [limits] = published.methodology["methodologies"]
    amounts_of = {name: int(amount) for name, amount in limits.items() if name in PARAMETERS}
    grades = {
        f"{row['indicator']}/{row['grade']}": row["value"]
        for row in published.methodology["grades"]
    }
    known = {
        "as_of": published.manifest.as_of,
        "holidays": str(HOLIDAYS),
        "city_zone": parameters().city_zone,
    }
    for name, content in known.items():
        published.connection.execute(f"set variable {name} = $1", [content])
    for name, kind, amounts in (
        ("parameters", "bigint", amounts_of),
        ("grades", "decimal(18, 4)", grades),
    ):
        values = [list(amounts), list(amounts.values())]
        published.connection.execute(
            f"set variable {name} = map(cast($1 as varchar[]), cast($2 as {kind}[]))", values
        )
    published.connection.execute(query_of("definitions"))


def rows_of(indicator: str) -> str:
    """The name of an indicator's query."""
    return f"rows/{indicator}"


def query_of(name: str) -> str:
    """The text of a query of `recounts/`. Raises UsageError where there is none."""
    if not (RECOUNTS / f"{name}.sql").is_file():
        raise UsageError(f"Nothing recounts it here: {RECOUNTS.name}/{name}.sql is missing.")
    return (RECOUNTS / f"{name}.sql").read_text(encoding="utf-8")
