"""What the public edition shows, checked against the internal one.

It shows the same figures, none of a suppressed area, and none of a small one. The columns that a
suppressed area may show, those told against the month before, the ranks, and the counts that are
hidden together where they would tell hidden ones, are said here a second time, on purpose: where a
model says otherwise of a column, the editions differ and the release is refused.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from quality.connection import reading
from quality.documents import texts_of
from quality.means import means_over_few
from quality.nouns import counted_noun
from quality.publication import PublishedTable, public_tables
from quality.release_files import files_below, read_json

SMALLEST_AREA = 10
DOCUMENTS = (".docx", ".html", ".js", ".json", ".pdf", ".svg", ".xlsx")
AGAINST_MONTH_BEFORE = "index_change"
PREVIOUS_RANK = "previous_rank"
RANKS = ("rank", "rank_low", "rank_high")
# The areas that are ranked together.
PEERS = "case shown.level when 'township' then substr(area_code, 1, 6) else shown.level end"
COUNTED_TOGETHER = (
    ("green", "yellow", "red"),
    ("observed", "missing", "not_applicable"),
    ("opened",),
    ("resumed",),
    ("converted",),
    ("relocated",),
    ("suspended",),
    ("merged",),
    ("closed",),
)
NAMING = (
    "period",
    "area_code",
    "level",
    "name_zh",
    "name_en",
    "dimension",
    "indicator",
)

Relation = duckdb.DuckDBPyRelation


def differences(folder: Path) -> Iterator[str]:
    """Public tables that are not the internal ones less what is hidden.

    Hidden are the figures of suppressed areas, by one mark an area; all figures of a row that is
    marked by itself, in tables of means that have several rows an area; the ranks of all areas that
    are ranked together, where one of them is hidden; of the month before their ranks, of all or
    none; any area's change against it; and in any row counts that belong together.
    """
    with reading() as connection:
        areas = marks_of_areas(connection, folder).set_alias("areas")
        for table, published in public_tables().items():
            shown = connection.read_parquet(str(folder / "public" / f"{table}.parquet"))
            judged = connection.read_parquet(str(folder / "internal" / f"{table}.parquet"))
            if columns_of(shown) != [*columns_of(judged), ("suppressed", "BOOLEAN")]:
                yield f"{table} has other columns"
                continue
            due = due_rows(judged, marks_of_rows(published, shown, areas))
            more = shown.except_(due)
            missing = due.except_(shown)
            count = len(more) + len(missing) + abs(len(shown) - len(judged))
            if count:
                yield f"{table} differs in {counted_noun(count, 'row')}"
            key = ", ".join(published.key)
            if shown.select(key).fetchall() != judged.select(key).fetchall():
                yield f"{table} has another order"


def columns_of(table: Relation) -> list[tuple[str, str]]:
    """The columns of a table: name and type."""
    return list(zip(table.columns, map(str, table.types), strict=True))


def due_rows(judged: Relation, marks: Relation) -> Relation:
    """The rows that the public table is due to have, in no order."""
    key = [name for name in marks.columns if name in NAMING]
    columns = [f"{due_cell(name)} as {name}" for name in judged.columns]
    marked = judged.set_alias("judged").join(
        marks.set_alias("marks"),
        " and ".join(f"judged.{name} = marks.{name}" for name in key),
        how="left",
    )
    return marked.select(", ".join([*columns, "suppressed"]))


def marks_of_rows(
    table: PublishedTable,
    shown: Relation,
    areas: Relation,
) -> Relation:
    """Whether each row of a table is suppressed, and which of its columns are hidden besides.

    A row that is the only one of its area has the area's mark. Each count has one of its own.
    """
    key = [f"shown.{name}" for name in table.key]
    has_own_marks = table.means and len(table.key) > 1
    suppressed = "areas.suppressed or shown.suppressed" if has_own_marks else "areas.suppressed"
    groups = [group for group in COUNTED_TOGETHER if set(group) <= set(shown.columns)]
    lacking = [f"shown.{group[0]} is null as hides_{name}" for group in groups for name in group]
    marks = [f"{suppressed} as suppressed", "hides_change", "hides_previous_rank", *lacking]
    if "rank" in shown.columns:
        peers = ", ".join(["peers", *key[1:]])
        hidden = f"({suppressed}) and areas.linked > 0"
        marks.append(f"bool_or({hidden}) over (partition by {peers}) as hides_rank")
    marked = shown.set_alias("shown").join(areas, "shown.area_code = areas.area_code")
    return marked.select(", ".join([*key, *marks]))


def marks_of_areas(connection: duckdb.DuckDBPyConnection, folder: Path) -> Relation:
    """Whether each area is suppressed, and what it lacks of what is told against the month before.

    peers: the areas that it is ranked with; linked: how many linked unions it has.
    """
    return connection.sql(
        f"""
        with marked as (
            select
                area_code,
                {PEERS} as peers,
                suppressed,
                judged.linked,
                suppressed and judged.linked > 0 as hides_rank,
                judged.{AGAINST_MONTH_BEFORE} is not null
                    and shown.{AGAINST_MONTH_BEFORE} is null as hides_change,
                judged.{PREVIOUS_RANK} is not null
                    and shown.{PREVIOUS_RANK} is null as lacks_previous_rank
            from read_parquet($shown) as shown
            inner join read_parquet($judged) as judged using (area_code)
        )
        select
            area_code,
            peers,
            linked,
            suppressed,
            hides_change,
            bool_or(hides_rank or (not suppressed and lacks_previous_rank))
                over (partition by peers) as hides_previous_rank
        from marked
        """,
        params={
            "shown": str(folder / "public" / "area_index.parquet"),
            "judged": str(folder / "internal" / "area_index.parquet"),
        },
    )


def due_cell(name: str) -> str:
    """What a column of a public table holds, as a query has it."""
    if name in NAMING:
        return f"judged.{name}"
    hides = "suppressed"
    if name == AGAINST_MONTH_BEFORE:
        hides = "suppressed or hides_change"
    if name == PREVIOUS_RANK:
        hides = "suppressed or hides_previous_rank"
    if name in RANKS:
        hides = "suppressed or hides_rank"
    if any(name in group for group in COUNTED_TOGETHER):
        hides = f"suppressed or hides_{name}"
    return f"case when not ({hides}) then judged.{name} end"


def findings_disclosed(folder: Path) -> Iterator[str]:
    """Public files that tell what a failed check observed.

    That may name small areas and their figures.

    Documents write a true minus where a check has a hyphen.
    """
    verdict = read_json(folder / "verdict.json")
    failed = [check["observed"] for check in verdict["checks"] if not check["passed"]]
    findings = [signs_alike(observed) for observed in failed if any(map(str.isdigit, observed))]
    if not findings:
        return
    for name, file in files_below(folder / "public").items():
        if file.suffix not in DOCUMENTS:
            continue
        text = signs_alike("\n".join(texts_of(file.name, file.read_bytes())))
        if any(finding in text for finding in findings):
            yield f"public/{name} tells what a check observed"


def signs_alike(text: str) -> str:
    """A text with a hyphen for each true minus."""
    return text.replace("−", "-")


def small_areas_shown(folder: Path) -> Iterator[str]:
    """Public tables with a figure of an area with fewer than 10 linked unions, or a mean over few.

    Tables that do not call such an area suppressed are among them.
    """
    with reading() as connection:
        areas = connection.read_parquet(str(folder / "internal" / "area_index.parquet"))
        small = areas.filter(f"linked < {SMALLEST_AREA}").select("area_code")
        for table in public_tables():
            shown = connection.read_parquet(str(folder / "public" / f"{table}.parquet"))
            count = rows_shown_of(small, shown)
            if count:
                yield f"{table} shows small areas in {counted_noun(count, 'row')}"
    yield from means_over_few(folder, SMALLEST_AREA)


def rows_shown_of(small: Relation, shown: Relation) -> int:
    """How many rows of small areas a public table shows, or does not call suppressed."""
    figures = [name for name in shown.columns if name not in (*NAMING, "suppressed")]
    is_told = [f"shown.{name} is not null" for name in figures]
    rows = shown.set_alias("shown").join(
        small.set_alias("small"),
        "shown.area_code = small.area_code",
    )
    told = rows.filter(" or ".join(["suppressed is not true", *is_told]))
    return len(told)
