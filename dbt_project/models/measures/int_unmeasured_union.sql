with unions as (
    select * from {{ ref('stg_union_org') }}
),

enterprises as (
    select * from {{ ref('stg_enterprise') }}
),

operating_status as (
    select * from {{ ref('int_operating_status') }}
),

period as (
    select * from {{ ref('int_period') }}
),

linked as (
    select union_id from {{ ref('int_linked_union') }}
),

refused as (
    select
        places.union_id,
        min(places.enterprise_id) as enterprise_id,
        min(places.region_code) as region_code
    from {{ ref('refused_places') }} as places
    left join linked on places.union_id = linked.union_id
    where places.source_table = 'union_org' and places.union_id is not null and linked.union_id is null
    group by places.union_id
),

facts as (
    select
        unions.union_id,
        unions.enterprise_id,
        unions.established_on,
        unions.linked_on,
        enterprises.established_on as enterprise_established_on,
        operating_status.event,
        operating_status.occurred_on,
        period.as_of_date
    from unions
    inner join enterprises on unions.enterprise_id = enterprises.enterprise_id
    cross join period
    left join operating_status on unions.enterprise_id = operating_status.enterprise_id
),

reasons as (
    select
        union_id,
        enterprise_id,
        'row_refused' as reason,
        cast(null as date) as happened_on
    from refused
    union all
    select
        union_id,
        enterprise_id,
        'enterprise_established_later' as reason,
        enterprise_established_on as happened_on
    from facts
    where enterprise_established_on > as_of_date
    union all
    select
        union_id,
        enterprise_id,
        'union_established_later' as reason,
        established_on as happened_on
    from facts
    where established_on > as_of_date
    union all
    select
        union_id,
        enterprise_id,
        case event when 'closed' then 'enterprise_closed' else 'enterprise_merged' end as reason,
        occurred_on as happened_on
    from facts
    where event in ('closed', 'merged')
    union all
    select
        union_id,
        enterprise_id,
        'never_linked' as reason,
        cast(null as date) as happened_on
    from facts
    where linked_on is null
    union all
    select
        union_id,
        enterprise_id,
        'linked_later' as reason,
        linked_on as happened_on
    from facts
    where linked_on > as_of_date
)

select
    reasons.union_id,
    reasons.enterprise_id,
    enterprises.name_zh,
    coalesce(enterprises.region_code, refused.region_code) as township_code,
    reasons.reason,
    reasons.happened_on
from reasons
left join enterprises on reasons.enterprise_id = enterprises.enterprise_id
left join refused on reasons.union_id = refused.union_id
order by reasons.union_id, reasons.reason
