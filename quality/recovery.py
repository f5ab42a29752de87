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
from quality.publication import PublishedTable, public_tables

SMALLEST_AREA = 10
LINKED = "area_index.linked"


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

    A name is the table, the column and what the key has besides the area.
    """
    judged: dict[str, dict[str, int]] = {}
    shown: dict[str, set[str]] = {}
    with reading() as connection:
        for table in public_tables().values():
            for query in queries_of_sums(table):
                for figure, area, value in connection.execute(
                    query, [str(release / "internal" / f"{table.name}.parquet")]
                ).fetchall():
                    judged.setdefault(figure, {})[area] = value
                for figure, area, value in connection.execute(
                    query, [str(release / "public" / f"{table.name}.parquet")]
                ).fetchall():
                    shown.setdefault(figure, set()).update([area] if value is not None else [])
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


def queries_of_sums(table: PublishedTable) -> Iterator[str]:
    """Of each additive column of a table the query of its figures: name, area, value."""
    parts = "".join(f" || ' ' || {column}" for column in table.key[1:])
    for column in table.additive:
        yield f"select '{table.name}.{column}'{parts}, area_code, {column} from read_parquet($1)"


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
    """A release as the public sees it, with the unions that its figures are sums over.

    An earlier release may lack tables and columns that were published later.
    """
    shown = set[str]()
    with reading() as connection:
        for name, table in public_tables().items():
            file = release / "public" / f"{name}.parquet"
            if not file.exists() or not table.telling("unions"):
                continue
            rows = connection.read_parquet(str(file))
            figures = [column for column in table.telling("unions") if column in rows.columns]
            told = rows.filter(" or ".join(f"{column} is not null" for column in figures))
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
