{%- set tables = source_table_names() -%}

with {{ landed_places() }},

refused as (
    {% for table in tables %}
        {% set rows %}
            select source.*
            from {{ source('platform', table) }} as source
            inner join {{ ref('refused_' ~ table) }} as refused on source.landing_row = refused.landing_row
            where refused.rule <> 'merged'
        {% endset %}
        select
            placed.*,
            {{ 'true' if about_persons(table) else 'false' }} as about_persons
        from ({{ placed_rows(table, rows, ['landing_row']) }}) as placed
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    source_table,
    landing_row,
    region_code,
    case when not about_persons then enterprise_id end as enterprise_id,
    case when not about_persons then union_id end as union_id
from refused
order by source_table, landing_row
