{%- set tables = [
    'region',
    'enterprise',
    'operating_event',
    'union_org',
    'member',
    'fund_remittance',
    'collective_contract',
    'safety_inspection',
    'labour_dispute',
    'service_request',
    'hardship_case',
    'skills_event',
    'proposal',
    'innovation_studio',
    'workers_congress',
    'venue',
    'activity',
    'member_rating',
    'violation',
] -%}

{% for table in tables %}
    select
        '{{ table }}' as source_table,
        (select count(*) from {{ source('platform', table) }}) as landed,
        (select count(*) from {{ ref('stg_' ~ table) }}) as accepted,
        (
            select count(*) from {{ ref('refused_' ~ table) }}
            where rule <> 'merged'
        ) as refused,
        (
            select count(*) from {{ ref('refused_' ~ table) }}
            where rule = 'merged'
        ) as merged,
        {% if table == 'region' %}
            cast(null as date) as latest_change
        {% else %}
            (select {{ local_date('max(updated_at)') }} from {{ ref('stg_' ~ table) }}) as latest_change
        {% endif %}
    {{ 'union all' if not loop.last }}
{% endfor %}
order by source_table
