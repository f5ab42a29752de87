{%- set tables = source_table_names() -%}

with period as (
    select * from {{ ref('int_period') }}
),

{{ landed_places() }},

landed as (
    {% for table in tables %}
        {% set rows %}
            select
                source.*,
                refused.rule as refused_by,
                {{ local_date('updated_at') if has_watermark(table) else 'cast(null as date)' }} as row_changed_on,
                {{ last_happening(table) }} as row_happened_on
            from {{ source('platform', table) }} as source
            left join {{ ref('refused_' ~ table) }} as refused on source.landing_row = refused.landing_row
        {% endset %}
        {{ placed_rows(table, rows, ['refused_by', 'row_changed_on', 'row_happened_on']) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

dated as (
    select
        {{ county_of('landed.region_code') }} as county_code,
        landed.refused_by,
        case
            when
                landed.refused_by is null
                and landed.row_happened_on >= period.month_start and landed.row_happened_on <= period.as_of_date
                then greatest({{ dbt.datediff('landed.row_happened_on', 'landed.row_changed_on', 'day') }}, 0)
        end as days_late
    from landed
    cross join period
)

select
    county_code,
    refused_by,
    days_late,
    count(*) as row_count
from dated
where county_code is not null
group by county_code, refused_by, days_late
