"""What a made-up union does: its members, fees, contracts, cases, events and ratings.

Here belongs the drawing of the records of one union, with care that values land on thresholds,
knots and rounding halves and dates on the edges of windows. Every record made here is acceptable;
bad ones are made elsewhere.
"""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from tests.reference.cells import Value
from tests.reference.contract import TABLES
from tests.reference.draft import FIRST, LAST, TURNS, Cells, Draft

LONG_AGO = date(2012, 5, 31)
FAMILY_NAMES = "赵钱孙李周吴郑王"
GIVEN_NAMES = ("甲", "乙", "丙,丁", "“戊”", '"己"', "庚\n辛", "=壬+1", "癸")
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９ｘ")
DAYS_OFF = [
    date.fromisoformat(day)
    for day in (
        *(
            "2019-02-11",
            "2019-09-29",
            "2019-10-08",
            "2020-01-01",
            "2020-01-19",
            "2020-01-23",
            "2020-02-02",
        ),
        *(
            "2020-04-06",
            "2020-04-26",
            "2020-05-05",
            "2020-05-09",
            "2020-06-28",
            "2020-09-27",
            "2020-10-01",
        ),
        *("2020-10-08", "2020-10-10", "2020-12-31"),
    )
]
"""Public holidays, and weekends worked to make up for them."""


def add_records(draft: Draft, union: Cells, employees: int | None) -> None:
    """Add everything about one union but its ratings."""
    union_id, enterprise_id = union["union_id"], union["enterprise_id"]
    _add_members(draft, union_id)
    _add_fees(draft, union_id)
    _add_contracts(draft, union_id)
    _add_cases(draft, union_id)
    _add_requests(draft, union_id)
    _add_events(draft, union_id, employees)
    for _ in range(draft.random.choice((0, 0, 1, 2, 3))):
        found = draft.day()
        due = draft.later(found, never=0)
        kind = draft.random.choice(
            ("wage_arrears", "social_insurance", "overtime", "safety", "contract")
        )
        draft.add(
            "violation",
            violation_id=draft.key("V"),
            enterprise_id=enterprise_id,
            kind=kind,
            found_on=found,
            due_on=due,
            rectified_on=draft.later(found),
        )


def _add_members(draft: Draft, union_id: str) -> None:
    """Add members.

    In steady unions all stay and a neat share is verified; in others they come and go.
    """
    number = draft.random.choice((0, 1, 4, 5, 6, 9, 10, 12, 16, 20, 25, 32, 50))
    women = draft.random.choice((0, 9, 10, 11, number))
    steady = draft.chance(50)
    verified = {5: 4, 10: 8, 50: 49}.get(number, draft.random.randrange(number + 1))
    for place in range(number):
        joined = draft.day(LONG_AGO, FIRST) if steady or draft.chance(60) else draft.day()
        left = None if steady else draft.later(joined, never=80)
        checked = joined if steady and place < verified else None if steady else draft.later(joined)
        identity_number = draft.random.choice(
            (None, draft.identity_number(), draft.identity_number())
        )
        if identity_number is not None and draft.chance(10):
            identity_number = f" {identity_number.lower().translate(FULL_WIDTH)}　"
        draft.add(
            "member",
            member_id=draft.key(draft.random.choice("Mm员")),
            union_id=union_id,
            name=draft.random.choice(FAMILY_NAMES) + draft.random.choice(GIVEN_NAMES),
            id_number=identity_number,
            phone=draft.random.choice(
                (None, f"1380000{draft.random.randrange(10_000):04d}", " １３９0000００００ ")
            ),
            gender="f" if place < women else "m",
            joined_on=joined,
            left_on=left,
            verified_on=checked,
        )


def _add_fees(draft: Draft, union_id: str) -> None:
    """Add fees, in one of several habits.

    None, nothing due, exactly 60 % paid, a rounding half, overpaid as a whole, or paid now and then
    or late.
    """
    habit = draft.random.choice(("none", "nothing due", "exact", "half", "overpaid", "any", "any"))
    if habit == "none":
        return
    for months in range(26):
        if habit == "half" and months != 15:
            continue
        year, month = divmod(2018 * 12 + 11 + months, 12)
        first = date(year, month + 1, 1)
        due = {"nothing due": 0, "exact": 100, "half": 128}.get(
            habit, draft.random.randrange(100_000)
        )
        share = {"exact": Fraction(3, 5), "half": Fraction(1, 128), "overpaid": Fraction(2)}.get(
            habit, draft.random.choice((Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2)))
        )
        paid_on = first if habit in {"exact", "half", "overpaid"} else draft.later(first)
        cells = draft.add(
            "fund_remittance",
            union_id=union_id,
            month=first,
            amount_due=Fraction(due),
            amount_paid=due * share if paid_on else Fraction(0),
            paid_on=paid_on,
        )
        if draft.chance(5):
            cells["amount_due"] = draft.random.choice((str(due), f"{due}.0", f"{due}.0000"))


def _add_contracts(draft: Draft, union_id: str) -> None:
    """Add contracts that begin and end on edges, registered or not."""
    for _ in range(draft.random.randrange(5)):
        begun = draft.day()
        signed = begun - timedelta(days=draft.random.choice((-30, -1, 0, 1, 30)))
        draft.add(
            "collective_contract",
            contract_id=draft.key("K"),
            union_id=union_id,
            kind=draft.random.choice(("general", "general", "wage", "wage", "womens", "safety")),
            scope=draft.random.choice(("enterprise", "regional", "industry")),
            signed_on=signed,
            effective_from=begun,
            effective_to=draft.later(begun, never=0),
            registered_on=draft.later(signed),
        )


def _add_cases(draft: Draft, union_id: str) -> None:
    """Add disputes, hardship cases and inspections, these also without hazards."""
    for _ in range(draft.random.randrange(5)):
        opened = draft.day()
        closed = draft.later(opened)
        draft.add(
            "labour_dispute",
            case_id=draft.key("D"),
            union_id=union_id,
            route=draft.random.choice(("mediation", "legal_aid", "arbitration")),
            opened_on=opened,
            closed_on=closed,
            outcome=closed and draft.random.choice(("settled", "withdrawn", "award", "failed")),
            recovered=draft.random.choice((None, Fraction(0), Fraction(123_456, 100))),
            revisited_on=closed and draft.later(closed),
        )
    for _ in range(draft.random.choice((0, 0, 1, 3))):
        day = draft.day()
        case_id = draft.key("H")
        assisted, lifted = draft.later(day), draft.later(day)
        draft.add(
            "hardship_case",
            case_id=case_id,
            union_id=union_id,
            registered_on=day,
            assisted_on=assisted,
            lifted_on=lifted,
        )
    for found in draft.random.choice(((), (0,), (0, 0), (5, 0), (3, 125), (10,), (1, 2, 5))):
        draft.add(
            "safety_inspection",
            inspection_id=draft.key("I"),
            union_id=union_id,
            inspected_on=draft.day(),
            hazards_found=found,
            hazards_rectified=draft.random.choice(
                (found, found * 4 // 5, draft.random.randrange(found + 1))
            ),
        )


def _add_requests(draft: Draft, union_id: str) -> None:
    """Add requests around holidays and the turns of periods.

    They are opened and closed about midnight in Asia/Shanghai.
    """
    for _ in range(draft.random.choice((0, 1, 3, 8))):
        day = draft.random.choice(DAYS_OFF + TURNS) - timedelta(days=draft.random.randrange(8))
        opened = _near_midnight(draft, day)
        closed = None
        if draft.chance(85):
            closed = max(
                opened, _near_midnight(draft, day + timedelta(days=draft.random.randrange(14)))
            )
        draft.add(
            "service_request",
            request_id=draft.key("Q"),
            union_id=union_id,
            category=draft.random.choice(("wages", "工伤,赔偿", '"leave"', "=HYPERLINK(1)", "")),
            opened_at=draft.instant(opened),
            closed_at=None if closed is None else draft.instant(closed),
        )


def _near_midnight(draft: Draft, day: date) -> datetime:
    """Give an instant at the start or the end of a day in Asia/Shanghai, or at noon."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
    return start + draft.random.choice(
        (
            timedelta(0),
            timedelta(minutes=1),
            timedelta(hours=12),
            timedelta(hours=23, minutes=59, seconds=59),
            timedelta(days=1) - timedelta(microseconds=1),
        )
    )


def _add_events(draft: Draft, union_id: str, employees: int | None) -> None:
    """Add events, proposals, studios, meetings and venues."""
    crowd = max(employees or 0, 10)

    def times(*numbers: int) -> range:
        return range(draft.random.choice(numbers))

    def own(table: str, prefix: str, **values: Value | None) -> None:
        draft.add(table, **{TABLES[table].key[0]: draft.key(prefix)}, union_id=union_id, **values)

    for _ in times(0, 1, 2, 3):
        participants = draft.random.choice(
            (0, crowd * 3 // 10, crowd * 6 // 10, draft.random.randrange(crowd))
        )
        kind = draft.random.choice(("training", "competition"))
        own("skills_event", "S", kind=kind, held_on=draft.day(), participants=participants)
    for _ in times(0, 1, 2, 4):
        participants = draft.random.choice(
            (0, crowd // 2, crowd * 3 // 2, draft.random.randrange(crowd))
        )
        own("activity", "A", held_on=draft.day(), participants=participants)
    for _ in times(0, 1, 3):
        day = draft.day()
        benefit = draft.random.choice((None, Fraction(0), Fraction(99_999, 100)))
        own(
            "proposal",
            "P",
            submitted_on=day,
            adopted_on=draft.later(day, never=20),
            benefit=benefit,
        )
    for _ in times(0, 1, 2):
        day = draft.day()
        level = draft.random.choice(("enterprise", "county", "city", "province", "national"))
        own(
            "innovation_studio",
            "O",
            level=level,
            opened_on=day,
            closed_on=draft.later(day, never=60),
        )
    for _ in times(0, 1, 2):
        disclosures = draft.random.choice((0, 1, 2, 5))
        own("workers_congress", "C", held_on=draft.day(), disclosures=disclosures)
    for _ in times(0, 1, 3, 4):
        day = draft.day()
        kind = draft.random.choice(("sports", "reading", "home"))
        own("venue", "N", kind=kind, opened_on=day, closed_on=draft.later(day, never=60))


def add_ratings(draft: Draft, union_id: str, members: list[Cells], strangers: list[Cells]) -> None:
    """Add ratings of a union, often several on one day.

    Members rate before, while and after they belong; strangers rate too.
    """
    raters = draft.random.sample(members, min(len(members), draft.random.choice((0, 4, 5, 6, 12))))
    habitual = draft.day(TURNS[0], LAST)
    for member in raters + draft.random.sample(
        strangers, min(len(strangers), draft.random.choice((0, 1, 5)))
    ):
        days = [habitual, habitual] if draft.chance(30) else [draft.day()]
        days += [
            date.fromisoformat(member[column])
            for column in ("joined_on", "left_on")
            if member[column]
        ]
        for day in days:
            draft.add(
                "member_rating",
                rating_id=draft.key("R"),
                union_id=union_id,
                member_id=member["member_id"],
                rated_on=day,
                stars=draft.random.randint(1, 5),
            )
