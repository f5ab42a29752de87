"""Rows of a landing as of a published month's day: what counts as revised, and what never does."""

import tempfile
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contract.registry import source_tables
from orchestration.revisions.rows import NOW, TABLE, THEN, Comparison, add_revised_rows, open_places
from quality.connection import connect

DAY = date(2020, 11, 30)
READ_AT = datetime(2020, 12, 3, tzinfo=UTC)
TYPES = {
    "varchar": pa.string(),
    "date": pa.date32(),
    "integer": pa.int32(),
    "boolean": pa.bool_(),
    "timestamptz": pa.timestamp("us", "UTC"),
    "decimal(14,2)": pa.decimal128(14, 2),
}
BEGINS = {
    "region": None,
    "enterprise": "established_on",
    "operating_event": "occurred_on",
    "union_org": "established_on",
    "member": "joined_on",
    "fund_remittance": "month",
    "collective_contract": "signed_on",
    "safety_inspection": "inspected_on",
    "labour_dispute": "opened_on",
    "service_request": "opened_at",
    "hardship_case": "registered_on",
    "skills_event": "held_on",
    "proposal": "submitted_on",
    "innovation_studio": "opened_on",
    "workers_congress": "held_on",
    "venue": "opened_on",
    "activity": "held_on",
    "member_rating": "rated_on",
    "violation": "found_on",
}
COUNTIES = {"U1": "330302", "U2": "330381"}

days = st.integers(-40, 40).map(lambda distance: DAY + timedelta(distance))
later = st.integers(1, 40).map(lambda distance: DAY + timedelta(distance))
moments = st.integers(-20, 20).map(lambda distance: READ_AT + timedelta(distance))
amounts = st.one_of(st.none(), st.sampled_from([Decimal("1.00"), Decimal("2.50")]))
cases = st.fixed_dictionaries(
    {
        "case_id": st.sampled_from(["D1", "D2", "D3"]),
        "union_id": st.sampled_from([*COUNTIES, None]),
        "route": st.sampled_from(["mediation", "court"]),
        "opened_on": days,
        "closed_on": st.one_of(st.none(), days),
        "outcome": st.sampled_from([None, "settled", "award"]),
        "recovered": amounts,
        "revisited_on": st.one_of(st.none(), days),
        "updated_at": moments,
    }
)
landings = st.lists(cases, max_size=6)


def landed(file, table, rows):
    """A landed file of a table with these rows."""
    columns = [(column.name, TYPES[column.type]) for column in source_tables()[table].landed]
    schema = pa.schema([*columns, ("fault_rule", pa.string()), ("fault_column", pa.string())])
    pq.write_table(pa.Table.from_pylist(rows, schema), file)
    return file


def revised(table, then, now, without=()):
    """The revised rows of a table, as dictionaries."""
    enterprises = [
        {"enterprise_id": union, "region_code": f"{county}001"}
        for union, county in COUNTIES.items()
    ]
    unions = [{"union_id": union, "enterprise_id": union} for union in COUNTIES]
    with tempfile.TemporaryDirectory() as folder, connect() as connection:
        place = Path(folder)
        enterprise_file = landed(place / "enterprise.parquet", "enterprise", enterprises)
        union_file = landed(place / "union_org.parquet", "union_org", unions)
        for side in (THEN, NOW):
            open_places(connection, side, enterprise_file, union_file)
        compared = Comparison(
            "2020-11",
            "r1",
            DAY,
            READ_AT.isoformat(),
            landed(place / "then.parquet", table, then),
            landed(place / "now.parquet", table, now),
        )
        connection.execute(TABLE)
        add_revised_rows(connection, compared, source_tables()[table], without)
        return connection.sql("from revised_rows order by source_key").to_arrow_table().to_pylist()


def by_key(rows):
    return {row["source_key"]: row for row in rows}


def as_of(row):
    """A case as of the day, as the contract counts it; written apart from the product."""
    reads = {name: value for name, value in row.items() if name != "updated_at"}
    for name in ("closed_on", "revisited_on"):
        if reads[name] and reads[name] > DAY:
            reads[name] = None
    if reads["closed_on"] is None:
        reads["outcome"] = reads["recovered"] = None
    return frozenset(reads.items())


def states(landing):
    """What a landing says of each case as of the day."""
    found = defaultdict(set)
    for row in landing:
        if row["opened_on"] <= DAY:
            found[row["case_id"]].add(as_of(row))
    return found


@settings(max_examples=80)
@given(landings, landings)
def test_a_row_is_revised_where_it_reads_otherwise_as_of_the_day(then, now):
    before, after = states(then), states(now)
    expected = {}
    for case in before.keys() | after.keys():
        if before.get(case) != after.get(case):
            kind = "changed" if case in before and case in after else "gone"
            expected[case] = kind if case in before else "added"
    found = by_key(revised("labour_dispute", then, now))
    assert {case: row["change"] for case, row in found.items()} == expected


@settings(max_examples=40)
@given(landings, landings)
def test_what_is_added_one_way_is_gone_the_other_way(then, now):
    there = by_key(revised("labour_dispute", then, now))
    back = by_key(revised("labour_dispute", now, then))
    turned = {"added": "gone", "gone": "added", "changed": "changed"}
    assert {key: row["change"] for key, row in back.items()} == {
        key: turned[row["change"]] for key, row in there.items()
    }
    assert {key: row["columns"] for key, row in back.items()} == {
        key: row["columns"] for key, row in there.items()
    }


@settings(max_examples=40)
@given(landings, st.lists(cases, max_size=3), later, moments, amounts)
def test_what_happens_after_the_day_and_a_new_watermark_never_count(
    then, further, day, moment, amount
):
    now = [row | {"updated_at": moment} for row in then]
    for row in now:
        if row["closed_on"] is None or row["closed_on"] > DAY:
            row |= {"closed_on": day, "outcome": "failed", "recovered": amount}
        if row["revisited_on"] is None:
            row |= {"revisited_on": day}
        if row["opened_on"] > DAY:
            row |= {"opened_on": day, "route": "arbitration"}
    now += [row | {"case_id": "D9", "opened_on": day} for row in further]
    assert revised("labour_dispute", then, now) == []


@given(landings)
def test_a_landing_revises_nothing_of_itself_in_whatever_order(then):
    assert revised("labour_dispute", then, [*reversed(then), *then]) == []


def test_each_row_begins_with_a_day_of_its_own():
    assert {name: table.begins for name, table in source_tables().items()} == BEGINS


CONTRACT = {
    "contract_id": "C1",
    "union_id": "U1",
    "kind": "general",
    "scope": "enterprise",
    "signed_on": date(2020, 1, 7),
    "effective_from": date(2020, 2, 1),
    "effective_to": date(2021, 1, 31),
    "updated_at": READ_AT,
}


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"effective_to": date(2022, 1, 31)}, None),
        ({"effective_to": date(2020, 11, 15)}, "effective_to"),
        ({"effective_from": date(2020, 12, 1), "scope": "region"}, "scope, effective_from"),
        ({"registered_on": date(2020, 12, 1)}, None),
        ({"fault_rule": "type", "fault_column": "kind", "kind": None}, "kind"),
    ],
)
def test_a_contract_in_force_is_there_though_its_end_is_to_come(changes, columns):
    found = revised("collective_contract", [CONTRACT], [CONTRACT | changes])
    assert [row["columns"] for row in found] == ([columns] if columns else [])


def test_a_row_that_the_landing_refuses_is_revised_though_its_cells_are_the_same():
    broken = CONTRACT | {"fault_rule": "map", "fault_column": "kind"}
    [row] = revised("collective_contract", [CONTRACT], [broken])
    assert (row["change"], row["columns"]) == ("changed", "")


@pytest.mark.parametrize(
    ("opened_at", "is_there"),
    [
        (datetime(2020, 11, 30, 15, 59, tzinfo=UTC), True),
        (datetime(2020, 11, 30, 16, 0, tzinfo=UTC), False),
    ],
)
def test_the_day_of_a_moment_is_that_of_the_city(opened_at, is_there):
    request = {"request_id": "R1", "union_id": "U1", "category": "law", "opened_at": opened_at}
    found = revised("service_request", [], [request | {"updated_at": READ_AT}])
    assert [row["change"] for row in found] == (["added"] if is_there else [])


@pytest.mark.parametrize(
    ("changed_at", "announced"), [(READ_AT, False), (READ_AT + timedelta(seconds=1), True)]
)
def test_a_row_is_announced_where_it_was_changed_after_the_landing_was_read(changed_at, announced):
    changed = CONTRACT | {"kind": "wage", "updated_at": changed_at}
    [row] = revised("collective_contract", [CONTRACT], [changed])
    assert (row["announced"], row["county_code"], row["source_key"]) == (announced, "330302", "C1")


def test_what_is_gone_is_never_announced_and_has_its_county():
    [row] = revised("collective_contract", [CONTRACT | {"union_id": "U2"}], [])
    assert (row["change"], row["announced"], row["county_code"]) == ("gone", False, "330381")


def test_rows_about_persons_have_no_key_and_pseudonyms_of_another_key_are_left_out():
    member = {
        "member_id": "M1",
        "union_id": "U1",
        "gender": "f",
        "joined_on": date(2019, 1, 1),
        "id_pseudonym": "aa",
        "updated_at": READ_AT,
    }
    other = member | {"id_pseudonym": "bb"}
    [row] = revised("member", [member], [other])
    assert (row["source_key"], row["columns"]) == (None, "id_pseudonym")
    assert revised("member", [member], [other], ["id_pseudonym"]) == []
