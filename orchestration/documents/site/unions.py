"""What the site shows of unions.

That is an index to search, and for each township the figures of its unions' pages, among them the
points lost.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.documents.edition import Edition
from orchestration.documents.site.codes import Page, page_codes
from orchestration.documents.site.data import assignment

LOST = Path(__file__).with_name("unions.sql").read_text(encoding="utf-8")
STATUSES = ["observed", "missing", "not_applicable"]
INDEX = (
    "union_id",
    "name_zh",
    "township_code",
    "health_index",
    "city_rank",
    "county_rank",
    "health_code",
)


def union_index(edition: Edition, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Columns of union_index, by rank in the city."""
    unions = connection.read_parquet(str(edition.folder / "union_index.parquet"))
    rows = unions.order("city_rank, union_id").select(*INDEX).fetchall()
    columns = map(list, zip(*rows, strict=True))
    return dict(zip(INDEX, columns, strict=True))


def compute_points_lost(edition: Edition, connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `lost`, a row per union and indicator.

    It has the union's figures, its weight after spreading, and the points lost, exactly.
    """
    for name in ("dimensions", "indicators"):
        rows = edition.methodology.tables[name]
        shown = {name.removesuffix("s"), "dimension", "position", "weight"}
        columns = {column: [row[column] for row in rows] for column in sorted(shown)}
        unnested = ", ".join(f"unnest(${column}) as {column}" for column in columns)
        connection.execute(
            f"""
            create table {name} as
            select
                * replace (cast(position as integer) as position),
                cast(cast(weight as decimal(38, 4)) * 10000 as hugeint) as units
            from (select {unnested})
            """,
            columns,
        )
    judged = edition.folder / "union_indicator.parquet"
    connection.execute(f"create table lost as {LOST}", {"judged": str(judged)})


def union_chunks(edition: Edition, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The script of each township, by code: what each of its unions' pages shows, a line each."""
    codes = f"list_position({STATUSES}, status) - 1"
    figures = ("weight", "points_lost", "score", "value", "numerator", "denominator")
    indicator_cells = cells(codes, *map(trimmed, figures))
    dimension_cells = cells(trimmed("rate"), trimmed("points"))
    alert_cells = cells(
        "to_json(rule)",
        "to_json(level)",
        "to_json(dimension)",
        trimmed("observed"),
        trimmed("threshold"),
        "to_json(opened_period)",
        "months_open",
    )
    query = f"""
        with indicators as (
            select union_id, string_agg({indicator_cells}, ',' order by position) as cells
            from lost group by union_id
        ),
        dimensions as (
            select union_id, string_agg({dimension_cells}, ',' order by position) as cells
            from read_parquet($dimensions) as rates
            inner join dimensions on rates.dimension = dimensions.dimension
            group by union_id
        ),
        alerts as (
            select union_id, string_agg({alert_cells}, ',' order by level, rule, dimension) as cells
            from read_parquet($alerts) group by union_id
        )
        select unions.township_code, unions.union_id, to_json(unions.union_id) || ':{{"facts":'
            || {cells("to_json(enterprise_id)", trimmed("index_change"), "months_yellow")}
            || ',"dimensions":[' || dimensions.cells || '],"indicators":[' || indicators.cells
            || '],"alerts":[' || coalesce(alerts.cells, '') || ']'
        from read_parquet($unions) as unions
        inner join indicators on unions.union_id = indicators.union_id
        inner join dimensions on unions.union_id = dimensions.union_id
        left join alerts on unions.union_id = alerts.union_id
        order by unions.union_id
    """
    files = {
        "dimensions": str(edition.folder / "union_dimension.parquet"),
        "alerts": str(edition.folder / "alert.parquet"),
        "unions": str(edition.folder / "union_index.parquet"),
    }
    rows = connection.execute(query, files).fetchall()
    pages: dict[str, Page] = {}
    if edition.site_url:
        unions = [union for _, union, _ in rows]
        pages = page_codes(edition.site_url, unions)
    lines: dict[str, list[str]] = {}
    for township, union, body in rows:
        code = f',"page":{json.dumps(pages[union])}' if pages else ""
        lines.setdefault(township, []).append(f"{body}{code}}}")
    return {township: chunk_of(township, lines[township]) for township in sorted(lines)}


def chunk_of(township: str, lines: Sequence[str]) -> str:
    """The script of a township from the lines of its unions."""
    content = ",\n".join(lines)
    return assignment(f"unions/{township}", f"{{\n{content}\n}}")


def cells(*expressions: str) -> str:
    """SQL of a list of these values as JSON; null for none."""
    texts = [f"coalesce(cast({expression} as varchar), 'null')" for expression in expressions]
    listed = " || ',' || ".join(texts)
    return f"'[' || {listed} || ']'"


def trimmed(figure: str) -> str:
    """SQL of a decimal with places as text, without the zeros that end it."""
    return f"rtrim(rtrim(cast({figure} as varchar), '0'), '.')"
