"""The figures of a published month, computed on another landing, and those that would move.

All else is as it was: the as-of date, the month before that the release archives, the methodology
and the calendar of holidays, which must be those of the release. It is built in a home of its own.
"""

from pathlib import Path

import duckdb

from orchestration.audit.rebuild_comparison import other_code, other_parameters
from orchestration.audit.rebuilding import (
    check_holidays,
    check_methodology,
    lay_out,
    planned_again,
)
from orchestration.build import warehouse
from orchestration.build.candidate import Builder, build_variables, changed, stored_month
from orchestration.build.compiled import CompiledBuild
from orchestration.build.provenance import code_identity
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.home.records.verdict import LandingIdentity, Plan, Verdict
from orchestration.periods import Period
from orchestration.release.changes import changes_between
from orchestration.revisions.published import Landing, PublishedMonth
from orchestration.revisions.rows import county_of
from orchestration.screen import Progress
from quality.publication import published_tables
from quality.published_models import AREA, UNION

TABLE = """
    create table revised_figures (
        period varchar, release varchar, table_name varchar, county_code varchar, key varchar,
        change varchar, column_name varchar, before decimal(38, 4), after decimal(38, 4),
        difference decimal(38, 4), before_text varchar, after_text varchar
    )
"""
ORDER = "period, table_name, county_code nulls first, key, change, column_name"


def tables_on(
    home: Home, scratch: Path, month: PublishedMonth, landing: Landing, progress: Progress
) -> Path:
    """The folder of a published month's tables as they would be on another landing.

    scratch: an empty folder to work in. Raises UsageError where the methodology or the calendar of
    holidays has changed since, RefusedError where the month cannot be built on that landing.
    """
    period = Period.parse(month.manifest.period)
    check_methodology(month.manifest, period)
    check_holidays(month.manifest, month.verdict)
    own = Home(scratch / "home")
    lay_out(own, month.folder, landing.folder, landing.record.intake)
    before = stored_month(own, period.previous) if month.verdict.predecessor else None
    published = planned_again(month.verdict, before)
    plan = published.model_copy(
        update={"intake": landing.record.intake, "landing_digest": landing.record.digest}
    )
    if judged := candidate_on(home, plan):
        return judged
    told = f"{month.name}: models and tests built on what was landed"
    variables = build_variables(own, plan)
    build = builder_of(home, published, variables)
    tables = scratch / "tables"
    built = build(own.build(period), variables, warehouse.counting(progress, told))
    warehouse.export(built, tables, scratch / "staging")
    return tables


def candidate_on(home: Home, plan: Plan) -> Path | None:
    """The tables of a home's candidate that was built as planned, passed or not; None without."""
    folder = home.built_candidate(plan.period)
    if not (folder / "verdict.json").is_file():
        return None
    verdict = Verdict.read(folder / "verdict.json")
    landing = LandingIdentity(intake=plan.intake, sha256=plan.landing_digest)
    planned = (plan.as_of, plan.methodology, plan.predecessor, plan.holidays)
    built = (verdict.as_of, verdict.methodology, verdict.predecessor, verdict.holidays)
    is_as_planned = verdict.landing == landing and planned == built
    if is_as_planned and not changed(folder / "tables", verdict.tables):
        return folder / "tables"
    return None


def builder_of(home: Home, published: Plan, variables: dict[str, str]) -> Builder:
    """What builds a published month on another landing, to the same bytes.

    It is the release's own build, where the home still has that: then only what reads other files
    is built anew. Else it is dbt.
    """
    kept = home.build(published.period)
    plan = home.plan(published.period)
    is_there = (kept / warehouse.FILE).is_file() and plan.is_file()
    if is_there and files.sha256_of(plan) == published.sha256:
        compiled = CompiledBuild(kept)
        if compiled.fits(variables):
            return compiled
    return warehouse.build


def add_revised_figures(
    connection: duckdb.DuckDBPyConnection, month: PublishedMonth, tables: Path
) -> None:
    """Add to `revised_figures` each figure, rank and code of a release that tables have otherwise.

    The county of a union is where it would be, or was.
    """
    internal = month.folder / "internal"
    by_union = [name for name, table in published_tables().items() if first_key(table.key) == UNION]
    unions = [
        f"(select union_id, county_code from read_parquet('{warehouse.sql_path(file)}'))"
        for file in (tables / "union_index.parquet", internal / "union_index.parquet")
    ]
    connection.execute(
        f"""
        insert into revised_figures
        with moved as (
            select *, split_part(key, '/', 1) as code,
                list_contains($by_union, table_name) as by_union
            from ({changes_between(internal, tables)})
        )
        select
            $period, $release, table_name,
            case
                when by_union then coalesce(now.county_code, was.county_code)
                else {county_of("code")}
            end,
            key, change, column_name, before, after, difference, before_text, after_text
        from moved
        left join {unions[0]} as now on by_union and code = now.union_id
        left join {unions[1]} as was on by_union and code = was.union_id
        """,
        {
            "period": month.manifest.period,
            "release": month.folder.name,
            "by_union": by_union,
        },
    )


def first_key(key: tuple[str, ...]) -> str:
    """What a row of a published table is of, by the first column of its key: UNION or AREA."""
    return next(column for column in key if column in (AREA, UNION))


def remarks_on(month: PublishedMonth) -> list[str]:
    """That the code or its parameters have changed since a release, so that figures may by that."""
    manifest = month.manifest
    code = {"released": manifest.code.as_json(), "here": code_identity().as_json()}
    if other_code(code) or other_parameters(manifest):
        return ["the code has changed since the release, and may move figures; see uhi rebuild"]
    return []
