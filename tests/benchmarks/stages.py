"""The stages that `make bench` measures, each of which is given the home that it works in.

What a stage does not need is imported where it is used, for its start is measured with it.
"""

import json
import shutil
import tempfile
import time
from pathlib import Path

import duckdb

from orchestration.home.layout import Home

CALENDAR = Path(__file__).parents[1] / "reference" / "release_calendar.csv"
PERIOD = "2020-12"
COUNTY = "330302"


def settings_of(home: Path):
    from orchestration.settings import Settings

    return Settings(
        home=home,
        pseudonym_key="a key for benchmarks, of more than 32 bytes",
        release_calendar=CALENDAR,
    )


def make_city(home: Path) -> None:
    from orchestration.demo.demonstration import demo_source

    demo_source(home / "demo")


def extract(home: Path) -> None:
    from orchestration.build.candidate import plan_build
    from orchestration.extract.landing import extract as extract_source
    from orchestration.periods import Period

    period = Period.parse(PERIOD)
    intake = extract_source(settings_of(home), str(home / "demo" / "source"), lambda _: None)
    plan_build(settings_of(home).home, intake.folder, period, period.last_day)


def import_packages(home: Path) -> None:
    import dagster_dbt  # noqa: F401
    import dbt.cli.main  # noqa: F401
    import great_expectations  # noqa: F401


def parse(home: Path) -> None:
    from orchestration.build.warehouse import parsed_manifest
    from orchestration.settings import DBT_TARGET

    (DBT_TARGET / "parsed" / "parsed.sha256").unlink(missing_ok=True)
    parsed_manifest()


def build(home: Path) -> None:
    from orchestration.build.candidate import build_warehouse, planned_build

    build_warehouse(settings_of(home).home, planned_build(Home(home), PERIOD), lambda _: None)


def judge(home: Path) -> None:
    from orchestration.build.candidate import planned_build
    from orchestration.build.gate import judge as judge_candidate

    judge_candidate(settings_of(home).home, planned_build(Home(home), PERIOD))


def prepare_alone(home: Path) -> None:
    """In one process: those that work side by side are not in the CPU time of the one that asks."""
    prepare(home, 1)


def prepare(home: Path, processes: int | None = None) -> None:
    from orchestration.periods import Period
    from orchestration.release.preparation import prepare as prepare_release

    settings = settings_of(home)
    prepare_release(
        settings.model_copy(update={"processes": processes or settings.processes}),
        Period.parse(PERIOD),
    )


def trace_union(home: Path) -> None:
    from orchestration.audit.tracing import trace_union as trace

    release = home / "prepared" / PERIOD
    [(union,)] = duckdb.sql(
        f"select min(union_id) from '{release}/internal/union_index.parquet'"
    ).fetchall()
    trace(release, home, union)


def trace_county(home: Path) -> None:
    from orchestration.audit.tracing import trace_area

    trace_area(home / "prepared" / PERIOD, home, COUNTY)


def rebuild(home: Path) -> None:
    from orchestration.audit.rebuilding import rebuild as rebuild_release

    if not rebuild_release(home / "prepared" / PERIOD, home, lambda _: None)["identical"]:
        message = "The release does not come out again."
        raise RuntimeError(message)


def scan(home: Path) -> None:
    """The floor of floors: every landed column that staging uses, read once."""
    from orchestration.contract.registry import source_tables

    intake = next((home / "landing" / "intakes").iterdir())
    with duckdb.connect() as connection:
        for table in source_tables().values():
            columns = [column.name for column in table.columns if not column.pii]
            needed = ", ".join(f"max({column})" for column in columns)
            connection.execute(
                f"select {needed} from read_parquet('{intake}/{table.name}.parquet')"
            ).fetchall()


def bare_sql(home: Path) -> None:
    """The models' own SQL as dbt compiled it, in dbt's order, run by DuckDB alone."""
    built = home / "warehouse" / PERIOD
    order = json.loads((built / "dbt" / "run_results.json").read_text())["results"]
    manifest = json.loads((built / "dbt" / "manifest.json").read_text())["nodes"]
    copy = Path(tempfile.mkdtemp(dir=home)) / "warehouse.duckdb"
    shutil.copyfile(built / "warehouse.duckdb", copy)
    with duckdb.connect(str(copy)) as connection:
        began = time.perf_counter()
        for result in order:
            node = manifest.get(result["unique_id"])
            if node and node["resource_type"] == "model" and node["language"] == "sql":
                kind = node["config"]["materialized"]
                relation = f"{node['schema']}.{node['name']}"
                query = result["compiled_code"]
                connection.execute(f"create or replace {kind} {relation} as {query}")
        print(f"  bare SQL without start-up: {time.perf_counter() - began:.2f} s", flush=True)


def nothing(home: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("select 1")


STAGES = (
    ("make the demo city", make_city),
    ("extract to the landing", extract),
    ("import dagster, dbt, great expectations", import_packages),
    ("parse the dbt project", parse),
    ("build the warehouse with dbt", build),
    ("export and judge", judge),
    ("prepare the release", prepare_alone),
    ("prepare it, processes side by side", prepare),
    ("rebuild the release", rebuild),
)
CHAIN = (
    "extract to the landing",
    "build the warehouse with dbt",
    "export and judge",
    "prepare the release",
)
AUDITS = (("trace a union", trace_union), ("trace a county", trace_county))
FLOORS = (
    ("the same SQL, bare", bare_sql),
    ("bare scan of the needed columns", scan),
    ("start of Python with DuckDB", nothing),
)
