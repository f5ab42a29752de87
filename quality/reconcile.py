"""What must agree across tables, recomputed from the union rows alone: sums, counts, area means, ranks, alerts and health codes.

Each check is one query over the candidate's tables that returns the rows at fault; it is written apart from the models, on purpose.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from quality.verdict import CheckResult

REFUSED_SHARE = 0.005


@dataclass(frozen=True)
class Reconciliation:
    """A check across tables: its name, the query of the rows at fault, and what those rows are, in plain words."""

    name: str
    faults: str
    of_what: str


AREA_UNIONS = """
    area_unions as (
        select areas.area_code, areas.level, unions.* exclude (period)
        from area_index as areas inner join union_index as unions
            on areas.area_code in (unions.township_code, unions.county_code, substr(unions.county_code, 1, 4))
    )
"""
RECONCILIATIONS = (
    Reconciliation("rows.balance", "select * from row_balance where landed <> accepted + refused + merged", "source tables"),
    Reconciliation(
        "rows.refused_share", f"select * from row_balance where refused > {REFUSED_SHARE} * landed", "source tables over 0.5 % refused"
    ),
    Reconciliation("rows.regions_refused", "select * from row_balance where source_table = 'region' and refused > 0", "region tables"),
    Reconciliation("rows.landed", "select * from row_balance where landed = 0", "source tables without a row"),
    Reconciliation(
        "union_index.points_sum",
        """select unions.union_id from union_index as unions left join union_dimension as dimensions using (union_id)
           group by unions.union_id, unions.health_index having unions.health_index is distinct from sum(dimensions.points)""",
        "unions whose points do not sum to their index",
    ),
    Reconciliation(
        "union_indicator.complete",
        """select unions.union_id from union_index as unions left join union_indicator as indicators using (union_id)
           group by unions.union_id having count(indicators.indicator) <> (select count(*) from methodology_indicators)""",
        "unions without one row for each indicator",
    ),
    Reconciliation(
        "union_indicator.status_and_score",
        """select union_id from union_indicator where (status = 'observed') <> (value is not null)
              or (status = 'not_applicable') <> (score is null) or (status = 'missing' and score <> 0)""",
        "rows whose status and score disagree",
    ),
    Reconciliation(
        "union_index.city_rank",
        """select union_id from (select *, rank() over (order by health_index desc) as due from union_index)
           where due is distinct from city_rank""",
        "unions of another rank in the city",
    ),
    Reconciliation(
        "union_index.county_rank",
        """select union_id from (select *, rank() over (partition by county_code order by health_index desc) as due from union_index)
           where due is distinct from county_rank""",
        "unions of another rank in their county",
    ),
    Reconciliation(
        "area_index.counts",
        f"""with {AREA_UNIONS}, counted as (
               select area_code, count(*) as linked, count(*) filter (health_code = 'green') as green,
                   count(*) filter (health_code = 'yellow') as yellow, count(*) filter (health_code = 'red') as red
               from area_unions group by area_code)
           select areas.area_code from area_index as areas left join counted using (area_code)
           where (areas.linked, areas.green, areas.yellow, areas.red) is distinct from (coalesce(counted.linked, 0),
               coalesce(counted.green, 0), coalesce(counted.yellow, 0), coalesce(counted.red, 0)) or areas.linked > areas.frame""",
        "areas whose counts are not those of their unions",
    ),
    Reconciliation(
        "area_index.mean",
        f"""with {AREA_UNIONS}, means as (
               select area_code, sum(health_index) as total, count(*) as unions from area_unions group by area_code)
           select areas.area_code from area_index as areas left join means using (area_code)
           where (areas.health_index is null) <> (means.unions is null)
               or abs(areas.health_index * means.unions - means.total) > 0.00005 * means.unions""",
        "areas whose index is not the mean of their unions'",
    ),
    Reconciliation(
        "area_dimension.mean",
        f"""with {AREA_UNIONS}, means as (
               select area_code, dimension, sum(rate) as rate, sum(points) as points, count(*) as unions
               from area_unions inner join union_dimension using (union_id) group by area_code, dimension)
           select areas.area_code from area_dimension as areas left join means using (area_code, dimension)
           where (areas.rate is null) <> (means.unions is null)
               or abs(areas.rate * means.unions - means.rate) > 0.00005 * means.unions
               or abs(areas.points * means.unions - means.points) > 0.00005 * means.unions""",
        "areas whose rates are not the means of their unions'",
    ),
    Reconciliation(
        "area_index.sampling_rate",
        """select area_code from area_index where (frame = 0) <> (sampling_rate is null)
               or abs(sampling_rate * frame - 100 * linked) > 0.00005 * frame""",
        "areas whose sampling rate is not linked per frame",
    ),
    Reconciliation(
        "area_index.one_city",
        "select count(*) from area_index where level = 'city' having count(*) <> 1",
        "numbers of cities other than one",
    ),
    Reconciliation(
        "area_index.levels_sum",
        """select level from (select level, sum(frame) as frame, sum(linked) as linked from area_index group by level)
           where (frame, linked) is distinct from (select (frame, linked) from area_index where level = 'city')""",
        "levels whose areas do not sum to the city",
    ),
    Reconciliation(
        "county_ranking.rank",
        """select due.area_code from (select area_code, health_index, rank() over (order by health_index desc nulls last) as due_rank
               from area_index where level = 'county') as due
           left join county_ranking as counties using (area_code)
           where (case when due.health_index is not null then due_rank end, due.health_index)
               is distinct from (counties.rank, counties.health_index)""",
        "counties of another rank or index",
    ),
    Reconciliation(
        "county_ranking.interval",
        """select area_code from county_ranking where (rank is null) <> (rank_low is null) or (rank is null) <> (rank_high is null)
               or rank_low > rank_high""",
        "counties whose rank interval is missing or reversed",
    ),
    Reconciliation(
        "alert.health_code",
        """select unions.union_id from union_index as unions left join alert as alerts using (union_id)
           group by unions.union_id, unions.health_code
           having unions.health_code is distinct from case when count(*) filter (alerts.level = 'red') > 0 then 'red'
               when count(alerts.rule) > 0 then 'yellow' else 'green' end""",
        "unions whose health code is not that of their alerts",
    ),
    Reconciliation(
        "alert.complete",
        """with measures as (
               select union_id, 'index' as measure, null as dimension, health_index as observed from union_index
               union all select union_id, 'index_change', null, index_change from union_index
               union all select union_id, 'months_yellow', null, months_yellow from union_index
               union all select union_id, 'dimension_rate', dimension, rate from union_dimension
               union all select union_id, indicator, null, value from union_indicator),
           due as (
               select union_id, rule, rules.level, dimension, observed, rules.threshold from measures
               inner join methodology_alert_rules as rules using (measure)
               where case rules.operator when '<' then observed < rules.threshold when '<=' then observed <= rules.threshold
                   when '>' then observed > rules.threshold when '>=' then observed >= rules.threshold end),
           stored as (select union_id, rule, level, dimension, observed, threshold from alert)
           (select * from due except select * from stored) union all (select * from stored except select * from due)""",
        "alerts too many or too few",
    ),
)


def judge_across(tables: Path, staging: Path, methodology: dict[str, list[dict[str, str]]]) -> Iterator[CheckResult]:
    """Run every reconciliation over a candidate's folders of Parquet files. A query that raises is reported as not executed."""
    import pandas as pd

    with duckdb.connect() as connection:
        for file in [*sorted(tables.glob("*.parquet")), *sorted(staging.glob("*.parquet"))]:
            connection.from_parquet(str(file)).create_view(file.stem)
        for table in ("indicators", "alert_rules"):
            connection.register(f"handed_{table}", pd.DataFrame(methodology[table]))
        connection.execute("create view methodology_indicators as select * from handed_indicators")
        connection.execute(
            "create view methodology_alert_rules as"
            " select * replace (cast(threshold as decimal(18, 4)) as threshold) from handed_alert_rules"
        )
        for check in RECONCILIATIONS:
            try:
                counted = connection.execute(f"select count(*) from ({check.faults})").fetchone()
            except duckdb.Error as error:
                yield CheckResult(check.name, passed=False, observed=f"raised {type(error).__name__}", executed=False)
            else:
                faults = counted[0] if counted else 0
                yield CheckResult(check.name, passed=faults == 0, observed=f"{faults} {check.of_what}")
