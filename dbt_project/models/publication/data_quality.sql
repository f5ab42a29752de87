with counties as (
    select area_code from {{ ref('int_area') }}
    where level = 'county'
),

period as (
    select period from {{ ref('int_period') }}
),

landed as (
    select * from {{ ref('int_county_rows') }}
),

indicators as (
    select * from {{ ref('area_indicator') }}
),

measured as (
    select
        area_code,
        sum(observed) as observed,
        sum(missing) as missing
    from indicators
    group by area_code
),

counted as (
    select
        county_code,
        sum(row_count) as landed,
        sum(case when refused_by not in ('merged', 'conflict') then row_count else 0 end) as refused,
        sum(case when refused_by = 'conflict' then row_count else 0 end) as conflicting,
        sum(case when days_late is not null then row_count else 0 end) as dated
    from landed
    group by county_code
),

days as (
    select
        county_code,
        days_late,
        sum(row_count) over (partition by county_code order by days_late) as rows_until
    from landed
    where days_late is not null
),

medians as (
    select
        days.county_code,
        min(days.days_late) as days_late
    from days
    inner join counted on days.county_code = counted.county_code
    where 2 * days.rows_until >= counted.dated
    group by days.county_code
),

facts as (
    select
        counties.area_code,
        coalesce(measured.observed, 0) as observed,
        coalesce(measured.missing, 0) as missing,
        coalesce(counted.landed, 0) as landed,
        coalesce(counted.refused, 0) as refused,
        coalesce(counted.conflicting, 0) as conflicting,
        coalesce(counted.dated, 0) as dated,
        medians.days_late
    from counties
    left join measured on counties.area_code = measured.area_code
    left join counted on counties.area_code = counted.county_code
    left join medians on counties.area_code = medians.county_code
),

parts as (
    select
        *,
        {{ ratio('observed', 'nullif(observed + missing, 0)', 100) }} as completeness,
        {{ sound_rows('refused', 'landed') }} as conformity,
        {{ sound_rows('conflicting', 'landed') }} as consistency,
        {{ promptness('days_late') }} as timeliness
    from facts
)

select
    period.period,
    parts.area_code,
    cast(parts.observed as integer) as observed,
    cast(parts.missing as integer) as missing,
    parts.completeness,
    cast(parts.landed as integer) as landed,
    cast(parts.refused as integer) as refused,
    parts.conformity,
    cast(parts.conflicting as integer) as conflicting,
    parts.consistency,
    cast(parts.dated as integer) as dated,
    cast(parts.days_late as integer) as days_late,
    parts.timeliness,
    {{ quality_score(['completeness', 'conformity', 'consistency', 'timeliness']) }} as score
from parts
cross join period
order by parts.area_code
