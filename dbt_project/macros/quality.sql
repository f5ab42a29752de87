{# The parts of a county's data quality, 0 to 100, by the parameters. #}

{# 100 where no row is faulty, 0 from so many in 1,000 on, in a straight line between; null without rows. #}
{% macro sound_rows(faulty, landed) -%}
    {%- set most = parameters().quality_faulty_rows -%}
    {{ ratio('greatest(' ~ most ~ ' * ' ~ landed ~ ' - 1000 * ' ~ faulty ~ ', 0)', most ~ ' * nullif(' ~ landed ~ ', 0)', 100) }}
{%- endmacro %}

{# 100 up to so many days, 0 from so many on, in a straight line between; null where no days are known. #}
{% macro promptness(days) -%}
    {%- set prompt, late = parameters().quality_prompt_days, parameters().quality_late_days -%}
    case when {{ days }} is not null then {{ ratio('least(greatest(' ~ late ~ ' - ' ~ days ~ ', 0), ' ~ (late - prompt) ~ ')', late - prompt, 100) }} end
{%- endmacro %}

{# The mean of the parts that there are, by their weights; null without any. #}
{% macro quality_score(parts) -%}
    {%- set weighted, weights = [], [] -%}
    {%- for part in parts -%}
        {%- set weight = parameters()['quality_' ~ part ~ '_weight'] -%}
        {%- do weighted.append('coalesce(' ~ units(part) ~ ', 0) * ' ~ weight) -%}
        {%- do weights.append('case when ' ~ part ~ ' is not null then ' ~ weight ~ ' else 0 end') -%}
    {%- endfor -%}
    {{ rounded_units('(' ~ weighted | join(' + ') ~ ')', 'nullif(' ~ weights | join(' + ') ~ ', 0)') }}
{%- endmacro %}
