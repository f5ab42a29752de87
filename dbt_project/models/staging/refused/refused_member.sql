{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
-- depends_on: {{ ref('stg_union_org') }}
{{ refused_rows('member') }}
