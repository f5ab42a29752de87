"""Alerts and health codes of linked unions.

Here belongs the evaluation of the alert rules (index.md, Alerts), with the runs of months that they
have held for and the health code that follows from them. The stored rows of the month before are
the only memory.
"""

import operator
from fractions import Fraction

from tests.reference.contract import Row
from tests.reference.methodology import Methodology, Rule
from tests.reference.unions import Result

OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
PERSISTENCE = "months_yellow"


def judge(
    result: Result,
    index_change: Fraction | None,
    before: tuple[Row, list[Row]] | None,
    methodology: Methodology,
    period: str,
) -> tuple[int, str, list[Row]]:
    """Give a union's months_yellow, health code and alerts.

    `before` holds its index row and alerts of last month.
    """
    measures: dict[str, list[tuple[str | None, Fraction | None]]] = {
        "index": [(None, result.index)],
        "dimension_rate": list(result.rates.items()),
        "index_change": [(None, index_change)],
    }
    measures |= {
        indicator: [(None, reading.value)] for indicator, reading in result.readings.items()
    }
    others = [rule for rule in methodology.rules if rule.measure != PERSISTENCE]
    alerts = [alert for rule in others for alert in _holding(rule, measures[rule.measure])]
    months_yellow = 0
    if alerts:
        months_yellow = 1 + (before[0]["months_yellow"] if before else 0)
    for rule in methodology.rules:
        if rule.measure == PERSISTENCE:
            alerts += _holding(rule, [(None, Fraction(months_yellow))])
    runs = {_identity(alert): alert for alert in before[1]} if before else {}
    for alert in alerts:
        earlier = runs.get(_identity(alert))
        alert["union_id"] = result.unit.union["union_id"]
        alert["opened_period"] = earlier["opened_period"] if earlier else period
        alert["months_open"] = earlier["months_open"] + 1 if earlier else 1
    levels = {alert["level"] for alert in alerts}
    health_code = next((level for level in ("red", "yellow") if level in levels), "green")
    return months_yellow, health_code, sorted(alerts, key=_identity)


def _holding(rule: Rule, figures: list[tuple[str | None, Fraction | None]]) -> list[Row]:
    """Give the alerts of a rule over figures by dimension.

    A figure that is not there holds no rule.
    """
    return [
        {
            "rule": rule.name,
            "level": rule.level,
            "dimension": dimension,
            "observed": figure,
            "threshold": rule.threshold,
        }
        for dimension, figure in figures
        if figure is not None and OPERATORS[rule.operator](figure, rule.threshold)
    ]


def _identity(alert: Row) -> tuple[str, str]:
    """Tell a union's runs apart: by rule and dimension."""
    return alert["rule"], alert["dimension"] or ""
