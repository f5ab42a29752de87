-- depends_on: {{ ref('stg_region') }}
{{ refused_rows('enterprise') }}
