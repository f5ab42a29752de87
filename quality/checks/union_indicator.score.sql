-- values whose score is not that of the knots
with knots as (
    select
        indicator,
        cast(value as decimal(18, 4)) as from_value,
        cast(score as decimal(9, 4)) as from_score
    from methodology_scoring_knots
),

pieces as (
    select
        indicator,
        from_value,
        from_score,
        lead(from_value) over following as to_value,
        lead(from_score) over following as to_score,
        row_number() over following as piece
    from knots
    window following as (partition by indicator order by from_value)
),

scored as (
    select
        found.union_id,
        found.indicator,
        found.score,
        pieces.from_score,
        coalesce(pieces.to_value - pieces.from_value, 1) as width,
        case
            when found.value <= pieces.from_value or pieces.to_value is null then 0
            else (found.value - pieces.from_value) * (pieces.to_score - pieces.from_score)
        end as rise
    from union_indicator as found
    left join pieces
        on
            found.indicator = pieces.indicator
            and (found.value >= pieces.from_value or pieces.piece = 1)
            and (found.value < pieces.to_value or pieces.to_value is null)
    where found.status = 'observed'
)

select union_id || ' ' || indicator as fault
from scored
where score is null or from_score is null or abs((score - from_score) * width - rise) > 0.00005 * width
