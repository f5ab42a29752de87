-- columns in which more rows share a value than is thought possible
select source_profile.source_table || '.' || source_profile.column_name || ' ' || source_profile.figure as fault
from source_profile
inner join limits
    on limits.name = 'plausibility.source_crowd' and limits.of = source_profile.source_table || '.' || source_profile.column_name
where source_profile.measure = 'crowd' and source_profile.figure > limits.highest
