"""The parts of a chart, as its template has them in JSON: texts, figures and scales, no layout."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal

from orchestration.documents.charts.scales import Scale
from orchestration.documents.texts import Words

Number = Decimal | int


@dataclass(frozen=True)
class Names:
    """The column of the names of the rows."""

    head: Words
    rows: Sequence[Words]
    kind: Literal["names"] = field(default="names", init=False)


@dataclass(frozen=True)
class Figures:
    """A column of figures, a cell for each row.

    key: the health code whose colour is shown under its head.
    """

    head: Words
    cells: Sequence[str]
    key: str = ""
    kind: Literal["figures"] = field(default="figures", init=False)


@dataclass(frozen=True)
class Dot:
    """A mark at a value, which is below the city's or not."""

    value: Decimal
    below: bool


@dataclass(frozen=True)
class Interval:
    """A rank within its interval."""

    low: int
    high: int
    rank: int


Bar = tuple[str, Number, Number]


@dataclass(frozen=True)
class Panel:
    """A panel with a mark for each row that has one, and the figures beside it.

    line: where the city's dashed line stands. A stack is its bars: a health code and both ends.
    """

    head: Words
    scale: Scale
    marks: Literal["dots", "intervals", "stacks"]
    rows: Sequence[Dot | Interval | Sequence[Bar] | None]
    cells: Sequence[str] = ()
    line: Decimal | None = None
    kind: Literal["panel"] = field(default="panel", init=False)


Column = Names | Figures | Panel


@dataclass(frozen=True)
class Point:
    """A figure of a month, by the number of the month, with its label where it has one."""

    month: int
    value: Decimal
    label: str


@dataclass(frozen=True)
class Line:
    """A panel of a figure by month; a month without one is a gap."""

    head: Words
    scale: Scale
    points: Sequence[Point | None]


@dataclass(frozen=True)
class Trend:
    """Panels over the same months: how many these are, and the labels of some by their number."""

    panels: Sequence[Line]
    labels: Sequence[tuple[int, str]]
    count: int


@dataclass(frozen=True)
class Chart:
    """A chart: what it is of, what it finds, its body for the template, notes and description.

    template: the name of the template that lays it out.
    """

    name: str
    template: Literal["rows", "trend"]
    title: Words
    finding: Words | None
    body: Sequence[Column] | Trend
    notes: Sequence[Words]
    description: Sequence[str]

    @property
    def caption(self) -> str:
        """What the chart is called in both languages: what it is of, after what it finds."""
        if self.finding is None:
            return " / ".join(self.title)
        chinese, english = self.finding
        return f"{chinese}{self.title[0]} / {english} {self.title[1]}"

    @property
    def description_text(self) -> str:
        """The description, a line for each part of it."""
        return "\n".join(self.description)

    @property
    def shown(self) -> dict[str, Any]:
        """What the template lays out."""
        data = asdict(self)
        return {name: data[name] for name in ("finding", "title", "body", "notes")}


def texts_of(data: object) -> Iterator[str]:
    """Every text in what a template lays out, in the order of the data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for part in data.values():
            yield from texts_of(part)
    elif isinstance(data, Sequence):
        for part in data:
            yield from texts_of(part)


def row_chart(
    name: str,
    title: Words,
    finding: Words | None,
    columns: Sequence[Column],
    notes: Sequence[Words],
) -> Chart:
    """A chart of columns, one of which has the names; described row by row.

    Without a row its notes describe it.
    """
    [names] = [column.rows for column in columns if isinstance(column, Names)]
    description = []
    for row, words in enumerate(names):
        area = " ".join(words)
        description.append(f"{area}: {figures_of_row(columns, row)}")
    if not description:
        description = [" ".join(note) for note in notes]
    return Chart(
        name,
        "rows",
        title,
        finding,
        columns,
        notes,
        description,
    )


def figures_of_row(columns: Sequence[Column], row: int) -> str:
    """The figures of a row, each after the head of its column."""
    found = []
    for column in columns:
        if not isinstance(column, Names) and column.cells:
            head = " ".join(column.head)
            found.append(f"{head} {column.cells[row]}")
    return "; ".join(found)
