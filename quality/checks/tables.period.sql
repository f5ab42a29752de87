-- tables with rows of another month
with periods as (
    select
        'union_indicator' as table_name,
        period
    from union_indicator
    union all
    select
        'union_dimension' as table_name,
        period
    from union_dimension
    union all
    select
        'union_index' as table_name,
        period
    from union_index
    union all
    select
        'area_index' as table_name,
        period
    from area_index
    union all
    select
        'area_dimension' as table_name,
        period
    from area_dimension
    union all
    select
        'area_indicator' as table_name,
        period
    from area_indicator
    union all
    select
        'county_ranking' as table_name,
        period
    from county_ranking
    union all
    select
        'alert' as table_name,
        period
    from alert
    union all
    select
        'population_change' as table_name,
        period
    from population_change
)

select distinct periods.table_name || ' ' || periods.period as fault
from periods
cross join build
where periods.period is distinct from build.period
