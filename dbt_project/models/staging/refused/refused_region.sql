{{ refused_rows('region') }}
