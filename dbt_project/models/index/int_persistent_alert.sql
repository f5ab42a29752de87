{{ evaluate_alerts(ref('int_months_yellow'), unit='union_id') }}
