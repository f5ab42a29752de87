-- areas whose counts or mean scores of an indicator are not those of their unions
with counted as (
    select
        unions.area_code,
        found.indicator,
        count(*) filter (where found.status = 'observed') as observed,
        count(*) filter (where found.status = 'missing') as missing,
        count(*) filter (where found.status = 'not_applicable') as not_applicable,
        sum(found.score) as scored
    from area_unions as unions
    inner join union_indicator as found on unions.union_id = found.union_id
    group by all
),

due as (
    select
        areas.area_code,
        indicators.indicator,
        counted.scored,
        coalesce(counted.observed, 0) as observed,
        coalesce(counted.missing, 0) as missing,
        coalesce(counted.not_applicable, 0) as not_applicable
    from area_index as areas
    cross join methodology_indicators as indicators
    left join counted on areas.area_code = counted.area_code and indicators.indicator = counted.indicator
)

select coalesce(due.area_code, found.area_code) || ' ' || coalesce(due.indicator, found.indicator) as fault
from due
full join area_indicator as found on due.area_code = found.area_code and due.indicator = found.indicator
where
    (due.observed, due.missing, due.not_applicable) is distinct from (found.observed, found.missing, found.not_applicable)
    or (due.scored is null) <> (found.mean_score is null)
    or abs(found.mean_score * (due.observed + due.missing) - due.scored) > 0.00005 * (due.observed + due.missing)
