-- depends_on: {{ ref('stg_union_org') }}
-- depends_on: {{ ref('stg_member') }}
{{ refused_rows('member_rating') }}
