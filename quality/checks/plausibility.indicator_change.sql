-- indicators whose mean score, observed or missing share in the city moved by more than {{ threshold }} points within the month
with indicators as (
    select
        found.indicator,
        case
            when least(found.observed + found.missing, earlier.observed + earlier.missing) >= {{ smallest }}
                then found.mean_score - earlier.mean_score
        end as mean_score,
        100.0 * found.observed / nullif(areas.linked, 0) - 100.0 * earlier.observed / nullif(before_areas.linked, 0) as observed,
        100.0 * found.missing / nullif(areas.linked, 0) - 100.0 * earlier.missing / nullif(before_areas.linked, 0) as missing
    from area_indicator as found
    inner join area_index as areas on found.area_code = areas.area_code and areas.level = 'city'
    inner join before_area_indicator as earlier on found.area_code = earlier.area_code and found.indicator = earlier.indicator
    inner join before_area_index as before_areas on found.area_code = before_areas.area_code
    where areas.linked >= {{ smallest }}
)

select indicator as fault
from indicators
where abs(mean_score) > {{ threshold }} or abs(observed) > {{ threshold }} or abs(missing) > {{ threshold }}
