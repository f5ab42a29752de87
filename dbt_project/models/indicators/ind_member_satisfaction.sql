with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

ratings as (
    select * from {{ ref('stg_member_rating') }}
),

members as (
    select * from {{ ref('stg_member') }}
),

period as (
    select * from {{ ref('int_period') }}
),

ordered as (
    select
        ratings.union_id,
        ratings.stars,
        row_number() over (partition by ratings.member_id order by ratings.rated_on desc, ratings.rating_id desc) as recency
    from ratings
    cross join period
    inner join members
        on
            ratings.member_id = members.member_id
            and ratings.union_id = members.union_id
            and ratings.rated_on >= members.joined_on
            and (members.left_on is null or ratings.rated_on < members.left_on)
    where {{ in_window('ratings.rated_on') }}
),

sums as (
    select
        union_id,
        sum(stars) as stars,
        count(*) as raters
    from ordered
    where recency = 1
    group by union_id
)

select
    linked_unions.union_id,
    case when sums.raters >= period.min_raters then 'observed' else 'not_applicable' end as status,
    sums.stars as numerator,
    sums.raters as denominator,
    1 as factor
from linked_unions
cross join period
left join sums on linked_unions.union_id = sums.union_id
