{{ evaluate_alerts(ref('int_measure'), unit='union_id') }}
