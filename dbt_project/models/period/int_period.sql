with methodologies as (
    select * from {{ ref('methodologies') }}
),

stated as (
    select
        cast('{{ var("period") }}' as varchar) as period,
        cast('{{ var("as_of") }}' as date) as as_of_date
),

effective as (
    select
        stated.period,
        stated.as_of_date,
        methodologies.*,
        {{ dbt.last_day('stated.as_of_date', 'month') }} as month_end,
        {{ add_months('stated.as_of_date', '-methodologies.window_months') }} as shifted
    from stated
    inner join methodologies
        on
            methodologies.effective_from <= stated.period
            and (methodologies.effective_to is null or methodologies.effective_to >= stated.period)
)

select
    period,
    as_of_date,
    methodology,
    window_months,
    min_raters,
    request_limit_working_days,
    small_union_employees,
    womens_committee_threshold,
    {{ dbt.date_trunc('month', 'as_of_date') }} as month_start,
    case
        when as_of_date = month_end then {{ dbt.last_day('shifted', 'month') }}
        else shifted
    end as window_start,
    as_of_date < month_end as provisional,
    nullif('{{ var("same_methodology") }}', '') = 'true' as same_methodology
from effective
