"""The means that public editions show, and the unions behind each.

The models of the published tables say what a mean is of (`mean_of`). Read here apart from the
suppression that is judged.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from pathlib import Path

from quality.nouns import counted_noun
from quality.publication import PublishedTable, Source, bounds_of, public_tables, published_tables
from quality.release_files import Cells, read_rows

# What a key has besides the area or the union, such as an indicator.
Part = tuple[str, ...]


@dataclass(frozen=True)
class Mean:
    """A mean of a release: of a source, and of one indicator or dimension where it has several.

    townships: the number of unions behind it in each township that has any; shown: what the public
    edition shows of it, by area; bounds: the lowest and highest figure of a union.
    """

    source: Source
    part: Part
    townships: Mapping[str, int]
    shown: Mapping[str, Decimal]
    bounds: tuple[int, int]

    @property
    def name(self) -> str:
        """Table and column of the unions' figures, and what the key has besides the union."""
        return " ".join([f"{self.source.table}.{self.source.column}", *self.part])

    def numbers(self, areas: Sequence[str]) -> dict[str, int]:
        """How many unions are behind it in each area."""
        numbers = dict.fromkeys(areas, 0)
        for township, number in self.townships.items():
            for length in range(len(township) + 1):
                if township[:length] in numbers:
                    numbers[township[:length]] += number
        return numbers


def means_of(release: Path) -> list[Mean]:
    """The means of a release.

    An earlier release may lack tables and columns that were published later.
    """
    shown: defaultdict[tuple[Source, Part], dict[str, Decimal]] = defaultdict(dict)
    for table in public_tables().values():
        if not (release / "public" / f"{table.name}.parquet").exists():
            continue
        for column, source in table.means.items():
            for part, values in values_shown(table, column, release / "public").items():
                shown[source, part] |= values
    numbers = {source: townships_behind(source, release / "internal") for source, _ in shown}
    return [
        Mean(source, part, numbers[source].get(part, {}), values, bounds_of(source))
        for (source, part), values in sorted(shown.items(), key=itemgetter(0))
    ]


def values_shown(
    table: PublishedTable,
    column: str,
    edition: Path,
) -> dict[Part, dict[str, Decimal]]:
    """What an edition shows of a mean, by the rest of the key and by area."""
    values: dict[Part, dict[str, Decimal]] = {}
    query = f"select {', '.join(table.key)}, {column} from read_parquet($file)"
    for area, *part, value in read_rows(query, file=edition / f"{table.name}.parquet"):
        shown = values.setdefault(tuple(part), {})
        if value is not None:
            shown[area] = value
    return values


def townships_behind(source: Source, tables: Path) -> dict[Part, dict[str, int]]:
    """How many unions of each township have a figure of a source, by the rest of the key."""
    numbers: defaultdict[Part, dict[str, int]] = defaultdict(dict)
    query = f"""
        select * exclude (union_id, figures), count(*)
        from ({query_of_unions(source)})
        group by all
    """
    for township, *part, number in rows_of(query, source, tables):
        numbers[tuple(part)][township] = number
    return numbers


def unions_behind(source: Source, tables: Path) -> dict[Part, dict[str, tuple[str, str]]]:
    """The unions with a figure of a source, by the rest of the key.

    Of each the code of its township, and a text of its figures that enter the mean and the counts
    beside it.
    """
    unions: defaultdict[Part, dict[str, tuple[str, str]]] = defaultdict(dict)
    for union, township, figures, *part in rows_of(query_of_unions(source), source, tables):
        unions[tuple(part)][union] = (township, figures)
    return unions


def rows_of(
    query: str,
    source: Source,
    tables: Path,
) -> list[Cells]:
    """The rows of a query of the unions with a figure of a source."""
    return read_rows(
        query,
        figures=tables / f"{source.table}.parquet",
        unions=tables / "union_index.parquet",
    )


def query_of_unions(source: Source) -> str:
    """The query of the unions with a figure of a source: union, township, rest of key, figures."""
    table = published_tables()[source.table]
    texts = "".join(f" || '/' || of_union.{column}" for column in table.codes)
    part = "".join(f", of_union.{column}" for column in table.key[1:])
    return f"""
        select
            of_union.union_id,
            unions.township_code,
            cast(of_union.{source.column} as varchar) {texts} as figures
            {part}
        from read_parquet($figures) as of_union
        inner join read_parquet($unions) as unions on of_union.union_id = unions.union_id
        where of_union.{source.column} is not null
    """


def means_over_few(release: Path, least: int) -> Iterator[str]:
    """The means that a public edition shows of an area with fewer unions behind them than this."""
    for mean in means_of(release):
        numbers = mean.numbers(sorted(mean.shown))
        few = [area for area, number in numbers.items() if number < least]
        if few:
            areas = counted_noun(len(few), "area")
            yield f"the mean of {mean.name} is over few unions in {areas}"
