"""What the public has already of a month, and what another edition therefore hides.

Of a month tell its releases, the superseded and retracted ones too, and those of the month after:
an area's index less its change is its index of the month before.
"""

from pathlib import Path

from orchestration.home.layout import PREDECESSOR
from orchestration.home.releases import Beside
from orchestration.release.sums import Measured, room_of
from orchestration.release.suppression import Kind, Shown, suppressed_areas
from quality.publication import Source, bounds_of
from quality.release_files import read_rows

INDEX = Source("union_index", "health_index")
MEASURED = """
    select area_code, least(linked, count(health_index)), coalesce(sum(health_index), 0)
    from (select area_code, linked from read_parquet($areas))
    left join (
        select township_code, health_index from read_parquet($unions)
    ) on starts_with(township_code, area_code)
    group by area_code, linked
"""
ALL_FIGURES = """
    select
        union_id,
        township_code,
        md5(concat_ws('|', health_index, health_code, rates.figures, scores.figures)) as figures
    from read_parquet($unions)
    left join (
        select
            union_id,
            string_agg(concat_ws(' ', dimension, rate, points), ',' order by dimension) as figures
        from read_parquet($dimensions)
        group by union_id
    ) as rates using (union_id)
    left join (
        select
            union_id,
            string_agg(concat_ws(' ', indicator, status, score), ',' order by indicator) as figures
        from read_parquet($indicators)
        group by union_id
    ) as scores using (union_id)
"""


def hidden_areas(tables: Path, beside: Beside) -> dict[str, Kind]:
    """The areas that the public edition of a month hides.

    tables: the folder of its judged tables; beside: the releases that there are.
    """
    earlier = [shown_by(release) for release in beside.earlier]
    told = [told_of_month_before(release) for release in beside.month_after]
    measured = measured_in(tables)
    never_shown = set(measured.areas) if earlier else set()
    for each in earlier:
        never_shown -= set(each.areas)
    return suppressed_areas(measured, [*earlier, *told], never_shown)


def hidden_changes(predecessor: Path, beside: Beside) -> set[str]:
    """The areas of which the public edition of a month tells nothing against the month before.

    predecessor: the folder of the tables of the month before, as the month was built on them.
    """
    before = [shown_by(release) for release in beside.month_before]
    told = [told_of_month_before(release) for release in beside.earlier]
    measured = measured_in(predecessor)
    hidden_then = measured.areas.difference(before[-1].areas) if before else ()
    return set(suppressed_areas(measured, [*before, *told], hidden_then))


def shown_by(release: Path) -> Shown:
    """What a release shows of its own month."""
    shown = "select area_code from read_parquet($areas) where not suppressed"
    return Shown(measured_in(release / "internal"), areas_of(release, shown))


def told_of_month_before(release: Path) -> Shown:
    """What a release tells of the month before the one that it is of."""
    tables = release / "internal" / PREDECESSOR / "tables"
    if not tables.is_dir():
        return Shown(Measured({}, {}), ())
    told = "select area_code from read_parquet($areas) where index_change is not null"
    return Shown(measured_in(tables), areas_of(release, told))


def areas_of(release: Path, query: str) -> list[str]:
    """The codes that a query of the areas of a release's public edition gives."""
    rows = read_rows(query, areas=release / "public" / "area_index.parquet")
    return [code for (code,) in rows]


def measured_in(tables: Path) -> Measured:
    """The areas and the unions of a folder of tables.

    A linked union without an index is behind no figure but counts, so it does not make an area
    larger.
    """
    unions_file = tables / "union_index.parquet"
    areas = read_rows(MEASURED, areas=tables / "area_index.parquet", unions=unions_file)
    unions = read_rows(
        ALL_FIGURES,
        unions=unions_file,
        dimensions=tables / "union_dimension.parquet",
        indicators=tables / "union_indicator.parquet",
    )
    bounds = bounds_of(INDEX)
    return Measured(
        linked={area: number for area, number, _ in areas},
        unions={union: (township, figures) for union, township, figures in unions},
        room={area: room_of(total, number, bounds) for area, number, total in areas},
    )
