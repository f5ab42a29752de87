"""Valid little cities as hand-overs of a platform, each made at random of the contract's example.

Everything odd that a city may be comes together in each: names with digits and punctuation, ids of
18 digits, areas without a linked union, with one and with several that are alike, in all figures,
or all at one end of the scale. What differs is which area is which, and, by the number of the city,
what `LEVELS` and `FIGURES` say. So whatever stops one of them is a false alarm.
"""

import csv
import shutil
from collections import defaultdict
from pathlib import Path
from random import Random

from stdnum.cn import ric

from tests.support.settings import EXAMPLE

LEVELS = ("counties", "some counties", "no counties")
FIGURES = ("as they are", "all alike", "all low")
NAMES = {
    "region": {
        "name_zh": ["第{n}街道", "{n}街道（{n}.{m}）", "园区{n}-{m}", "“{m}”镇", "{m}·{n}镇"],
        "name_en": ["No. {n}", "{n}K", "{n}.5-St.", "Av. {n}-{m} (new)", "Rui'an & {n}%", "<b{n}>"],
    },
    "enterprise": {
        "name_zh": [
            "{n}号有限公司",
            "甲，乙, {n}“有限”公司",
            "=公司{n}+{m}",
            "-{n}.{m}公司",
            "@公司 {n}/{m}",
            "<b>公司</b>&{n}",
            "2020-12-{n}公司100.0000",
        ],
    },
}
OF_A_UNION = "union_id"
LOW = ("member_rating", "proposal", "activity", "venue", "skills_event", "collective_contract")
UNIONS_IN_A_TOWNSHIP = (None, 0, 1, 1, 2, None)
MOST_CORRECTED = 9
ENDS = ("closed", "merged")
MONTH = "2020-12"

Row = dict[str, str]
Tables = dict[str, list[Row]]


def read(source: Path) -> Tables:
    """The tables of a hand-over, each cell as text."""
    tables = {}
    for file in sorted(source.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            tables[file.stem] = list(csv.DictReader(lines))
    return tables


def write(tables: Tables, source: Path) -> None:
    """Write tables over those of a hand-over, whose columns they keep."""
    for table, rows in tables.items():
        file = source / f"{table}.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            columns = next(csv.reader(lines))
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, columns)
            writer.writeheader()
            writer.writerows(rows)


def make_city(number: int, source: Path) -> None:
    """Write the hand-over of the city of a number."""
    shutil.copytree(EXAMPLE / "source", source)
    random = Random(number)
    tables = read(source)
    hang_on_the_city(tables, LEVELS[number % len(LEVELS)], random)
    rename(tables, random)
    figures = FIGURES[number // len(LEVELS) % len(FIGURES)]
    if figures == "all alike":
        make_alike(tables, random)
    if figures == "all low":
        for table in LOW:
            tables[table].clear()
    link_few(tables, random)
    number_unions(tables, random)
    write(tables, source)


def hang_on_the_city(tables: Tables, levels: str, random: Random) -> None:
    """Let the townships of some counties, or of all, be in no county."""
    counties = [row["region_code"] for row in tables["region"] if row["level"] == "county"]
    some = random.sample(counties, random.randint(1, len(counties) - 1))
    gone = {"counties": [], "some counties": some, "no counties": counties}[levels]
    tables["region"] = [row for row in tables["region"] if row["region_code"] not in gone]
    for row in tables["region"]:
        if row["parent_code"] in gone:
            row["parent_code"] = row["parent_code"][:4]


def rename(tables: Tables, random: Random) -> None:
    """Give areas and enterprises names with digits and punctuation; some have the same one."""
    for table, columns in NAMES.items():
        for row in tables[table]:
            for column, templates in columns.items():
                template = random.choice(templates)
                row[column] = template.format(n=random.randint(0, 31), m=random.choice("一二三"))


def make_alike(tables: Tables, random: Random) -> None:
    """Let all unions and their enterprises be like one of them, but for their place and ids.

    It has members: a platform without any is no whole one. Its enterprise has not ended, for a city
    without any is none.
    """
    unions = {row[OF_A_UNION]: row["enterprise_id"] for row in tables["union_org"]}
    ended = {row["enterprise_id"] for row in tables["operating_event"] if row["event"] in ENDS}
    fitting = {
        row[OF_A_UNION]
        for row in tables["union_org"]
        if is_linked(row) and row["enterprise_id"] not in ended
    }
    with_members = {row[OF_A_UNION] for row in tables["member"]}
    pattern = random.choice(sorted(with_members & fitting))
    patterns = {OF_A_UNION: pattern, "enterprise_id": unions[pattern]}
    others = {OF_A_UNION: sorted(unions), "enterprise_id": sorted(unions.values())}
    for table, rows in tables.items():
        for column, alike in patterns.items():
            if rows and column in rows[0] and table not in ("union_org", "enterprise"):
                tables[table] = copies(rows, column, alike, others[column], random)
                break
    for table, column in (("union_org", OF_A_UNION), ("enterprise", "enterprise_id")):
        [model] = [row for row in tables[table] if row[column] == patterns[column]]
        own = {OF_A_UNION, "enterprise_id", "name_zh", "region_code"}
        for row in tables[table]:
            row.update({name: cell for name, cell in model.items() if name not in own})


def is_linked(union: Row) -> bool:
    """Whether a union was linked before the month of the city."""
    return "" < union["linked_on"] < MONTH


def copies(
    rows: list[Row], column: str, pattern: str, others: list[str], random: Random
) -> list[Row]:
    """The rows of one union, or enterprise, for each of them, with ids and persons of their own."""
    given = [row for row in rows if row[column] == pattern]
    copied = []
    for place, other in enumerate(others):
        for row in given:
            own = {name: f"{row[name]}x{place}" for name in row if is_id(name, column)}
            if "id_number" in row:
                own |= person(random)
            copied.append(row | own | {column: other})
    return copied


def is_id(name: str, column: str) -> bool:
    """Whether a column has ids that a copy needs anew."""
    return name.endswith("_id") and name != column


def person(random: Random) -> Row:
    """The numbers of a person that nobody has."""
    body = f"330302{random.randint(1960, 1999)}{random.randint(10, 12)}{random.randint(10, 28)}"
    body += f"{random.randint(0, 999):03}"
    return {
        "id_number": body + ric.calc_check_digit(body + "0"),
        "phone": f"13{random.randint(0, 10**9 - 1):09}",
    }


def link_few(tables: Tables, random: Random) -> None:
    """Leave to each township all linked unions, or one, two or none; to the city, at least one."""
    townships = {row["enterprise_id"]: row["region_code"] for row in tables["enterprise"]}
    unions = defaultdict(list)
    for row in tables["union_org"]:
        unions[townships[row["enterprise_id"]]].append(row)
    codes = sorted(unions)
    random.shuffle(codes)
    for place, code in enumerate(codes):
        left = UNIONS_IN_A_TOWNSHIP[place % len(UNIONS_IN_A_TOWNSHIP)]
        if left is not None:
            linked_first = sorted(unions[code], key=is_linked, reverse=True)
            for row in linked_first[left:]:
                row["linked_on"] = ""


def number_unions(tables: Tables, random: Random) -> None:
    """Give half of the unions ids of 18 digits, which are not those of last month."""
    ids = sorted(row[OF_A_UNION] for row in tables["union_org"])
    chosen = random.sample(ids, len(ids) // 2)
    numbers = {union: f"{random.randint(8 * 10**17, 10**18 - 1)}" for union in chosen}
    for rows in tables.values():
        for row in rows:
            if OF_A_UNION in row:
                row[OF_A_UNION] = numbers.get(row[OF_A_UNION], row[OF_A_UNION])


def correct(number: int, source: Path) -> None:
    """Correct the hand-over of a city in the figures of one to nine unions."""
    random = Random(number)
    tables = read(source)
    linked = sorted(row[OF_A_UNION] for row in tables["union_org"] if is_linked(row))
    corrected = random.sample(linked, min(len(linked), random.randint(1, MOST_CORRECTED)))
    for table in ("fund_remittance", "workers_congress", "venue"):
        tables[table] = [row for row in tables[table] if row[OF_A_UNION] not in corrected]
    write(tables, source)
