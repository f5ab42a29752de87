"""A county's data quality as its desk and its sheet show it: score, parts, and the rows to mend.

All is read from the month's candidate: its table `data_quality`, and its account of
refused rows. Of rows about persons no value is told (`orchestration/why/refused.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.alerts.wording import say
from orchestration.build.candidate import StoredMonth
from orchestration.documents.definitions import source_names
from orchestration.documents.figures import count
from orchestration.documents.texts import Words
from orchestration.why import words
from orchestration.why.places import by_county, limits, some_of_each
from orchestration.why.quality import TABLE, weights
from orchestration.why.refused import refused_rows
from quality.connection import reading, rows_as_dictionaries

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A part of the score: its name, what it is made of, its weight in percent, its points.

    points: 0 to 100; None where nothing tells.
    """

    name: Words
    behind: Words
    weight: int
    points: Decimal | None


@dataclass(frozen=True)
class FaultyRow:
    """A refused row: its table and key, by which rule, in which columns, and what may be told."""

    table: Words
    key: str
    rule: Words
    cells: Words


@dataclass(frozen=True)
class Quality:
    """A county's data quality; rows: of its refused rows those shown; refused: how many all are."""

    score: Decimal | None
    parts: Sequence[Part]
    rows: Sequence[FaultyRow]
    refused: int

    @property
    def shown(self) -> Words:
        """How many rows there are, how many of them are shown, and where the others are."""
        if not self.refused:
            return say("quality", "none")
        if self.refused == len(self.rows):
            return say("quality", "all", all=count(self.refused))
        return say("quality", "some", all=count(self.refused), shown=len(self.rows))


def qualities_in(candidate: StoredMonth | None) -> dict[str, Quality]:
    """The data quality of each county, by its code.

    There is none without a candidate, or in one that an older version made.
    """
    if candidate is None or not table_of(candidate).is_file():
        return {}
    scored = scores_in(candidate)
    refused = by_county(refused_rows(candidate.staging), "region_code", list(scored))
    return {code: quality_of(row, refused[code]) for code, row in scored.items()}


def table_of(candidate: StoredMonth) -> Path:
    """The file of a candidate's scores."""
    return candidate.tables / f"{TABLE}.parquet"


def scores_in(candidate: StoredMonth) -> dict[str, Row]:
    """The rows of a candidate's table of scores, by county."""
    with reading() as connection:
        found = connection.execute("from read_parquet($1)", [str(table_of(candidate))])
        rows = rows_as_dictionaries(found)
    return {row["area_code"]: row for row in rows}


def quality_of(scored: Row, refused: list[dict[str, Any]]) -> Quality:
    """A county's data quality, by its row of the scores and its refused rows."""
    shown = some_of_each(refused, limits()["refused_rows"])
    return Quality(
        score=scored["score"],
        parts=[part_of(name, weight, scored) for name, weight in weights().items()],
        rows=[faulty_row(row) for row in shown],
        refused=len(refused),
    )


def part_of(name: str, weight: int, scored: Row) -> Part:
    """A part of a county's score."""
    points = scored[name]
    counts = {**scored, "due": scored["observed"] + scored["missing"]}
    told = {key: count(value) for key, value in counts.items() if isinstance(value, int)}
    behind = "nothing" if points is None else name
    return Part(
        name=words.pair("quality_part", name),
        behind=words.pair("quality_behind", behind, **told),
        weight=weight,
        points=points,
    )


def faulty_row(row: dict[str, Any]) -> FaultyRow:
    """A refused row in words."""
    rule = words.words()["rule"][row["rule"]]
    return FaultyRow(
        table=source_names()[row["table"]],
        key=row["key"],
        rule=(rule[words.CHINESE], rule[words.ENGLISH]),
        cells=(
            words.values_in_words(words.CHINESE, row),
            words.values_in_words(words.ENGLISH, row),
        ),
    )
