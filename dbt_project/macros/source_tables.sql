{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
{# The source tables, in the registry's order. dbt needs their names before it reads the registry. #}
{% macro source_table_names() %}
    {{ return([
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
    ]) }}
{% endmacro %}
