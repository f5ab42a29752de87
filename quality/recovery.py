"""What follows from the figures that public editions show, by exact linear algebra.

Each count of an area is the sum over its parts, and so is a mean times the number of unions behind
it. This is written apart from the suppression that it
judges. What follows from several editions is in `few_unions.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from quality.connection import reading
from quality.counts import narrow_counts
from quality.elimination import Row, remainder, solve
from quality.few_unions import Edition, given_away
from quality.intervals import narrow_intervals
from quality.means import means_of, unions_behind
from quality.nouns import counted_noun
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
    """A figure of a release that adds up: a count, or a mean times the number of unions behind it.

    It has the number of unions behind it in every area, the areas that the public edition shows it
    of, and their parts. A part is an area without areas in it, and one unknown.
    """

    unions: Mapping[str, int]
    shown: frozenset[str]
    parts: Mapping[str, Sequence[str]]

    def row(self, area: str) -> Row:
        """An area as the sum of its parts."""
        return {(part, self.unions[part]): Fraction(1) for part in self.parts[area]}


def figures_of(release: Path) -> dict[str, Figure]:
    """The figures of a release that add up, by name.

    A name is the table, the column and what the key has besides the area.
    """
    judged = sums_of(release / "internal")
    shown = sums_of(release / "public")
    linked = judged[LINKED]
    parts = parts_of(sorted(linked))
    figures = {}
    for name in judged:
        told = shown.get(name, {})
        areas = frozenset(area for area, value in told.items() if value is not None)
        figures[name] = Figure(linked, areas, parts)
    for mean in means_of(release):
        figures[mean.name] = Figure(mean.numbers(list(linked)), frozenset(mean.shown), parts)
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
    figures = figures_of(release)
    yield from recoverable_within(figures)
    yield from narrow_intervals(release, sorted(figures[LINKED].unions))
    yield from narrow_counts(release)
    edition = edition_of(release)
    known = [
        *map(edition_of, earlier),
        *map(month_before_from, month_after),
        shown_outright(edition),
    ]
    count = given_away(known, edition)
    if count:
        yield f"{small_sums(count)} found by difference of revisions"
    if earlier:
        yield from means_found(release, earlier)
    known_before = [
        *map(edition_of, month_before),
        *map(month_before_from, earlier),
    ]
    count = given_away(known_before, month_before_from(release))
    if count:
        yield f"{small_sums(count)} of the month before, found by the changes against it"


def small_sums(count: int) -> str:
    """How many sums over few unions."""
    return counted_noun(count, "sum over few unions", "sums over few unions")


def means_found(release: Path, earlier: Sequence[Path]) -> Iterator[str]:
    """Means of which sums over few unions are found by difference of revisions."""
    editions = [editions_by_mean(each) for each in earlier]
    for name, edition in editions_by_mean(release).items():
        known = [each[name] for each in editions if name in each]
        count = given_away([*known, shown_outright(edition)], edition)
        if count:
            yield f"{name}: {small_sums(count)} found by difference of revisions"


def editions_by_mean(release: Path) -> dict[str, Edition]:
    """A release as the public sees it, for each of its means by itself."""
    tables = release / "internal"
    townships = townships_of(tables)
    means = means_of(release)
    unions = {source: unions_behind(source, tables) for source in {mean.source for mean in means}}
    editions = {}
    for mean in means:
        behind = unions[mean.source].get(mean.part, {})
        editions[mean.name] = Edition(townships, behind, mean.shown.keys())
    return editions


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
    """Figures whose pattern of suppressed areas gives something away.

    It determines one of them, or a sum of them with fewer than 10 unions behind it.
    """
    judged = list[Figure]()
    for name, figure in figures.items():
        if figure in judged:
            continue
        judged.append(figure)
        found = areas_found(figure)
        small = small_rests(figure)
        if found or small:
            yield (
                f"{name}: found by difference: {counted_noun(found, 'suppressed area')}, "
                f"{counted_noun(small, 'small sum')} of suppressed areas"
            )


def areas_found(figure: Figure) -> int:
    """How many suppressed areas follow from those that are shown."""
    known = solve([figure.row(area) for area in figure.shown])
    suppressed = [area for area in figure.unions if area not in figure.shown]
    found = [area for area in suppressed if not remainder(figure.row(area), known)]
    return len(found)


def small_rests(figure: Figure) -> int:
    """How many areas leave few unions when the areas in them that are shown are taken away."""
    count = 0
    for area in figure.shown:
        if figure.parts[area] == [area]:
            continue
        shown_parts = [figure.row(part) for part in figure.shown if is_within(part, area)]
        rest = set(figure.row(area)).difference(*shown_parts)
        unions = sum(number for _, number in rest)
        if rest and unions < SMALLEST_AREA:
            count += 1
    return count
