"""A trace as lines for a reader; of long lists the first ten items and how many there are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.audit import why_telling
from orchestration.audit.why_telling import SHOWN, more, shown


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
        (
            f"  {'indicator':23} {'weight':>6} {'score':>9} {'value':>10} {'numerator':>15} "
            f"{'denominator':>15}  status, rows that count"
        ),
        *(
            f"  {row['indicator']:23} {row['weight']:>6} {shown(row['score']):>9} "
            f"{shown(row['value']):>10} {shown(row['numerator']):>15} "
            f"{shown(row['denominator']):>15}  {', '.join([row['status'], *counts(row)])}"
            for row in trace["indicators"]
        ),
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
        lines += [
            f"  {row['rank'] or '–':>3} {row['area_code']} {row['name_zh']} {row['name_en']}: "
            f"{shown(row['health_index'])}"
            for row in trace["siblings"]
        ]
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
        (
            f"  {'indicator':23} {'mean score':>10} {'observed':>9} {'missing':>9} "
            f"{'not applicable':>15}  rows that count"
        ),
        *(
            f"  {row['indicator']:23} {shown(row['mean_score']):>10} {row['observed']:>9,} "
            f"{row['missing']:>9,} {row['not_applicable']:>15,}  {', '.join(counts(row))}"
            for row in trace["indicators"]
        ),
        f"linked unions, by rank: {len(trace['unions']):,}",
        *(
            f"  {shown(row['city_rank']):>6} {row['union_id']} {row['name_zh']}: "
            f"{shown(row['health_index'])}"
            for row in trace["unions"][:SHOWN]
        ),
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


def dimensions(trace: dict[str, Any]) -> Iterator[str]:
    """The dimensions as a table."""
    yield f"  {'dimension':23} {'weight':>6} {'rate':>9} {'points':>9}"
    for row in trace["dimensions"]:
        rank = f"  rank {row['rank']}" if row.get("rank") else ""
        figures = f"{row['weight']:>6} {shown(row['rate']):>9} {shown(row['points']):>9}"
        yield f"  {row['dimension']:23} {figures}{rank}"


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
    yield (
        f"  {'table':20} {'key':25} {'landing row':>11} {'numerator':>15} {'denominator':>15}"
        "  counts as"
    )
    for row in trace["source_rows"][:SHOWN]:
        amounts = f"{shown(row['numerator']):>15} {shown(row['denominator']):>15}"
        place = f"{row['table']:20} {row['key']:25} {row['landing_row']:>11}"
        yield f"  {place} {amounts}  {row['counts_as']}"
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
    yield from (f"  {row['table']:20} {row['sha256']}" for row in trace["landing"]["files"])
    yield (
        f"computed again: {trace['figures_compared']:,} figures, "
        f"{len(trace['differences']) or 'none'} of them published otherwise"
    )
    for row in trace["differences"][:SHOWN]:
        published, computed = shown(row["published"]), shown(row["computed"])
        yield f"  {row['of']} {row['figure']}: published {published}, computed again {computed}"
    yield from more(trace["differences"])
