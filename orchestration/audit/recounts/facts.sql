-- What follows from the rows that count: of each linked union and indicator its status and, where observed, numerator and denominator.
with sums as (
    select
        linked.union_id,
        indicators.indicator,
        coalesce(sum(counted_sums.row_count), 0) as row_count,
        sum(counted_sums.above) as above,
        max(counted_sums.best) as best,
        sum(counted_sums.below) as below
    from linked
    cross join indicators
    left join counted_sums on linked.union_id = counted_sums.union_id and indicators.indicator = counted_sums.indicator
    group by linked.union_id, indicators.indicator
)

select
    union_id,
    indicator,
    case
        when indicator in ('enrolment_rate', 'skills_participation', 'adopted_proposals', 'activity_participation', 'innovation_studio')
            then case
                when below is null then 'missing'
                when below = 0 then 'not_applicable'
                when indicator = 'innovation_studio' and below < parameter('small_union_employees') then 'not_applicable'
                else 'observed'
            end
        when indicator in ('realname_rate', 'fund_remittance_rate') and row_count = 0 then 'missing'
        when indicator = 'committee_overdue' and above is null then 'missing'
        when indicator in ('dispute_resolution', 'request_timeliness', 'hardship_assistance') and row_count = 0 then 'not_applicable'
        when indicator = 'fund_remittance_rate' and below = 0 then 'not_applicable'
        when indicator = 'womens_committee' and coalesce(below, 0) < parameter('womens_committee_threshold') then 'not_applicable'
        when indicator = 'member_satisfaction' and row_count < parameter('min_raters') then 'not_applicable'
        else 'observed'
    end as status,
    case
        when indicator = 'collective_contract' then coalesce(best, grade('collective_contract', 'none'))
        when indicator = 'innovation_studio' then coalesce(best, grade('innovation_studio', 'none'))
        when indicator = 'operating_status' then coalesce(best, grade('operating_status', 'opened'))
        when indicator = 'wage_agreement' then coalesce(best, 0)
        when indicator = 'open_affairs' and row_count > 0
            then
                grade('open_affairs', 'congress')
                + grade('open_affairs', 'disclosure') * least(above, grade('open_affairs', 'disclosures_counted'))
        when indicator = 'labour_protection' and row_count = 0 then 0
        when indicator = 'labour_protection' and below = 0 then 100
        when indicator in ('enrolment_rate', 'fund_remittance_rate', 'labour_protection') then least(coalesce(above, 0), below)
        else coalesce(above, 0)
    end as numerator,
    case
        when indicator in (
            'enrolment_rate', 'realname_rate', 'fund_remittance_rate', 'labour_protection', 'dispute_resolution', 'request_timeliness',
            'hardship_assistance', 'skills_participation', 'adopted_proposals', 'activity_participation', 'member_satisfaction'
        ) then nullif(below, 0)
    end as denominator,
    case when indicator = 'member_satisfaction' then 1 else 100 end as factor
from sums
