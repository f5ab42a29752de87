{%- set tables = source_table_names() -%}

with unions as (
    select
        union_id,
        min(enterprise_id) as enterprise_id
    from {{ source('platform', 'union_org') }}
    group by union_id
),

enterprises as (
    select
        enterprise_id,
        min(region_code) as region_code
    from {{ source('platform', 'enterprise') }}
    group by enterprise_id
),

refused as (
    {% for table in tables %}
        {% set names = landed_names(table) %}
        select
            '{{ table }}' as source_table,
            landed.landing_row,
            {{ 'landed.region_code' if 'region_code' in names else 'cast(null as varchar)' }} as region_code,
            {{ 'landed.enterprise_id' if 'enterprise_id' in names else 'cast(null as varchar)' }} as enterprise_id,
            {{ 'landed.union_id' if 'union_id' in names else 'cast(null as varchar)' }} as union_id,
            {{ 'true' if 'region_code' in names else 'false' }} as has_region,
            {{ 'true' if 'enterprise_id' in names else 'false' }} as has_enterprise,
            {{ 'true' if about_persons(table) else 'false' }} as about_persons
        from {{ ref('refused_' ~ table) }} as refused
        inner join {{ source('platform', table) }} as landed on refused.landing_row = landed.landing_row
        where refused.rule <> 'merged'
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

of_enterprises as (
    select
        refused.source_table,
        refused.landing_row,
        refused.region_code,
        refused.union_id,
        refused.has_region,
        refused.about_persons,
        case when refused.has_enterprise then refused.enterprise_id else unions.enterprise_id end as enterprise_id
    from refused
    left join unions on refused.union_id = unions.union_id
)

select
    of_enterprises.source_table,
    of_enterprises.landing_row,
    case when of_enterprises.has_region then of_enterprises.region_code else enterprises.region_code end as region_code,
    case when not of_enterprises.about_persons then of_enterprises.enterprise_id end as enterprise_id,
    case when not of_enterprises.about_persons then of_enterprises.union_id end as union_id
from of_enterprises
left join enterprises on of_enterprises.enterprise_id = enterprises.enterprise_id
order by of_enterprises.source_table, of_enterprises.landing_row
