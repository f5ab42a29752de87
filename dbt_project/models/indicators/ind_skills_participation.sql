{{ per_employee(ref('stg_skills_event'), day='facts.held_on', amount='sum(facts.participants)') }}
