{{ weigh_dimensions(ref('int_indicator_score'), unit='union_id') }}
