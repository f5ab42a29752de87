-- counties of the source's regions without a row in the ranking, or rows of it without such a county
with counties as (
    select region_code
    from accepted_region
    where level = 'county'
)

select coalesce(counties.region_code, ranking.area_code) as fault
from counties
full join county_ranking as ranking on counties.region_code = ranking.area_code
where counties.region_code is null or ranking.area_code is null
