{#
  The row rules of the source contract, told by the registry (models/sources.yml): type, null, enumeration, predicate, then duplicates
  among the rows that are left, then references to accepted rows of other tables. One row per row that is not counted.
  A model that calls it names the tables that its table refers to in a depends_on comment: dbt reads the registry only after parsing.
#}
{% macro refused_rows(table) %}
    {% set source_table = source('platform', table) %}
    {% set node = registered_table(table) %}
    {% set meta = node.config.meta if execute else {} %}
    {% set key = meta.get('key', ['landing_row']) %}
    {% set references = meta.get('references', {}) %}
    {% set landed = [] %}
    {% for column in (node.columns.values() if execute else []) if not column.config.meta.pii %}
        {% do landed.append(column) %}
    {% endfor %}
    {% set content = landed | map(attribute='name') | reject('in', ['landing_row', 'key_rows', 'fault_rule', 'fault_column']) | list %}
    {% set faults = row_faults(landed, meta) %}

with source as (
    select * from {{ source_table }}
),

judged as (
    select
        source.*,
        case
            when fault_rule = 'type' then 'type'
            {% for rule, detail, condition in faults %}
            when {{ condition }} then '{{ rule }}'
            {% endfor %}
        end as broken_rule,
        case
            when fault_rule = 'type' then fault_column
            {% for rule, detail, condition in faults %}
            when {{ condition }} then {{ detail }}
            {% endfor %}
        end as broken_detail
    from source
),

contested as (
    select * from judged where broken_rule is null and key_rows > 1
),

{% if meta.get('watermark') %}
latest as (
    select {{ key | join(', ') }}, max({{ meta.watermark }}) as {{ meta.watermark }}
    from contested
    group by {{ key | join(', ') }}
),

leading_rows as (
    select contested.* from contested
    inner join latest
        on {% for column in key + [meta.watermark] %}contested.{{ column }} = latest.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
),
{% else %}
leading_rows as (
    select * from contested
),
{% endif %}

versions as (
    select distinct {{ content | join(', ') or 'landing_row' }} from leading_rows
),

contested_keys as (
    select {{ key | join(', ') }}, count(*) as versions
    from versions
    group by {{ key | join(', ') }}
),

kept as (
    select {{ key | join(', ') }}, min(landing_row) as landing_row
    from leading_rows
    group by {{ key | join(', ') }}
),

duplicates as (
    select
        contested.landing_row,
        case when contested_keys.versions > 1 then 'conflict' else 'merged' end as broken_rule
    from contested
    inner join contested_keys
        on {% for column in key %}contested.{{ column }} = contested_keys.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    inner join kept
        on {% for column in key %}contested.{{ column }} = kept.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    where contested_keys.versions > 1 or contested.landing_row <> kept.landing_row
),

left_over as (
    select judged.* from judged
    left join duplicates on judged.landing_row = duplicates.landing_row
    where judged.broken_rule is null and duplicates.landing_row is null
),

{% for column in meta.get('unique', []) %}
shared_{{ column }} as (
    select {{ column }} from left_over group by {{ column }} having count(*) > 1
),
{% endfor %}

sound as (
    select left_over.* from left_over
    {% for column in meta.get('unique', []) %}
    left join shared_{{ column }} on left_over.{{ column }} = shared_{{ column }}.{{ column }}
    {% endfor %}
    {% for column in meta.get('unique', []) %}
    {{ 'where' if loop.first else 'and' }} shared_{{ column }}.{{ column }} is null
    {% endfor %}
),

{% for column, target in references.items() %}
dangling_{{ column }} as (
    {{ dangling_rows(table, column, target, key) }}
),
{% endfor %}

every_reason as (
    select landing_row, broken_rule as rule, broken_detail as detail, 1 as position
    from judged where broken_rule is not null
    union all
    select landing_row, broken_rule, '{{ key | join("/") }}', 2 from duplicates
    {% for column in meta.get('unique', []) %}
    union all
    select left_over.landing_row, 'conflict', '{{ column }}', 3
    from left_over inner join shared_{{ column }} on left_over.{{ column }} = shared_{{ column }}.{{ column }}
    {% endfor %}
    {% for column in references %}
    union all
    select landing_row, 'reference', '{{ column }}', {{ 4 + loop.index0 }} from dangling_{{ column }}
    {% endfor %}
),

first_reason as (
    select landing_row, min(position) as position from every_reason group by landing_row
)

select
    every_reason.landing_row,
    {% for column in key %}coalesce(cast(source.{{ column }} as varchar), ''){{ " || '/' || " if not loop.last }}{% endfor %} as source_key,
    every_reason.rule,
    every_reason.detail
from every_reason
inner join first_reason
    on every_reason.landing_row = first_reason.landing_row and every_reason.position = first_reason.position
inner join source on every_reason.landing_row = source.landing_row
order by every_reason.landing_row
{% endmacro %}

{# The registry's entry of a source table; known once the project is parsed. #}
{% macro registered_table(table) %}
    {% for node in (graph.sources.values() if execute else []) if node.source_name == "platform" and node.name == table %}
        {{ return(node) }}
    {% endfor %}
{% endmacro %}

{# Conditions under which a row is refused on its own, in the contract's order: (rule, detail as SQL, condition). #}
{% macro row_faults(columns, meta) %}
    {% set faults = [('null', 'fault_column', "fault_rule = 'null'")] %}
    {% for column in columns if column.config.meta.required %}
        {% do faults.append(('null', "'" ~ column.name ~ "'", column.name ~ ' is null')) %}
    {% endfor %}
    {% for column in columns if column.config.meta.accepted %}
        {% do faults.append(('enumeration', "'" ~ column.name ~ "'", column.name ~ " not in ('" ~ column.config.meta.accepted | join("', '") ~ "')")) %}
    {% endfor %}
    {% for predicate in meta.get('predicates', []) %}
        {% set condition = valid_credit_code(predicate.split(':')[1]) if predicate.startswith('credit_code:') else predicate %}
        {% do faults.append(('predicate', "'" ~ predicate.replace("'", "''") ~ "'", 'not (' ~ condition ~ ')')) %}
    {% endfor %}
    {{ return(faults) }}
{% endmacro %}

{# Rows whose reference names no accepted row; of a table that refers to itself, those that no chain of accepted rows leads to. #}
{% macro dangling_rows(table, column, target, key) %}
    {% if target == table %}
    select sound.landing_row from sound
    left join (
        with recursive accepted as (
            select {{ key[0] }} from sound where {{ column }} is null or {{ column }} = {{ key[0] }}
            union all
            select sound.{{ key[0] }} from sound
            inner join accepted on sound.{{ column }} = accepted.{{ key[0] }} and sound.{{ column }} <> sound.{{ key[0] }}
        )
        select {{ key[0] }} from accepted
    ) as reached on sound.{{ key[0] }} = reached.{{ key[0] }}
    where reached.{{ key[0] }} is null
    {% else %}
    {% set target_key = registered_table(target).config.meta.key[0] %}
    select sound.landing_row from sound
    left join {{ ref('stg_' ~ target) }} as referred on sound.{{ column }} = referred.{{ target_key }}
    where sound.{{ column }} is not null and referred.{{ target_key }} is null
    {% endif %}
{% endmacro %}

{#
  Whether a unified social credit code has 18 characters of the code's alphabet and the right check character
  (GB 32100-2015: weights 3^(i-1) mod 31 over the first 17 characters).
#}
{% macro valid_credit_code(code) %}
    {%- set alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY' -%}
    {%- set terms = [] -%}
    {%- set weight = namespace(value=1) -%}
    {%- for place in range(1, 18) -%}
        {%- do terms.append(weight.value ~ " * (strpos('" ~ alphabet ~ "', substr(" ~ code ~ ", " ~ place ~ ", 1)) - 1)") -%}
        {%- set weight.value = weight.value * 3 % 31 -%}
    {%- endfor -%}
    (
        length({{ code }}) = 18
        and length(translate({{ code }}, '{{ alphabet }}', '')) = 0
        and substr({{ code }}, 18, 1) = substr('{{ alphabet }}', cast((31 - ({{ terms | join(' + ') }}) % 31) % 31 as integer) + 1, 1)
    )
{% endmacro %}
