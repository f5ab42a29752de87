{{ share_of_cases(ref('stg_labour_dispute'), day='cases.closed_on', good="cases.outcome in ('settled', 'withdrawn', 'award')") }}
