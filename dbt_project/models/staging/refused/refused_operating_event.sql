{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
-- depends_on: {{ ref('stg_enterprise') }}
{{ refused_rows('operating_event') }}
