{#
  Where landed rows belong, by what a landed row of their union or enterprise says, be that refused too; of rows that disagree the least code.
  A query that calls placed_rows begins with these common table expressions.
#}
{% macro landed_places() %}
union_places as (
    select
        union_id,
        min(enterprise_id) as enterprise_id
    from {{ source('platform', 'union_org') }}
    group by union_id
),

enterprise_places as (
    select
        enterprise_id,
        min(region_code) as region_code
    from {{ source('platform', 'enterprise') }}
    group by enterprise_id
)
{% endmacro %}

{# The rows of a query over landed rows of a source table, each with the division, enterprise and union that it belongs to; kept: columns of the query. #}
{% macro placed_rows(table, rows, kept) %}
    {% set names = landed_names(table) %}
    {% set has_union = 'union_id' in names %}
    {% set has_enterprise = 'enterprise_id' in names %}
    {% set has_region = 'region_code' in names %}
    {% set of_union = has_union and not has_enterprise %}
    {% set enterprise = 'landed.enterprise_id' if has_enterprise else 'union_places.enterprise_id' if has_union else 'cast(null as varchar)' %}
    select
        '{{ table }}' as source_table,
        {% for column in kept %}
        landed.{{ column }},
        {% endfor %}
        {{ 'landed.region_code' if has_region else 'enterprise_places.region_code' }} as region_code,
        {{ enterprise }} as enterprise_id,
        {{ 'landed.union_id' if has_union else 'cast(null as varchar)' }} as union_id
    from ({{ rows }}) as landed
    {% if of_union %}
    left join union_places on landed.union_id = union_places.union_id
    {% endif %}
    {% if not has_region %}
    left join enterprise_places on {{ enterprise }} = enterprise_places.enterprise_id
    {% endif %}
{% endmacro %}
