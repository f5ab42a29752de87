with requests as (
    select * from {{ ref('stg_service_request') }}
),

linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

period as (
    select * from {{ ref('int_period') }}
),

due as (
    select
        opened.date as opened_on,
        due.date as due_on
    from calendar as opened
    cross join period
    inner join calendar as due
        on opened.working_days + period.request_limit_working_days = due.working_days and due.is_working_day
)

select
    requests.request_id,
    requests.union_id,
    requests.opened_on,
    requests.closed_on,
    due.due_on
from requests
inner join linked_unions on requests.union_id = linked_unions.union_id
left join due on requests.opened_on = due.opened_on
