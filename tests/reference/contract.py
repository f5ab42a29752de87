"""The source contract as data.

Tables, columns, keys, enumerations, predicates and references of source_tables.yml.

Here belongs what the contract says of single rows and of which table refers to which, in the
contract's own order. How the rules are applied, and to which rows, belongs to the intake.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from string import digits
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One table of the contract: key columns, and the type of each column.

    A type that ends in ! is never null.
    """

    key: tuple[str, ...]
    columns: dict[str, str]

    @property
    def has_watermark(self) -> bool:
        """Whether rows of one key have an order of their own."""
        return "updated_at" in self.columns


def _table(key: str, columns: str) -> Table:
    """Declare a table from the notation `column:type column:type!`."""
    return Table(tuple(key.split()), dict(column.split(":") for column in columns.split()))


UPDATED = " updated_at:timestamptz!"
TABLES = {
    "region": _table(
        "region_code", "region_code:text! name_zh:text! name_en:text! level:text! parent_code:text"
    ),
    "enterprise": _table(
        "enterprise_id",
        "enterprise_id:text! name_zh:text! region_code:text! industry_code:text! "
        "employee_count:int established_on:date!" + UPDATED,
    ),
    "operating_event": _table(
        "event_id",
        "event_id:text! enterprise_id:text! event:text! occurred_on:date!" + UPDATED,
    ),
    "union_org": _table(
        "union_id",
        "union_id:text! enterprise_id:text! established_on:date! committee_elected_on:date "
        "committee_term_years:int womens_committee:bool! linked_on:date" + UPDATED,
    ),
    "violation": _table(
        "violation_id",
        "violation_id:text! enterprise_id:text! kind:text! found_on:date! due_on:date! "
        "rectified_on:date" + UPDATED,
    ),
    "member": _table(
        "member_id",
        "member_id:text! union_id:text! name:text! id_number:text phone:text gender:text! "
        "joined_on:date! left_on:date verified_on:date" + UPDATED,
    ),
    "fund_remittance": _table(
        "union_id month",
        "union_id:text! month:date! amount_due:decimal(14,2)! amount_paid:decimal(14,2)! "
        "paid_on:date" + UPDATED,
    ),
    "collective_contract": _table(
        "contract_id",
        "contract_id:text! union_id:text! kind:text! scope:text! signed_on:date! "
        "effective_from:date! effective_to:date! registered_on:date" + UPDATED,
    ),
    "safety_inspection": _table(
        "inspection_id",
        "inspection_id:text! union_id:text! inspected_on:date! hazards_found:int! "
        "hazards_rectified:int!" + UPDATED,
    ),
    "labour_dispute": _table(
        "case_id",
        "case_id:text! union_id:text! route:text! opened_on:date! closed_on:date outcome:text "
        "recovered:decimal(14,2) revisited_on:date" + UPDATED,
    ),
    "service_request": _table(
        "request_id",
        "request_id:text! union_id:text! category:text! opened_at:timestamptz! "
        "closed_at:timestamptz" + UPDATED,
    ),
    "hardship_case": _table(
        "case_id",
        "case_id:text! union_id:text! registered_on:date! assisted_on:date lifted_on:date"
        + UPDATED,
    ),
    "skills_event": _table(
        "event_id",
        "event_id:text! union_id:text! kind:text! held_on:date! participants:int!" + UPDATED,
    ),
    "proposal": _table(
        "proposal_id",
        "proposal_id:text! union_id:text! submitted_on:date! adopted_on:date benefit:decimal(14,2)"
        + UPDATED,
    ),
    "innovation_studio": _table(
        "studio_id",
        "studio_id:text! union_id:text! level:text! opened_on:date! closed_on:date" + UPDATED,
    ),
    "workers_congress": _table(
        "meeting_id",
        "meeting_id:text! union_id:text! held_on:date! disclosures:int!" + UPDATED,
    ),
    "venue": _table(
        "venue_id",
        "venue_id:text! union_id:text! kind:text! opened_on:date! closed_on:date" + UPDATED,
    ),
    "activity": _table(
        "activity_id",
        "activity_id:text! union_id:text! held_on:date! participants:int!" + UPDATED,
    ),
    "member_rating": _table(
        "rating_id",
        "rating_id:text! union_id:text! member_id:text! rated_on:date! stars:int!" + UPDATED,
    ),
}
"""Every table, those referred to before those that refer to them."""

ENUMERATIONS = {
    "region": {"level": "city county township"},
    "enterprise": {"industry_code": "A B C D E F G H I J K L M N O P Q R S T"},
    "operating_event": {"event": "opened resumed converted relocated suspended merged closed"},
    "member": {"gender": "f m"},
    "collective_contract": {
        "kind": "general wage womens safety",
        "scope": "enterprise regional industry",
    },
    "labour_dispute": {
        "route": "mediation legal_aid arbitration",
        "outcome": "settled withdrawn award failed",
    },
    "skills_event": {"kind": "training competition"},
    "innovation_studio": {"level": "enterprise county city province national"},
    "venue": {"kind": "sports reading home"},
    "violation": {"kind": "wage_arrears social_insurance overtime safety contract"},
}
"""The codes listed beside a column; null is for the types to judge."""

REFERENCES = {
    "region": {"parent_code": "region"},
    "enterprise": {"region_code": "region"},
    "operating_event": {"enterprise_id": "enterprise"},
    "union_org": {"enterprise_id": "enterprise"},
    "violation": {"enterprise_id": "enterprise"},
    "member_rating": {"union_id": "union_org", "member_id": "member"},
}
"""Column by referred table; every other table with a union_id refers to its union."""

CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGION_CODE_LENGTH = {"city": 4, "county": 6, "township": 9}


def references(table: str) -> dict[str, str]:
    """Give the references of a table."""
    return REFERENCES.get(table, {"union_id": "union_org"})


def normalised(text: str | None) -> str | None:
    """Normalise an identity number or a phone as extraction does.

    The rule is in source_tables.yml, pii of member.
    """
    return None if text is None else unicodedata.normalize("NFKC", text).strip().upper()


def is_credit_code(text: str) -> bool:
    """Whether a text is a unified social credit code.

    It has 18 characters of the GB 32100 alphabet; the last one is the check character.
    """
    if len(text) != 18 or any(character not in CREDIT_CODE_ALPHABET for character in text):
        return False
    weighted = sum(
        CREDIT_CODE_ALPHABET.index(text[place]) * pow(3, place, 31) for place in range(17)
    )
    return CREDIT_CODE_ALPHABET[-weighted % 31] == text[17]


def is_identity_number(text: str | None) -> bool:
    """Whether a text is a normalised resident identity number.

    It has 17 digits and the check character of ISO 7064 MOD 11-2.
    """
    if text is None:
        return True
    if len(text) != 18 or any(character not in digits for character in text[:17]):
        return False
    weighted = sum(int(text[place]) * pow(2, 17 - place, 11) for place in range(17))
    return "0123456789X"[(1 - weighted) % 11] == text[17]


def in_order(row: Row, *columns: str) -> bool:
    """Whether the values of two columns are in ascending order.

    A null on either side counts as holding.
    """
    earlier, later = (row[column] for column in columns)
    return earlier is None or later is None or earlier <= later


def not_negative(row: Row, *columns: str) -> bool:
    """Whether no column is below zero."""
    return all(row[column] is None or row[column] >= 0 for column in columns)


PREDICATES: dict[str, Callable[[Row], bool]] = {
    "region": lambda row: (
        set(row["region_code"]) <= set(digits)
        and len(row["region_code"]) == REGION_CODE_LENGTH[row["level"]]
        and row["region_code"].startswith(row["parent_code"] or "")
    ),
    "enterprise": lambda row: (
        is_credit_code(row["enterprise_id"]) and not_negative(row, "employee_count")
    ),
    "union_org": lambda row: row["committee_term_years"] in (None, 3, 5),
    "member": lambda row: (
        in_order(row, "joined_on", "left_on") and is_identity_number(row["id_number"])
    ),
    "fund_remittance": lambda row: (
        row["month"].day == 1 and not_negative(row, "amount_due", "amount_paid")
    ),
    "collective_contract": lambda row: in_order(row, "effective_from", "effective_to"),
    "safety_inspection": lambda row: (
        not_negative(row, "hazards_found", "hazards_rectified")
        and in_order(row, "hazards_rectified", "hazards_found")
    ),
    "labour_dispute": lambda row: (
        in_order(row, "opened_on", "closed_on")
        and (row["outcome"] is None) == (row["closed_on"] is None)
        and not_negative(row, "recovered")
    ),
    "service_request": lambda row: in_order(row, "opened_at", "closed_at"),
    "hardship_case": lambda row: (
        in_order(row, "registered_on", "assisted_on")
        and in_order(row, "registered_on", "lifted_on")
    ),
    "skills_event": lambda row: not_negative(row, "participants"),
    "proposal": lambda row: (
        in_order(row, "submitted_on", "adopted_on") and not_negative(row, "benefit")
    ),
    "innovation_studio": lambda row: in_order(row, "opened_on", "closed_on"),
    "workers_congress": lambda row: not_negative(row, "disclosures"),
    "venue": lambda row: in_order(row, "opened_on", "closed_on"),
    "activity": lambda row: not_negative(row, "participants"),
    "member_rating": lambda row: 1 <= row["stars"] <= 5,
    "violation": lambda row: (
        in_order(row, "found_on", "due_on") and in_order(row, "found_on", "rectified_on")
    ),
}
"""What must hold of a row by itself.

That an enterprise lies in a township needs the regions and belongs to the intake.
"""
