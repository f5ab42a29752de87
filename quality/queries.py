"""The checks that are queries: each file of `checks/` is one, and gives a row, in words, for each fault that it finds.

The file's name is the check's; its first line says what the faults are. The figures that `limits.yml` sets for the check fill the braces of
both. Queries that recompute are written apart from the models, on purpose.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import yaml
from jinja2 import Environment, StrictUndefined

from quality.verdict import CheckResult

CHECKS = Path(__file__).with_name("checks")
LIMITS = Path(__file__).with_name("limits.yml")
SHOWN = 5


def queries() -> dict[str, str]:
    """The query of each check, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(CHECKS.glob("*.sql"))}


def limits() -> dict[str, dict[str, Any]]:
    """The figures of each check that has any, with the reason and the date they were set."""
    listed: dict[str, dict[str, Any]] = yaml.safe_load(LIMITS.read_text(encoding="utf-8"))
    return listed


def judge_queries(evidence: duckdb.DuckDBPyConnection) -> Iterator[CheckResult]:
    """Run every query over the evidence (see `evidence.py`). One that raises is reported as not executed."""
    figures = limits()
    templates = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - SQL, not HTML
    for name, template in queries().items():
        query = templates.from_string(template).render(figures.get(name, {}))
        of_what = query.partition("\n")[0].removeprefix("-- ")
        try:
            [(faults, shown)] = evidence.execute(f"select count(*), list(fault order by fault)[:{SHOWN}] from ({query})").fetchall()
        except duckdb.Error as error:
            yield CheckResult(name, passed=False, observed=f"raised {type(error).__name__}", executed=False)
            continue
        listed = f": {', '.join(map(str, shown))}{' …' if faults > SHOWN else ''}" if faults else ""
        yield CheckResult(name, passed=faults == 0, observed=f"{faults} {of_what}{listed}")
