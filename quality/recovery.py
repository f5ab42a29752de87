"""What follows from the figures that public editions show, by exact linear algebra.

Each count of an area is the sum over its parts. This is written apart from the suppression that it
judges. What follows from several editions is in `few_unions.py`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from quality.connection import reading
from quality.elimination import Row, reduced, solved
from quality.few_unions import Edition, given_away

SMALLEST_AREA = 10
LINKED = "area_index.linked"
COUNTS = {
    "area_index": ("frame", "linked", "green", "yellow", "red"),
    "area_indicator": ("observed", "missing", "not_applicable"),
    "population_change": (
        "opened",
        "resumed",
        "converted",
        "relocated",
        "suspended",
        "merged",
        "closed",
    ),
}
OVER_UNIONS = ("area_index", "area_dimension", "area_indicator")
# What names a row, is no sum over unions, or is a sum over those of the month before.
NO_SUM = {
    *("period", "area_code", "level", "name_zh", "name_en", "dimension", "indicator", "suppressed"),
    *("frame", "rank", "previous_rank", "index_change"),
}


@dataclass(frozen=True)
class Figure:
    """An additive figure of a release.

    It has the judged value for every area, the areas that the public edition shows it of, and
    their parts. A part is an area without areas in it, and one unknown.
    """

    judged: Mapping[str, int]
    shown: frozenset[str]
    parts: Mapping[str, Sequence[str]]

    def row(self, area: str) -> Row:
        """An area as the sum of its parts."""
        return {(part, self.judged[part]): Fraction(1) for part in self.parts[area]}


def figures_of(release: Path) -> dict[str, Figure]:
    """The additive figures of a release by name.

    A name is the table, the column and, of an indicator's counts, the indicator.
    """
    judged: dict[str, dict[str, int]] = {}
    shown: dict[str, set[str]] = {}
    with reading() as connection:
        for table, counts in COUNTS.items():
            indicator = "' ' || indicator" if table == "area_indicator" else "''"
            for count in counts:
                query = f"""
                    select '{table}.{count}' || {indicator}, area_code, {count}
                    from read_parquet($1)
                """
                for name, area, value in connection.execute(
                    query, [str(release / "internal" / f"{table}.parquet")]
                ).fetchall():
                    judged.setdefault(name, {})[area] = value
                for name, area, value in connection.execute(
                    query, [str(release / "public" / f"{table}.parquet")]
                ).fetchall():
                    shown.setdefault(name, set()).update([area] if value is not None else [])
    areas = sorted(judged[LINKED])
    lowest = [
        area
        for area in areas
        if not any(other != area and other.startswith(area) for other in areas)
    ]
    parts = {area: [part for part in lowest if part.startswith(area)] for area in areas}
    return {
        name: Figure(values, frozenset(shown.get(name, ())), parts)
        for name, values in judged.items()
    }


def recoverable(
    release: Path,
    earlier: Sequence[Path] = (),
    month_before: Sequence[Path] = (),
    month_after: Sequence[Path] = (),
) -> Iterator[str]:
    """What is found by difference within a release, and with the others that the public has.

    earlier: the other releases of its month; month_before, month_after: those of the months next to
    it. Superseded and retracted ones count too. What it shows of small areas outright is left to
    the check of small areas.
    """
    yield from recoverable_within(figures_of(release))
    edition = edition_of(release)
    told = [*map(edition_of, earlier), *map(month_before_told_by, month_after)]
    if count := given_away([*told, shown_outright(edition)], edition):
        yield f"{count} sums over few unions are found by difference of revisions"
    told_before = [*map(edition_of, month_before), *map(month_before_told_by, earlier)]
    if count := given_away(told_before, month_before_told_by(release)):
        yield (
            f"{count} sums over few unions of the month before are found by the changes against it"
        )


def edition_of(release: Path) -> Edition:
    """A release as the public sees it, with the unions that its figures are sums over."""
    shown = set[str]()
    with reading() as connection:
        for table in OVER_UNIONS:
            rows = connection.read_parquet(str(release / "public" / f"{table}.parquet"))
            figures = [name for name in rows.columns if name not in NO_SUM]
            told = rows.filter(" or ".join(f"{name} is not null" for name in figures))
            shown |= {area for (area,) in told.select("area_code").fetchall()}
    return Edition(townships_of(release / "internal"), unions_of(release / "internal"), shown)


def shown_outright(edition: Edition) -> Edition:
    """The same edition, as if it showed its small areas alone."""
    linked = Counter(
        area
        for township, _ in edition.unions.values()
        for area in edition.shown
        if township.startswith(area)
    )
    small = {area for area in edition.shown if linked[area] < SMALLEST_AREA}
    return replace(edition, shown=small)


def month_before_told_by(release: Path) -> Edition:
    """What a release tells of the month before: an index less its change is the index of then."""
    tables = release / "internal" / "predecessor" / "tables"
    if not tables.is_dir():
        return Edition(set(), {}, set())
    with reading() as connection:
        rows = connection.read_parquet(str(release / "public" / "area_index.parquet"))
        told = rows.filter("index_change is not null").select("area_code").fetchall()
    return Edition(townships_of(tables), unions_of(tables), {area for (area,) in told})


def townships_of(tables: Path) -> set[str]:
    """The codes of the areas without areas in them."""
    with reading() as connection:
        rows = connection.read_parquet(str(tables / "area_index.parquet"))
        areas = [area for (area,) in rows.select("area_code").fetchall()]
    return {
        area
        for area in areas
        if not any(other != area and other.startswith(area) for other in areas)
    }


def unions_of(tables: Path) -> dict[str, tuple[str, str]]:
    """Of each union its township, and all its figures that enter a count or mean, as text."""
    query = """
        select union_id, township_code, concat_ws('/', health_index, health_code, rates, scores)
        from read_parquet($1)
        left join (
            select
                union_id,
                cast(list((dimension, rate, points) order by dimension) as varchar) as rates
            from read_parquet($2) group by union_id
        ) using (union_id)
        left join (
            select
                union_id,
                cast(list((indicator, status, score) order by indicator) as varchar) as scores
            from read_parquet($3) group by union_id
        ) using (union_id)
    """
    names = ("union_index", "union_dimension", "union_indicator")
    with reading() as connection:
        found = connection.execute(query, [str(tables / f"{name}.parquet") for name in names])
        return {union: (township, figures) for union, township, figures in found.fetchall()}


def recoverable_within(figures: Mapping[str, Figure]) -> Iterator[str]:
    """Additive figures whose pattern of suppressed areas gives something away.

    It determines one of them, or a sum of them with fewer than 10 linked unions.
    """
    linked = figures[LINKED]
    for shown in dict.fromkeys(figure.shown for figure in figures.values()):
        known = solved([linked.row(area) for area in shown])
        found = [
            area
            for area in linked.judged
            if area not in shown and not reduced(linked.row(area), known)
        ]
        rests = [
            set(linked.row(area)).difference(
                *(linked.row(part) for part in shown if part != area and part.startswith(area))
            )
            for area in shown
            if linked.parts[area] != [area]
        ]
        small = [
            rest for rest in rests if rest and sum(unions for _, unions in rest) < SMALLEST_AREA
        ]
        if found or small:
            named = next(name for name, figure in figures.items() if figure.shown == shown)
            yield (
                f"{named}: {len(found)} suppressed areas and {len(small)} small sums "
                "of suppressed areas are found by difference"
            )
