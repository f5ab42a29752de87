{# The rows of a methodology table that are in force in the period. #}
{% macro current_methodology(table) -%}
    (select * from {{ ref(table) }} where methodology = (select methodology from {{ ref('int_period') }}))
{%- endmacro %}

{# Status of an indicator measured per employee: unknown employees make it missing, none make it not applicable. #}
{% macro status_by_employees(employees) -%}
    case when {{ employees }} is null then 'missing' when {{ employees }} = 0 then 'not_applicable' else 'observed' end
{%- endmacro %}
