{#- The models of the indicators, in the order of the methodology; a new indicator adds its line here. -#}
{%- set indicators = [
    'enrolment_rate',
    'realname_rate',
    'committee_overdue',
    'fund_remittance_rate',
    'womens_committee',
    'collective_contract',
    'wage_agreement',
    'labour_protection',
    'dispute_resolution',
    'request_timeliness',
    'hardship_assistance',
    'violations_overdue',
    'skills_participation',
    'adopted_proposals',
    'innovation_studio',
    'operating_status',
    'open_affairs',
    'venues',
    'activity_participation',
    'member_satisfaction',
] -%}

with facts as (
    {% for indicator in indicators %}
    select
        union_id,
        '{{ indicator }}' as indicator,
        status,
        cast(numerator as {{ measured_type() }}) as numerator,
        cast(denominator as {{ measured_type() }}) as denominator,
        factor
    from {{ ref('ind_' ~ indicator) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

observed as (
    select
        union_id,
        indicator,
        status,
        factor,
        case when status = 'observed' then numerator end as numerator,
        case when status = 'observed' then denominator end as denominator
    from facts
)

select
    union_id,
    indicator,
    status,
    numerator,
    denominator,
    case
        when denominator is null then numerator
        else {{ ratio('numerator', 'nullif(denominator, 0)', factor='factor', type=measured_type()) }}
    end as value
from observed
