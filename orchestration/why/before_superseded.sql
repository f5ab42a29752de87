-- The tables of the release that this one supersedes, as far as movements of ranks need them: this release's, with the stored
-- differences taken back. Unions that are gone are not among them, for what they were is not stored.
create temporary table before_area_index as
select
    area_index.area_code,
    case when indices.key is null then area_index.health_index else cast(indices.before as decimal(18, 4)) end as health_index,
    case when ranks.key is null then area_index.rank else cast(ranks.before as integer) end as rank
from area_index
left join (
    from changes
    where table_name = 'area_index' and column_name = 'health_index'
) as indices
    on area_index.area_code = indices.key
left join (
    from changes
    where table_name = 'area_index' and column_name = 'rank'
) as ranks
    on area_index.area_code = ranks.key
where not exists (
    select 1 from changes
    where changes.table_name = 'area_index' and changes.change = 'appeared' and changes.key = area_index.area_code
);

create temporary table before_union_index as
select
    union_index.union_id,
    case when moved.key is null then union_index.township_code else moved.before_text end as township_code
from union_index
left join (
    from changes
    where table_name = 'union_index' and column_name = 'township_code'
) as moved
    on union_index.union_id = moved.key
where not exists (
    select 1 from changes
    where changes.table_name = 'union_index' and changes.change = 'appeared' and changes.key = union_index.union_id
);

create temporary table before_union_dimension as
select
    union_dimension.union_id,
    union_dimension.dimension,
    case when differing.key is null then union_dimension.points else cast(differing.before as decimal(18, 4)) end as points
from union_dimension
left join (
    from changes
    where table_name = 'union_dimension' and column_name = 'points'
) as differing
    on concat(union_dimension.union_id, '/', union_dimension.dimension) = differing.key
semi join before_union_index on union_dimension.union_id = before_union_index.union_id
