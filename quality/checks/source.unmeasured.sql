-- unions of the landing that neither are measured nor say why, or both, or that the landing does not have
with named as (
    select distinct union_id
    from landed_union_org
    where union_id is not null
),

explained as (
    select distinct union_id from unmeasured_unions
)

select coalesce(named.union_id, explained.union_id, measured.union_id) as fault
from named
full join explained on named.union_id = explained.union_id
full join union_index as measured on coalesce(named.union_id, explained.union_id) = measured.union_id
where named.union_id is null or (explained.union_id is null) = (measured.union_id is null)
