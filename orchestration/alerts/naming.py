"""The names of what cases are about, in Chinese and English: counties, rules, dimensions, levels.

They are those of the last evaluation: of its methodology, and of its candidate's areas. What has no
name there shows its code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from orchestration.alerts.deadlines import STEPS, read_steps
from orchestration.build.candidate import candidate_month, methodology_of
from orchestration.contract.methodology import Methodology
from orchestration.documents.texts import Words, names_of
from orchestration.home.layout import Home
from orchestration.periods import Period
from quality.release_files import read_rows

AREAS = """
    select area_code, name_zh, name_en
    from read_parquet($areas)
    where level = $level
"""
# By the sign with which a rule compares, the one with which it does not hold.
OPPOSITE = {"<": "≥", "<=": ">", ">": "≤", ">=": "<"}


@dataclass(frozen=True)
class Names:
    """Names by code; signs: by rule how a figure must compare with the threshold, as `≥`.

    steps: of the deadlines.
    """

    counties: Mapping[str, Words]
    rules: Mapping[str, Words]
    dimensions: Mapping[str, Words]
    levels: Mapping[str, Words]
    steps: Mapping[str, Words]
    signs: Mapping[str, str]

    @classmethod
    def of(cls, methodology: Methodology, counties: Mapping[str, Words]) -> Self:
        """The names of a methodology, with those of counties."""
        tables = methodology.tables
        rules = tables["alert_rules"]
        return cls(
            counties=counties,
            rules={row["rule"]: names_of(row) for row in rules},
            dimensions={row["dimension"]: names_of(row) for row in tables["dimensions"]},
            levels={row["level"]: methodology.label("alert_level", row["level"]) for row in rules},
            steps={step.step: (step.name_zh, step.name_en) for step in read_steps(STEPS)},
            signs={row["rule"]: OPPOSITE[row["operator"]] for row in rules},
        )


def names_in(home: Home, month: str) -> Names:
    """The names as a month's candidate and its methodology have them. Raises UsageError."""
    period = Period.parse(month)
    return Names.of(methodology_of(period), county_names(home, period))


def county_names(home: Home, period: Period) -> dict[str, Words]:
    """The names of the counties by code, as a period's candidate has them; none without one."""
    return area_names(home, period, "county")


def city_name(home: Home, period: Period) -> Words | None:
    """The name of the city, as a period's candidate has it; None without one."""
    return next(iter(area_names(home, period, "city").values()), None)


def area_names(home: Home, period: Period, level: str) -> dict[str, Words]:
    """The names of the areas of a level by code; none without a candidate of the period.

    The candidate is that of the home, else that of its watcher.
    """
    stored = candidate_month(home, period) or candidate_month(home.watched, period)
    if stored is None:
        return {}
    rows = read_rows(AREAS, areas=stored.tables / "area_index.parquet", level=level)
    return {code: (chinese, english) for code, chinese, english in rows}


def named(names: Mapping[str, Words], code: str) -> Words:
    """The names of a code; the code itself where it has none."""
    return names.get(code, (code, code))
