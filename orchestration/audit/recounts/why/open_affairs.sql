-- Which congresses give the grade: those held in the window, with what they disclosed.
select
    union_id,
    origin,
    key,
    case
        when held_on > as_of() then 'held_later'
        when not in_window(held_on) then 'held_before_window'
        else 'held_in_window'
    end as outcome,
    held_on as happened_on
from workers_congress
