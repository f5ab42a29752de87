{{ per_employee(ref('stg_proposal'), day='facts.adopted_on', amount='count(*)') }}
