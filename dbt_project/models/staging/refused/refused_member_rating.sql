{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
-- depends_on: {{ ref('stg_union_org') }}
-- depends_on: {{ ref('stg_member') }}
{{ refused_rows('member_rating') }}
