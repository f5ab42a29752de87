-- What each studio of a union gives for its grade, by its level, and why it gives none: with the day that decides.
select
    union_id,
    origin,
    key,
    case
        when opened_on > as_of() then 'opened_later'
        when closed_on <= as_of() then 'closed'
        else level
    end as outcome,
    case
        when closed_on <= as_of() then closed_on
        else opened_on
    end as happened_on
from innovation_studio
