{# The table has at least as many rows as there are source tables: other tests pass on nothing. #}
{% test row_of_each_source_table(model) %}
{{ test_row_floor(model, at_least=source_table_names() | length) }}
{% endtest %}
