-- counties whose parts do not follow their counts, or whose score is not among their parts
select area_code as fault
from data_quality
where
    completeness is distinct from case
        when observed + missing > 0 then
            cast((200 * 10000 * cast(observed as hugeint) + observed + missing) // (2 * (observed + missing)) as decimal(18, 0))
            * cast(0.0001 as decimal(5, 4))
    end
    or (conformity is null) <> (landed = 0)
    or (consistency is null) <> (landed = 0)
    or (timeliness is null) <> (dated = 0)
    or (days_late is null) <> (dated = 0)
    or (refused = 0 and conformity <> 100)
    or (conflicting = 0 and consistency <> 100)
    or (score is null) <> (coalesce(completeness, conformity, consistency, timeliness) is null)
    or score not between
    least(completeness, conformity, consistency, timeliness) and greatest(completeness, conformity, consistency, timeliness)
