{%- set tables = source_table_names() -%}

with told as (
    {% for table in tables %}
        {% set refused = ref('refused_' ~ table) %}
        {% set source_table = source('platform', table) %}
        {% for column, details in details_by_column(table).items() %}
            select
                '{{ table }}' as source_table,
                landed.landing_row,
                '{{ column }}' as column_name,
                cast(landed.{{ column }} as varchar) as landed_value
            from {{ refused }} as refused
            inner join {{ source_table }} as landed on refused.landing_row = landed.landing_row
            where refused.rule in ('enumeration', 'predicate', 'conflict', 'reference') and refused.detail in ({{ details | join(', ') }})
            union all
        {% endfor %}
    {% endfor %}
    select
        source_table,
        landing_row,
        cast(null as varchar) as column_name,
        cast(null as varchar) as landed_value
    from {{ ref('refused_rows') }}
    where false
)

select
    source_table,
    landing_row,
    column_name,
    {{ looks_personal('landed_value') }} as looks_personal,
    case when not {{ looks_personal('landed_value') }} then landed_value end as landed_value
from told
order by source_table, landing_row, column_name
