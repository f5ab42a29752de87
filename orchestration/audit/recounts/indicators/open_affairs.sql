-- grade congress if one was held in the window, plus grade disclosure * min(disclosures in the window, those that count at most)
select
    union_id,
    origin,
    'disclosures' as counts_as,
    disclosures as numerator,
    null as denominator
from workers_congress
where in_window(held_on);

select
    union_id,
    'observed' as status,
    case
        when row_count = 0 then 0
        else
            grade('open_affairs', 'congress')
            + grade('open_affairs', 'disclosure') * least(numerator_sum, grade('open_affairs', 'disclosures_counted'))
    end as numerator,
    null as denominator,
    1 as factor
from sums
