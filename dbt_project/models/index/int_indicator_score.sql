{{ score_indicators(ref('int_indicator_value'), unit='union_id') }}
