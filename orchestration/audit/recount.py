"""The recount: the facts of unions once more, from the landed rows that count, by the queries in `recounts/`.

`frame.sql` says which unions are measured; `rows/<indicator>.sql` which rows an indicator counts, what each counts as, and what it adds to
the numerator and to the denominator (or to what the indicator depends on); `facts.sql` what follows from them. They know what
`definitions.sql` defines, `linked`, the measured unions, `employees`, what those of their enterprises add, and each source table by its
name, with `origin` (table, key, landing_row) of each row that counts.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from orchestration.audit.landed import LandedFile, intake_folder, load, verified_files
from orchestration.audit.published import Published
from orchestration.settings import DBT_PROJECT

RECOUNTS = Path(__file__).with_name("recounts")
HOLIDAYS = DBT_PROJECT / "seeds" / "public_holidays.csv"
FRAME_TABLES = ("union_org", "operating_event")
BY_ENTERPRISE = ("violation",)
PARAMETERS = ("window_months", "min_raters", "request_limit_working_days", "small_union_employees", "womens_committee_threshold")
FACTS = ("status", "numerator", "denominator", "value")


def recount(published: Published, landing: Path, indicators: Sequence[str], condition: str, parameter: str) -> list[LandedFile]:
    """Recount indicators of the linked unions whose enterprises meet a condition; returns the landed files that were read.

    landing: a home, or an intake's folder. Makes the tables `frame`, `linked`, `not_counted` (origin, broken_rule, detail), `counted`
    (indicator, union_id, origin, counts_as, numerator, denominator) and `recounted` (union_id, indicator and FACTS). Raises UsageError
    where the landing is not there, VerificationError where it is another.
    """
    connection = published.connection
    queries = {indicator: query_of(f"rows/{indicator}") for indicator in indicators}
    named = set(re.findall(r"\b(?:from|join) (\w+)", " ".join([query_of("frame"), *queries.values()])))
    tables = [entry["table"] for entry in published.manifest["source"]["tables"] if entry["table"] in named]
    landed = {each.table: each for each in verified_files(intake_folder(landing, published.manifest), published.manifest, tables)}
    define(published)
    load(published, landed["enterprise"], condition, [parameter])
    for table in FRAME_TABLES:
        load(published, landed[table], "source.enterprise_id in (select enterprise_id from enterprise)")
    connection.execute(f"create temp table frame as {query_of('frame')}; create temp table linked as select * from frame where is_linked")
    connection.execute(f"create temp view employees as {query_of('employees')}")
    for table in tables:
        if table not in ("enterprise", *FRAME_TABLES):
            shared = "enterprise_id" if table in BY_ENTERPRISE else "union_id"
            load(published, landed[table], f"source.{shared} in (select {shared} from linked)")
    connection.execute("create temp table indicators as select unnest($1) as indicator", [list(indicators)])
    for indicator, query in queries.items():
        connection.execute(f"insert into counted by name select '{indicator}' as indicator, * from ({query})")
    observed = "case when status = 'observed' then cast({} as decimal(18, 4)) end as {}"
    value = "coalesce(rounded_quotient(factor * numerator, denominator), numerator)"
    measured = {"numerator": "numerator", "denominator": "denominator", "value": value}
    connection.execute(f"""
        create temp table recounted as
        select union_id, indicator, status, {", ".join(observed.format(sql, name) for name, sql in measured.items())}
        from ({query_of("facts")})
    """)
    return list(landed.values())


def define(published: Published) -> None:
    """Give the connection what the queries know."""
    [limits] = published.methodology["methodologies"]
    parameters = {name: int(amount) for name, amount in limits.items() if name in PARAMETERS}
    grades = {f"{row['indicator']}/{row['grade']}": row["value"] for row in published.methodology["grades"]}
    for name, content in {"as_of": published.manifest["as_of"], "holidays": str(HOLIDAYS)}.items():
        published.connection.execute(f"set variable {name} = $1", [content])
    for name, kind, amounts in (("parameters", "bigint", parameters), ("grades", "decimal(18, 4)", grades)):
        values = [list(amounts), list(amounts.values())]
        published.connection.execute(f"set variable {name} = map(cast($1 as varchar[]), cast($2 as {kind}[]))", values)
    published.connection.execute(query_of("definitions"))


def query_of(name: str) -> str:
    """The text of a query of `recounts/`."""
    return (RECOUNTS / f"{name}.sql").read_text(encoding="utf-8")
