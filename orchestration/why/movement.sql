-- Of each area and dimension: the points of the unions that stayed, before and now, summed in units of the fourth decimal.
select
    members.area_code,
    now.dimension,
    count(*) as stayed,
    sum(cast(earlier.points * 10000 as bigint)) as stayed_before,
    sum(cast(now.points * 10000 as bigint)) as stayed_after
from movement_members as members
inner join union_dimension as now on members.union_id = now.union_id
inner join before_union_dimension as earlier on members.union_id = earlier.union_id and now.dimension = earlier.dimension
where members.was_there and members.is_there and now.points is not null and earlier.points is not null
group by members.area_code, now.dimension
order by members.area_code, now.dimension
