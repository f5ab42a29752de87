-- alerts too many or too few
with measures as (
    select
        union_id,
        'index' as measure,
        null as dimension,
        health_index as observed
    from union_index
    union all
    select
        union_id,
        'index_change' as measure,
        null as dimension,
        index_change as observed
    from union_index
    union all
    select
        union_id,
        'months_yellow' as measure,
        null as dimension,
        months_yellow as observed
    from union_index
    union all
    select
        union_id,
        'dimension_rate' as measure,
        dimension,
        rate as observed
    from union_dimension
    union all
    select
        union_id,
        indicator as measure,
        null as dimension,
        value as observed
    from union_indicator
),

rules as (
    select
        rule,
        level,
        measure,
        operator,
        cast(threshold as decimal(18, 4)) as threshold
    from methodology_alert_rules
),

due as (
    select
        measures.union_id,
        rules.rule,
        rules.level,
        measures.dimension,
        measures.observed,
        rules.threshold
    from measures
    inner join rules on measures.measure = rules.measure
    where case rules.operator
        when '<' then measures.observed < rules.threshold
        when '<=' then measures.observed <= rules.threshold
        when '>' then measures.observed > rules.threshold
        when '>=' then measures.observed >= rules.threshold
    end
),

stored as (
    select
        union_id,
        rule,
        level,
        dimension,
        observed,
        threshold
    from alert
),

differing as (
    (
        select * from due
        except
        select * from stored
    )
    union all
    (
        select * from stored
        except
        select * from due
    )
)

select union_id || ' ' || rule as fault
from differing
