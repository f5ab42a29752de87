-- counties whose indicators, refused and conflicting rows are not those of the other tables and accounts, or counties without a row
with measured as (
    select
        area_code,
        sum(observed) as observed,
        sum(missing) as missing
    from area_indicator
    group by area_code
),

told as (
    select
        substr(refused_places.region_code, 1, 6) as area_code,
        count(*) filter (where refused_rows.rule <> 'conflict') as refused,
        count(*) filter (where refused_rows.rule = 'conflict') as conflicting
    from refused_rows
    inner join refused_places
        on refused_rows.source_table = refused_places.source_table and refused_rows.landing_row = refused_places.landing_row
    group by substr(refused_places.region_code, 1, 6)
),

counties as (
    select area_code from area_index
    where level = 'county'
)

select coalesce(counties.area_code, found.area_code) as fault
from counties
full join data_quality as found on counties.area_code = found.area_code
left join measured on counties.area_code = measured.area_code
left join told on counties.area_code = told.area_code
where
    (found.observed, found.missing, found.refused, found.conflicting)
    is distinct from (measured.observed, measured.missing, coalesce(told.refused, 0), coalesce(told.conflicting, 0))
    or counties.area_code is null
