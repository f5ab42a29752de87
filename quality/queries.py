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
    return {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted(entries.QUERIES.glob("*.sql"))
    }


def limits() -> dict[str, dict[str, Any]]:
    """The figures of each check that has any, with the reason and the date they were set.

    Raises EditedFileError.
    """
    return {
        name: {**entry.figures, "reason": entry.reason, "since": entry.since}
        for name, entry in entries.check_entries().items()
        if entry.figures
    }


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
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - SQL, not HTML
    return environment.from_string(template)


def judge_queries(evidence: duckdb.DuckDBPyConnection) -> Iterator[CheckResult]:
    """Run every query over the evidence (see `evidence.py`).

    One that raises is reported as not executed.
    """
    for name, query in rendered_queries().items():
        of_what = query.partition("\n")[0].removeprefix("-- ")
        try:
            [(faults, shown)] = evidence.execute(
                f"select count(*), list(fault order by fault)[:{SHOWN}] from ({query})"
            ).fetchall()
        except duckdb.Error as error:
            yield CheckResult(
                name, passed=False, observed=f"raised {type(error).__name__}", executed=False
            )
            continue
        listed = f": {', '.join(map(str, shown))}{' …' if faults > SHOWN else ''}" if faults else ""
        yield CheckResult(name, passed=faults == 0, observed=f"{faults} {of_what}{listed}")
