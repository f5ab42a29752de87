{{ share_of_cases(ref('int_request'), day='cases.due_on', good='cases.closed_on <= cases.due_on') }}
