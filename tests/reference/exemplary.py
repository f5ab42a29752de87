"""Unions that do everything right, some of them only until a turn of periods.

Here belong the records of those few unions that are well above every threshold, so that green and
yellow codes, steep falls and broken runs of alerts occur among the many that chance makes poor.
"""

from datetime import date, timedelta
from fractions import Fraction

from tests.reference.draft import LAST, TURNS, Cells, Draft

BEFORE = date(2018, 5, 31)
DURING = date(2020, 2, 1), date(2020, 2, 28)
"""When things that are done once were done.

They fall in the window of every period worth calculating but the first.
"""


def add_exemplary_records(draft: Draft, union: Cells, employees: int) -> None:
    """Add a full house of records.

    What a faltering union has lapses or falls out of the window at a turn.
    """
    union_id = union["union_id"]
    faltering = draft.chance(60)
    lapse = draft.random.choice(TURNS[2:4]) if faltering else LAST
    done = draft.random.choice(TURNS[7:9]) if faltering else draft.day(*DURING)
    for place in range(employees * 9 // 10):
        left = lapse + timedelta(days=1) if faltering and place % 3 == 0 else None
        draft.add(
            "member",
            member_id=draft.key("M"),
            union_id=union_id,
            name="某某",
            gender="fm"[place % 2],
            joined_on=BEFORE,
            left_on=left,
            verified_on=BEFORE,
        )
    for months in range(26):
        year, month = divmod(2018 * 12 + 11 + months, 12)
        first, fee = date(year, month + 1, 1), Fraction(draft.random.randrange(1, 10_000), 100)
        draft.add(
            "fund_remittance",
            union_id=union_id,
            month=first,
            amount_due=fee,
            amount_paid=fee,
            paid_on=first,
        )
    for kind in ("general", "wage"):
        draft.add(
            "collective_contract",
            contract_id=draft.key("K"),
            union_id=union_id,
            kind=kind,
            scope="enterprise",
            signed_on=BEFORE,
            effective_from=BEFORE,
            effective_to=lapse,
            registered_on=BEFORE,
        )
    draft.add(
        "safety_inspection",
        inspection_id=draft.key("I"),
        union_id=union_id,
        inspected_on=done,
        hazards_found=0,
        hazards_rectified=0,
    )
    draft.add(
        "skills_event",
        event_id=draft.key("S"),
        union_id=union_id,
        kind="training",
        held_on=done,
        participants=employees * 6 // 10,
    )
    draft.add(
        "activity",
        activity_id=draft.key("A"),
        union_id=union_id,
        held_on=done,
        participants=2 * employees,
    )
    for _ in range(3 * employees // 100 + 1):
        draft.add(
            "proposal",
            proposal_id=draft.key("P"),
            union_id=union_id,
            submitted_on=done,
            adopted_on=done,
        )
    draft.add(
        "innovation_studio",
        studio_id=draft.key("O"),
        union_id=union_id,
        level="city",
        opened_on=BEFORE,
    )
    draft.add(
        "workers_congress",
        meeting_id=draft.key("C"),
        union_id=union_id,
        held_on=done,
        disclosures=2,
    )
    for kind in ("sports", "reading", "home"):
        closed = lapse if faltering and kind == "home" else None
        draft.add(
            "venue",
            venue_id=draft.key("N"),
            union_id=union_id,
            kind=kind,
            opened_on=BEFORE,
            closed_on=closed,
        )
    if draft.chance(50):
        draft.add(
            "violation",
            violation_id=draft.key("V"),
            enterprise_id=union["enterprise_id"],
            kind="overtime",
            found_on=BEFORE,
            due_on=draft.random.choice((BEFORE, *TURNS[1:5])),
            rectified_on=draft.random.choice(
                (None, *TURNS[2:5], *(turn + timedelta(days=1) for turn in TURNS[2:5]))
            ),
        )
