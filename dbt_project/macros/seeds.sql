{#
  Rows of a seed, read by one dialect (RFC 4180) that is never guessed, as text first: the same values as the strict reader of hand-edited
  tables has. An empty cell is null, quoted or not; a cell that does not fit its column's type is an error.
#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set names = agate_table.column_names -%}
    {%- set sql -%}
        insert into {{ this.render() }}
        select
            {%- for name in names %}
            nullif({{ adapter.quote(name) }}, ''){{ ',' if not loop.last }}
            {%- endfor %}
        from read_csv(
            '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}',
            auto_detect = false,
            header = true,
            delim = ',',
            quote = '"',
            escape = '"',
            columns = {{ '{' }}{% for name in names %}'{{ name }}': 'varchar'{{ ', ' if not loop.last }}{% endfor %}{{ '}' }}
        )
    {%- endset -%}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
