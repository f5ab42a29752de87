"""Means are hidden by the number of unions behind them, not by their area's linked unions.

The data are the contract's example, of whose counties one is shown.
"""

import duckdb
import pytest

from orchestration.contract.parameters import parameters
from quality import disclosure, recovery
from quality.intervals import Block
from tests.support.editions import make_release

PERIOD = "2020-12"
CITY, SHOWN_COUNTY = "3303", "330381"
LEAST = parameters().smallest_area
BEHIND = """
    select public.*, judged.observed + judged.missing as behind, areas.suppressed as of_area
    from read_parquet('{0}/public/area_indicator.parquet') as public
    join read_parquet('{0}/internal/area_indicator.parquet') as judged using (area_code, indicator)
    join read_parquet('{0}/public/area_index.parquet') as areas using (area_code)
"""
FIGURES = "coalesce(public.observed, public.missing, public.not_applicable, public.mean_score)"
CONCERN_ALL = """
    update union_indicator set status = 'observed', score = 50 where indicator = 'wage_agreement'
"""
# Of the shown county 20 unions are concerned, which leaves 9 of the city's 29 to the hidden areas.
CONCERN_FEW_OF_THE_REST = """
    update union_indicator set status = 'not_applicable', score = null
    where indicator = 'wage_agreement' and union_id not in (
        select union_id
        from (
            select
                union_id,
                row_number() over (partition by county_code = '330381' order by union_id) as number,
                county_code = '330381' as is_shown
            from union_index
        )
        where number <= case when is_shown then 20 else 9 end
    )
"""
ALL_HIGHEST_IN_THE_SHOWN_COUNTY = [
    """
    update union_indicator
    set status = 'observed',
        score = case
            when union_id in (select union_id from union_index where county_code = '330381')
                then 100
            else 50
        end
    where indicator = 'wage_agreement'
    """,
    """
    update area_indicator
    set observed = linked, missing = 0, not_applicable = 0,
        mean_score = case
            when linked = 0 then null
            when area_code = '3303' then round((29 * 100 + 34 * 50) / 63, 4)
            when area_code like '330381%' then 100
            else 50
        end
    from (select area_code as code, linked from area_index) as areas
    where code = area_code and indicator = 'wage_agreement'
    """,
]
RECOUNT = """
    update area_indicator as area
    set observed = counted.observed, missing = 0, mean_score = 50,
        not_applicable = counted.not_applicable
    from (
        select
            area_code,
            count(*) filter (where status = 'observed') as observed,
            count(*) filter (where status = 'not_applicable') as not_applicable
        from area_index
        join union_index on starts_with(township_code, area_code)
        join union_indicator using (union_id)
        where indicator = 'wage_agreement'
        group by area_code
    ) as counted
    where area.area_code = counted.area_code and indicator = 'wage_agreement'
"""


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return make_release(tmp_path_factory.mktemp("means") / "r1")


def rows(folder, condition):
    query = f"select area_code, indicator from ({BEHIND.format(folder)}) as public where "
    with duckdb.connect() as connection:
        return set(connection.execute(query + condition).fetchall())


def show(folder, area, indicator):
    """Show one row of the indicators of areas that is hidden."""
    file = folder / "public" / "area_indicator.parquet"
    judged = folder / "internal" / "area_indicator.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"""
            create table shown as
            from read_parquet('{file}')
            where area_code <> '{area}' or indicator <> '{indicator}'
            union all by name
            select *, false as suppressed from read_parquet('{judged}')
            where area_code = '{area}' and indicator = '{indicator}'
        """)
        connection.execute(f"copy (from shown order by all) to '{file}' (format parquet)")


def test_no_mean_over_few_unions_is_shown_nor_the_counts_beside_it(example):
    few = rows(example, f"behind < {LEAST} and not of_area")
    assert (SHOWN_COUNTY, "dispute_resolution") in few
    assert (CITY, "member_satisfaction") in few
    assert not rows(example, f"behind < {LEAST} and (not suppressed or {FIGURES} is not null)")
    others = rows(example, f"not suppressed and {FIGURES} is not null")
    assert (SHOWN_COUNTY, "wage_agreement") in others
    assert list(disclosure.differences(example)) == []
    assert list(disclosure.small_areas_shown(example)) == []
    assert list(recovery.recoverable(example)) == []


def test_a_mean_over_few_unions_that_is_shown_is_found(tmp_path):
    folder = make_release(tmp_path / "r1")
    show(folder, SHOWN_COUNTY, "dispute_resolution")
    [found] = disclosure.small_areas_shown(folder)
    assert (
        found == "the mean of union_indicator.score dispute_resolution is over few unions in 1 area"
    )


def test_means_over_few_unions_are_not_left_to_differences(tmp_path):
    changes = [CONCERN_ALL, CONCERN_FEW_OF_THE_REST, RECOUNT]
    folder = make_release(tmp_path / "r1", changes)
    hidden = rows(folder, f"indicator = 'wage_agreement' and suppressed and behind >= {LEAST}")
    assert hidden == {(SHOWN_COUNTY, "wage_agreement")}
    assert list(recovery.recoverable(folder)) == []
    show(folder, SHOWN_COUNTY, "wage_agreement")
    [found] = recovery.recoverable(folder)
    assert found == (
        "union_indicator.score wage_agreement: "
        "found by difference: 0 suppressed areas, 1 small sum of suppressed areas"
    )


def test_a_mean_that_changed_for_few_unions_is_hidden_in_a_revision(tmp_path):
    first = make_release(tmp_path / "r1")
    correction = f"""
        update union_indicator set score = 1 where indicator = 'venues' and union_id = (
            select min(union_id) from union_index where county_code = '{SHOWN_COUNTY}'
        )
    """
    second = make_release(tmp_path / "r2", [correction], earlier=[first])
    assert (SHOWN_COUNTY, "venues") in rows(first, "not suppressed")
    assert (SHOWN_COUNTY, "venues") in rows(second, "suppressed")
    assert list(recovery.recoverable(second, [first])) == []
    # Of rows that an earlier release hid, a revision shows none.
    assert rows(second, "not suppressed") <= rows(first, "not suppressed")


def test_a_mean_at_its_highest_does_not_tell_the_hidden_ones_in_it(tmp_path):
    folder = make_release(tmp_path / "r1", ALL_HIGHEST_IN_THE_SHOWN_COUNTY)
    assert (SHOWN_COUNTY, "wage_agreement") in rows(folder, "suppressed and not of_area")
    assert (CITY, "wage_agreement") in rows(folder, "not suppressed")
    assert list(recovery.recoverable(folder)) == []
    show(folder, SHOWN_COUNTY, "wage_agreement")
    known = "4 hidden means over few unions are known too nearly"
    assert f"union_indicator.score wage_agreement: {known}" in list(recovery.recoverable(folder))


def test_the_interval_of_a_hidden_mean_is_what_the_sum_and_the_bounds_leave():
    unions = {"330301001": 5, "330301002": 5}
    assert Block(unions, 990, 990, (0, 100)).width(["330301001"]) == pytest.approx(2)
    assert Block(unions, 10, 10, (0, 100)).width(["330301001"]) == pytest.approx(2)
    assert Block(unions, 500, 500, (0, 100)).width(["330301001"]) == pytest.approx(100)
    with pytest.raises(ValueError, match="no figures add up"):
        Block(unions, 1001, 1001, (0, 100)).width(["330301001"])
