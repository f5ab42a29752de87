-- columns with a number above what is thought possible
select source_profile.source_table || '.' || source_profile.column_name || ' ' || source_profile.figure as fault
from source_profile
inner join limits
    on limits.name = 'plausibility.source_highest' and limits.of = source_profile.source_table || '.' || source_profile.column_name
where source_profile.measure = 'highest' and source_profile.figure > limits.highest
