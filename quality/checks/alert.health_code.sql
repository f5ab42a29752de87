-- unions whose health code is not that of their alerts
select unions.union_id as fault
from union_index as unions
left join alert as alerts on unions.union_id = alerts.union_id
group by unions.union_id, unions.health_code
having
    unions.health_code is distinct from case
        when count(*) filter (where alerts.level = 'red') > 0 then 'red'
        when count(alerts.rule) > 0 then 'yellow'
        else 'green'
    end
