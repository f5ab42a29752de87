"""A made-up city, small and hostile, written as the CSV folder that the contract describes.

Here belongs the shape of the city: its areas, enterprises, operating events and unions, which union
is the twin of which, and the order in which everything is drawn. The same seed gives the same
bytes; nobody in it exists.
"""

from datetime import timedelta
from pathlib import Path

from tests.reference.contract import TABLES
from tests.reference.defects import add_defects
from tests.reference.draft import FIRST, TURNS, Cells, Draft
from tests.reference.exemplary import add_exemplary_records
from tests.reference.records import LONG_AGO, add_ratings, add_records

CITY = "3303"
COUNTIES = {
    "330302": ("鹿城区", "Lucheng", 4),
    "330303": ("龙湾,区", "Longwan", 3),
    "330381": ("瑞安“市”", "Rui'an", 3),
    "330324": ("=永嘉县", 'Yong"jia"', 1),
    "330328": ("文成县", "Wencheng", 2),
    "330329": ("泰顺县", "Taishun", 1),
    "330305": ("洞头区", "Dongtou", 0),
}
"""Name and number of townships of each county."""

UNLINKED_COUNTY, IDLE_COUNTY, BARE_COUNTY = "330328", "330329", "330305"
"""Counties without linked unions, with an empty frame, and without a township."""

BUSY_COUNTIES = [
    code for code in COUNTIES if code not in {UNLINKED_COUNTY, IDLE_COUNTY, BARE_COUNTY}
]
EMPLOYEES = (None, 0, 1, 4, 9, 10, 30, 49, 50, 51, 64, 100, 128, 128, 200)
COMMITTEES = [
    ("2016-02-29", 3),
    ("2016-02-29", 5),
    ("2015-02-28", 5),
    ("2015-08-31", 5),
    ("2015-11-30", 5),
    ("2015-12-31", 5),
    ("2017-06-30", 3),
    ("2016-10-31", 3),
    ("2015-04-30", 5),
    ("2017-12-31", 3),
    ("2020-10-31", 5),
    ("2021-01-01", 3),
    (None, 3),
    ("2019-01-15", None),
]
"""Elections and terms of committees.

Overdue by nothing, by exactly 6 and 12 months, not yet, unknown.
"""

TRADE_NAMES = ("瓯泰", "=1+1", "华,峰", '"引"号', "换\n行", "“正”", "+86", "末 ")
EVENTS = ("opened", "resumed", "converted", "relocated", "suspended", "merged", "closed")


def write_city(
    folder: Path | str, seed: int, enterprises: int = 60, *, defects: bool = True
) -> None:
    """Write a city of about so many enterprises; with defects, also rows that break each row rule.

    Some twenty enterprises are needed for every table to have rows.
    """
    draft = Draft(seed)
    _add_regions(draft)
    for place in range(enterprises):
        _add_enterprise(draft, place)
    for union in draft.tables["union_org"]:
        own = [
            member for member in draft.tables["member"] if member["union_id"] == union["union_id"]
        ]
        strangers = [
            member for member in draft.tables["member"] if member["union_id"] != union["union_id"]
        ]
        add_ratings(draft, union["union_id"], own, strangers)
    _add_twins(draft)
    if defects:
        add_defects(draft)
    draft.write(Path(folder))


def _add_regions(draft: Draft) -> None:
    """Add the city, its counties and their townships."""
    draft.add("region", region_code=CITY, name_zh="温州市", name_en="Wenzhou", level="city")
    for county, (name_zh, name_en, townships) in COUNTIES.items():
        draft.add(
            "region",
            region_code=county,
            name_zh=name_zh,
            name_en=name_en,
            level="county",
            parent_code=CITY,
        )
        for number in range(1, townships + 1):
            draft.add(
                "region",
                region_code=f"{county}{number:03d}",
                name_zh=f"{name_zh}第{number}街道",
                name_en=f"{name_en} {number}",
                level="township",
                parent_code=county,
            )


def _township(draft: Draft, counties: list[str]) -> str:
    """Draw a township of one of these counties; the last one of Lucheng stays empty."""
    county = draft.random.choice(counties)
    townships = COUNTIES[county][2] - (county == "330302")
    return f"{county}{draft.random.randint(1, townships):03d}"


def _add_enterprise(draft: Draft, place: int) -> None:
    """Add an enterprise, most with a union; a few at the start fill the special counties."""
    county = {
        0: UNLINKED_COUNTY,
        1: UNLINKED_COUNTY,
        2: IDLE_COUNTY,
        3: IDLE_COUNTY,
        4: IDLE_COUNTY,
    }.get(place)
    exemplary = place > 4 and place % 5 == 0
    employees = draft.random.choice((10, 20, 50)) if exemplary else draft.random.choice(EMPLOYEES)
    established = draft.day(LONG_AGO, FIRST) if draft.chance(85) else draft.day()
    enterprise = draft.add(
        "enterprise",
        enterprise_id=draft.credit_code(),
        name_zh=f"{draft.random.choice(TRADE_NAMES)}{place}有限公司",
        region_code=_township(draft, [county] if county else BUSY_COUNTIES),
        industry_code=draft.random.choice("ACGT"),
        employee_count=employees,
        established_on=established,
    )
    enterprise_id = enterprise["enterprise_id"]
    if place == 2:
        draft.add(
            "operating_event",
            event_id=draft.key("E"),
            enterprise_id=enterprise_id,
            event="closed",
            occurred_on=FIRST,
        )
    elif county != IDLE_COUNTY and not exemplary:
        _add_events(draft, enterprise_id)
    if place == 3 or (county is None and not exemplary and draft.chance(8)):
        return
    founded = TURNS[4] + timedelta(days=1) if place == 4 else draft.day(LONG_AGO, FIRST)
    if county is None and not exemplary and draft.chance(15):
        founded = draft.day()
    elected, term_years = ("2018-02-28", 5) if exemplary else draft.random.choice(COMMITTEES)
    linked = draft.random.choice((FIRST, FIRST, FIRST, FIRST, draft.day(), draft.day(), None))
    union = draft.add(
        "union_org",
        union_id=draft.key(draft.random.choice(("U", "U", "u", "工会"))),
        enterprise_id=enterprise_id,
        established_on=founded,
        committee_elected_on=elected,
        committee_term_years=term_years,
        womens_committee=exemplary or draft.chance(50),
        linked_on=None if county == UNLINKED_COUNTY else linked,
    )
    if exemplary:
        add_exemplary_records(draft, union, employees)
    else:
        add_records(draft, union, employees)


def _add_events(draft: Draft, enterprise_id: str) -> None:
    """Add operating events.

    Several on one day are told apart by when they were revised, then by their id.
    """
    for _ in range(draft.random.choice((0, 0, 1, 1, 2))):
        day = draft.day()
        for _ in range(draft.random.choice((1, 1, 2, 3))):
            event = draft.random.choice(EVENTS)
            draft.add(
                "operating_event",
                event_id=draft.key("E"),
                enterprise_id=enterprise_id,
                event=event,
                occurred_on=day,
            )


def _add_twins(draft: Draft) -> None:
    """Give some linked unions a twin that differs by nothing measured.

    The twin is in the same township or in another county.
    """
    linked = [
        union for union in draft.tables["union_org"] if union["linked_on"] == FIRST.isoformat()
    ]
    for place, union in enumerate(
        draft.random.sample(linked, min(len(linked), max(2, len(linked) // 5)))
    ):
        origin = next(
            row
            for row in draft.tables["enterprise"]
            if row["enterprise_id"] == union["enterprise_id"]
        )
        county = origin["region_code"][:6]
        elsewhere = _township(draft, [code for code in BUSY_COUNTIES if code != county])
        _add_twin(draft, union, origin["region_code"] if place % 2 else elsewhere)


def _add_twin(draft: Draft, union: Cells, township: str) -> None:
    """Copy an enterprise, its union and all their rows under new ids."""
    replaced = {
        union["union_id"]: f"{union['union_id']}T",
        union["enterprise_id"]: draft.credit_code(),
    }
    for member in draft.tables["member"]:
        if member["union_id"] == union["union_id"]:
            replaced[member["member_id"]] = f"{member['member_id']}T"
    for table, rows in draft.tables.items():
        owner = "union_id" if "union_id" in TABLES[table].columns else "enterprise_id"
        key = TABLES[table].key[0]
        for row in [row for row in rows if row.get(owner) == union[owner]]:
            twin = {column: replaced.get(cell, cell) for column, cell in row.items()}
            if twin[key] == row[key]:
                twin[key] = f"{row[key]}T"
            if table == "enterprise":
                twin |= {"region_code": township, "name_zh": f"{row['name_zh']}分厂"}
            rows.append(twin)
