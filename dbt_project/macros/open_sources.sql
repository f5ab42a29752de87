{# What the models read from outside: one relation per landed table, and per stored table of the month before. #}

{% macro open_landing() %}
    {% if execute and flags.WHICH in ('build', 'run', 'test', 'seed') %}
        {% if not (var('landing') and var('period') and var('as_of')) %}
            {{ exceptions.raise_compiler_error("Tell the build its landing, period and as_of with --vars (see dbt_project.yml).") }}
        {% endif %}
        {% for table in graph.sources.values() if table.source_name == 'platform' %}
            {% do run_query('create schema if not exists ' ~ table.schema) if loop.first %}
            {% do run_query(read_file_as_view(table, var('landing'))) %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{% macro open_predecessor() %}
    {% if execute and flags.WHICH in ('build', 'run', 'test', 'seed') %}
        {% for table in graph.sources.values() if table.source_name == 'predecessor' %}
            {% do run_query('create schema if not exists ' ~ table.schema) if loop.first %}
            {% if var('predecessor') %}
                {% do run_query(read_file_as_view(table, var('predecessor'))) %}
            {% else %}
                {% do run_query(empty_view(table)) %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{% macro read_file_as_view(table, folder) %}
    {{ return(adapter.dispatch('read_file_as_view')(table, folder)) }}
{% endmacro %}

{% macro duckdb__read_file_as_view(table, folder) %}
    {% set file = (folder ~ '/' ~ table.identifier ~ '.parquet').replace("'", "''") %}
    {{ return("create or replace view " ~ table.schema ~ "." ~ table.identifier ~ " as select * from read_parquet('" ~ file ~ "')") }}
{% endmacro %}

{% macro empty_view(table) %}
    {% set columns = [] %}
    {% for column in table.columns.values() %}
        {% do columns.append('cast(null as ' ~ column.data_type ~ ') as ' ~ column.name) %}
    {% endfor %}
    {{ return('create or replace view ' ~ table.schema ~ '.' ~ table.identifier ~ ' as select ' ~ columns | join(', ') ~ ' where false') }}
{% endmacro %}
