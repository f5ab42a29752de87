"""What follows from the figures that public editions show, by exact linear algebra: each count of an area is the sum over its parts.

Written apart from the suppression that it judges, and knowing more than a reader: which figures of which areas did not change.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from quality.connection import reading

SMALLEST_AREA = 10
LINKED = "area_index.linked"
COUNTS = {
    "area_index": ("frame", "linked", "green", "yellow", "red"),
    "area_indicator": ("observed", "missing", "not_applicable"),
    "population_change": ("opened", "resumed", "converted", "relocated", "suspended", "merged", "closed"),
}

Unknown = tuple[str, int]
Row = dict[Unknown, Fraction]


@dataclass(frozen=True)
class Figure:
    """An additive figure of a release: its judged value for every area, the areas that the public edition shows it of, and their parts.

    A part is an area without areas in it. It is one unknown for each value that it ever had.
    """

    judged: Mapping[str, int]
    shown: frozenset[str]
    parts: Mapping[str, Sequence[str]]

    def row(self, area: str) -> Row:
        """An area as the sum of its parts."""
        return {(part, self.judged[part]): Fraction(1) for part in self.parts[area]}


def figures_of(release: Path) -> dict[str, Figure]:
    """The additive figures of a release by name: table, column and, of an indicator's counts, the indicator."""
    judged: dict[str, dict[str, int]] = {}
    shown: dict[str, set[str]] = {}
    with reading() as connection:
        for table, counts in COUNTS.items():
            indicator = "' ' || indicator" if table == "area_indicator" else "''"
            for count in counts:
                query = f"select '{table}.{count}' || {indicator}, area_code, {count} from read_parquet($1)"
                for name, area, value in connection.execute(query, [str(release / "internal" / f"{table}.parquet")]).fetchall():
                    judged.setdefault(name, {})[area] = value
                for name, area, value in connection.execute(query, [str(release / "public" / f"{table}.parquet")]).fetchall():
                    shown.setdefault(name, set()).update([area] if value is not None else [])
    areas = sorted(judged[LINKED])
    lowest = [area for area in areas if not any(other != area and other.startswith(area) for other in areas)]
    parts = {area: [part for part in lowest if part.startswith(area)] for area in areas}
    return {name: Figure(values, frozenset(shown.get(name, ())), parts) for name, values in judged.items()}


def recoverable(folder: Path, earlier: Sequence[Path] = ()) -> Iterator[str]:
    """What is found by difference: any suppressed area or a small sum of them within the release, a small area between revisions."""
    figures = figures_of(folder)
    yield from recoverable_within(figures)
    before = [figures_of(release) for release in earlier]
    for name in figures if before else ():
        revisions = [revision for revision in [*before, figures] if name in revision]
        known = solved([revision[name].row(area) for revision in revisions for area in revision[name].shown])
        count = sum(
            not reduced(revision[name].row(area), known)
            for revision in revisions
            for area, linked in revision[LINKED].judged.items()
            if linked < SMALLEST_AREA and area not in revision[name].shown
        )
        if count:
            yield f"{name}: {count} small areas are found by difference of revisions"


def recoverable_within(figures: Mapping[str, Figure]) -> Iterator[str]:
    """Additive figures whose pattern of suppressed areas determines one of them, or a sum of them with fewer than 10 linked unions."""
    linked = figures[LINKED]
    for shown in dict.fromkeys(figure.shown for figure in figures.values()):
        known = solved([linked.row(area) for area in shown])
        found = [area for area in linked.judged if area not in shown and not reduced(linked.row(area), known)]
        rests = [
            set(linked.row(area)).difference(*(linked.row(part) for part in shown if part != area and part.startswith(area)))
            for area in shown
            if linked.parts[area] != [area]
        ]
        small = [rest for rest in rests if rest and sum(unions for _, unions in rest) < SMALLEST_AREA]
        if found or small:
            named = next(name for name, figure in figures.items() if figure.shown == shown)
            yield f"{named}: {len(found)} suppressed areas and {len(small)} small sums of suppressed areas are found by difference"


def solved(rows: Sequence[Row]) -> dict[Unknown, Row]:
    """Independent rows, each by an unknown that no later one has, so that `reduced` can take them from another row."""
    known: dict[Unknown, Row] = {}
    for row in sorted(rows, key=lambda row: (len(row), sorted(row))):
        rest = reduced(row, known)
        if rest:
            unknown = min(rest)
            known[unknown] = {other: value / rest[unknown] for other, value in rest.items()}
    return known


def reduced(row: Row, known: Mapping[Unknown, Row]) -> Row:
    """What is left of a row when what the known ones determine is taken away; empty where they determine it."""
    rest = dict(row)
    while (unknown := next((unknown for unknown in rest if unknown in known), None)) is not None:
        factor = rest[unknown]
        for other, value in known[unknown].items():
            rest[other] = rest.get(other, Fraction(0)) - factor * value
            if not rest[other]:
                del rest[other]
    return rest
