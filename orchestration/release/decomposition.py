"""What the movement of an area's index is made of: method, membership of the sample, and data.

They are computed in this order. Of the unions' indices:

- m is the mean over the other release's sample, as released;
- m' is the mean over the same sample, scored by this release's methodology;
- n is the mean over this release's sample;
- c' is the mean of before, scored by this methodology, of the unions in both samples;
- c is the mean of now, of the unions in both samples.

Then method = m' - m, membership = (c' - m') + (n - c), and data = c - c'. Without unions in both
samples all but the method is membership. Each part is rounded once, half away from zero, to 4
decimals.

A union counts where each release has it: if it moves to another area, it leaves one and joins the
other. A union without an index, because no indicator applies to it, is in no sample. A union that
this methodology cannot score keeps its index as released.
"""

from pathlib import Path

import duckdb

from orchestration.build.warehouse import sql_path
from orchestration.release.rescoring import in_units, rescore


def decompose(
    connection: duckdb.DuckDBPyConnection,
    before: Path,
    after: Path,
) -> None:
    """Make the table `decomposition`, as `changes.yml` describes it.

    It has a row for each area that both releases have.
    """
    connection.execute(
        "create or replace macro quotient(n, d) as sign(n) * ((2 * abs(n) + d) // (2 * d))"
    )
    connection.execute("""
        create or replace macro exact(n) as
        cast(cast(n as decimal(30, 0)) * cast(0.0001 as decimal(4, 4)) as decimal(18, 4))
    """)
    rescore(connection, before, after)
    connection.execute(f"""
        create or replace table decomposition as
        with
        areas as ({areas_of(before)}),
        areas_after as ({areas_of(after)}),
        members as ({members_of(before)}),
        members_after as ({members_of(after)}),
        sums as (
            select
                area_code,
                cast(count(old.units) as hugeint) as n,
                cast(count(new.units) as hugeint) as n_after,
                cast(count(old.units + new.units) as hugeint) as n_both,
                sum(old.units) as s,
                sum(coalesce(rescored.units, old.units))
                    filter (old.units is not null) as s_rescored,
                sum(new.units) as s_after,
                coalesce(
                    sum(coalesce(rescored.units, old.units))
                        filter (old.units is not null and new.units is not null),
                    0
                ) as s_both_rescored,
                coalesce(sum(new.units) filter (old.units is not null), 0) as s_both_after
            from members as old
            full join members_after as new using (area_code, union_id)
            left join rescored using (union_id)
            group by area_code
        ),
        parts as (
            select
                area_code,
                quotient(s_rescored - s, n) as method,
                case
                    when n_both = 0 then quotient(s_after * n - s_rescored * n_after, n * n_after)
                    else quotient(
                        (s_both_rescored - s_both_after) * n * n_after
                        + (s_after * n - s_rescored * n_after) * n_both,
                        n_both * n * n_after
                    )
                end as membership,
                case
                    when n_both = 0 then 0
                    else quotient(s_both_after - s_both_rescored, n_both)
                end as data
            from sums
            where n > 0 and n_after > 0
        )
        select
            areas_after.period,
            area_code,
            areas_after.level,
            areas.health_index as before,
            areas_after.health_index as after,
            areas_after.health_index - areas.health_index as change,
            exact(data) as data,
            exact(membership) as membership,
            exact(method) as method,
            areas_after.health_index - areas.health_index
            - exact(data + membership + method) as rounding,
            coalesce(n_both, 0) as stayed,
            coalesce(n_after - n_both, 0) as joined,
            coalesce(n - n_both, 0) as left_sample
        from areas_after
        inner join areas using (area_code)
        left join sums using (area_code)
        left join parts using (area_code)
    """)


def movers_of(before: Path, after: Path) -> str:
    """The query of how many unions moved the index of each area, by data and by method.

    The connection has the table `rescored`, which `decompose` makes.
    """
    return f"""
        select
            area_code,
            count(*) filter (new.units <> rescored.units) as by_data,
            count(*) filter (old.units <> rescored.units) as by_method
        from ({members_of(before)}) as old
        left join ({members_of(after)}) as new using (area_code, union_id)
        left join rescored using (union_id)
        group by area_code
    """


def areas_of(release: Path) -> str:
    """The query of a release's areas with their indices."""
    file = sql_path(release / "internal" / "area_index.parquet")
    return f"select period, area_code, level, health_index from read_parquet('{file}')"


def members_of(release: Path) -> str:
    """The query of the unions of each of a release's areas.

    Their indices are in units of the fourth decimal.
    """
    return f"""
        select
            unnest([city.area_code, county_code, township_code]) as area_code,
            union_id,
            {in_units("health_index")} as units
        from read_parquet('{sql_path(release / "internal" / "union_index.parquet")}')
        cross join (select area_code from ({areas_of(release)}) where level = 'city') as city
    """
