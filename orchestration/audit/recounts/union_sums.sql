-- What the rows that count add up to, of each linked union and indicator; a union without such rows has 0 of them and no sums.
select
    linked.union_id,
    indicators.indicator,
    coalesce(sum(counted_sums.row_count), 0) as row_count,
    sum(counted_sums.numerator_sum) as numerator_sum,
    max(counted_sums.highest_numerator) as highest_numerator,
    sum(counted_sums.denominator_sum) as denominator_sum
from linked
cross join indicators
left join counted_sums on linked.union_id = counted_sums.union_id and indicators.indicator = counted_sums.indicator
group by linked.union_id, indicators.indicator
