-- The unions of each county and township, before and now.
create temporary table movement_members as
with places as (
    select area_code from area_index
    where level <> 'city'
),

old_members as (
    select
        places.area_code,
        before_union_index.union_id
    from places
    inner join before_union_index on starts_with(before_union_index.township_code, places.area_code)
),

new_members as (
    select
        places.area_code,
        union_index.union_id
    from places
    inner join union_index on starts_with(union_index.township_code, places.area_code)
)

select
    coalesce(old_members.area_code, new_members.area_code) as area_code,
    coalesce(old_members.union_id, new_members.union_id) as union_id,
    old_members.union_id is not null as was_there,
    new_members.union_id is not null as is_there
from old_members
full join new_members on old_members.area_code = new_members.area_code and old_members.union_id = new_members.union_id
