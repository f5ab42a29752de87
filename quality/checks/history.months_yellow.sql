-- unions whose months with alerts do not continue those of the month before
with alerted as (
    select distinct alerts.union_id
    from alert as alerts
    inner join methodology_alert_rules as rules on alerts.rule = rules.rule
    where rules.measure <> 'months_yellow'
)

select found.union_id as fault
from union_index as found
left join alerted on found.union_id = alerted.union_id
left join before_union_index as earlier on found.union_id = earlier.union_id
where found.months_yellow <> case when alerted.union_id is null then 0 else coalesce(earlier.months_yellow, 0) + 1 end
