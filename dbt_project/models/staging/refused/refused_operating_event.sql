-- depends_on: {{ ref('stg_enterprise') }}
{{ refused_rows('operating_event') }}
