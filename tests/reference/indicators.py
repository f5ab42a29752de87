"""The 20 indicators of one union at D.

Here belongs, indicator by indicator, the table of index.md, Indicators: what is observed, with its
numerator and denominator, what is missing and what does not concern the union. What an observation
is worth is for the scores.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tests.reference.cells import local_date
from tests.reference.contract import Row
from tests.reference.exact import rounded
from tests.reference.methodology import Methodology
from tests.reference.spans import Span, months_overdue

SETTLED_OUTCOMES = {"settled", "withdrawn", "award"}
EVENTS_OF_THE_WINDOW = {"converted", "relocated"}


@dataclass(frozen=True)
class Reading:
    """An indicator's status and, where observed, its rounded value.

    With the value comes what stands above and below the line of its fraction.
    """

    status: str
    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None


MISSING = Reading("missing")
NOT_APPLICABLE = Reading("not_applicable")


def observed(value: Fraction | int) -> Reading:
    """Observe a value that is no quotient."""
    return Reading("observed", rounded(value), Fraction(value), None)


def quotient(numerator: Fraction | int, denominator: Fraction | int, factor: int = 100) -> Reading:
    """Observe a ratio or a mean."""
    value = rounded(factor * Fraction(numerator) / denominator)
    return Reading("observed", value, Fraction(numerator), Fraction(denominator))


@dataclass(frozen=True)
class Unit:
    """A linked enterprise's union with all rows about both, as seen at D under a methodology.

    `rows` holds the accepted rows by table, `ratings` each with the joining, leaving and union of
    its member.
    """

    union: Row
    enterprise: Row
    rows: dict[str, list[Row]]
    ratings: list[tuple[Row, Row]]
    span: Span
    methodology: Methodology

    @cached_property
    def members(self) -> list[Row]:
        """The members on D."""
        return [
            row
            for row in self.rows["member"]
            if self.span.is_open(row["joined_on"], row["left_on"])
        ]

    def in_window(self, table: str, column: str) -> list[Row]:
        """Give the rows whose date lies in W."""
        return [row for row in self.rows[table] if self.span.in_window(row[column])]

    def grade(self, indicator: str, name: str) -> Fraction:
        """Give what the methodology makes of a grade."""
        return self.methodology.grades[indicator, name]

    def per_employee(self, count: Callable[[int], int]) -> Reading:
        """Observe a count per 100 employees, which may depend on their number."""
        employees = self.enterprise["employee_count"]
        if employees is None:
            return MISSING
        return quotient(count(employees), employees) if employees else NOT_APPLICABLE


def enrolment_rate(unit: Unit) -> Reading:
    return unit.per_employee(lambda employees: min(len(unit.members), employees))


def realname_rate(unit: Unit) -> Reading:
    verified = sum(unit.span.happened(row["verified_on"]) for row in unit.members)
    return quotient(verified, len(unit.members)) if unit.members else MISSING


def committee_overdue(unit: Unit) -> Reading:
    elected, term_years = unit.union["committee_elected_on"], unit.union["committee_term_years"]
    if term_years is None or not unit.span.happened(elected):
        return MISSING
    return observed(months_overdue(elected, term_years, unit.span.as_of))


def fund_remittance_rate(unit: Unit) -> Reading:
    rows = unit.in_window("fund_remittance", "month")
    if not rows:
        return MISSING
    due = sum(row["amount_due"] for row in rows)
    paid = sum(row["amount_paid"] for row in rows if unit.span.happened(row["paid_on"]))
    return quotient(min(paid, due), due) if due else NOT_APPLICABLE


def womens_committee(unit: Unit) -> Reading:
    women = sum(row["gender"] == "f" for row in unit.members)
    if women < unit.methodology.womens_committee_threshold:
        return NOT_APPLICABLE
    return observed(int(unit.union["womens_committee"]))


def _contracts(unit: Unit, kind: str) -> list[Row]:
    """Give the contracts of a kind that are signed by D and in force on D."""
    day = unit.span.as_of
    return [
        row
        for row in unit.rows["collective_contract"]
        if row["kind"] == kind
        and row["signed_on"] <= day
        and row["effective_from"] <= day <= row["effective_to"]
    ]


def collective_contract(unit: Unit) -> Reading:
    names = [
        "registered" if unit.span.happened(row["registered_on"]) else "in_force"
        for row in _contracts(unit, "general")
    ]
    return observed(max(unit.grade("collective_contract", name) for name in names or ["none"]))


def wage_agreement(unit: Unit) -> Reading:
    return observed(1 if _contracts(unit, "wage") else 0)


def labour_protection(unit: Unit) -> Reading:
    inspections = unit.in_window("safety_inspection", "inspected_on")
    found = sum(row["hazards_found"] for row in inspections)
    if not found:
        return observed(100 if inspections else 0)
    return quotient(min(sum(row["hazards_rectified"] for row in inspections), found), found)


def dispute_resolution(unit: Unit) -> Reading:
    closed = unit.in_window("labour_dispute", "closed_on")
    settled = sum(row["outcome"] in SETTLED_OUTCOMES for row in closed)
    return quotient(settled, len(closed)) if closed else NOT_APPLICABLE


def request_timeliness(unit: Unit) -> Reading:
    limit = unit.methodology.request_limit_working_days
    on_time = []
    for row in unit.rows["service_request"]:
        due = unit.span.due_date(local_date(row["opened_at"]), limit)
        if unit.span.in_window(due):
            on_time.append(row["closed_at"] is not None and local_date(row["closed_at"]) <= due)
    return quotient(sum(on_time), len(on_time)) if on_time else NOT_APPLICABLE


def hardship_assistance(unit: Unit) -> Reading:
    cases = unit.in_window("hardship_case", "registered_on")
    assisted = sum(unit.span.happened(row["assisted_on"]) for row in cases)
    return quotient(assisted, len(cases)) if cases else NOT_APPLICABLE


def violations_overdue(unit: Unit) -> Reading:
    day = unit.span.as_of
    return observed(
        sum(
            row["found_on"] <= day
            and row["due_on"] < day
            and not unit.span.happened(row["rectified_on"])
            for row in unit.rows["violation"]
        )
    )


def skills_participation(unit: Unit) -> Reading:
    return unit.per_employee(
        lambda _: sum(row["participants"] for row in unit.in_window("skills_event", "held_on"))
    )


def adopted_proposals(unit: Unit) -> Reading:
    return unit.per_employee(lambda _: len(unit.in_window("proposal", "adopted_on")))


def innovation_studio(unit: Unit) -> Reading:
    employees = unit.enterprise["employee_count"]
    if employees is None:
        return MISSING
    if employees == 0 or employees < unit.methodology.small_union_employees:
        return NOT_APPLICABLE
    rows = unit.rows["innovation_studio"]
    levels = [row["level"] for row in rows if unit.span.is_open(row["opened_on"], row["closed_on"])]
    return observed(max(unit.grade("innovation_studio", level) for level in levels or ["none"]))


def latest_event(events: list[Row], span: Span) -> Row | None:
    """Give an enterprise's latest operating event by D (index.md, Frame)."""
    past = [row for row in events if span.happened(row["occurred_on"])]
    return max(
        past, key=lambda row: (row["occurred_on"], row["updated_at"], row["event_id"]), default=None
    )


def operating_status(unit: Unit) -> Reading:
    latest = latest_event(unit.rows["operating_event"], unit.span)
    name = "opened" if latest is None else latest["event"]
    if name in EVENTS_OF_THE_WINDOW and not unit.span.in_window(latest["occurred_on"]):
        name = "opened"
    return observed(unit.grade("operating_status", name))


def open_affairs(unit: Unit) -> Reading:
    held = unit.in_window("workers_congress", "held_on")
    counted = min(
        sum(row["disclosures"] for row in held), unit.grade("open_affairs", "disclosures_counted")
    )
    congress = unit.grade("open_affairs", "congress") if held else 0
    return observed(congress + unit.grade("open_affairs", "disclosure") * counted)


def venues(unit: Unit) -> Reading:
    rows = unit.rows["venue"]
    return observed(
        len({row["kind"] for row in rows if unit.span.is_open(row["opened_on"], row["closed_on"])})
    )


def activity_participation(unit: Unit) -> Reading:
    return unit.per_employee(
        lambda _: sum(row["participants"] for row in unit.in_window("activity", "held_on"))
    )


def member_satisfaction(unit: Unit) -> Reading:
    latest: dict[str, tuple] = {}
    for rating, member in unit.ratings:
        day = rating["rated_on"]
        own = member["union_id"] == unit.union["union_id"]
        stayed = member["left_on"] is None or member["left_on"] > day
        if own and stayed and member["joined_on"] <= day and unit.span.in_window(day):
            entry = (day, rating["rating_id"], rating["stars"])
            latest[member["member_id"]] = max(latest.get(member["member_id"], entry), entry)
    if not latest or len(latest) < unit.methodology.min_raters:
        return NOT_APPLICABLE
    return quotient(sum(stars for _, _, stars in latest.values()), len(latest), factor=1)


INDICATORS: dict[str, Callable[[Unit], Reading]] = {
    indicator.__name__: indicator
    for indicator in (
        enrolment_rate,
        realname_rate,
        committee_overdue,
        fund_remittance_rate,
        womens_committee,
        collective_contract,
        wage_agreement,
        labour_protection,
        dispute_resolution,
        request_timeliness,
        hardship_assistance,
        violations_overdue,
        skills_participation,
        adopted_proposals,
        innovation_studio,
        operating_status,
        open_affairs,
        venues,
        activity_participation,
        member_satisfaction,
    )
}
"""How each indicator is read, by its code."""
