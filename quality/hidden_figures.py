"""Whether any file of a public edition tells a figure that its tables hide.

Hidden is a figure that the internal edition has and the public one has not, and that no other
public release tells of the same area. It is looked for

- in every line of every file, where it is known by its decimals;
- in what a line says behind the name of a suppressed area, with any decimals;
- in the cells of each row of a table that names a suppressed area, whole numbers too.

What a public table shows of any area is no secret by its decimals alone, and a name that a shown
area bears too tells of no suppressed one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import zip_longest
from pathlib import Path

from quality.disclosure import NAMING
from quality.documents import UnknownFormError
from quality.lines import lines_of, rows_of
from quality.pages import COMPARED, exact, figures_of
from quality.publication import PublishedTable, public_tables
from quality.release_files import Cells, files_below, read_rows

MANY_DECIMALS = re.compile(r"(?<![\d.])\d+\.\d{3,4}(?!\d|\.\d)")
DECIMALS = re.compile(r"(?<![\d.])\d+\.\d{1,4}(?!\d|\.\d)")
NUMBER = re.compile(r"[-+−]?(\d[\d,]*(?:\.\d+)?)\s*%?")
LATIN = "[0-9A-Za-z]"
BEHIND_A_NAME = 60  # characters
AREAS = """
    select area_code, name_zh, name_en, suppressed
    from read_parquet($areas)
"""
HIDDEN = """
    select area_code, judged.{column}
    from read_parquet($judged) as judged
    inner join read_parquet($shown) as shown using ({key})
    where judged.{column} is not null and shown.{column} is null
"""

Numbers = set[Decimal]


@dataclass(frozen=True)
class Figures:
    """The figures of suppressed areas, without signs: those hidden, and those told elsewhere."""

    hidden: Numbers
    told: Numbers

    def gives_away(self, number: str) -> bool:
        """Whether a number is a hidden figure, maybe rounded to decimals, and none that is told."""
        shown = Decimal(number)
        return is_among(shown, self.hidden) and not is_among(shown, self.told)


@dataclass(frozen=True)
class Secrets:
    """What a public edition hides, and the names with which it must not be told.

    known_by_decimals: the hidden figures that are known by their decimals, without signs; by_name:
    the figures of suppressed areas by code and name; names: the codes and names of all areas.
    """

    known_by_decimals: Numbers
    by_name: Mapping[str, Figures]
    names: Sequence[str]

    @cached_property
    def name(self) -> re.Pattern[str]:
        """A pattern of the names of areas, of which the longest is found."""
        longest_first = sorted(self.names, key=len, reverse=True)
        return re.compile("|".join(map(whole_name, longest_first)))

    def naming(self, text: str, parts: Sequence[str]) -> list[str]:
        """The parts of a text that have a name with hidden figures, maybe within longer words."""
        named = [re.escape(name) for name in self.by_name if name in text]
        if not named:
            return []
        pattern = re.compile("|".join(named))
        return [part for part in parts if pattern.search(part)]


def hidden_figures_told(folder: Path, others: Sequence[Path] = ()) -> Iterator[str]:
    """Public files that tell a hidden figure; which one is not said.

    others: the folders of the releases that the public has besides.
    """
    secrets = secrets_of(folder, others)
    for name, file in files_below(folder / "public").items():
        try:
            is_told = tells(secrets, name, file.read_bytes())
        except UnknownFormError:
            yield f"public/{name} is of a form that is not looked through"
            continue
        if is_told:
            yield f"public/{name} tells a figure that the public tables hide"


def tells(secrets: Secrets, name: str, content: bytes) -> bool:
    """Whether a file tells a hidden figure. Raises UnknownFormError."""
    lines = list(lines_of(name, content))
    text = "\n".join(lines)
    if any(Decimal(number) in secrets.known_by_decimals for number in MANY_DECIMALS.findall(text)):
        return True
    if any(line_tells(secrets, line) for line in secrets.naming(text, lines)):
        return True
    rows = {"\n".join(row): row for row in rows_of(name, content)}
    naming = secrets.naming("\n".join(rows), list(rows))
    return any(row_tells(secrets, rows[row]) for row in naming)


# What is hidden.


def secrets_of(folder: Path, others: Sequence[Path]) -> Secrets:
    """What the public edition of a release hides, beside other releases that are public."""
    public = folder / "public"
    elsewhere = [other / "public" for other in others]
    told = figures_told(elsewhere)
    hidden = figures_hidden(folder)
    compared = [table for table in COMPARED if (public / f"{table}.parquet").exists()]
    shown = figures_of(public, [*public_tables(), *compared]).union(*told.values())
    every = Numbers().union(*hidden.values()) - shown
    areas = read_rows(AREAS, areas=public / "area_index.parquet")
    return Secrets(
        known_by_decimals={figure for figure in every if has_three_decimals(figure)},
        by_name=by_name_of(areas, hidden, told),
        names=sorted({name for *names, _ in areas for name in names}),
    )


def figures_hidden(folder: Path) -> dict[str, Numbers]:
    """The figures of each area that the internal edition has and the public one has not."""
    hidden: defaultdict[str, Numbers] = defaultdict(set)
    for table in public_tables().values():
        for column in figures_in(table):
            query = HIDDEN.format(column=column, key=", ".join(table.key))
            file = f"{table.name}.parquet"
            rows = read_rows(
                query,
                judged=folder / "internal" / file,
                shown=folder / "public" / file,
            )
            for area, figure in rows:
                hidden[area].add(abs(Decimal(figure)))
    return hidden


def figures_told(editions: Sequence[Path]) -> dict[str, Numbers]:
    """The figures of each area that public editions tell."""
    told: defaultdict[str, Numbers] = defaultdict(set)
    for edition in editions:
        for table in public_tables():
            file = edition / f"{table}.parquet"
            if not file.exists():
                continue  # published since
            for row in read_rows("select area_code, * from read_parquet($file)", file=file):
                area, *cells = map(exact, row)
                told[area] |= {abs(cell) for cell in cells if isinstance(cell, Decimal)}
    return told


def figures_in(table: PublishedTable) -> list[str]:
    """The columns of a table that have figures."""
    return [column for column in table.columns if column not in NAMING]


def by_name_of(
    areas: Sequence[Cells],
    hidden: Mapping[str, Numbers],
    told: Mapping[str, Numbers],
) -> dict[str, Figures]:
    """The figures by code and name, of what suppressed areas alone are called.

    areas: code, names, and whether it is suppressed, of each; hidden, told: figures by area.
    """
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    for *names, _ in areas:
        for name in names:
            bearers[name].add(names[0])
    suppressed = {area for area, *_, is_suppressed in areas if is_suppressed}
    found = {}
    for name, codes in bearers.items():
        is_a_word = name in codes or any(map(str.isalpha, name))
        if is_a_word and codes <= suppressed:
            found[name] = Figures(union_of(hidden, codes), union_of(told, codes))
    return found


def union_of(figures: Mapping[str, Numbers], areas: Iterable[str]) -> Numbers:
    """The figures of all these areas."""
    return Numbers().union(*(figures.get(area, ()) for area in areas))


def has_three_decimals(figure: Decimal) -> bool:
    """Whether a figure is not the same with two decimals."""
    return figure != round(figure, 2)


# What tells it.


def line_tells(secrets: Secrets, line: str) -> bool:
    """Whether a line has a hidden figure behind a name."""
    for name, behind in mentions(secrets, line):
        numbers = DECIMALS.findall(behind)
        if any(secrets.by_name[name].gives_away(number) for number in numbers):
            return True
    return False


def row_tells(secrets: Secrets, row: Sequence[str]) -> bool:
    """Whether a row of a table that names a suppressed area has a cell with one of its figures."""
    behind = [secrets.by_name[name] for name, _ in mentions(secrets, "\n".join(row))]
    if not behind:
        return False
    matches = [NUMBER.fullmatch(cell.strip()) for cell in row if cell not in secrets.names]
    numbers = [match[1].replace(",", "") for match in matches if match]
    return any(figures.gives_away(number) for number in numbers for figures in behind)


def mentions(secrets: Secrets, text: str) -> Iterator[tuple[str, str]]:
    """Each name with hidden figures in a text, and what it says behind it.

    That ends at the next name of an area.
    """
    found = list(secrets.name.finditer(text))
    for match, following in zip_longest(found, found[1:]):
        if match[0] in secrets.by_name:
            end = following.start() if following else len(text)
            yield match[0], text[match.end() : end][:BEHIND_A_NAME]


def whole_name(name: str) -> str:
    """A pattern of a name; one in Latin letters or digits is not found within a longer word."""
    before = rf"(?<!{LATIN})" if re.match(LATIN, name[0]) else ""
    after = rf"(?!{LATIN})" if re.match(LATIN, name[-1]) else ""
    return f"{before}{re.escape(name)}{after}"


def is_among(shown: Decimal, figures: Numbers) -> bool:
    """Whether a number is one of these figures, or, with its decimals, one of them rounded."""
    if shown in figures:
        return True
    if "." not in str(shown):
        return False
    return any(figure.quantize(shown, ROUND_HALF_UP) == shown for figure in figures)
