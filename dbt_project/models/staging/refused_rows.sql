{%- set tables = source_table_names() -%}

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
