-- numbers of cities other than one
select count(*) || ' cities' as fault
from area_index
where level = 'city'
having count(*) <> 1
