"""A trace as lines for a reader; of long lists the first ten items and how many there are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.aligned import aligned
from orchestration.audit import why_telling
from orchestration.audit.why_telling import INDENT, SHOWN, more, shown


def lines_of_union(trace: dict[str, Any]) -> list[str]:
    """A union's trace, from its ranks to the source rows; of one that is not measured, why."""
    union = trace["union"]
    if union is None:
        return [
            *heading(trace),
            *why_telling.unmeasured_union(trace["not_measured"]),
            *closing(trace),
        ]
    in_city, in_county = (union["ranked_among"][rank] for rank in ("city_rank", "county_rank"))
    return [
        *heading(trace),
        f"{union['union_id']} {union['name_zh']}, township {union['township_code']}",
        *place(union, in_city, in_county),
        f"index {shown(union['health_index'])} = "
        + " + ".join(shown(row["points"]) for row in trace["dimensions"]),
        *dimensions(trace),
        *indicators_of_union(trace["indicators"]),
        *why_telling.grades(trace["grades"]),
        *source_rows(trace),
        *closing(trace),
    ]


def lines_of_area(trace: dict[str, Any]) -> list[str]:
    """An area's trace, from its rank to what was recounted of its unions."""
    area = trace["area"]
    linked, frame = area["linked"], area["frame"]
    lines = [
        *heading(trace),
        f"{area['area_code']} {area['name_zh']} {area['name_en']}, {area['level']}",
    ]
    if area["rank"] is not None:
        rank = f"rank {area['rank']} of {len(trace['siblings'])}"
        if interval := trace["interval"]:
            rank += f", {interval['rank_low']} to {interval['rank_high']} where the weights vary"
        lines.append(rank)
        lines += ranked(trace["siblings"])
    measured = trace["measured"]
    others = f" and {linked - measured:,} without an index" if measured < linked else ""
    sample = f"{shown(area['sampling_rate'])} % of {frame:,} in the frame"
    return [
        *lines,
        (
            f"index {shown(area['health_index'])} = {shown(trace['sum_of_indices'])} / "
            f"{measured:,} linked unions{others}, {sample}"
        ),
        *dimensions(trace),
        *indicators_of_area(trace["indicators"]),
        f"linked unions, by rank: {len(trace['unions']):,}",
        *unions(trace["unions"][:SHOWN]),
        *more(trace["unions"]),
        *why_telling.movements(trace["movements"]),
        *why_telling.unmeasured(trace["unmeasured"]),
        *why_telling.refused_rows(trace["refused_rows"]),
        *closing(trace),
    ]


def place(union: dict[str, Any], in_city: int, in_county: int) -> Iterator[str]:
    """A union's ranks, or that it has none."""
    if union["city_rank"] is None:
        yield "no rank: no indicator applies to it"
    else:
        yield (
            f"rank {union['city_rank']:,} of {in_city:,} in the city, "
            f"{union['county_rank']:,} of {in_county:,} in its county"
        )


def heading(trace: dict[str, Any]) -> list[str]:
    """Which release it is."""
    return [
        (
            f"{trace['release']}: {trace['period']} as of {trace['as_of']}, "
            f"methodology {trace['methodology']}"
        ),
        f"SHA256SUMS {trace['sha256sums']}",
    ]


def dimensions(trace: dict[str, Any]) -> list[str]:
    """The dimensions as a table."""
    head = ("dimension", "weight", "rate", "points", "")
    rows = [
        (
            row["dimension"],
            str(row["weight"]),
            shown(row["rate"]),
            shown(row["points"]),
            f"rank {row['rank']}" if row.get("rank") else "",
        )
        for row in trace["dimensions"]
    ]
    return aligned(rows, head=head, right=(1, 2, 3), indent=INDENT)


def indicators_of_union(indicators: list[dict[str, Any]]) -> list[str]:
    """The indicators of a union as a table."""
    figures = ("score", "value", "numerator", "denominator")
    head = ("indicator", "weight", *figures, "status, rows that count")
    rows = [
        (
            row["indicator"],
            str(row["weight"]),
            *(shown(row[figure]) for figure in figures),
            ", ".join([row["status"], *counts(row)]),
        )
        for row in indicators
    ]
    return aligned(rows, head=head, right=range(1, 6), indent=INDENT)


def indicators_of_area(indicators: list[dict[str, Any]]) -> list[str]:
    """The indicators of an area as a table."""
    head = ("indicator", "mean score", "observed", "missing", "not applicable", "rows that count")
    rows = [
        (
            row["indicator"],
            shown(row["mean_score"]),
            *(f"{row[count]:,}" for count in ("observed", "missing", "not_applicable")),
            ", ".join(counts(row)),
        )
        for row in indicators
    ]
    return aligned(rows, head=head, right=range(1, 5), indent=INDENT)


def ranked(areas: list[dict[str, Any]]) -> list[str]:
    """Areas and their indices by rank."""
    rows = [
        (
            shown(row["rank"]),
            row["area_code"],
            row["name_zh"],
            row["name_en"],
            shown(row["health_index"]),
        )
        for row in areas
    ]
    return aligned(rows, right=(0, 4), indent=INDENT)


def unions(ranked_unions: list[dict[str, Any]]) -> list[str]:
    """Unions and their indices by rank."""
    rows = [
        (shown(row["city_rank"]), row["union_id"], row["name_zh"], shown(row["health_index"]))
        for row in ranked_unions
    ]
    return aligned(rows, right=(0, 3), indent=INDENT)


def counts(row: dict[str, Any]) -> list[str]:
    """How many rows of each source table an indicator counts."""
    return [f"{rows:,} {table}" for table, rows in (row["rows"] or {}).items()]


def source_rows(trace: dict[str, Any]) -> Iterator[str]:
    """The source rows that one indicator counts."""
    if trace["source_rows"] is None:
        return
    [indicator] = [row for row in trace["indicators"] if row["rows"] is not None]
    knots = ", ".join(f"{knot['value']}: {knot['score']}" for knot in indicator["knots"])
    name = f"{indicator['indicator']} {indicator['name_zh']} {indicator['name_en']}"
    yield f"{name}, scores by value {knots}"
    yield f"rows that count: {len(trace['source_rows']):,}"
    head = ("table", "key", "landing row", "numerator", "denominator", "counts as")
    rows = [
        (
            row["table"],
            row["key"],
            str(row["landing_row"]),
            shown(row["numerator"]),
            shown(row["denominator"]),
            row["counts_as"],
        )
        for row in trace["source_rows"][:SHOWN]
    ]
    yield from aligned(rows, head=head, right=(2, 3, 4), indent=INDENT)
    yield from more(trace["source_rows"])


def closing(trace: dict[str, Any]) -> Iterator[str]:
    """What was read, what does not count, and what came of comparing."""
    if trace["not_counted"]:
        yield "landed rows that do not count: " + ", ".join(
            f"{row['rows']:,} {row['table']} ({row['rule']}: {row['detail']})"
            for row in trace["not_counted"]
        )
    places = sorted({str(Path(row["file"]).parent) for row in trace["landing"]["files"]})
    yield (
        f"landed files of the intake {trace['landing']['intake']} in {', '.join(places)}, "
        "with the SHA-256 that the manifest has of them:"
    )
    landed = [(row["table"], row["sha256"]) for row in trace["landing"]["files"]]
    yield from aligned(landed, indent=INDENT)
    yield (
        f"computed again: {trace['figures_compared']:,} figures, "
        f"{len(trace['differences']) or 'none'} of them published otherwise"
    )
    for row in trace["differences"][:SHOWN]:
        published, computed = shown(row["published"]), shown(row["computed"])
        yield f"  {row['of']} {row['figure']}: published {published}, computed again {computed}"
    yield from more(trace["differences"])
