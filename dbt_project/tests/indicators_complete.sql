{{ config(meta={'dagster': {'ref': {'name': 'union_indicator'}}}) }}
-- Each linked union has one row for each indicator of the methodology.
select
    linked_unions.union_id,
    count(scores.indicator) as indicators
from {{ ref('int_linked_union') }} as linked_unions
left join {{ ref('union_indicator') }} as scores on linked_unions.union_id = scores.union_id
group by linked_unions.union_id
having count(scores.indicator) <> (select count(*) from {{ current_methodology('indicators') }})
