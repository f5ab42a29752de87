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
        source_key,
        rule,
        detail,
        landing_row
    from {{ ref('refused_' ~ table) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
order by source_table, landing_row
