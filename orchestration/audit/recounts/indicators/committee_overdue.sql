-- whole months from the end of the committee's term to the as-of date, 0 if that is not after it; unknown, or elected later: missing
with terms as (
    select
        union_id,
        union_origin as origin,
        concat_ws(' ', 'elected', committee_elected_on, 'for', committee_term_years, 'years') as counts_as,
        cast(committee_elected_on + to_years(committee_term_years) as date) as term_end,
        committee_elected_on <= as_of() as is_elected
    from linked
)

select
    union_id,
    origin,
    counts_as,
    case
        when not is_elected or term_end is null then null
        when term_end >= as_of() then 0
        else datediff('month', term_end, as_of()) - case when day(as_of()) < day(term_end) then 1 else 0 end
    end as numerator,
    null as denominator
from terms;

select
    union_id,
    case when numerator_sum is null then 'missing' else 'observed' end as status,
    numerator_sum as numerator,
    null as denominator,
    1 as factor
from sums
