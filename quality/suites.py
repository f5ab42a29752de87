"""What each published table must be like by itself: a Great Expectations suite per table.

Row floor and non-null floor come first. The suites follow from the facts in the models of the
publication list (`publication.py`). Each expectation is a check of its own, named
`<table>.<column or rows>.<what>`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from quality.explaining import explained
from quality.publication import PublishedTable, published_tables
from quality.verdict import CheckResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult


def expectations(name: str) -> dict[str, Any]:
    """The Great Expectations expectations of a published table by the name of their check."""
    import great_expectations.expectations as gxe

    table = published_tables()[name]
    named: dict[str, Any] = {}
    if table.least_rows:
        named[f"{name}.rows.floor"] = gxe.ExpectTableRowCountToBeBetween(min_value=table.least_rows)
    for column in table.filled:
        named[f"{name}.{column}.filled"] = gxe.ExpectColumnValuesToNotBeNull(column=column)
    for column, share in table.least_shares.items():
        named[f"{name}.{column}.due"] = gxe.ExpectColumnValuesToNotBeNull(
            column=column,
            mostly=share,
        )
    named[f"{name}.key.unique"] = gxe.ExpectCompoundColumnsToBeUnique(
        column_list=["period", *table.key],
        ignore_row_if="never",
    )
    for column, (lowest, highest) in table.bounds.items():
        named[f"{name}.{column}.bounds"] = gxe.ExpectColumnValuesToBeBetween(
            column=column,
            min_value=lowest,
            max_value=highest,
        )
    for column, codes in table.codes.items():
        named[f"{name}.{column}.codes"] = gxe.ExpectColumnValuesToBeInSet(
            column=column,
            value_set=codes,
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
    # One for all tables: each that the context is told of takes as long as several expectations.
    asset = context.data_sources.add_pandas("candidate").add_dataframe_asset("table")
    whole = asset.add_batch_definition_whole_dataframe("whole")
    for table, frame in frames.items():
        named = expectations(table)
        for name, expectation in named.items():
            expectation.meta = {"check": name}
        suite = ExpectationSuite(name=table, expectations=list(named.values()))
        batch = whole.get_batch({"dataframe": frame})
        outcome = batch.validate(suite, result_format="BOOLEAN_ONLY")
        for result in outcome.results:
            yield _check_result(result, published_tables()[table], frame)


def _check_result(
    result: ExpectationValidationResult,
    table: PublishedTable,
    frame: pd.DataFrame,
) -> CheckResult:
    """What an expectation of a table found."""
    name = result.expectation_config.meta["check"]
    records = _exception_records(result.exception_info)
    if any(record.get("raised_exception") for record in records):
        return CheckResult(
            name,
            passed=False,
            observed="raised an error",
            executed=False,
        )
    if result.success:
        return CheckResult(name, passed=True, observed="holds")
    return CheckResult(name, passed=False, observed=explained(name, table, frame))


def _exception_records(exception_info: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The records of what an expectation raised: one, or one per metric."""
    if not exception_info:
        return []
    if "raised_exception" in exception_info:
        return [exception_info]
    records = exception_info.values()
    return [record for record in records if isinstance(record, dict)]
