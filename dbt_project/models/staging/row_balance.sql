{%- set tables = source_table_names() -%}

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
        {% if has_watermark(table) %}
            (select {{ local_date('max(updated_at)') }} from {{ ref('stg_' ~ table) }}) as latest_change
        {% else %}
            cast(null as date) as latest_change
        {% endif %}
    {{ 'union all' if not loop.last }}
{% endfor %}
order by source_table
