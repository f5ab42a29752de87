"""The checks that are queries: each file of `checks/` is one, and gives a row for each fault.

A row says in words what the fault is. The file's name is the check's; its first line says what the
faults are. The figures that `checks.yml` sets for the check fill the braces of both. Queries that
recompute are written apart from the models, on purpose.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb
from jinja2 import Environment, StrictUndefined, Template, UndefinedError

from quality import check_entries as entries
from quality.edited_files import EditedFileError
from quality.verdict import CheckResult

SHOWN = 5


def queries() -> dict[str, str]:
    """The query of each check, by name."""
    files = sorted(entries.QUERIES.glob("*.sql"))
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def limits() -> dict[str, dict[str, Any]]:
    """The figures of each check that has any, with the reason and the date they were set.

    Raises EditedFileError.
    """
    found = {}
    for name, entry in entries.check_entries().items():
        if entry.figures:
            found[name] = {
                **entry.figures,
                "reason": entry.reason,
                "since": entry.since,
            }
    return found


def rendered_queries() -> dict[str, str]:
    """The query of each check with the figures of its limit.

    Raises EditedFileError where one has none that it needs.
    """
    figures = limits()
    rendered = {}
    for name, template in queries().items():
        try:
            rendered[name] = compiled(template).render(figures.get(name, {}))
        except UndefinedError as error:
            raise EditedFileError(f"{entries.ENTRIES}, {name}: {error.message}.") from None
    return rendered


@cache
def compiled(template: str) -> Template:
    """A query whose braces can be filled, compiled once in a process."""
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - SQL
    return environment.from_string(template)


def judge_queries(evidence: duckdb.DuckDBPyConnection) -> Iterator[CheckResult]:
    """Run every query over the evidence (see `evidence.py`).

    One that raises is reported as not executed.
    """
    for name, query in rendered_queries().items():
        yield judge_query(evidence, name, query)


def judge_query(
    evidence: duckdb.DuckDBPyConnection,
    name: str,
    query: str,
) -> CheckResult:
    """What a check's query finds."""
    counted = f"select count(*), list(fault order by fault)[:{SHOWN}] from ({query})"
    try:
        [(count, first)] = evidence.execute(counted).fetchall()
    except duckdb.Error as error:
        return CheckResult(
            name,
            passed=False,
            observed=f"raised {type(error).__name__}",
            executed=False,
        )
    of_what = query.partition("\n")[0].removeprefix("-- ")
    observed = f"{of_what} ({count:,})"
    if count:
        faults = ", ".join(map(str, first))
        more = " …" if count > SHOWN else ""
        observed = f"{observed}: {faults}{more}"
    return CheckResult(name, passed=count == 0, observed=observed)
