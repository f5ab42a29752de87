{# The table has at least so many rows: other tests pass on nothing. #}
{% test row_floor(model, at_least=1) %}
select counted.row_count
from (select count(*) as row_count from {{ model }}) as counted
where counted.row_count < {{ at_least }}
{% endtest %}
