with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

period as (
    select * from {{ ref('int_period') }}
),
terms as (
    select
        linked_unions.union_id,
        period.as_of_date,
        {{ add_months('linked_unions.committee_elected_on', '12 * linked_unions.committee_term_years') }} as term_end,
        linked_unions.committee_elected_on <= period.as_of_date and linked_unions.committee_term_years is not null as known
    from linked_unions
    cross join period
)

select
    union_id,
    case when known then 'observed' else 'missing' end as status,
    case
        when as_of_date <= term_end then 0
        else
            12 * (extract(year from as_of_date) - extract(year from term_end))
            + extract(month from as_of_date) - extract(month from term_end)
            - case when extract(day from as_of_date) < extract(day from term_end) then 1 else 0 end
    end as numerator,
    cast(null as integer) as denominator,
    1 as factor
from terms
