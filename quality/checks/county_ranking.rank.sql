-- counties that the ranking shows otherwise than the areas
select coalesce(areas.area_code, counties.area_code) as fault
from (
    select * from area_index
    where level = 'county'
) as areas
full join county_ranking as counties on areas.area_code = counties.area_code
where
    (areas.rank, areas.previous_rank, areas.name_zh, areas.name_en, areas.health_index, areas.sampling_rate)
    is distinct from
    (counties.rank, counties.previous_rank, counties.name_zh, counties.name_en, counties.health_index, counties.sampling_rate)
