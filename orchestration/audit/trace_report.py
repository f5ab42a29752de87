"""A trace as lines for a reader; of long lists the first ten items and how many there are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.aligned import aligned
from orchestration.audit import why_report
from orchestration.audit.published import Row
from orchestration.audit.text import INDENT, SHOWN, cell_text, cells_text, rows_left_out
from quality.nouns import counted_noun

Trace = dict[str, Any]
Rows = list[Row]
Lines = Iterator[str]

UNION_FIGURES = ("score", "value", "numerator", "denominator")
UNION_HEAD = ("indicator", "weight", *UNION_FIGURES, "status, rows that count")
STATUSES = ("observed", "missing", "not_applicable")
AREA_HEAD = (
    "indicator",
    "mean score",
    "observed",
    "missing",
    "not applicable",
    "rows that count",
)
ROW_COLUMNS = ("table", "key", "landing_row", "numerator", "denominator", "counts_as")
ROW_HEAD = ("table", "key", "landing row", "numerator", "denominator", "counts as")


def format_union(trace: Trace) -> list[str]:
    """A union's trace, from its ranks to the source rows; of one that is not measured, why."""
    return [
        *heading(trace),
        *body_of_union(trace),
        *closing(trace),
    ]


def body_of_union(trace: Trace) -> Lines:
    """What a union's index is made of, or why it is not measured."""
    union = trace["union"]
    if union is None:
        yield from why_report.unmeasured_union(trace["not_measured"])
        return
    points = [cell_text(row["points"]) for row in trace["dimensions"]]
    index = cell_text(union["health_index"])
    yield f"{union['union_id']} {union['name_zh']}, township {union['township_code']}"
    yield ranks_of_union(union)
    yield f"index {index} = {' + '.join(points)}"
    yield from dimensions(trace["dimensions"])
    yield from indicators_of_union(trace["indicators"])
    yield from why_report.grades(trace["grades"])
    yield from source_rows(trace)


def format_area(trace: Trace) -> list[str]:
    """An area's trace, from its rank to what was recounted of its unions."""
    return [
        *heading(trace),
        *body_of_area(trace),
        *closing(trace),
    ]


def body_of_area(trace: Trace) -> Lines:
    """What an area's rank and index are made of."""
    area = trace["area"]
    unions = trace["unions"]
    yield f"{area['area_code']} {area['name_zh']} {area['name_en']}, {area['level']}"
    yield from rank_of_area(trace)
    yield index_of_area(trace)
    yield from dimensions(trace["dimensions"])
    yield from indicators_of_area(trace["indicators"])
    yield f"linked unions, by rank: {len(unions):,}"
    yield from ranked_unions(unions[:SHOWN])
    yield from rows_left_out(unions)
    yield from why_report.movements(trace["movements"])
    yield from why_report.unmeasured(trace["unmeasured"])
    yield from why_report.refused_rows(trace["refused_rows"])


def ranks_of_union(union: Row) -> str:
    """A union's ranks, or that it has none."""
    if union["city_rank"] is None:
        return "no rank: no indicator applies to it"
    ranked = union["ranked_among"]
    in_city = f"rank {union['city_rank']:,} of {ranked['city_rank']:,} in the city"
    in_county = f"{union['county_rank']:,} of {ranked['county_rank']:,} in its county"
    return f"{in_city}, {in_county}"


def rank_of_area(trace: Trace) -> Lines:
    """An area's rank among its siblings, with these; nothing of an area without a rank."""
    area, siblings = trace["area"], trace["siblings"]
    if area["rank"] is None:
        return
    rank = f"rank {area['rank']} of {len(siblings)}"
    if interval := trace["interval"]:
        rank += f", {interval['rank_low']} to {interval['rank_high']} where the weights vary"
    yield rank
    yield from ranked_areas(siblings)


def index_of_area(trace: Trace) -> str:
    """An area's index as the mean of its unions' indices, and how many of its unions are linked."""
    area, measured = trace["area"], trace["measured"]
    index = cell_text(area["health_index"])
    total = cell_text(trace["sum_of_indices"])
    without_index = area["linked"] - measured
    others = f" and {without_index:,} without an index" if without_index > 0 else ""
    sample = f"{cell_text(area['sampling_rate'])} % of {area['frame']:,} in the frame"
    unions = counted_noun(measured, "linked union")
    return f"index {index} = {total} / {unions}{others}, {sample}"


def heading(trace: Trace) -> list[str]:
    """Which release it is."""
    month = f"{trace['period']} as of {trace['as_of']}"
    return [
        f"{trace['release']}: {month}, methodology {trace['methodology']}",
        f"SHA256SUMS {trace['sha256sums']}",
    ]


def dimensions(found: Rows) -> list[str]:
    """The dimensions as a table."""
    head = ("dimension", "weight", "rate", "points", "")
    rows = []
    for row in found:
        rank = f"rank {row['rank']}" if row.get("rank") else ""
        rows.append((*cells_text(row, head[:4]), rank))
    return aligned(
        rows,
        head=head,
        right=(1, 2, 3),
        indent=INDENT,
    )


def indicators_of_union(indicators: Rows) -> list[str]:
    """The indicators of a union as a table."""
    rows = []
    for row in indicators:
        figures = cells_text(row, ("indicator", "weight", *UNION_FIGURES))
        status = ", ".join([row["status"], *row_counts(row)])
        rows.append((*figures, status))
    return aligned(
        rows,
        head=UNION_HEAD,
        right=range(1, 6),
        indent=INDENT,
    )


def indicators_of_area(indicators: Rows) -> list[str]:
    """The indicators of an area as a table."""
    rows = []
    for row in indicators:
        score = cell_text(row["mean_score"])
        unions = [f"{row[status]:,}" for status in STATUSES]
        counted = ", ".join(row_counts(row))
        rows.append((row["indicator"], score, *unions, counted))
    return aligned(
        rows,
        head=AREA_HEAD,
        right=range(1, 5),
        indent=INDENT,
    )


def ranked_areas(areas: Rows) -> list[str]:
    """Areas and their indices by rank."""
    columns = ("rank", "area_code", "name_zh", "name_en", "health_index")
    rows = [cells_text(row, columns) for row in areas]
    return aligned(rows, right=(0, 4), indent=INDENT)


def ranked_unions(unions: Rows) -> list[str]:
    """Unions and their indices by rank."""
    columns = ("city_rank", "union_id", "name_zh", "health_index")
    rows = [cells_text(row, columns) for row in unions]
    return aligned(rows, right=(0, 3), indent=INDENT)


def row_counts(indicator: Row) -> list[str]:
    """How many rows of each source table an indicator counts."""
    counts = indicator["rows"] or {}
    return [f"{rows:,} {table}" for table, rows in counts.items()]


def source_rows(trace: Trace) -> Lines:
    """The source rows that one indicator counts."""
    found = trace["source_rows"]
    if found is None:
        return
    [indicator] = [row for row in trace["indicators"] if row["rows"] is not None]
    name = f"{indicator['indicator']} {indicator['name_zh']} {indicator['name_en']}"
    knots = [f"{knot['value']}: {knot['score']}" for knot in indicator["knots"]]
    yield f"{name}, scores by value {', '.join(knots)}"
    yield f"rows that count: {len(found):,}"
    rows = [cells_text(row, ROW_COLUMNS) for row in found[:SHOWN]]
    yield from aligned(
        rows,
        head=ROW_HEAD,
        right=(2, 3, 4),
        indent=INDENT,
    )
    yield from rows_left_out(found)


def closing(trace: Trace) -> Lines:
    """What was read, what does not count, and what came of comparing."""
    yield from rows_not_counted(trace["not_counted"])
    yield from landed_files(trace["landing"])
    differences = trace["differences"]
    yield (
        f"computed again: {counted_noun(trace['figures_compared'], 'figure')}, "
        f"{len(differences) or 'none'} of them published otherwise"
    )
    for row in differences[:SHOWN]:
        published, computed = cells_text(row, ("published", "computed"))
        figures = f"published {published}, computed again {computed}"
        yield f"  {row['of']} {row['figure']}: {figures}"
    yield from rows_left_out(differences)


def rows_not_counted(found: Rows) -> Lines:
    """The landed rows that do not count, by table and rule; no line where all count."""
    if not found:
        return
    counts = []
    for row in found:
        reason = f"{row['rule']}: {row['detail']}"
        counts.append(f"{row['rows']:,} {row['table']} ({reason})")
    yield f"landed rows that do not count: {', '.join(counts)}"


def landed_files(landing: Row) -> Lines:
    """The intake's files that were read."""
    files = landing["files"]
    places = sorted({str(Path(row["file"]).parent) for row in files})
    yield (
        f"landed files of the intake {landing['intake']} in {', '.join(places)}, "
        "with the SHA-256 that the manifest has of them:"
    )
    digests = [(row["table"], row["sha256"]) for row in files]
    yield from aligned(digests, indent=INDENT)
