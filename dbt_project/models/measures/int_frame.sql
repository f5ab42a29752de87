with enterprises as (
    select * from {{ ref('stg_enterprise') }}
),

unions as (
    select * from {{ ref('stg_union_org') }}
),

operating_status as (
    select * from {{ ref('int_operating_status') }}
),

period as (
    select * from {{ ref('int_period') }}
)

select
    unions.union_id,
    unions.enterprise_id,
    enterprises.name_zh,
    enterprises.region_code as township_code,
    {{ county_of('enterprises.region_code') }} as county_code,
    enterprises.employee_count,
    unions.committee_elected_on,
    unions.committee_term_years,
    unions.womens_committee,
    coalesce(unions.linked_on <= period.as_of_date, false) as linked,
    coalesce(operating_status.event, 'opened') as operating_event,
    operating_status.occurred_on as operating_event_on
from enterprises
inner join unions on enterprises.enterprise_id = unions.enterprise_id
cross join period
left join operating_status on enterprises.enterprise_id = operating_status.enterprise_id
where
    enterprises.established_on <= period.as_of_date
    and unions.established_on <= period.as_of_date
    and coalesce(operating_status.event, 'opened') not in ('closed', 'merged')
