"""A check that does not hold says what is due, how many rows fail, and which."""

import duckdb
import pandas as pd
import pytest

from quality.explaining import explained
from quality.publication import published_tables
from quality.queries import judge_queries, rendered_queries

AREAS = pd.DataFrame(
    {
        "period": "2020-12",
        "area_code": ["3303", "330302", "330302", "330303", "330304", "330305", "330306"],
        "level": ["city", "county", "county", "?", None, "county", "county"],
        "linked": [10, -1, -1, -1, -1, -1, -1],
        "sampling_rate": [50.0, 101.0, None, None, None, None, None],
        "health_index": [None] * 7,
    }
)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("area_index.rows.floor", "area_index has 7 rows; at least 1 are due"),
        ("area_index.level.filled", "level is due in every row; 1 of 7 rows fail: 330304"),
        (
            "area_index.level.codes",
            "level is due as city, county, township; 1 of 7 rows fail: 330303",
        ),
        (
            "area_index.key.unique",
            "one row is due for each period, area_code; 2 of 7 rows fail: 330302, 330302",
        ),
        (
            "area_index.sampling_rate.bounds",
            "sampling_rate is due from 0 to 100; 1 of 7 rows fail: 330302",
        ),
        (
            "area_index.linked.bounds",
            "linked is due from 0; 6 of 7 rows fail: 330302, 330302, 330303, 330304, 330305 …",
        ),
        (
            "area_index.health_index.due",
            "health_index is filled in 0 of 7 rows; it is due in at least 1%",
        ),
    ],
)
def test_what_an_expectation_found(name, told):
    assert explained(name, published_tables()["area_index"], AREAS) == told


def test_refused_rows_are_told_by_table_rule_column_and_key(monkeypatch):
    query = rendered_queries()["rows.refused_share"]
    monkeypatch.setattr("quality.queries.rendered_queries", lambda: {"rows.refused_share": query})
    with duckdb.connect() as evidence:
        evidence.execute(
            "create table row_balance as select 'venue' as source_table, 20 as landed, 9 as refused"
        )
        evidence.execute("""
            create table refused_rows as
            select 'venue' as source_table, 'N' || n as source_key, n as landing_row,
                if(n < 3, 'reference', 'type') as rule, if(n < 3, 'union_id', 'opened_on') as detail
            from range(1, 10) as numbers (n)
            union all select 'venue', 'N10', 10, 'merged', null
        """)
        [result] = judge_queries(evidence)
    assert not result.passed
    assert result.observed.endswith(
        ": venue 9 of 20 by type opened_on 7 (N3, N4, N5, N6, N7); reference union_id 2 (N1, N2)"
    )
