-- What the rows that count add up to, of each linked union, indicator and source table.
select
    union_id,
    indicator,
    origin['table'] as source_table,
    count(*) as row_count,
    sum(numerator) as above,
    max(numerator) as best,
    sum(denominator) as below
from counted
group by union_id, indicator, source_table
