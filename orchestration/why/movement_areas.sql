-- The counties and townships with their ranks and indices before and now, and which unions joined or are gone.
select
    area_index.area_code,
    area_index.level,
    area_index.name_zh,
    area_index.name_en,
    area_index.rank,
    area_index.health_index,
    before_area_index.rank as rank_before,
    before_area_index.health_index as health_index_before,
    coalesce(list(members.union_id order by members.union_id) filter (where members.is_there and not members.was_there), [])
        as joined,
    coalesce(list(members.union_id order by members.union_id) filter (where members.was_there and not members.is_there), [])
        as gone
from area_index
inner join before_area_index on area_index.area_code = before_area_index.area_code
left join movement_members as members on area_index.area_code = members.area_code
where area_index.level <> 'city'
group by all
order by area_index.area_code
