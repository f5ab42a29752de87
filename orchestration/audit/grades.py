"""Which landed rows give a union its grade, and why its other rows do not.

Of the indicators that are graded by rows.
"""

from orchestration.audit.published import Published, Row
from orchestration.audit.recount import query_of
from orchestration.contract.needed_codes import needed_codes, needed_grades


def grades(published: Published) -> list[Row]:
    """The grade of each graded indicator that was recounted, and the rows behind it.

    The grade is in words of the methodology.

    A row `decides` where it gives the best grade, or is one of those that are added up. `why` says
    of the others what keeps them from it (recounts/why/<indicator>.sql), `on` the day of that.
    """
    recounted = {row["indicator"] for row in published.rows("from indicators")}
    return [
        grade_of(published, indicator)
        for indicator in needed_grades()
        if indicator in recounted and indicator in published.indicators
    ]


def grade_of(published: Published, indicator: str) -> Row:
    """The grade of an indicator of the union that is traced, with the rows behind it."""
    decides = (
        "true" if indicator in needed_codes("added_grade") else "counted.numerator = best.numerator"
    )
    rows = published.rows(
        f"""
        with best as (
            select union_id, max(numerator) as numerator from counted
            where indicator = '{indicator}' and numerator is not null group by union_id
        )
        select
            why.origin['table'] as "table", why.key, why.origin['landing_row'] as landing_row,
            why.outcome as why,
            why.happened_on as "on", counted.numerator as gives,
            coalesce({decides}, false)
                and counted.numerator is not null as decides
        from ({query_of(f"why/{indicator}")}) as why
        left join counted on counted.indicator = '{indicator}' and counted.origin = why.origin
        left join best on best.union_id = why.union_id
        order by decides desc, happened_on desc nulls last, key
        """
    )
    for row in rows:
        if row["on"]:
            row["on"] = row["on"].isoformat()
    query = "select status, value from recounted where indicator = $1"
    [found] = published.rows(query, indicator) or [{"status": None, "value": None}]
    named = published.indicators[indicator]
    return {
        "indicator": indicator,
        "name_zh": named["name_zh"],
        "name_en": named["name_en"],
        **found,
        "rows": rows,
    }
