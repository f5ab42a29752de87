{# Whether the rows of a source table say when they changed. #}
{% macro has_watermark(table) %}
    {{ return(execute and registered_table(table).config.meta.get('watermark') is not none) }}
{% endmacro %}

{# Names of the columns of a source table, as the contract has them; with `told_only` those whose values may be told. #}
{% macro landed_names(table, told_only=false) %}
    {% set names = [] %}
    {% for column in (registered_table(table).columns.values() if execute else []) %}
        {% set meta = column.config.meta %}
        {% if meta and not meta.pii and not (told_only and meta.derived_from) %}
            {% do names.append(column.name) %}
        {% endif %}
    {% endfor %}
    {{ return(names) }}
{% endmacro %}

{# Whether the rows of a source table are about one person each: it has a personal column, or refers to a table that has one. #}
{% macro about_persons(table) %}
    {% if not execute %}
        {{ return(true) }}
    {% endif %}
    {% set tables = [table] + registered_table(table).config.meta.get('references', {}).values() | list %}
    {% for name in tables %}
        {% for column in registered_table(name).columns.values() if column.config.meta.pii %}
            {{ return(true) }}
        {% endfor %}
    {% endfor %}
    {{ return(false) }}
{% endmacro %}

{#
  What the rules of a source table say of a row that they refuse for what it holds, `detail` of refused_rows, by column concerned.
  A row without a value, or with one that fits no type, holds nothing to tell.
#}
{% macro details_by_column(table) %}
    {% set found = {} %}
    {% if execute and not about_persons(table) %}
        {% set names = landed_names(table, told_only=true) %}
        {% set meta = registered_table(table).config.meta %}
        {% set details = [meta.key | join('/')] + meta.get('unique', []) + meta.get('references', {}).keys() | list + predicates_of(meta, registered_table(table).columns.values() | list) %}
        {% for column in registered_table(table).columns.values() if column.config.meta.accepted %}
            {% do details.append(column.name) %}
        {% endfor %}
        {% for name in names %}
            {% set concerning = [] %}
            {% for detail in details | unique if name in modules.re.findall('[0-9A-Za-z_]+', detail) %}
                {% do concerning.append("'" ~ detail.replace("'", "''") ~ "'") %}
            {% endfor %}
            {% if concerning %}
                {% do found.update({name: concerning}) %}
            {% endif %}
        {% endfor %}
    {% endif %}
    {{ return(found) }}
{% endmacro %}

{#
  Whether a text reads like a mobile phone or a resident identity number, full-width digits too: what somebody typed into a column that
  is due to hold something else.
#}
{% macro looks_personal(text) -%}
    {%- set plain = "translate(" ~ text ~ ", '０１２３４５６７８９', '0123456789')" -%}
    (
        regexp_matches({{ plain }}, '(^|[^0-9A-Za-z])((00)?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}($|[^0-9A-Za-z])')
        or regexp_matches({{ plain }}, '(^|[^0-9A-Za-z])[1-8][0-9]{16}[0-9XxＸｘ]($|[^0-9A-Za-z])')
    )
{%- endmacro %}
