-- unions whose members are not those recounted from the landing
with counted as (
    select
        members.union_id,
        count(*) as members
    from accepted_member as members
    cross join build
    where members.joined_on <= build.as_of and (members.left_on is null or members.left_on > build.as_of)
    group by members.union_id
)

select found.union_id as fault
from union_indicator as found
left join counted on found.union_id = counted.union_id
where found.indicator = 'realname_rate' and found.denominator is distinct from counted.members
