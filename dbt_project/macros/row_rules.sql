{#
  The row rules of the source contract, told by the registry (models/sources.yml): type, personal value, null, enumeration, predicate, then duplicates
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

with faulty as (
    select
        landing_row,
        case
            {% for rule, detail, condition in faults %}
            when {{ condition }} then {{ loop.index }}
            {% endfor %}
        end as fault
    from {{ source_table }}
    where
        {% for rule, detail, condition in faults %}
        {{ 'or ' if not loop.first }}({{ condition }})
        {% endfor %}
),

contested as (
    select source.* from {{ source_table }} as source
    left join faulty on source.landing_row = faulty.landing_row
    where source.key_rows > 1 and faulty.landing_row is null
),

{% if meta.get('watermark') %}
latest as (
    select {{ key | join(', ') }}, max({{ meta.watermark }}) as {{ meta.watermark }}
    from contested
    group by {{ key | join(', ') }}
),

leading_rows as (
    select contested.* from contested
    inner join latest on {{ same(key + [meta.watermark], 'contested', 'latest') }}
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
        case when contested_keys.versions > 1 then 'conflict' else 'merged' end as rule
    from contested
    inner join contested_keys on {{ same(key, 'contested', 'contested_keys') }}
    inner join kept on {{ same(key, 'contested', 'kept') }}
    where contested_keys.versions > 1 or contested.landing_row <> kept.landing_row
),

dropped as (
    select landing_row from faulty
    union all
    select landing_row from duplicates
),

{% for column in meta.get('unique', []) %}
sharing_{{ column }} as (
    select landing_row from (
        select source.landing_row, count(*) over (partition by source.{{ column }}) as sharers
        from {{ source_table }} as source
        left join dropped on source.landing_row = dropped.landing_row
        where dropped.landing_row is null
    ) as counted
    where sharers > 1
),
{% endfor %}

{% for column, target in references.items() %}
dangling_{{ column }} as (
    {{ dangling_rows(source_table, column, target, key) }}
),
{% endfor %}

every_reason as (
    select
        faulty.landing_row,
        case faulty.fault
            {% for rule, detail, condition in faults %}
            when {{ loop.index }} then '{{ rule }}'
            {% endfor %}
        end as rule,
        case faulty.fault
            {% for rule, detail, condition in faults %}
            when {{ loop.index }} then {{ detail or 'source.fault_column' }}
            {% endfor %}
        end as detail,
        1 as position
    from faulty
    inner join {{ source_table }} as source on faulty.landing_row = source.landing_row
    union all
    select landing_row, rule, '{{ key | join("/") }}', 2 from duplicates
    {% for column in meta.get('unique', []) %}
    union all
    select landing_row, 'conflict', '{{ column }}', 3 from sharing_{{ column }}
    {% endfor %}
    {% for column in references %}
    union all
    select dangling.landing_row, 'reference', '{{ column }}', {{ 4 + loop.index0 }}
    from dangling_{{ column }} as dangling
    left join dropped on dangling.landing_row = dropped.landing_row
    where dropped.landing_row is null
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
inner join {{ source_table }} as source on every_reason.landing_row = source.landing_row
order by every_reason.landing_row
{% endmacro %}

{# The registry's entry of a source table; known once the project is parsed. #}
{% macro registered_table(table) %}
    {% for node in (graph.sources.values() if execute else []) if node.source_name == "platform" and node.name == table %}
        {{ return(node) }}
    {% endfor %}
{% endmacro %}

{# The predicates of a source table: the patterns of its columns, then those stated, with the values of the parameters that they name. #}
{% macro predicates_of(meta, columns) %}
    {% set predicates = [] %}
    {% for column in columns if column.config.meta.pattern %}
        {% do predicates.append('pattern:' ~ column.name) %}
    {% endfor %}
    {% for stated in meta.get('predicates', []) %}
        {% do predicates.append(with_parameters(stated)) %}
    {% endfor %}
    {{ return(predicates) }}
{% endmacro %}

{# Conditions under which a row is refused on its own, in the contract's order: (rule, detail as SQL or none where the row names it, condition). #}
{% macro row_faults(columns, meta) %}
    {% set faults = [] %}
    {% for rule in ('map', 'type', 'personal', 'null') %}
        {% do faults.append((rule, none, "fault_rule = '" ~ rule ~ "'")) %}
    {% endfor %}
    {% for column in columns if column.config.meta.required %}
        {% do faults.append(('null', "'" ~ column.name ~ "'", column.name ~ ' is null')) %}
    {% endfor %}
    {% for column in columns if column.config.meta.accepted %}
        {% do faults.append(('enumeration', "'" ~ column.name ~ "'", column.name ~ " not in ('" ~ column.config.meta.accepted | join("', '") ~ "')")) %}
    {% endfor %}
    {% set conditions = {} %}
    {% for column in columns if column.config.meta.pattern %}
        {% do conditions.update({'pattern:' ~ column.name: 'regexp_full_match(' ~ column.name ~ ", '" ~ column.config.meta.pattern ~ "')"}) %}
    {% endfor %}
    {% for predicate in predicates_of(meta, columns) %}
        {% set stated = valid_credit_code(predicate.split(':')[1]) if predicate.startswith('credit_code:') else predicate %}
        {% set condition = conditions.get(predicate, stated) %}
        {% do faults.append(('predicate', "'" ~ predicate.replace("'", "''") ~ "'", 'not (' ~ condition ~ ')')) %}
    {% endfor %}
    {{ return(faults) }}
{% endmacro %}

{# That two relations agree in all of the columns. #}
{% macro same(columns, left, right) -%}
    {% for column in columns %}{{ left }}.{{ column }} = {{ right }}.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
{%- endmacro %}

{#
  Rows whose reference names no accepted row; of a table that refers to itself, those that no chain of rows that are left leads to.
  Rows dropped before may be among them.
#}
{% macro dangling_rows(source_table, column, target, key) %}
    {% if target == source_table.identifier %}
    select source.landing_row from {{ source_table }} as source
    left join (
        with recursive sound as (
            select source.{{ key[0] }}, source.{{ column }} from {{ source_table }} as source
            left join dropped on source.landing_row = dropped.landing_row
            where dropped.landing_row is null
        ),

        accepted as (
            select {{ key[0] }} from sound where {{ column }} is null or {{ column }} = {{ key[0] }}
            union all
            select sound.{{ key[0] }} from sound
            inner join accepted on sound.{{ column }} = accepted.{{ key[0] }} and sound.{{ column }} <> sound.{{ key[0] }}
        )

        select {{ key[0] }} from accepted
    ) as reached on source.{{ key[0] }} = reached.{{ key[0] }}
    where reached.{{ key[0] }} is null
    {% else %}
    {% set target_key = registered_table(target).config.meta.key[0] %}
    select source.landing_row from {{ source_table }} as source
    left join {{ ref('stg_' ~ target) }} as referred on source.{{ column }} = referred.{{ target_key }}
    where source.{{ column }} is not null and referred.{{ target_key }} is null
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
