-- mean stars over raters who were members of the rated union on the day, each one's latest rating in the window; too few: not applicable
with latest as (
    select
        member_rating.union_id,
        member_rating.member_id,
        max_by(
            { 'origin': member_rating.origin, 'stars': member_rating.stars, 'rated_on': member_rating.rated_on },
            (member_rating.rated_on, member_rating.rating_id)
        ) as rating
    from member_rating
    inner join member on member_rating.member_id = member.member_id and member_rating.union_id = member.union_id
    where
        in_window(member_rating.rated_on)
        and member.joined_on <= member_rating.rated_on
        and not coalesce(member.left_on <= member_rating.rated_on, false)
    group by member_rating.union_id, member_rating.member_id
)

select
    union_id,
    rating['origin'] as origin,
    concat('rated ', rating['rated_on']) as counts_as,
    rating['stars'] as numerator,
    1 as denominator
from latest;

select
    union_id,
    case when row_count < parameter('min_raters') then 'not_applicable' else 'observed' end as status,
    coalesce(numerator_sum, 0) as numerator,
    nullif(denominator_sum, 0) as denominator,
    1 as factor
from sums
