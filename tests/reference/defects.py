"""Rows that break the rules of the contract, each in its own way.

Here belongs, for every table, at least one row for each row rule that can be broken there
(source_tables.yml, row_rules): types, nulls, enumerations, predicates, duplicates that merge,
conflicts, references into the void and the cascade from a refused region down to a rating. They are
copies of acceptable rows under new keys with something wrong.
"""

from collections.abc import Iterator

from tests.reference.contract import ENUMERATIONS, TABLES, references
from tests.reference.draft import Cells, Draft

OLDER, LATEST, LATEST_ELSEWHERE = (
    "2020-12-31 23:59:59+08",
    "2021-01-05T00:00:00+08:00",
    "2021-01-04T16:00:00Z",
)
TOWNSHIP, COUNTY = "330302001", "330302"
NOBODY = "无"

WRONG_TYPES = {
    "int": ("12.5", "1e3", "2147483648", " 7", "", "七"),
    "bool": ("True", "1", "yes", ""),
    "date": (
        "2020-02-30",
        "2019-02-29",
        "2020/01/31",
        "2020-1-5",
        "20200105",
        "2020-01-05T00:00:00",
        " 2020-01-05",
        "",
    ),
    "timestamptz": (
        "2020-13-01T00:00:00",
        "2020-01-01",
        "2020-01-01T24:00:00+08:00",
        "2020-01-01T23:59:60Z",
        "noon",
        "",
    ),
    "text": ("a\u200bb", "\u202e温州", "字" * 201),
    "decimal(14,2)": ("1.005", "1,000.00", "1000000000000.00", "1e2", "1.00 ", "NaN", ""),
}
"""Cells that do not parse or do not fit, by type.

A city gets one of them in each column, so that no column is unreadable.
"""

BROKEN_PREDICATES: dict[str, list[Cells]] = {
    "region": [
        {"region_code": "33030299", "level": "township", "parent_code": COUNTY},
        {"region_code": "330399001", "level": "township", "parent_code": COUNTY},
        {"region_code": "330302/..", "level": "township", "parent_code": COUNTY},
        {"region_code": "330302９99", "level": "township", "parent_code": COUNTY},
        {"region_code": "330398", "level": "city", "parent_code": None},
    ],
    "enterprise": [
        {"enterprise_id": "913303020000000000"},
        {"enterprise_id": "91330302MA0000000o"},
        {"enterprise_id": "9133"},
        {"region_code": COUNTY},
        {"region_code": COUNTY[:4]},
        {"employee_count": "-1"},
    ],
    "union_org": [{"committee_term_years": "4"}, {"committee_term_years": "0"}],
    "member": [
        {"joined_on": "2020-03-01", "left_on": "2020-02-29"},
        {"id_number": "330302199001010000"},
        {"id_number": "33030219900101123"},
        {"id_number": ""},
        {"id_number": "33O302199001011234"},
    ],
    "fund_remittance": [{"month": "2010-01-02"}, {"amount_due": "-0.01"}, {"amount_paid": "-1"}],
    "collective_contract": [{"effective_from": "2020-03-01", "effective_to": "2020-02-29"}],
    "safety_inspection": [
        {"hazards_found": "-1", "hazards_rectified": "-1"},
        {"hazards_found": "1", "hazards_rectified": "-1"},
        {"hazards_found": "1", "hazards_rectified": "2"},
    ],
    "labour_dispute": [
        {"opened_on": "2020-03-01", "closed_on": "2020-02-29", "outcome": "award"},
        {"closed_on": None, "outcome": "settled"},
        {"opened_on": "2020-02-29", "closed_on": "2020-03-01", "outcome": None},
        {"recovered": "-0.01"},
    ],
    "service_request": [
        {"opened_at": "2020-06-01T10:00:00+08:00", "closed_at": "2020-06-01T11:00:00+10:00"}
    ],
    "hardship_case": [
        {"registered_on": "2020-03-01", "assisted_on": "2020-02-29"},
        {"registered_on": "2020-03-01", "lifted_on": "2020-02-29"},
    ],
    "skills_event": [{"participants": "-1"}],
    "proposal": [{"submitted_on": "2020-03-01", "adopted_on": "2020-02-29"}, {"benefit": "-0.01"}],
    "innovation_studio": [{"opened_on": "2020-03-01", "closed_on": "2020-02-29"}],
    "workers_congress": [{"disclosures": "-1"}],
    "venue": [{"opened_on": "2020-03-01", "closed_on": "2020-02-29"}],
    "activity": [{"participants": "-2147483648"}],
    "member_rating": [{"stars": "0"}, {"stars": "6"}],
    "violation": [
        {"found_on": "2020-03-01", "due_on": "2020-02-29"},
        {"found_on": "2020-03-01", "due_on": "2020-03-01", "rectified_on": "2020-02-29"},
    ],
}
"""Cells that break each predicate of a table."""

VERSIONS = {
    "region": ("name_en", "One", "Other"),
    "enterprise": ("industry_code", "S", "T"),
    "operating_event": ("event", "resumed", "suspended"),
    "union_org": ("womens_committee", "true", "false"),
    "violation": ("kind", "safety", "contract"),
    "member": ("gender", "f", "m"),
    "fund_remittance": ("amount_paid", "1.00", "2.00"),
    "collective_contract": ("kind", "wage", "general"),
    "safety_inspection": ("inspected_on", "2020-10-31", "2020-11-01"),
    "labour_dispute": ("route", "mediation", "arbitration"),
    "service_request": ("category", "一", "二"),
    "hardship_case": ("registered_on", "2018-10-31", "2018-11-30"),
    "skills_event": ("participants", "3", "4"),
    "proposal": ("benefit", "3", "4"),
    "innovation_studio": ("level", "city", "county"),
    "workers_congress": ("disclosures", "1", "2"),
    "venue": ("kind", "sports", "home"),
    "activity": ("participants", "3", "4"),
    "member_rating": ("stars", "3", "4"),
}
"""A column of each table and two values that make acceptable versions of one row differ."""


def add_defects(draft: Draft) -> None:
    """Add rows that break each rule, and versions of rows that merge or conflict."""
    samples = {table: dict(draft.random.choice(rows)) for table, rows in draft.tables.items()}
    samples["region"] = next(
        row for row in draft.tables["region"] if row["region_code"] == TOWNSHIP
    )
    for table, sample in samples.items():
        for wrong in (*_wrong_by_itself(draft, table), *_dangling(table)):
            draft.tables[table].append(_fresh(draft, table, sample) | wrong)
        _add_versions(draft, table, sample)
    _add_second_unions(draft, samples)
    _add_cascades(draft, samples)


def _wrong_by_itself(draft: Draft, table: str) -> Iterator[Cells]:
    """Give cells that break the type, null, enumeration and predicate rules.

    Each rule is broken alone, and several at once.
    """
    kinds = TABLES[table].columns
    for column, kind in kinds.items():
        if kind.removesuffix("!") in WRONG_TYPES:
            cell = draft.random.choice(WRONG_TYPES[kind.removesuffix("!")])
            also = {next(iter(kinds)): None} if column == "updated_at" else {}
            yield also | {column: cell}
        if kind.endswith("!"):
            yield {column: None}
    for column in ENUMERATIONS.get(table, {}):
        yield from ({column: code} for code in ("", "other", f"{VERSIONS[table][1]} "))
    yield from BROKEN_PREDICATES.get(table, [])
    if "updated_at" in kinds:
        yield {
            column: None if column == "updated_at" else "other"
            for column in ["updated_at", *ENUMERATIONS.get(table, ())]
        }


def _dangling(table: str) -> Iterator[Cells]:
    """Give cells that refer to nothing."""
    if table == "region":
        yield {"region_code": "339901", "level": "county", "parent_code": "3399"}
        return
    for column in references(table):
        yield {column: "330399999" if column == "region_code" else NOBODY}


def _fresh(draft: Draft, table: str, sample: Cells) -> Cells:
    """Copy an acceptable row under a new key; a union gets an enterprise of its own."""
    key = TABLES[table].key[-1]
    row = dict(sample)
    if table == "region":
        return row | {key: f"{COUNTY}{500 + draft.serial(table):03d}"}
    if table == "enterprise":
        return row | {key: draft.credit_code(), "region_code": TOWNSHIP}
    if table == "fund_remittance":
        years, month = divmod(draft.serial(table), 12)
        return row | {key: f"{1900 + years}-{month + 1:02d}-01"}
    if table == "union_org":
        enterprise = _fresh(draft, "enterprise", draft.tables["enterprise"][0])
        draft.tables["enterprise"].append(enterprise)
        row["enterprise_id"] = enterprise["enterprise_id"]
    return row | {key: draft.key(row[key] + "-")}


def _add_versions(draft: Draft, table: str, sample: Cells) -> None:
    """Add rows of one key.

    Identical and older ones merge, one broken by itself does not count, different latest ones
    conflict.
    """
    column, one, other = VERSIONS[table]
    if not TABLES[table].has_watermark:
        same, conflicting = _fresh(draft, table, sample), _fresh(draft, table, sample)
        draft.tables[table] += [same, dict(same), conflicting, conflicting | {column: other}]
        return
    latest = _fresh(draft, table, sample) | {column: one, "updated_at": LATEST}
    older = latest | {column: other, "updated_at": OLDER}
    again = latest | {"updated_at": LATEST_ELSEWHERE}
    if table == "member":
        again |= {
            "name": "又名",
            "id_number": latest["id_number"] and f" {latest['id_number'].lower()} ",
        }
    kinds, key = TABLES[table].columns, TABLES[table].key
    needed = next(name for name, kind in kinds.items() if kind.endswith("!") and name not in key)
    broken = latest | {"updated_at": "2021-01-06T00:00:00Z", needed: None}
    draft.tables[table] += [older, latest, again, broken]
    conflicting = _fresh(draft, table, sample) | {column: one, "updated_at": LATEST}
    differing = conflicting | {column: other, "updated_at": LATEST_ELSEWHERE}
    draft.tables[table] += [conflicting | {"updated_at": OLDER}, conflicting, differing]


def _add_second_unions(draft: Draft, samples: dict[str, Cells]) -> None:
    """Add two unions of one enterprise, and a member of one of them."""
    first = _fresh(draft, "union_org", samples["union_org"])
    second = first | {"union_id": draft.key("U"), "updated_at": OLDER}
    draft.tables["union_org"] += [first, second]
    draft.tables["member"].append(
        _fresh(draft, "member", samples["member"]) | {"union_id": second["union_id"]}
    )


def _add_cascades(draft: Draft, samples: dict[str, Cells]) -> None:
    """Add refused regions, and everything that refers to them.

    That is a township, an enterprise, its union, and its records.
    """
    nameless = _fresh(draft, "region", samples["region"]) | {"name_en": None}
    orphan = {**samples["region"], "region_code": "339901001", "parent_code": "339901"}
    draft.tables["region"] += [nameless, orphan]
    for region in (nameless, orphan):
        union = _fresh(draft, "union_org", samples["union_org"])
        enterprise = draft.tables["enterprise"][-1]
        enterprise["region_code"] = region["region_code"]
        draft.tables["union_org"].append(union)
        member = _fresh(draft, "member", samples["member"]) | {"union_id": union["union_id"]}
        draft.tables["member"].append(member)
        for table, sample in samples.items():
            if table in {"region", "enterprise", "union_org", "member"}:
                continue
            row = _fresh(draft, table, sample)
            for column, cell in (*union.items(), ("member_id", member["member_id"])):
                if column in references(table):
                    row[column] = cell
            draft.tables[table].append(row)
        stranger = {
            "union_id": samples["member_rating"]["union_id"],
            "member_id": member["member_id"],
        }
        draft.tables["member_rating"].append(
            _fresh(draft, "member_rating", samples["member_rating"]) | stranger
        )
