"""What merely looks unlikely, against history: each check is a query of what lies beyond its limit, which `plausibility.yml` sets.

Without a stored month before, what compares with it has nothing to say, and passes saying so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from quality.verdict import CheckResult

THRESHOLDS = Path(__file__).with_name("plausibility.yml")


@dataclass(frozen=True)
class Plausibility:
    """A check against history: its query of what lies beyond `$limit`, as one text column, and whether it needs the month before.

    A query's parameters are the figures that `plausibility.yml` gives for it.
    """

    name: str
    query: str
    compares: bool


CHECKS = (
    Plausibility(
        "plausibility.city_index_change",
        "select area_code || ' ' || index_change from area_index where level = 'city' and abs(index_change) > $limit",
        compares=True,
    ),
    Plausibility(
        "plausibility.county_index_change",
        "select area_code || ' ' || index_change from area_index where level = 'county' and abs(index_change) > $limit",
        compares=True,
    ),
    Plausibility(
        "plausibility.county_sampling_change",
        """select area_code || ' ' || areas.sampling_rate - before.sampling_rate
           from area_index as areas inner join before_area_index as before using (area_code)
           where areas.level = 'county' and abs(areas.sampling_rate - before.sampling_rate) > $limit""",
        compares=True,
    ),
    Plausibility(
        "plausibility.city_sampling",
        "select area_code || ' ' || sampling_rate from area_index where level = 'city' and sampling_rate < $limit",
        compares=False,
    ),
    Plausibility(
        "plausibility.county_sampling",
        "select area_code || ' ' || sampling_rate from area_index where level = 'county' and sampling_rate < $limit",
        compares=False,
    ),
    Plausibility(
        "plausibility.rows_lost",
        """select source_table || ' ' || before.landed || ' to ' || rows.landed
            from row_balance as rows inner join before_row_balance as before using (source_table)
            where before.landed >= $smallest and rows.landed < before.landed * (1 - $limit)""",
        compares=True,
    ),
    Plausibility(
        "plausibility.rows_gained",
        """select source_table || ' ' || before.landed || ' to ' || rows.landed
            from row_balance as rows inner join before_row_balance as before using (source_table)
            where rows.landed >= $smallest and rows.landed > before.landed * (1 + $limit)""",
        compares=True,
    ),
)
LATEST_CHANGE = "plausibility.latest_change"
STALE_TABLES = """select source_table || ' ' || latest_change from row_balance
    where latest_change < cast($closed_on as date) - cast($limit as integer)"""


def thresholds() -> dict[str, dict[str, Any]]:
    """The limit of each check, with its reason and the date it was set."""
    listed: dict[str, dict[str, Any]] = yaml.safe_load(THRESHOLDS.read_text(encoding="utf-8"))
    return listed


def judge_plausibility(candidate: Path, before: Path | None, closed_on: date | None) -> Iterator[CheckResult]:
    """Hold a candidate against its limits and the stored month before.

    candidate, before: folders with `tables/` and `staging/`; closed_on: last day of a closed month, None while the month runs.
    A query that raises is reported as not executed.
    """
    limits = thresholds()
    with duckdb.connect() as connection:
        for folder, prefix in ((candidate, ""), (before, "before_")):
            for file in [] if folder is None else [folder / "tables" / "area_index.parquet", folder / "staging" / "row_balance.parquet"]:
                connection.from_parquet(str(file)).create_view(f"{prefix}{file.stem}")
        for check in CHECKS:
            if check.compares and before is None:
                yield CheckResult(check.name, passed=True, observed="no stored month before to compare with")
            else:
                yield beyond_limit(connection, check.name, check.query, figures(limits[check.name]))
        if closed_on is None:
            yield CheckResult(LATEST_CHANGE, passed=True, observed="the month is still running")
        else:
            yield beyond_limit(connection, LATEST_CHANGE, STALE_TABLES, figures(limits[LATEST_CHANGE]) | {"closed_on": closed_on})


def figures(threshold: dict[str, Any]) -> dict[str, Any]:
    """The figures of a threshold, without its reason and date."""
    return {name: value for name, value in threshold.items() if name not in ("reason", "since")}


def beyond_limit(connection: duckdb.DuckDBPyConnection, name: str, query: str, parameters: dict[str, Any]) -> CheckResult:
    """The result of a query of what lies beyond a limit."""
    try:
        found = [text for (text,) in connection.execute(query, parameters).fetchall()]
    except duckdb.Error as error:
        return CheckResult(name, passed=False, observed=f"raised {type(error).__name__}", executed=False)
    observed = "; ".join(sorted(found)) or "nothing beyond it"
    return CheckResult(name, passed=not found, observed=f"limit {parameters['limit']:g}: {observed}")
