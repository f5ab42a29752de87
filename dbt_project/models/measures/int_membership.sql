with members as (
    select * from {{ ref('stg_member') }}
),

linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

period as (
    select * from {{ ref('int_period') }}
)

select
    members.union_id,
    count(*) as members,
    count(case when members.verified_on <= period.as_of_date then 1 end) as verified_members,
    count(case when members.gender = 'f' then 1 end) as female_members
from members
inner join linked_unions on members.union_id = linked_unions.union_id
cross join period
where
    members.joined_on <= period.as_of_date
    and (members.left_on is null or members.left_on > period.as_of_date)
group by members.union_id
