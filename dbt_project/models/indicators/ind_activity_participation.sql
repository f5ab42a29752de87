{{ per_employee(ref('stg_activity'), day='facts.held_on', amount='sum(facts.participants)') }}
