-- What the rows that count add up to, of each linked union, indicator and source table.
select
    union_id,
    indicator,
    origin['table'] as source_table,
    count(*) as row_count,
    sum(numerator) as numerator_sum,
    max(numerator) as highest_numerator,
    sum(denominator) as denominator_sum
from counted
group by union_id, indicator, source_table
