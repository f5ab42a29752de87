-- columns that are missing, too many, out of place or of another type
with found as (
    select
        listed.table_name,
        listed.column_name,
        listed.column_index as column_position,
        lower(listed.data_type) as column_type
    from duckdb_columns() as listed
    where listed.table_name in (select expected_columns.table_name from expected_columns)
)

select coalesce(found.table_name, expected_columns.table_name) || '.' || coalesce(found.column_name, expected_columns.column_name) as fault
from found
full join expected_columns
    on
        found.table_name = expected_columns.table_name
        and found.column_name = expected_columns.column_name
where (found.column_position, found.column_type) is distinct from (expected_columns.column_position, expected_columns.column_type)
