"""The synthetic city.

The same bytes from the same seed, the contract's columns and types, and rows that the contract
accepts.
"""

import datetime as dt
import hashlib
import shlex
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml
from stdnum.cn import ric, uscc

from orchestration.cli.check import trace
from orchestration.contract.registry import source_tables
from orchestration.demo.city import make_city
from orchestration.errors import UsageError

QUICKSTART = Path(__file__).parents[2] / "docs" / "quickstart.md"
REGISTRY = Path(__file__).parents[2] / "dbt_project" / "models" / "sources.yml"
ARROW_TYPES = {
    "text": "string",
    "int": "int32",
    "bool": "bool",
    "date": "date32[day]",
    "timestamptz": "timestamp[us, tz=UTC]",
    "decimal(14,2)": "decimal128(14, 2)",
}
TABLES = {table.name: ", ".join(table.key) for table in source_tables().values()}
SMALL = 300


def contract():
    """Table -> {column: meta} as handed over, of the one registry of source columns."""
    source = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))["sources"][0]
    return {
        table["name"]: {
            column["name"]: column["config"]["meta"]
            for column in table["columns"]
            if "type" in column.get("config", {}).get("meta", {})
        }
        for table in source["tables"]
    }


def digests(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.parquet"))
    }


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    make_city(folder, enterprises=SMALL, threads=1)
    return folder


@pytest.fixture(scope="module")
def rows(city):
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(f"create view {table} as from '{city / table}.parquet'")
        yield lambda query: connection.execute(query).fetchall()


def test_same_seed_gives_same_bytes_with_any_number_of_threads(city, tmp_path):
    make_city(tmp_path / "again", enterprises=SMALL, threads=1)
    make_city(tmp_path / "threads", enterprises=SMALL, threads=2)
    assert digests(city) == digests(tmp_path / "again") == digests(tmp_path / "threads")


def test_another_seed_gives_another_city(city, tmp_path):
    make_city(tmp_path, seed=7, enterprises=SMALL)
    assert not set(digests(city).values()) - {digests(city)["region.parquet"]} & set(
        digests(tmp_path).values()
    )


@pytest.mark.parametrize("enterprises", [0, 199, 100_001])
def test_size_out_of_range_is_refused(tmp_path, enterprises):
    with pytest.raises(UsageError, match=str(enterprises)):
        make_city(tmp_path / "city", enterprises=enterprises)
    assert not (tmp_path / "city").exists()


def test_what_the_quickstart_traces_is_in_the_release_of_the_demo(rows):
    lines = QUICKSTART.read_text(encoding="utf-8").splitlines()
    words = [
        shlex.split(line, comments=True)[2:] for line in lines if line.startswith("uhi trace ")
    ]
    asked = [trace.make_context("trace", each).params for each in words]
    linked = (
        "select count(*) from union_org where union_id = '{union}' and linked_on <= '2020-12-31'"
    )
    regions = "select count(*) from region where region_code = '{area}'"
    assert len(asked) == 2
    for each in asked:
        assert rows((linked if each["union"] else regions).format(**each)) == [(1,)]


def test_tables_and_their_columns_are_those_of_the_contract(city):
    assert {path.stem for path in city.glob("*.parquet")} == set(contract()) == set(TABLES)
    for table, columns in contract().items():
        schema = pq.read_schema(city / f"{table}.parquet")
        found = {field.name: str(field.type) for field in schema}
        assert found == {name: ARROW_TYPES[meta["type"]] for name, meta in columns.items()}, table


def test_no_table_is_empty_and_no_required_cell_null(rows):
    for table, columns in contract().items():
        assert rows(f"select count(*) > 0 from {table}") == [(True,)], table
        for name, meta in columns.items():
            if meta.get("required"):
                assert rows(f"select count(*) from {table} where {name} is null") == [(0,)], (
                    table,
                    name,
                )
            if "accepted" in meta:
                assert {
                    cell
                    for (cell,) in rows(
                        f"select distinct {name} from {table} where {name} is not null"
                    )
                } <= set(meta["accepted"])


def test_keys_are_unique(rows):
    for table, key in TABLES.items():
        assert rows(f"select count(*) - count(distinct ({key})) from {table}") == [(0,)], table
    assert rows("select count(*) - count(distinct enterprise_id) from union_org") == [(0,)]
    assert rows("select count(*) - count(distinct name_zh) from enterprise") == [(0,)]
    assert rows("select count(id_number) - count(distinct id_number) from member") == [(0,)]


def test_check_characters(rows):
    codes = [code for (code,) in rows("select enterprise_id from enterprise")]
    assert len(codes) == SMALL
    assert all(uscc.is_valid(code) for code in codes)
    numbers = [
        number for (number,) in rows("select id_number from member where id_number is not null")
    ]
    assert numbers
    assert all(
        len(number) == 18 and ric.calc_check_digit(number) == number[-1] for number in numbers
    )
    assert rows(
        "select count(*) from member"
        " where (cast(id_number[17] as integer) % 2 = 1) <> (gender = 'm')"
    ) == [(0,)]


def test_references_hold(rows):
    references = [("enterprise", "region_code", "region"), ("region", "parent_code", "region")]
    references += [
        (table, "enterprise_id", "enterprise")
        for table in ("operating_event", "union_org", "violation")
    ]
    references += [
        (table, "union_id", "union_org")
        for table, columns in contract().items()
        if "union_id" in columns
    ]
    references += [("member_rating", "member_id", "member")]
    for table, column, other in references:
        key = "region_code" if other == "region" else column
        missing = f"select count(*) from {table} where {column} not in (select {key} from {other})"
        assert rows(missing) == [(0,)], (table, column)


@pytest.mark.parametrize(
    ("table", "predicate"),
    [
        (
            "region",
            "length(region_code) = case level when 'city' then 4 when 'county' then 6 else 9 end",
        ),
        ("region", "starts_with(region_code, parent_code)"),
        (
            "enterprise",
            "length(region_code) = 9 and substr(enterprise_id, 3, 6) = substr(region_code, 1, 6)",
        ),
        ("enterprise", "employee_count >= 0"),
        ("union_org", "committee_term_years in (3, 5)"),
        ("union_org", "established_on <= linked_on and established_on <= committee_elected_on"),
        (
            "member",
            "left_on >= joined_on and joined_on <= date '2021-01-05' and verified_on >= joined_on",
        ),
        ("fund_remittance", "day(month) = 1 and amount_due >= 0 and amount_paid >= 0"),
        ("collective_contract", "effective_to >= effective_from and registered_on >= signed_on"),
        ("safety_inspection", "hazards_rectified between 0 and hazards_found"),
        ("labour_dispute", "closed_on >= opened_on and (outcome is null) = (closed_on is null)"),
        ("labour_dispute", "recovered >= 0 and revisited_on >= closed_on"),
        ("service_request", "closed_at >= opened_at"),
        ("hardship_case", "assisted_on >= registered_on and lifted_on >= registered_on"),
        ("skills_event", "participants >= 0"),
        ("proposal", "adopted_on >= submitted_on and benefit >= 0"),
        ("innovation_studio", "closed_on >= opened_on"),
        ("workers_congress", "disclosures >= 0"),
        ("venue", "closed_on >= opened_on"),
        ("activity", "participants >= 0"),
        ("member_rating", "stars between 1 and 5"),
        ("violation", "due_on >= found_on and rectified_on >= found_on"),
    ],
)
def test_rows_keep_the_rules_of_the_contract(rows, table, predicate):
    assert rows(f"select count(*) from {table} where not ({predicate})") == [(0,)]


def test_nothing_belongs_to_a_union_before_it_was_founded(rows):
    days = {
        "member": "joined_on",
        "collective_contract": "signed_on",
        "venue": "opened_on",
        "activity": "held_on",
    }
    for table, day in days.items():
        early = (
            f"select count(*) from {table} join union_org using (union_id)"
            f" where {day} < established_on"
        )
        assert rows(early) == [(0,)], table
    assert rows(
        "select count(*) from union_org join enterprise using (enterprise_id)"
        " where union_org.established_on < enterprise.established_on"
    ) == [(0,)]


def test_a_small_city_is_whole(rows):
    assert rows(
        "select count(distinct substr(region_code, 1, 6)), count(distinct region_code)"
        " from enterprise"
    ) == [(12, 185)]
    kinds = rows(
        "select date_trunc('month', occurred_on) as month, count(distinct event)"
        " from operating_event where occurred_on between '2020-10-01' and '2020-12-31' group by all"
    )
    assert [number for _, number in kinds] == [7, 7, 7]


def test_handed_over_in_early_january(rows):
    latest = [
        day
        for table in TABLES
        if table != "region"
        for (day,) in rows(f"select max(updated_at) from {table}")
    ]
    assert max(latest).astimezone(dt.timezone(dt.timedelta(hours=8))).date() == dt.date(2021, 1, 5)
    assert rows("select count(*) > 0 from activity where held_on > '2020-12-31'") == [(True,)]
