"""`uhi trace` answers why: why a union is not measured, why a rank moved, which rows give a grade.

Against the source's own files.
"""

import csv
import json
from fractions import Fraction

import duckdb
import pytest

from orchestration.audit import tracing
from orchestration.contract.needed_codes import needed_grades
from tests.support.faults import copy_of
from tests.support.forgery import seal
from tests.support.settings import EXAMPLE
from tests.support.traced_figures import CITY, published, rewrite, uhi

AS_OF = "2020-12-31"


def source(table):
    with (EXAMPLE / "source" / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def reasons_by_hand():
    """Why each union of the example is not measured in December, by its source files.

    Nothing of those measured.
    """
    enterprises = {row["enterprise_id"]: row for row in source("enterprise")}
    latest = {}
    for row in sorted(
        source("operating_event"),
        key=lambda row: (row["occurred_on"], row["updated_at"], row["event_id"]),
    ):
        if row["occurred_on"] <= AS_OF:
            latest[row["enterprise_id"]] = row
    found = {}
    for union in source("union_org"):
        enterprise, event = (
            enterprises[union["enterprise_id"]],
            latest.get(union["enterprise_id"], {}),
        )
        reasons = {
            ("enterprise_established_later", enterprise["established_on"]): enterprise[
                "established_on"
            ]
            > AS_OF,
            ("union_established_later", union["established_on"]): union["established_on"] > AS_OF,
            (f"enterprise_{event.get('event')}", event.get("occurred_on")): event.get("event")
            in ("closed", "merged"),
            ("never_linked", None): not union["linked_on"],
            ("linked_later", union["linked_on"]): union["linked_on"] > AS_OF,
        }
        if held := [reason for reason, holds in reasons.items() if holds]:
            found[union["union_id"]] = held
    return found


@pytest.fixture(scope="module")
def city(release, home):
    """The city traced."""
    return tracing.trace_area(release, home, CITY)


def test_every_union_that_is_not_measured_says_why(city, release):
    told = {}
    for row in city["unmeasured"]:
        told.setdefault(row["union_id"], []).append((row["reason"], row["happened_on"]))
    assert told == reasons_by_hand() != {}
    linked = {union for (union,) in published(release, "select union_id from union_index")}
    assert told.keys() | linked == {row["union_id"] for row in source("union_org")}
    assert not told.keys() & linked


@pytest.mark.parametrize(
    "reason", ["enterprise_closed", "enterprise_merged", "never_linked", "linked_later"]
)
def test_a_union_that_is_not_measured_is_answered_with_its_reason(release, home, city, reason):
    row = next(row for row in city["unmeasured"] if row["reason"] == reason)
    told = uhi(home, "--release", release, "--union", row["union_id"], "--json")
    assert told.exit_code == 0, told.stderr
    why = json.loads(told.stdout)["not_measured"]
    assert (why["union_id"], why["enterprise_ids"]) == (row["union_id"], [row["enterprise_id"]])
    assert {"reason": reason, "happened_on": row["happened_on"]} in why["reasons"]
    lines = uhi(home, "--release", release, "--union", row["union_id"]).stdout
    assert f"{row['union_id']} of the enterprise {row['enterprise_id']} is not measured:" in lines
    assert row["happened_on"] is None or row["happened_on"] in lines


def test_an_identifier_that_nothing_landed_has_is_refused(release, home):
    told = uhi(home, "--release", release, "--union", "U9999999")
    assert told.exit_code == 2
    assert "No landed row of union_org has U9999999 either." in told.stderr


def test_a_union_left_out_that_should_be_measured_is_a_difference(
    release, home, some_union, tmp_path
):
    forged = copy_of(release, tmp_path, "r1")
    rewrite(
        forged / "internal" / "union_index.parquet",
        f"delete from figures where union_id = '{some_union}'",
    )
    seal(forged)
    told = uhi(home, "--release", forged, "--union", some_union)
    assert told.exit_code == 5
    assert "no reason is found: computed again, it is linked" in told.stdout


def test_a_moved_rank_is_made_of_the_areas_parts(release, home):
    before = release / "internal" / "predecessor" / "tables"
    ranks = {
        code: (old, new)
        for code, old, new in published(
            release, "select area_code, previous_rank, rank from county_ranking"
        )
    }
    movements = {code: tracing.trace_area(release, home, code)["movements"][0] for code in ranks}
    for code, moved in movements.items():
        assert moved["since"] == {
            "kind": "month_before",
            "period": "2020-11",
            "release": None,
            "same_methodology": True,
        }
        assert (moved["rank_before"], moved["rank"]) == ranks[code]
        assert moved["change"] == moved["of_stayed"] + moved["of_members"]
        for dimension in moved["dimensions"]:
            parts = duckdb.sql(
                f"""
                select
                    sum(cast(n.points * 10000 as bigint) - cast(o.points * 10000 as bigint)),
                    count(*)
                from '{release}/internal/union_dimension.parquet' n
                join '{before}/union_dimension.parquet' o using (union_id, dimension)
                join '{release}/internal/union_index.parquet' nu using (union_id)
                join '{before}/union_index.parquet' ou using (union_id)
                where dimension = '{dimension["dimension"]}'
                and nu.county_code = '{code}' and ou.county_code = '{code}'
                """
            ).fetchall()
            exact = Fraction(int(parts[0][0]), parts[0][1] * 10_000)
            assert abs(Fraction(dimension["points"]) - exact) <= Fraction(1, 20_000)
            assert moved["stayed"] == parts[0][1]
        overtaken = {
            other
            for other, (old, new) in ranks.items()
            if other != code and old >= ranks[code][0] and new < ranks[code][1]
        }
        assert {row["area_code"] for row in moved["overtaken_by"]} == overtaken
    assert any(moved["overtaken_by"] for moved in movements.values())


def test_a_fallen_rank_is_told_with_who_went_past(release, home):
    [(fallen, before, now)] = published(
        release,
        """
        select area_code, previous_rank, rank from county_ranking
        where rank > previous_rank order by area_code limit 1
        """,
    )
    told = uhi(home, "--release", release, "--area", fallen).stdout
    assert f"since the month before (2020-11): rank {before} -> {now}" in told
    assert "\n  overtaken by 3303" in told


def test_a_previous_rank_other_than_that_of_the_month_before_is_a_difference(
    release, home, tmp_path
):
    forged = copy_of(release, tmp_path, "r1")
    change = "update figures set previous_rank = 9 where area_code = '330302'"
    rewrite(forged / "internal" / "area_index.parquet", change)
    seal(forged)
    differences = tracing.trace_area(forged, home, "330302")["differences"]
    assert {"of": "330302", "figure": "previous_rank", "published": 9, "computed": 3} in differences


@pytest.mark.parametrize("indicator", needed_grades())
def test_the_rows_that_give_a_grade_give_the_published_value(release, home, indicator):
    query = f"""
        select min(union_id) from union_indicator
        where indicator = '{indicator}' and status = 'observed'
        group by value order by value
    """
    for (union,) in published(release, query):
        found = tracing.trace_union(release, home, union, indicator)
        [grade] = found["grades"]
        [(value,)] = published(
            release,
            (
                "select value from union_indicator"
                f" where union_id = '{union}' and indicator = '{indicator}'"
            ),
        )
        assert (found["differences"], grade["indicator"], grade["value"]) == ([], indicator, value)
        deciding = [row for row in grade["rows"] if row["decides"]]
        counting = [row for row in found["source_rows"] if row["counts_as"] != "employees"]
        assert {row["key"] for row in deciding} <= {row["key"] for row in counting}
        assert bool(deciding) == bool(counting)
        if deciding and indicator != "open_affairs":
            assert {row["gives"] for row in deciding} == {value}
        table = {row["table"] for row in grade["rows"]}
        landed = next(
            (each["file"] for each in found["landing"]["files"] if {each["table"]} == table), None
        )
        column = "enterprise_id" if indicator == "operating_status" else "union_id"
        whose = found["union"][column]
        if landed:
            assert duckdb.sql(
                f"select count(*) from '{landed}' where {column} = '{whose}'"
            ).fetchall() == [(len(grade["rows"]),)]


def test_contracts_that_give_no_grade_say_why(release, home):
    contracts = source("collective_contract")
    by_union = {
        row["union_id"]
        for row in contracts
        if row["kind"] == "general" and row["effective_to"] < AS_OF
    }
    linked = {union for (union,) in published(release, "select union_id from union_index")}
    union = min(by_union & linked)
    [grade] = tracing.trace_union(release, home, union, "collective_contract")["grades"]
    told = {row["key"]: (row["why"], row["on"]) for row in grade["rows"]}
    for row in contracts:
        if row["union_id"] == union and row["kind"] == "general" and row["effective_to"] < AS_OF:
            assert told[row["contract_id"]] == ("ended", row["effective_to"])
        elif row["union_id"] == union and row["kind"] != "general":
            assert told[row["contract_id"]][0] == "not_general"
    lines = uhi(
        home, "--release", release, "--union", union, "--indicator", "collective_contract"
    ).stdout
    assert "does not count  collective_contract " in lines
    assert "ended on " in lines


@pytest.fixture
def refusing(release, home, tmp_path):
    """A copy of the release whose account says that some rows were refused.

    They are the rows of a union, a venue, a member and an enterprise.
    """
    forged = copy_of(release, tmp_path, "r1")
    intake = next((home / "landing" / "intakes").glob("*"))
    rules = {
        "union_org": ("union_id = 'U0000440'", "predicate", "established_on <= linked_on"),
        "venue": ("union_id = 'U0001178'", "enumeration", "kind"),
        "member": ("union_id = 'U0001178'", "enumeration", "gender"),
        "enterprise": ("enterprise_id = '91330302222057877B'", "type", "employee_count"),
    }
    values = []
    for table, (condition, rule, detail) in rules.items():
        key = {"union_org": "union_id"}.get(table, f"{table}_id")
        query = f"select min({key}), min_by(landing_row, {key}) from '{intake / table}.parquet'"
        [(name, row)] = duckdb.sql(f"{query} where {condition}").fetchall()
        values.append(f"('{table}', '{name}', '{rule}', '{detail}', {row})")
    into = "figures (source_table, source_key, rule, detail, landing_row)"
    change = f"insert into {into} values {', '.join(values)}"
    rewrite(forged / "internal" / "staging" / "refused_rows.parquet", change)
    seal(forged)
    return forged


def test_a_union_whose_row_was_refused_says_by_which_rule_and_value(refusing, home):
    told = uhi(home, "--release", refusing, "--union", "U0000440", "--json")
    why = json.loads(told.stdout)["not_measured"]
    assert [reason["reason"] for reason in why["reasons"]] == ["row_refused"]
    [row] = why["refused_rows"]
    landed = next(row for row in source("union_org") if row["union_id"] == "U0000440")
    assert (row["table"], row["rule"], row["columns"]) == (
        "union_org",
        "predicate",
        ["established_on", "linked_on"],
    )
    assert row["values"] == {
        "established_on": landed["established_on"],
        "linked_on": landed["linked_on"] or None,
    }


def test_a_union_whose_enterprise_was_refused_says_so(refusing, home):
    why = tracing.trace_union(refusing, home, "U0001113")["not_measured"]
    assert {reason["reason"] for reason in why["reasons"]} == {"no_enterprise", "never_linked"}
    assert [(row["table"], row["rule"]) for row in why["refused_rows"]] == [("enterprise", "type")]


def test_refused_rows_of_a_county_show_values_but_never_a_persons(refusing, home):
    rows = {
        row["table"]: row for row in tracing.trace_area(refusing, home, "330302")["refused_rows"]
    }
    assert rows.keys() == {"union_org", "venue", "member", "enterprise"}
    [kind] = {row["kind"] for row in source("venue") if row["venue_id"] == rows["venue"]["key"]}
    assert (rows["venue"]["values"], rows["venue"]["personal"]) == ({"kind": kind}, False)
    assert (rows["member"]["columns"], rows["member"]["values"], rows["member"]["personal"]) == (
        ["gender"],
        {},
        True,
    )
    assert all(row["region_code"].startswith("330302") for row in rows.values())
    lines = uhi(home, "--release", refusing, "--area", "330302").stdout
    assert "enumeration: gender: about a person, not shown" in lines
    assert "type: employee_count: not landed" in lines
    assert f"enumeration: kind = {kind}" in lines
