"""The numbers that the briefing and the county sheets of an edition may have.

They are those of its tables, what follows from them by a stated rule, and what the wording says.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from orchestration.contract.parameters import parameters
from orchestration.documents.briefing.wording import wording
from orchestration.documents.edition import rows_of
from quality.queries import limits
from tests.support.briefings import OPENED

NUMBER = r"[0-9][0-9,]*(?:\.[0-9]+)?"
PLACES = (Decimal(1), Decimal("0.1"), Decimal("0.01"))
CODES = ("green", "yellow", "red")
SMALLEST_AREA = parameters().smallest_area


def allowed_numbers(edition):
    """Every number that a document may show, but for what it says that it leaves out."""
    values = figures_held(edition)
    values |= shares_and_gains(edition)
    values |= gaps_between_ends(edition)
    values |= counts_of_areas(edition)
    if edition.is_internal:
        values |= counts_of_alerts(edition)
    return values | rounded(values) | fixed_numbers(edition)


def as_number(text):
    return Decimal(str(text).replace(",", ""))


def rounded(values):
    """Values as they may be shown, without their sign."""
    found = set()
    for value in values:
        for places in PLACES:
            shown = abs(value).quantize(places, ROUND_HALF_UP)
            found.add(shown)
    return found


def figures_held(edition):
    """Every figure of an edition's tables."""
    found = set()
    for file in edition.folder.glob("*.parquet"):
        for row in rows_of(file):
            for cell in row.values():
                if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
                    found.add(Decimal(cell))
    return found


def shares_and_gains(edition):
    """Shares of codes and of what is missing, and points to gain."""
    known = [area for area in edition.areas if area["linked"]]
    linked = {area["area_code"]: area["linked"] for area in known}
    weights = {row["indicator"]: int(row["weight"]) for row in edition.indicators}
    found = set()
    for area in known:
        if area["red"] is not None:
            for code in CODES:
                found.add(Decimal(100 * area[code]) / area["linked"])
    for row in edition.table("area_indicator"):
        if row["area_code"] in linked and row["observed"] is not None:
            concerned = row["missing"] + row["observed"]
            lost = weights[row["indicator"]] * (100 - row["mean_score"]) / 100
            found.add(Decimal(100 * row["missing"]) / concerned)
            found.add(lost * concerned / linked[row["area_code"]])
    return found


def gaps_between_ends(edition):
    """Gaps between the highest and the lowest index and rate."""
    indices = [row["health_index"] for row in edition.ranking if row["health_index"] is not None]
    rates = [edition.rates["3303", row["dimension"]] for row in edition.dimensions]
    found = {max(indices) - min(indices)}
    if None not in rates:
        found.add(max(rates) - min(rates))
    return found


def counts_of_areas(edition):
    """Counts of counties with an index, and of areas that are small or not shown."""
    found = {sum(row["health_index"] is not None for row in edition.ranking)}
    hidden = [
        area for area in edition.areas if not area["linked"] or area["linked"] < SMALLEST_AREA
    ]
    for level in ("county", "township"):
        found.add(sum(area["level"] == level for area in hidden))
    return set(map(Decimal, found))


def counts_of_alerts(edition):
    """Counts of alerts and their unions by rule, and of red alerts by county."""
    alerts = edition.table("alert")
    found = {red_alerts(edition, row["area_code"]) for row in edition.ranking}
    for rule in edition.methodology.tables["alert_rules"]:
        unions = [row["union_id"] for row in alerts if row["rule"] == rule["rule"]]
        found |= {len(unions), len(set(unions))}
    return set(map(Decimal, found))


def red_alerts(edition, code):
    """How many red alerts an internal edition has of a county."""
    if not edition.is_internal:
        return 0
    unions = {row["union_id"] for row in edition.table("union_index") if row["county_code"] == code}
    alerts = [row for row in edition.table("alert") if row["level"] == "red"]
    return sum(row["union_id"] in unions for row in alerts)


def fixed_numbers(edition):
    """What the wording, the methodology, the limits and the dates say."""
    found = [
        edition.methodology.name,
        edition.methodology.tables["methodologies"][0]["window_months"],
        SMALLEST_AREA,
        wording()["shown"]["missing_share"]["from"],
        limits()["plausibility.city_sampling"]["threshold"],
        limits()["plausibility.county_sampling"]["threshold"],
        *edition.verdict.as_of.split("-"),
        *OPENED.split("-"),
    ]
    found += [row["weight"] for row in edition.dimensions]
    for sentence in wording()["text"].values():
        for text in sentence.values():
            found += re.findall(NUMBER, text)
    return set(map(as_number, found))


def cut_counts(edition, stem):
    """What a sheet may say that it leaves out."""
    if stem == "briefing":
        return set()
    most = max(red_alerts(edition, stem), len(edition.townships(stem)))
    return set(map(Decimal, range(most + 1)))
