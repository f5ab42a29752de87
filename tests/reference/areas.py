"""Areas and ranks: what townships, counties and the city make of their linked unions.

Here belongs the averaging over unions (index.md, Areas), the ranking (index.md, Ranks) and the
counting of operating events, each as rows of the tables of results.md with exact figures still
unwritten as text.
"""

from collections import defaultdict
from collections.abc import Hashable
from fractions import Fraction

from tests.reference.contract import Row
from tests.reference.exact import difference, mean, rounded
from tests.reference.methodology import Methodology
from tests.reference.spans import Span
from tests.reference.unions import City, Result

HEALTH_CODES = ("green", "yellow", "red")
EVENTS = ("opened", "resumed", "converted", "relocated", "suspended", "merged", "closed")


def ranks(figures: dict[str, Fraction | None]) -> dict[str, int | None]:
    """Rank figures, highest first: equal ones share a rank and the next is skipped.

    Nothing has no rank.
    """
    known = [figure for figure in figures.values() if figure is not None]
    return {
        code: None if figure is None else 1 + sum(other > figure for other in known)
        for code, figure in figures.items()
    }


def ranks_within(
    figures: dict[str, Fraction | None], groups: dict[str, Hashable]
) -> dict[str, int | None]:
    """Rank figures within groups; a code without a group has no rank."""
    grouped = defaultdict(dict)
    for code, group in groups.items():
        grouped[group][code] = figures[code]
    ranked = {code: rank for members in grouped.values() for code, rank in ranks(members).items()}
    return {code: ranked.get(code) for code in figures}


def by_area(city: City, results: list[Result]) -> dict[str, list[Result]]:
    """Give every area, in the order of its code, with its linked unions."""
    areas = {code: [] for code in sorted(city.regions)}
    for result in results:
        for code in result.areas:
            areas[code].append(result)
    return areas


def area_index(
    city: City,
    span: Span,
    areas: dict[str, list[Result]],
    health_codes: dict[str, str],
    before: dict[str, Row] | None,
    *,
    comparable: bool,
) -> list[Row]:
    """Make the area_index rows.

    `before` holds those of the month before, comparable if its methodology is the same.
    """
    frame = defaultdict(int)
    for enterprise in city.frame(span):
        for code in city.areas_of(enterprise):
            frame[code] += 1
    indices = {
        code: mean([result.index for result in results if result.index is not None])
        for code, results in areas.items()
    }
    places = {"county": 4, "township": 6}
    competitors = {
        code: (region["level"], code[: places[region["level"]]])
        for code, region in city.regions.items()
        if region["level"] != "city"
    }
    ranked = ranks_within(indices, competitors)
    rows = []
    for code, results in areas.items():
        region, earlier = city.regions[code], (before or {}).get(code, {})
        counted = [health_codes[result.unit.union["union_id"]] for result in results]
        share = Fraction(100 * len(results), frame[code]) if frame[code] else None
        rows.append(
            {
                "area_code": code,
                "level": region["level"],
                "name_zh": region["name_zh"],
                "name_en": region["name_en"],
                "frame": frame[code],
                "linked": len(results),
                "sampling_rate": None if share is None else rounded(share),
                "health_index": indices[code],
                "index_change": difference(
                    indices[code], earlier.get("health_index") if comparable else None
                ),
                "rank": ranked[code],
                "previous_rank": earlier.get("rank"),
                **{health_code: counted.count(health_code) for health_code in HEALTH_CODES},
            },
        )
    return rows


def area_dimension(
    city: City, areas: dict[str, list[Result]], methodology: Methodology
) -> list[Row]:
    """Make the area_dimension rows; counties are ranked by each dimension's rate."""
    rows = []
    for dimension in sorted(methodology.dimension_weights):
        rates = {
            code: mean([result.rates[dimension] for result in results if result.index is not None])
            for code, results in areas.items()
        }
        counties = {code: True for code in areas if city.regions[code]["level"] == "county"}
        ranked = ranks_within(rates, counties)
        for code, results in areas.items():
            points = mean(
                [result.points[dimension] for result in results if result.index is not None]
            )
            row = {"area_code": code, "dimension": dimension, "rate": rates[code], "points": points}
            rows.append(row | {"rank": ranked[code]})
    return sorted(rows, key=lambda row: (row["area_code"], row["dimension"]))


def area_indicator(areas: dict[str, list[Result]], methodology: Methodology) -> list[Row]:
    """Make the area_indicator rows: how many unions have which status, and the mean score.

    The mean is of the scores that there are.
    """
    rows = []
    for code, results in areas.items():
        for indicator in sorted(methodology.weights):
            statuses = [result.readings[indicator].status for result in results]
            scores = [
                result.scores[indicator]
                for result in results
                if result.scores[indicator] is not None
            ]
            rows.append(
                {
                    "area_code": code,
                    "indicator": indicator,
                    **{
                        status: statuses.count(status)
                        for status in ("observed", "missing", "not_applicable")
                    },
                    "mean_score": mean(scores),
                },
            )
    return rows


def county_ranking(index_rows: list[Row]) -> list[Row]:
    """Make the county_ranking rows, but for the interval of the rank."""
    columns = (
        "rank",
        "previous_rank",
        "area_code",
        "name_zh",
        "name_en",
        "health_index",
        "sampling_rate",
    )
    return [
        {column: row[column] for column in columns}
        for row in index_rows
        if row["level"] == "county"
    ]


def population_change(city: City, span: Span) -> list[Row]:
    """Make the population_change rows: enterprises by kind of event in the month.

    Enterprises outside the frame count too.
    """
    concerned = defaultdict(set)
    for enterprise in city.source.rows["enterprise"]:
        for event in city.about_enterprise["operating_event"][enterprise["enterprise_id"]]:
            if span.in_month(event["occurred_on"]):
                for code in city.areas_of(enterprise):
                    concerned[code, event["event"]].add(enterprise["enterprise_id"])
    return [
        {"area_code": code, **{event: len(concerned[code, event]) for event in EVENTS}}
        for code in sorted(city.regions)
    ]
