"""Column lineage of one statement: how each way of using a column in SQL is told."""

import pytest
from sqlglot.errors import OptimizeError

from orchestration.lineage.statements import composed, lineage_of, schema_of, variable

SCHEMA = schema_of(
    {"room.people": ("id", "house", "age", "left_on"), "room.houses": ("id", "street")}
)
CASES = [
    ("the column itself", "select age from room.people", {"people.age": {"IDENTITY"}}),
    (
        "under another name",
        "select p.age as years from room.people as p",
        {"people.age": {"IDENTITY"}},
    ),
    ("a star", "select * from (select age from room.people) as p", {"people.age": {"IDENTITY"}}),
    ("a cast", "select cast(age as varchar) from room.people", {"people.age": {"TRANSFORMATION"}}),
    (
        "coalesce",
        "select coalesce(age, house) from room.people",
        {"people.age": {"TRANSFORMATION"}, "people.house": {"TRANSFORMATION"}},
    ),
    (
        "a condition",
        "select case when left_on is null then age end from room.people",
        {
            "people.left_on": {"CONDITIONAL"},
            "people.age": {"TRANSFORMATION"},
        },
    ),
    (
        "what a case compares",
        "select case house when 1 then age end from room.people",
        {
            "people.house": {"CONDITIONAL"},
            "people.age": {"TRANSFORMATION"},
        },
    ),
    (
        "an aggregate with its rows",
        "select max(age) from room.people where left_on is null group by house",
        {
            "people.age": {"AGGREGATION"},
            "people.left_on": {"FILTER"},
            "people.house": {"GROUP_BY"},
            "people.*": {"FILTER"},
        },
    ),
    (
        "an aggregate filtered",
        "select max(age) filter (where left_on is null) from room.people",
        {
            "people.age": {"AGGREGATION"},
            "people.left_on": {"CONDITIONAL"},
            "people.*": {"FILTER"},
        },
    ),
    (
        "a count of rows",
        "select count(*) from room.people where left_on is null",
        {"people.left_on": {"FILTER"}, "people.*": {"FILTER"}},
    ),
    (
        "a window",
        "select sum(age) over (partition by house order by id) from room.people",
        {
            "people.age": {"AGGREGATION"},
            "people.house": {"WINDOW"},
            "people.id": {"WINDOW"},
            "people.*": {"FILTER"},
        },
    ),
    (
        "of a relation that is joined",
        "select h.street from room.people as p left join room.houses as h on p.house = h.id",
        {
            "houses.street": {"IDENTITY"},
            "people.house": {"JOIN"},
            "houses.id": {"JOIN"},
            "houses.*": {"FILTER"},
        },
    ),
    (
        "of the relation that others are joined to",
        "select p.age from room.people as p left join room.houses as h on p.house = h.id",
        {
            "people.age": {"IDENTITY"},
        },
    ),
    (
        "by way of another query",
        "with p as (select age + 1 as age from room.people) select max(age) from p",
        {
            "people.age": {"AGGREGATION"},
            "people.*": {"FILTER"},
        },
    ),
    (
        "of both parts of a union",
        "select age from room.people union all select id from room.houses",
        {
            "people.age": {"IDENTITY"},
            "houses.id": {"IDENTITY"},
        },
    ),
    (
        "a query as a value",
        "select (select max(street) from room.houses) from room.people",
        {
            "houses.street": {"AGGREGATION"},
            "houses.*": {"FILTER"},
            "people.*": {"FILTER"},
        },
    ),
    (
        "a recursive query",
        (
            "with recursive r as (select id from room.houses union all select r.id from r)"
            " select id from r"
        ),
        {
            "houses.id": {"IDENTITY"},
        },
    ),
    (
        "a variable",
        f"select cast('{variable('period')}' as date) from room.people",
        {"period": {"TRANSFORMATION"}},
    ),
    ("a constant", "select 'open' from room.people", {}),
]


def told(inputs):
    return {
        column if relation == "variable" else f"{relation.removeprefix('room.')}.{column}": {
            subtype for _, subtype in kinds
        }
        for (relation, column), kinds in inputs.items()
    }


@pytest.mark.parametrize(
    ("sql", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES]
)
def test_a_column_is_made_of(sql, expected):
    [inputs] = lineage_of(sql, SCHEMA).columns.values()
    assert told(inputs) == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select id from room.people", {"people.*": {"FILTER"}}),
        (
            "select id from room.people where age > 17",
            {"people.age": {"FILTER"}, "people.*": {"FILTER"}},
        ),
        (
            "select distinct house from room.people",
            {"people.house": {"GROUP_BY"}, "people.*": {"FILTER"}},
        ),
        ("select id from room.people order by age", {"people.*": {"FILTER"}}),
        (
            (
                "select p.id from room.people as p"
                " inner join (select id from room.houses where street = 'A') as h"
                " on p.house = h.id"
            ),
            {
                "people.house": {"JOIN"},
                "houses.id": {"JOIN"},
                "houses.street": {"FILTER"},
                "houses.*": {"FILTER"},
                "people.*": {"FILTER"},
            },
        ),
        (
            "select id from room.people where house in (select id from room.houses)",
            {
                "people.house": {"FILTER"},
                "houses.id": {"FILTER"},
                "houses.*": {"FILTER"},
                "people.*": {"FILTER"},
            },
        ),
    ],
)
def test_rows_are_decided_by(sql, expected):
    assert told(lineage_of(sql, SCHEMA).rows) == expected


def test_a_column_that_is_not_there_is_an_error():
    with pytest.raises(OptimizeError):
        lineage_of("select height from room.people", SCHEMA)


@pytest.mark.parametrize(
    ("inner", "outer", "whole"),
    [
        (("DIRECT", "IDENTITY"), ("DIRECT", "AGGREGATION"), ("DIRECT", "AGGREGATION")),
        (("DIRECT", "AGGREGATION"), ("DIRECT", "IDENTITY"), ("DIRECT", "AGGREGATION")),
        (("INDIRECT", "FILTER"), ("DIRECT", "IDENTITY"), ("INDIRECT", "FILTER")),
        (("DIRECT", "IDENTITY"), ("INDIRECT", "JOIN"), ("INDIRECT", "JOIN")),
        (("INDIRECT", "FILTER"), ("INDIRECT", "JOIN"), ("INDIRECT", "FILTER")),
    ],
)
def test_two_steps_make_one(inner, outer, whole):
    assert composed(inner, outer) == whole
