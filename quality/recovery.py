"""What follows from the figures that public editions show, by exact linear algebra.

Each count of an area is the sum over its parts. This is written apart from the suppression that it
judges. What follows from several editions is in `few_unions.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from quality.connection import reading
from quality.elimination import Row, remainder, solve
from quality.few_unions import Edition, given_away
from quality.publication import PublishedTable, public_tables
from quality.release_files import read_rows

SMALLEST_AREA = 10
LINKED = "area_index.linked"
FIGURES_OF_UNIONS = """
    select
        union_id,
        township_code,
        concat_ws('/', health_index, health_code, rates, scores)
    from read_parquet($unions)
    left join (
        select
            union_id,
            cast(list((dimension, rate, points) order by dimension) as varchar) as rates
        from read_parquet($dimensions)
        group by union_id
    ) using (union_id)
    left join (
        select
            union_id,
            cast(list((indicator, status, score) order by indicator) as varchar) as scores
        from read_parquet($indicators)
        group by union_id
    ) using (union_id)
"""


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
    judged = sums_of(release / "internal")
    shown = sums_of(release / "public")
    parts = parts_of(sorted(judged[LINKED]))
    figures = {}
    for name, values in judged.items():
        told = shown.get(name, {})
        areas = frozenset(area for area, value in told.items() if value is not None)
        figures[name] = Figure(values, areas, parts)
    return figures


def sums_of(edition: Path) -> dict[str, dict[str, int]]:
    """The additive figures of an edition by name and area."""
    sums: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for table in public_tables().values():
        file = edition / f"{table.name}.parquet"
        for query in queries_of_sums(table):
            for figure, area, value in read_rows(query, file=file):
                sums[figure][area] = value
    return dict(sums)


def queries_of_sums(table: PublishedTable) -> Iterator[str]:
    """Of each additive column of a table the query of its figures: name, area, value."""
    parts = "".join(f" || ' ' || {column}" for column in table.key[1:])
    for column in table.additive:
        yield f"""
            select '{table.name}.{column}'{parts}, area_code, {column}
            from read_parquet($file)
        """


def parts_of(areas: Sequence[str]) -> dict[str, list[str]]:
    """Of each area the areas in it that have no areas in them; of one without any, itself."""
    lowest = lowest_of(areas)
    return {area: [part for part in lowest if part.startswith(area)] for area in areas}


def lowest_of(areas: Sequence[str]) -> list[str]:
    """The areas without areas in them."""
    return [area for area in areas if not any(is_within(other, area) for other in areas)]


def is_within(part: str, area: str) -> bool:
    """Whether an area is in another."""
    return part != area and part.startswith(area)


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
    known = [
        *map(edition_of, earlier),
        *map(month_before_from, month_after),
        shown_outright(edition),
    ]
    count = given_away(known, edition)
    if count:
        yield f"{count} sums over few unions are found by difference of revisions"
    known_before = [
        *map(edition_of, month_before),
        *map(month_before_from, earlier),
    ]
    count = given_away(known_before, month_before_from(release))
    if count:
        yield (
            f"{count} sums over few unions of the month before are found by the changes against it"
        )


def edition_of(release: Path) -> Edition:
    """A release as the public sees it, with the unions that its figures are sums over.

    An earlier release may lack tables and columns that were published later.
    """
    shown = set[str]()
    for name, table in public_tables().items():
        file = release / "public" / f"{name}.parquet"
        columns = table.telling("unions")
        if columns and file.exists():
            shown |= areas_shown(file, columns)
    internal = release / "internal"
    return Edition(townships_of(internal), unions_of(internal), shown)


def areas_shown(file: Path, columns: Sequence[str]) -> set[str]:
    """The areas of which a table shows a figure in any of these columns that it has."""
    with reading() as connection:
        rows = connection.read_parquet(str(file))
        is_told = [f"{column} is not null" for column in columns if column in rows.columns]
        told = rows.filter(" or ".join(is_told))
        areas = told.select("area_code").fetchall()
    return {area for (area,) in areas}


def shown_outright(edition: Edition) -> Edition:
    """The same edition, as if it showed its small areas alone."""
    linked = Counter[str]()
    for township, _ in edition.unions.values():
        linked.update(area for area in edition.shown if township.startswith(area))
    small = {area for area in edition.shown if linked[area] < SMALLEST_AREA}
    return replace(edition, shown=small)


def month_before_from(release: Path) -> Edition:
    """What a release tells of the month before: an index less its change is the index of then."""
    tables = release / "internal" / "predecessor" / "tables"
    if not tables.is_dir():
        return Edition(set(), {}, set())
    shown = areas_shown(release / "public" / "area_index.parquet", ["index_change"])
    return Edition(townships_of(tables), unions_of(tables), shown)


def townships_of(tables: Path) -> set[str]:
    """The codes of the areas without areas in them."""
    query = "select area_code from read_parquet($file)"
    rows = read_rows(query, file=tables / "area_index.parquet")
    areas = [area for (area,) in rows]
    return set(lowest_of(areas))


def unions_of(tables: Path) -> dict[str, tuple[str, str]]:
    """Of each union its township, and all its figures that enter a count or mean, as text."""
    rows = read_rows(
        FIGURES_OF_UNIONS,
        unions=tables / "union_index.parquet",
        dimensions=tables / "union_dimension.parquet",
        indicators=tables / "union_indicator.parquet",
    )
    return {union: (township, figures) for union, township, figures in rows}


def recoverable_within(figures: Mapping[str, Figure]) -> Iterator[str]:
    """Additive figures whose pattern of suppressed areas gives something away.

    It determines one of them, or a sum of them with fewer than 10 linked unions.
    """
    linked = figures[LINKED]
    first_names: dict[frozenset[str], str] = {}
    for name, figure in figures.items():
        first_names.setdefault(figure.shown, name)
    for shown, name in first_names.items():
        found = areas_found(linked, shown)
        small = small_rests(linked, shown)
        if found or small:
            yield (
                f"{name}: {found} suppressed areas and {small} small sums "
                "of suppressed areas are found by difference"
            )


def areas_found(linked: Figure, shown: frozenset[str]) -> int:
    """How many suppressed areas follow from those that are shown."""
    known = solve([linked.row(area) for area in shown])
    suppressed = [area for area in linked.judged if area not in shown]
    found = [area for area in suppressed if not remainder(linked.row(area), known)]
    return len(found)


def small_rests(linked: Figure, shown: frozenset[str]) -> int:
    """How many areas leave few unions when the areas in them that are shown are taken away."""
    count = 0
    for area in shown:
        if linked.parts[area] == [area]:
            continue
        shown_parts = [linked.row(part) for part in shown if is_within(part, area)]
        rest = set(linked.row(area)).difference(*shown_parts)
        unions = sum(number for _, number in rest)
        if rest and unions < SMALLEST_AREA:
            count += 1
    return count
