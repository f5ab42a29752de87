{# Dates: of timestamps in the city's time zone, and series of days. #}

{% macro local_date(timestamp) -%} {{ adapter.dispatch('local_date')(timestamp) }} {%- endmacro %}
{% macro default__local_date(timestamp) -%} to_date(from_utc_timestamp({{ timestamp }}, '{{ parameters().city_zone }}')) {%- endmacro %}
{% macro duckdb__local_date(timestamp) -%} cast(timezone('{{ parameters().city_zone }}', {{ timestamp }}) as date) {%- endmacro %}

{# Column of all days from first to last, both included. #}
{% macro days(first, last) -%} {{ adapter.dispatch('days')(first, last) }} {%- endmacro %}
{% macro default__days(first, last) -%} explode(sequence({{ first }}, {{ last }})) {%- endmacro %}
{% macro duckdb__days(first, last) -%} cast(unnest(generate_series({{ first }}, {{ last }}, interval 1 day)) as date) {%- endmacro %}

{# A date moved by whole months, kept within the month it falls in. #}
{% macro add_months(date, months) -%} {{ adapter.dispatch('add_months')(date, months) }} {%- endmacro %}
{% macro default__add_months(date, months) -%} add_months({{ date }}, {{ months }}) {%- endmacro %}
{% macro duckdb__add_months(date, months) -%} cast({{ date }} + to_months({{ months }}) as date) {%- endmacro %}

{# Whether a date lies in the window: after its start, and no later than the as-of date. #}
{% macro in_window(date) -%} {{ date }} > period.window_start and {{ date }} <= period.as_of_date {%- endmacro %}

{# The last day on which something happened that a landed row of a source table tells, by the registry; null where nothing did. #}
{% macro last_happening(table) %}
    {% set node = registered_table(table) %}
    {% set days = [] %}
    {% for name in (node.config.meta.get('happenings', []) if execute else []) %}
        {% set is_day = node.columns[name].data_type == 'date' %}
        {% do days.append(name if is_day else local_date(name)) %}
    {% endfor %}
    {%- if days | length > 1 -%} greatest({{ days | join(', ') }})
    {%- elif days -%} {{ days[0] }}
    {%- else -%} cast(null as date)
    {%- endif -%}
{% endmacro %}
