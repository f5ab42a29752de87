"""The sites of a release: what their scripts load, checked against the tables of their edition."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from quality.connection import reading
from quality.nouns import counted_noun
from quality.pages import exact, rows_of
from quality.release_files import EDITIONS, Cells, Json, read_csv, read_json
from quality.scripts import data_of
from quality.why import answers

STATUSES = {"0": "observed", "1": "missing", "2": "not_applicable"}
FULL_POINTS = 100
MOST_ROUNDING = 0.01
COLUMNS_ON_PAGES = {
    "union_index": ("enterprise_id", "index_change", "months_yellow"),
    "union_dimension": ("rate", "points"),
    "union_indicator": ("status", "score", "value", "numerator", "denominator"),
    "alert": (
        "rule",
        "level",
        "dimension",
        "observed",
        "threshold",
        "opened_period",
        "months_open",
    ),
}

Rows = list[Cells]
Pages = dict[str, Json]


def site_figures(folder: Path, months: Sequence[Path] = ()) -> Iterator[str]:
    """Data of the sites that are not cells of the tables of their edition.

    months: the releases of earlier months that the trends show.
    """
    for name in EDITIONS:
        edition = folder / name
        earlier = [month / name for month in months]
        shown = data_of(edition / "site" / "data" / "areas.js")
        for table, content in shown.items():
            count = len(rows_shown(content) - rows_held(table, content, edition, earlier))
            if count:
                rows = counted_noun(count, "row")
                yield f"{name}/site shows {rows} of {table} that the table does not have"
    internal = folder / "internal"
    yield from union_figures(internal)
    yield from answers(internal)


def rows_shown(content: Json) -> set[Cells]:
    """The rows that a site shows of a table."""
    return {tuple(map(exact, row)) for row in content["rows"]}


def rows_held(
    table: str,
    content: Json,
    edition: Path,
    earlier: Sequence[Path],
) -> set[Cells]:
    """The rows that a site may show of a table: the trend shows those of earlier months too.

    A table without rows is written without columns.
    """
    columns = content["columns"]
    if not columns:
        return set()
    if table != "trend":
        return set(rows_of(edition, table, columns))
    held = set[Cells]()
    for each in (edition, *earlier):
        held.update(rows_of(each, "area_index", columns))
    return held


# The pages of the unions.


def union_figures(edition: Path) -> Iterator[str]:
    """Unions whose page shows wrong figures.

    They differ from the union's rows, compared as text, or are points lost that with its index do
    not make 100.
    """
    data = edition / "site" / "data"
    index = data_of(data / "unions.js", as_text=True)
    listed = set(zip(*index.values(), strict=True))
    if listed != set(texts_of(edition, "union_index", tuple(index))):
        yield "internal/site lists other unions than there are, or with other figures"
    pages: Pages = {}
    for file in sorted((data / "unions").glob("*.js")):
        pages |= data_of(file, as_text=True)
    indices: dict[str, str | None] = dict(
        texts_of(edition, "union_index", ("union_id", "health_index"))
    )
    wrong = wrong_sums(pages, indices)
    for table, rows in rows_on_pages(pages).items():
        wrong |= differing_unions(rows, rows_due(edition, table))
    if wrong:
        left_out = indices.keys() - pages.keys()
        yield (
            "internal/site shows other figures than the tables of "
            f"{counted_noun(len(wrong), 'union')}, "
            f"and leaves out {len(left_out)}"
        )


def wrong_sums(pages: Pages, indices: dict[str, str | None]) -> set[str]:
    """The unions that there are not, or whose index and points lost do not make 100."""
    wrong = set()
    for union, page in pages.items():
        if union not in indices or not adds_up(page, indices[union]):
            wrong.add(union)
    return wrong


def adds_up(page: Json, index: str | None) -> bool:
    """Whether a union's index and its points lost make 100, but for their rounding.

    Without an index it loses none.
    """
    points_lost = [lost for _, _, lost, *_ in page["indicators"] if lost is not None]
    if index is None:
        return not points_lost
    total = sum(map(float, points_lost), float(index))
    return abs(total - FULL_POINTS) < MOST_ROUNDING


def rows_on_pages(pages: Pages) -> dict[str, Rows]:
    """The rows by table that the unions' pages tell of.

    They are each union's own, those of its dimensions and indicators by position, and its alerts.
    """
    told: dict[str, Rows] = {table: [] for table in COLUMNS_ON_PAGES}
    for union, page in sorted(pages.items()):
        told["union_index"].append((union, *page["facts"]))
        told["union_dimension"] += [(union, *row) for row in page["dimensions"]]
        for status, _weight, _lost, *row in page["indicators"]:
            told["union_indicator"].append((union, STATUSES[status], *row))
        told["alert"] += [(union, *row) for row in page["alerts"]]
    told["alert"].sort(key=str)
    return told


def rows_due(edition: Path, table: str) -> Rows:
    """The rows that the unions' pages are due to tell of a table, in their order there."""
    columns = ("union_id", *COLUMNS_ON_PAGES[table])
    rows = texts_of(edition, table, columns, order_of(edition, table))
    if table == "alert":
        rows.sort(key=str)
    return rows


def order_of(edition: Path, table: str) -> str:
    """SQL of the order in which the unions' pages tell the rows of a table.

    It is by union, and then by the methodology's positions.
    """
    code = table.removeprefix("union_")
    if code not in ("dimension", "indicator"):
        return "union_id"
    verdict = read_json(edition.parent / "verdict.json")
    name = verdict["methodology"]["name"]
    rows = read_csv(edition / "methodology" / f"{code}s.csv")
    in_force = [row for row in rows if row["methodology"] == name]
    in_force.sort(key=lambda row: int(row["position"]))
    codes = [row[code] for row in in_force]
    return f"union_id, list_position({codes}, {code})"


def differing_unions(rows: Rows, due: Rows) -> set[str]:
    """The unions of which two lists have other rows, or the same in another order."""
    if rows == due:
        return set()
    found = by_union(rows)
    expected = by_union(due)
    unions = found.keys() | expected.keys()
    return {union for union in unions if found.get(union) != expected.get(union)}


def by_union(rows: Rows) -> dict[str, Rows]:
    """Rows by the union that each begins with."""
    found = defaultdict[str, Rows](list)
    for row in rows:
        union = row[0]
        found[union].append(row)
    return found


def texts_of(
    edition: Path,
    table: str,
    columns: Sequence[str],
    order: str = "",
) -> Rows:
    """Rows of these columns of a table of an edition as text, in an order or none."""
    with reading() as connection:
        relation = connection.read_parquet(str(edition / f"{table}.parquet"))
        if order:
            relation = relation.order(order)
        chosen = relation.select(", ".join(columns))
        kinds = map(str, chosen.types)
        cells = [as_text(*column) for column in zip(chosen.columns, kinds, strict=True)]
        return chosen.select(", ".join(cells)).fetchall()


def as_text(name: str, kind: str) -> str:
    """SQL of a column as text; figures have no zeros at the end."""
    text = f"cast({name} as varchar)"
    if kind.startswith("DECIMAL"):
        return f"rtrim(rtrim({text}, '0'), '.')"
    return text
