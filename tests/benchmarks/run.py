"""`make bench`: the cost of each stage of the demo city, beside the floors of its SQL.

Every stage runs in its own process, so that CPU time and peak memory are its own: what a stage does
not need is imported where it is used. The figures are printed as they come, and saved as JSON in
results/.
"""

import json
import multiprocessing
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from defusedxml import ElementTree

from orchestration.home.layout import Home

RESULTS = Path(__file__).with_name("results")
CALENDAR = Path(__file__).parents[1] / "reference" / "release_calendar.csv"
PERIOD = "2020-12"
COUNTY = "330302"
EDITIONS = ("public", "internal")
REPETITIONS = 3


@dataclass(frozen=True)
class Measurement:
    """Seconds of wall and CPU time, and peak memory in MiB, of one stage."""

    stage: str
    wall_seconds: float
    cpu_seconds: float
    peak_mib: float


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


def node_seconds(home: Path, name: str) -> float:
    """Seconds that dbt took for one node of the build, its start and its writing included."""
    file = home / "warehouse" / PERIOD / "dbt" / "run_results.json"
    results = json.loads(file.read_text())["results"]
    return next(
        result["execution_time"] for result in results if result["unique_id"].endswith(f".{name}")
    )


def measured(target: Callable[[Path], None], home: Path, channel) -> None:
    began = time.perf_counter()
    target(home)
    wall = time.perf_counter() - began
    usage = resource.getrusage(resource.RUSAGE_SELF)
    channel.put((wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))


def measure(stage: str, target: Callable[[Path], None], home: Path) -> Measurement:
    """Run a stage in a fresh process. Raises RuntimeError where it fails."""
    context = multiprocessing.get_context("spawn")
    channel = context.SimpleQueue()
    process = context.Process(target=measured, args=(target, home, channel))
    process.start()
    process.join()
    if process.exitcode:
        message = f"The stage '{stage}' failed."
        raise RuntimeError(message)
    return Measurement(stage, *channel.get())


def best(stage: str, target: Callable[[Path], None], home: Path) -> Measurement:
    """The quickest of several runs, by CPU: floors must not be flattered by a cold cache."""
    return min(
        (measure(stage, target, home) for _ in range(REPETITIONS)),
        key=lambda each: each.cpu_seconds,
    )


def start_up() -> float:
    """Seconds until `uhi --help` has answered, the quickest of several."""
    command = [str(Path(sys.executable).with_name("uhi")), "--help"]
    times = []
    for _ in range(REPETITIONS):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return min(times)


def counted(marker: str) -> dict[str, int]:
    """How many of the tests of a marker ran, and how many passed.

    For corruptions this is how many were caught, for faults how many were survived.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-m",
            marker,
            "-n",
            "2",
            "--dist",
            "worksteal",
            f"--junitxml={report}",
        ]
        subprocess.run(command, check=False, capture_output=True)
        suite = ElementTree.parse(report).getroot().find("testsuite")
        numbers = {
            name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")
        }
    tried = numbers["tests"] - numbers["skipped"]
    return {"tried": tried, "passed": tried - numbers["failures"] - numbers["errors"]}


def bytes_in(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


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


def main() -> None:
    """Measure, tell each figure once it is known, and write them all into a file of results."""
    from tests.benchmarks.legibility import density

    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory() as folder:
        content = figures_of(Path(folder))
    content["legibility"] = told_by_room(density())
    content["help_seconds"] = told("uhi --help, seconds", start_up())
    content["drills"] = {
        "corruption": told_drill("corruptions caught", counted("corruption")),
        "fault": told_drill("faults survived", counted("fault")),
    }
    moment = datetime.now(UTC)
    head = {"at": moment.isoformat(timespec="seconds"), "python": platform.python_version()}
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{moment:%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps(head | content, indent=2) + "\n")


def figures_of(home: Path) -> dict[str, Any]:
    """What is measured of the demo city, in an empty folder."""
    print(f"{'stage':<42}{'wall s':>9}{'CPU s':>9}{'peak MiB':>10}")
    measured_stages = [told_stage(measure(stage, target, home)) for stage, target in STAGES]
    measured_stages += [told_stage(best(stage, target, home)) for stage, target in AUDITS + FLOORS]
    of_intervals = "rank intervals as a node, import of pandas included, seconds"
    intervals = told(of_intervals, node_seconds(home, "int_county_rank_interval"))
    prepared = home / "prepared" / PERIOD
    editions = {edition: edition_figures(prepared / edition) for edition in EDITIONS}
    told_by_room({f"{edition} edition": figures for edition, figures in editions.items()})
    readings, watched = server_figures(home)
    return {
        "stages": [asdict(each) for each in measured_stages + readings],
        "ratios": told_ratios({each.stage: each for each in measured_stages}),
        "watching": watched,
        "rank_interval_seconds": intervals,
        "editions": editions,
    }


def edition_figures(edition: Path) -> dict[str, float]:
    """The figures of an edition's site, and its size in bytes."""
    from tests.benchmarks.site import site_figures

    return site_figures(edition) | {"edition_bytes": bytes_in(edition)}


def server_figures(home: Path) -> tuple[list[Measurement], dict[str, float]]:
    """How fast members are read from PostgreSQL, and what watching the city there takes."""
    from tests.benchmarks import postgresql, watching

    server = postgresql.start(home)
    readings = [
        best("1.2 million members, bare COPY", postgresql.drain, home),
        best("the same, streamed as text", postgresql.stream, home),
        best("the same, typed and pseudonymised", postgresql.read, home),
    ]
    for each in readings:
        told_stage(each)
        told(f"{each.stage}, rows a second", postgresql.ROWS / each.wall_seconds)
    watched = watching.figures(home)
    for name, figure in watched.items():
        told(name, figure)
    server.cleanup()
    return readings, watched


def told_ratios(stages: Mapping[str, Measurement]) -> dict[str, float]:
    """Ratios of stages that were measured side by side, by what they are of."""
    cpu = {name: each.cpu_seconds for name, each in stages.items()}
    idle = cpu["start of Python with DuckDB"]
    bare, scanned = cpu["the same SQL, bare"], cpu["bare scan of the needed columns"]
    side_by_side = stages["prepare it, processes side by side"].wall_seconds
    ratios = {
        "bare SQL / bare scan (CPU, less start-up)": (bare - idle) / (scanned - idle),
        "dbt build / bare SQL (CPU)": cpu["build the warehouse with dbt"] / bare,
        "gate / extract to release (CPU)": cpu["export and judge"]
        / sum(cpu[stage] for stage in CHAIN),
        "prepare side by side / in one process (wall)": side_by_side
        / stages["prepare the release"].wall_seconds,
    }
    for name, ratio in ratios.items():
        told(name, ratio)
    return ratios


def told_stage(measurement: Measurement) -> Measurement:
    """A measurement, told."""
    print(
        f"{measurement.stage:<42}{measurement.wall_seconds:>9.2f}"
        f"{measurement.cpu_seconds:>9.2f}{measurement.peak_mib:>10.0f}"
    )
    return measurement


def told(name: str, figure: float) -> float:
    """A figure, told."""
    print(f"{name:<60}{figure:>15,.2f}")
    return figure


def told_by_room(rooms: Mapping[str, Mapping[str, float]]) -> Mapping[str, Mapping[str, float]]:
    """Figures of several rooms, told."""
    for room, figures in rooms.items():
        for name, figure in figures.items():
            told(f"{room}, {name}", figure)
    return rooms


def told_drill(name: str, drill: Mapping[str, int]) -> Mapping[str, int]:
    """What became of a drill, told."""
    print(f"{name + ' / tried':<60}{'{passed} / {tried}'.format(**drill):>15}")
    return drill


if __name__ == "__main__":
    main()
