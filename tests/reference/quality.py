"""Data quality: how whole, sound and prompt the rows of each county are, out of 100.

Here belongs where every row that came in belongs, refused or not, and the four parts with their
weights and bounds, stated a second time on purpose. What the parts are is among the silent points
of the contract (docs/reference/contract.md).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction

from tests.reference.areas import by_area
from tests.reference.cells import local_date, parse
from tests.reference.contract import TABLES, Row
from tests.reference.exact import rounded, weighted_mean
from tests.reference.intake import Cells, Source
from tests.reference.spans import Span
from tests.reference.unions import City, Result

WEIGHTS = {"completeness": 40, "conformity": 20, "consistency": 20, "timeliness": 20}
FAULTY_OF_A_THOUSAND, PROMPT, LATE = 10, 7, 60
HAPPENINGS = {
    "operating_event": "occurred_on",
    "union_org": "established_on committee_elected_on linked_on",
    "violation": "found_on rectified_on",
    "member": "joined_on left_on verified_on",
    "fund_remittance": "paid_on",
    "collective_contract": "signed_on registered_on",
    "safety_inspection": "inspected_on",
    "labour_dispute": "opened_on closed_on revisited_on",
    "service_request": "opened_at closed_at",
    "hardship_case": "registered_on assisted_on lifted_on",
    "skills_event": "held_on",
    "proposal": "submitted_on adopted_on",
    "innovation_studio": "opened_on closed_on",
    "workers_congress": "held_on",
    "venue": "opened_on closed_on",
    "activity": "held_on",
    "member_rating": "rated_on",
}
"""Columns of each table that say when something happened, not what is planned or until when."""


class Places:
    """Tells the county that a row belongs to, by any row of its union and enterprise."""

    def __init__(self, source: Source) -> None:
        """Note what the rows of unions and enterprises say, the least code where they disagree."""
        self.enterprises = _places(source, "union_org", "union_id", "enterprise_id")
        self.regions = _places(source, "enterprise", "enterprise_id", "region_code")

    def county_of(self, cells: Cells) -> str | None:
        """Give the beginning of the code of a row's division, nothing where nothing says it."""
        if "region_code" in cells:
            region = _text(cells["region_code"])
        elif "enterprise_id" in cells:
            region = self.regions.get(_text(cells["enterprise_id"]))
        else:
            enterprise = self.enterprises.get(_text(cells["union_id"]))
            region = self.regions.get(enterprise)
        return None if region is None else region[:6]


def _places(source: Source, table: str, key: str, place: str) -> dict[str | None, str | None]:
    """Give the least place of each key of a table."""
    found = defaultdict(set)
    for cells in source.cells[table]:
        found[_text(cells[key])].add(_text(cells[place]))
    found.pop(None, None)
    return {
        code: min((each for each in places if each is not None), default=None)
        for code, places in found.items()
    }


def _text(cell: str | None) -> str | None:
    """Give a text that parses, nothing in place of another."""
    try:
        return None if cell is None else parse(cell, "text")
    except ValueError:
        return None


def data_quality(city: City, span: Span, results: list[Result]) -> list[Row]:
    """Make the data_quality rows, one for each county."""
    source, places = city.source, Places(city.source)
    landed, refused, conflicting = Counter(), Counter(), Counter()
    delays = defaultdict(list)
    for table in TABLES:
        landed.update(places.county_of(cells) for cells in source.cells[table])
        for cells, rule in source.dropped[table]:
            counter = conflicting if rule == "conflict" else refused
            counter[places.county_of(cells)] += 1
        for row in source.rows[table]:
            delays[places.county_of(row)] += delay(table, row, span)
    rows = []
    for code, own in by_area(city, results).items():
        if city.regions[code]["level"] == "county":
            row = measured(own) | counted(landed[code], refused[code], conflicting[code])
            row |= prompt(sorted(delays[code]))
            rows.append({"area_code": code, **row, "score": score(row)})
    return rows


def delay(table: str, row: Row, span: Span) -> Iterator[int]:
    """Give the days from what a row last tells to its last change, of what is of the month."""
    days = [_day(row[column]) for column in HAPPENINGS.get(table, "").split()]
    happened = max((day for day in days if day is not None), default=None)
    if happened is not None and span.in_month(happened):
        yield max((_day(row["updated_at"]) - happened).days, 0)


def _day(moment: date | datetime | None) -> date | None:
    """Give the day of a moment by the city's clock; a day is itself."""
    return local_date(moment) if isinstance(moment, datetime) else moment


def measured(results: list[Result]) -> Row:
    """Count the indicators of unions that are observed and missing; completeness is their share."""
    statuses = [reading.status for result in results for reading in result.readings.values()]
    observed, missing = statuses.count("observed"), statuses.count("missing")
    due = observed + missing
    completeness = rounded(Fraction(100 * observed, due)) if due else None
    return {"observed": observed, "missing": missing, "completeness": completeness}


def counted(landed: int, refused: int, conflicting: int) -> Row:
    """Give counts of rows with the parts that follow from them."""
    return {
        "landed": landed,
        "refused": refused,
        "conformity": sound(refused, landed),
        "conflicting": conflicting,
        "consistency": sound(conflicting, landed),
    }


def sound(faulty: int, landed: int) -> Fraction | None:
    """Give 100 where no row is faulty, 0 from a share on, in proportion between."""
    if not landed:
        return None
    share = Fraction(1000 * faulty, landed) / FAULTY_OF_A_THOUSAND
    return rounded(100 * max(1 - share, Fraction(0)))


def prompt(delays: list[int]) -> Row:
    """Give how many rows are of the month, their median delay by nearest rank, and its part."""
    if not delays:
        return {"dated": 0, "days_late": None, "timeliness": None}
    median = delays[(len(delays) + 1) // 2 - 1]
    share = Fraction(LATE - median, LATE - PROMPT)
    timeliness = rounded(100 * min(max(share, Fraction(0)), Fraction(1)))
    return {"dated": len(delays), "days_late": median, "timeliness": timeliness}


def score(row: Row) -> Fraction | None:
    """Give the mean of the parts that there are, by their weights."""
    parts = [(Fraction(weight), row[part]) for part, weight in WEIGHTS.items()]
    return weighted_mean([(weight, part) for weight, part in parts if part is not None])
