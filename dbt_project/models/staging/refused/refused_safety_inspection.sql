-- depends_on: {{ ref('stg_union_org') }}
{{ refused_rows('safety_inspection') }}
