-- What each contract of a union gives for its grade, and why it gives none: with the day that decides.
select
    union_id,
    origin,
    key,
    case
        when kind <> 'general' then 'not_general'
        when signed_on is null then 'not_signed'
        when signed_on > as_of() then 'signed_later'
        when effective_from > as_of() then 'not_begun'
        when effective_to < as_of() then 'ended'
        when registered_on <= as_of() then 'registered'
        else 'in_force'
    end as outcome,
    case
        when kind <> 'general' then signed_on
        when signed_on > as_of() then signed_on
        when effective_from > as_of() then effective_from
        when effective_to < as_of() then effective_to
        when registered_on <= as_of() then registered_on
        else effective_from
    end as happened_on
from collective_contract
