-- counties whose rank interval is missing, reversed or beyond the number of counties
with counted as (
    select
        *,
        count(*) over () as counties
    from county_ranking
)

select area_code as fault
from counted
where
    (rank is null) <> (rank_low is null)
    or (rank is null) <> (rank_high is null)
    or rank_low > rank_high
    or rank_high > counties
