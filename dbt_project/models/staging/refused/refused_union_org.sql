-- depends_on: {{ ref('stg_enterprise') }}
{{ refused_rows('union_org') }}
