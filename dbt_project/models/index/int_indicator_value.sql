{#- Status and value by the model of each indicator. Only those in force in the period give values. -#}
{%- set indicators = indicator_names() -%}

with facts as (
    {% for indicator in indicators %}
    select
        union_id,
        '{{ indicator }}' as indicator,
        status,
        cast(numerator as {{ figure_type() }}) as numerator,
        cast(denominator as {{ figure_type() }}) as denominator,
        factor
    from {{ ref('ind_' ~ indicator) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

in_force as (
    select indicator from {{ current_methodology('indicators') }}
),

observed as (
    select
        facts.union_id,
        facts.indicator,
        facts.status,
        facts.factor,
        case when facts.status = 'observed' then facts.numerator end as numerator,
        case when facts.status = 'observed' then facts.denominator end as denominator
    from facts
    inner join in_force on facts.indicator = in_force.indicator
)

select
    union_id,
    indicator,
    status,
    numerator,
    denominator,
    case
        when denominator is null then numerator
        else {{ ratio('numerator', 'nullif(denominator, 0)', factor='factor') }}
    end as value
from observed
