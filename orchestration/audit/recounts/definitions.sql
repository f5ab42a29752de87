-- What the other queries know: the methodology's limits and grades; the as-of date, the window, the working days; the rows that do not count.
create temporary macro parameter(wanted) as getvariable('parameters')[wanted];

create temporary macro grade(of_indicator, wanted) as getvariable('grades')[concat(of_indicator, '/', wanted)];

create temporary macro as_of() as cast(getvariable('as_of') as date);

create temporary macro city_day(moment) as cast(timezone(getvariable('city_zone'), moment) as date);

create temporary macro window_start() as
case
    when as_of() = last_day(as_of()) then last_day(cast(as_of() - to_months(parameter('window_months')) as date))
    else cast(as_of() - to_months(parameter('window_months')) as date)
end;

create temporary macro in_window(day) as day > window_start() and day <= as_of();

create temporary table working_day as
with holidays as (
    select
        cast(column0 as date) as calendar_day,
        column1 as kind
    from read_csv(getvariable('holidays'), skip = 1, header = false, all_varchar = true)
),

span as (
    select
        make_date(min(year(calendar_day)), 1, 1) as first_day,
        make_date(max(year(calendar_day)), 12, 31) as last_day
    from holidays
),

days as (
    select cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as calendar_day
    from span
)

select
    days.calendar_day,
    row_number() over (order by days.calendar_day) as number
from days
left join holidays on days.calendar_day = holidays.calendar_day
where coalesce(holidays.kind = 'working_day', isodow(days.calendar_day) <= 5);

create temporary macro status_by_employees(employees) as
case
    when employees is null then 'missing'
    when employees = 0 then 'not_applicable'
    else 'observed'
end;

create temporary macro in_units(figure) as cast(cast(figure as decimal(38, 4)) * 10000 as hugeint);

create temporary macro rounded_quotient(factor, n, d) as
cast((2 * factor * in_units(n) * 10000 + in_units(d)) // (2 * in_units(d)) as decimal(32, 0)) * cast(0.0001 as decimal(5, 4));

create temporary table not_counted (source_table varchar, row_key varchar, rule varchar, detail varchar);
