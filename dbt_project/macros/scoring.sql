{#
  Scores, dimension rates, ranks and alerts of any unit, told by the methodology's tables (contract, Scores; Alerts).
#}

{# (unit, indicator, status, numerator, denominator, value) -> the same with the score. #}
{% macro score_indicators(indicator_values, unit) %}
with indicator_values as (
    select * from {{ indicator_values }}
),

knots as (
    select
        indicator,
        value,
        score,
        lead(value) over (partition by indicator order by value) as next_value,
        lead(score) over (partition by indicator order by value) as next_score,
        row_number() over (partition by indicator order by value) as position
    from {{ current_methodology('scoring_knots') }}
),

segments as (
    select
        indicator,
        cast(null as {{ figure_type() }}) as lower_value,
        value as upper_value,
        score as lower_score,
        {{ wide_integer('null') }} as rise,
        {{ wide_integer('null') }} as run
    from knots
    where position = 1
    union all
    select
        indicator,
        value as lower_value,
        next_value as upper_value,
        score as lower_score,
        {{ units('next_score') }} - {{ units('score') }} as rise,
        {{ units('next_value') }} - {{ units('value') }} as run
    from knots
)

select
    indicator_values.{{ unit }},
    indicator_values.indicator,
    indicator_values.status,
    indicator_values.numerator,
    indicator_values.denominator,
    indicator_values.value,
    case
        when indicator_values.status = 'missing' then cast(0 as {{ figure_type() }})
        when indicator_values.status = 'not_applicable' then null
        when segments.run is null then cast(segments.lower_score as {{ figure_type() }})
        else {{ rounded_units(
            units('segments.lower_score') ~ ' * segments.run + ('
            ~ units('indicator_values.value') ~ ' - ' ~ units('segments.lower_value') ~ ') * segments.rise',
            'segments.run'
        ) }}
    end as score
from indicator_values
left join segments
    on
        indicator_values.indicator = segments.indicator
        and (segments.lower_value is null or indicator_values.value >= segments.lower_value)
        and (segments.upper_value is null or indicator_values.value < segments.upper_value)
{% endmacro %}

{# (unit, indicator, status, score) -> (unit, dimension, rate, points), a row for each dimension of the methodology. #}
{% macro weigh_dimensions(indicator_scores, unit) %}
with indicator_scores as (
    select * from {{ indicator_scores }}
),

indicators as (
    select * from {{ current_methodology('indicators') }}
),

dimensions as (
    select * from {{ current_methodology('dimensions') }}
),

summed as (
    select
        indicator_scores.{{ unit }},
        indicators.dimension,
        sum({{ units('indicators.weight') }} * {{ units('indicator_scores.score') }}) as weighted_scores,
        sum(case when indicator_scores.score is not null then {{ units('indicators.weight') }} end) as weights
    from indicator_scores
    inner join indicators on indicator_scores.indicator = indicators.indicator
    group by indicator_scores.{{ unit }}, indicators.dimension
),

measured as (
    select
        {{ unit }},
        dimension,
        {{ rounded_units('weighted_scores', 'weights') }} as rate
    from summed
),

weighed as (
    select
        measured.{{ unit }},
        measured.dimension,
        measured.rate,
        dimensions.weight,
        sum({{ units('dimensions.weight') }} * {{ units('measured.rate') }}) over (partition by measured.{{ unit }}) as rates_of_others,
        sum(case when measured.rate is not null then {{ units('dimensions.weight') }} end)
            over (partition by measured.{{ unit }}) as weights_of_others
    from measured
    inner join dimensions on measured.dimension = dimensions.dimension
),

rates as (
    select
        {{ unit }},
        dimension,
        weight,
        coalesce(rate, {{ rounded_units('rates_of_others', 'weights_of_others') }}) as rate
    from weighed
)

select
    {{ unit }},
    dimension,
    rate,
    {{ points('weight', 'rate') }} as points
from rates
{% endmacro %}

{# Rank by a figure, highest first; equal figures share a rank and the next is skipped; null has none. #}
{% macro rank_of(figure, among=none) -%}
    case
        when {{ figure }} is not null
            then rank() over ({{ 'partition by ' ~ among if among }} order by {{ figure }} desc nulls last)
    end
{%- endmacro %}

{# (unit, measure, dimension, observed) -> (unit, rule, level, dimension, observed, threshold), a row for each rule that holds. #}
{% macro evaluate_alerts(measures, unit) %}
with measures as (
    select * from {{ measures }}
),

rules as (
    select * from {{ current_methodology('alert_rules') }}
)

select
    measures.{{ unit }},
    rules.rule,
    rules.level,
    measures.dimension,
    measures.observed,
    rules.threshold
from measures
inner join rules on measures.measure = rules.measure
where
    case rules.operator
        when '<' then measures.observed < rules.threshold
        when '<=' then measures.observed <= rules.threshold
        when '>' then measures.observed > rules.threshold
        when '>=' then measures.observed >= rules.threshold
    end
{% endmacro %}
