{{ share_of_cases(ref('stg_hardship_case'), day='cases.registered_on', good='cases.assisted_on <= period.as_of_date') }}
