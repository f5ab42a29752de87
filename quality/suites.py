"""What each published table must be like by itself: a Great Expectations suite per table.

Row floor and non-null floor come first. The suites follow from one table of facts about the results
(contract, results). Each expectation is a check of its own, named
`<table>.<column or rows>.<what>`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from quality.explaining import explained
from quality.verdict import CheckResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

CODES = {
    "status": ("observed", "missing", "not_applicable"),
    "health_code": ("green", "yellow", "red"),
    "alert_level": ("yellow", "red"),
    "area_level": ("city", "county", "township"),
}
FULL = 100


@dataclass(frozen=True)
class TableSuite:
    """Facts about a table.

    They are its least number of rows, key, columns never null, bounds (lowest, highest), codes, and
    share of values due.
    """

    rows: int
    key: tuple[str, ...]
    filled: tuple[str, ...] = ()
    bounds: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)


EVENTS = ("opened", "resumed", "converted", "relocated", "suspended", "merged", "closed")
SUITES = {
    "union_indicator": TableSuite(
        rows=1,
        key=("union_id", "indicator"),
        filled=("period", "union_id", "indicator", "status"),
        bounds={
            "score": (0, FULL),
            "value": (0, None),
            "numerator": (0, None),
            "denominator": (0, None),
        },
        codes={"status": "status"},
        due={"score": 0.2},
    ),
    "union_dimension": TableSuite(
        rows=1,
        key=("union_id", "dimension"),
        filled=("period", "union_id", "dimension"),
        bounds={"rate": (0, FULL), "points": (0, FULL)},
        due={"rate": 0.01},
    ),
    "union_index": TableSuite(
        rows=1,
        key=("union_id",),
        filled=(
            "period",
            "union_id",
            "enterprise_id",
            "name_zh",
            "township_code",
            "county_code",
            "months_yellow",
            "health_code",
        ),
        bounds={
            "health_index": (0, FULL),
            "index_change": (-FULL, FULL),
            "city_rank": (1, None),
            "county_rank": (1, None),
            "months_yellow": (0, None),
        },
        codes={"health_code": "health_code"},
        due={"health_index": 0.01},
    ),
    "area_index": TableSuite(
        rows=1,
        key=("area_code",),
        filled=(
            "period",
            "area_code",
            "level",
            "name_zh",
            "name_en",
            "frame",
            "linked",
            "green",
            "yellow",
            "red",
        ),
        bounds={
            "frame": (0, None),
            "linked": (0, None),
            "sampling_rate": (0, FULL),
            "health_index": (0, FULL),
            "index_change": (-FULL, FULL),
            "rank": (1, None),
            "previous_rank": (1, None),
            "green": (0, None),
            "yellow": (0, None),
            "red": (0, None),
        },
        codes={"level": "area_level"},
        due={"health_index": 0.01, "sampling_rate": 0.01},
    ),
    "area_dimension": TableSuite(
        rows=1,
        key=("area_code", "dimension"),
        filled=("period", "area_code", "dimension"),
        bounds={"rate": (0, FULL), "points": (0, FULL), "rank": (1, None)},
        due={"rate": 0.01},
    ),
    "area_indicator": TableSuite(
        rows=1,
        key=("area_code", "indicator"),
        filled=("period", "area_code", "indicator", "observed", "missing", "not_applicable"),
        bounds={
            "observed": (0, None),
            "missing": (0, None),
            "not_applicable": (0, None),
            "mean_score": (0, FULL),
        },
        due={"mean_score": 0.01},
    ),
    "county_ranking": TableSuite(
        rows=0,
        key=("area_code",),
        filled=("period", "area_code", "name_zh", "name_en"),
        bounds={
            "rank": (1, None),
            "health_index": (0, FULL),
            "sampling_rate": (0, FULL),
            "rank_low": (1, None),
            "rank_high": (1, None),
        },
        due={"rank": 0.01, "rank_low": 0.01, "rank_high": 0.01},
    ),
    "alert": TableSuite(
        rows=0,
        key=("union_id", "rule", "dimension"),
        filled=(
            "period",
            "union_id",
            "rule",
            "level",
            "observed",
            "threshold",
            "opened_period",
            "months_open",
        ),
        bounds={"months_open": (1, None)},
        codes={"level": "alert_level"},
    ),
    "population_change": TableSuite(
        rows=1,
        key=("area_code",),
        filled=("period", "area_code", *EVENTS),
        bounds=dict.fromkeys(EVENTS, (0, None)),
    ),
}


def expectations(table: str) -> dict[str, Any]:
    """The Great Expectations expectations of a table by the name of their check."""
    import great_expectations.expectations as gxe

    suite = SUITES[table]
    named: dict[str, Any] = {}
    if suite.rows:
        named[f"{table}.rows.floor"] = gxe.ExpectTableRowCountToBeBetween(min_value=suite.rows)
    for column in suite.filled:
        named[f"{table}.{column}.filled"] = gxe.ExpectColumnValuesToNotBeNull(column=column)
    for column, share in suite.due.items():
        named[f"{table}.{column}.due"] = gxe.ExpectColumnValuesToNotBeNull(
            column=column, mostly=share
        )
    named[f"{table}.key.unique"] = gxe.ExpectCompoundColumnsToBeUnique(
        column_list=["period", *suite.key], ignore_row_if="never"
    )
    for column, (lowest, highest) in suite.bounds.items():
        named[f"{table}.{column}.bounds"] = gxe.ExpectColumnValuesToBeBetween(
            column=column, min_value=lowest, max_value=highest
        )
    for column, codes in suite.codes.items():
        named[f"{table}.{column}.codes"] = gxe.ExpectColumnValuesToBeInSet(
            column=column, value_set=list(CODES[codes])
        )
    return named


def judge_tables(frames: dict[str, pd.DataFrame]) -> Iterator[CheckResult]:
    """Run the suite of each table: a pandas frame, decimals as floats.

    An expectation that raises is reported as not executed.
    """
    import great_expectations as gx
    import great_expectations.expectations as gxe  # noqa: F401
    from great_expectations.core.expectation_suite import ExpectationSuite

    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_pandas("candidate")
    for table, frame in frames.items():
        named = expectations(table)
        for name, expectation in named.items():
            expectation.meta = {"check": name}
        suite = context.suites.add(ExpectationSuite(name=table, expectations=list(named.values())))
        batch = (
            source.add_dataframe_asset(table)
            .add_batch_definition_whole_dataframe("whole")
            .get_batch({"dataframe": frame})
        )
        outcome = batch.validate(suite, result_format="BOOLEAN_ONLY")
        for result in outcome.results:
            raised = any(
                info.get("raised_exception") for info in _exception_records(result.exception_info)
            )
            name = result.expectation_config.meta["check"]
            observed = "raised an error" if raised else "holds"
            if not (raised or result.success):
                observed = explained(name, SUITES[table], frame, CODES)
            yield CheckResult(
                name,
                passed=bool(result.success) and not raised,
                observed=observed,
                executed=not raised,
            )


def _exception_records(exception_info: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The records of what an expectation raised: one, or one per metric."""
    if not exception_info:
        return []
    if "raised_exception" in exception_info:
        return [exception_info]
    return [info for info in exception_info.values() if isinstance(info, dict)]
