"""`make bench`: the cost of each stage of the demo city, beside the floors of its SQL.

Every stage runs in its own process, so that CPU time and peak memory are its own. The results are
printed as a table and saved as JSON in results/.
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
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

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


def main() -> None:
    from tests.benchmarks import postgresql, watching
    from tests.benchmarks.legibility import density
    from tests.benchmarks.site import site_figures

    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        stages = [
            ("make the demo city", make_city),
            ("extract to the landing", extract),
            ("import dagster, dbt, great expectations", import_packages),
            ("parse the dbt project", parse),
            ("build the warehouse with dbt", build),
            ("export and judge", judge),
            ("prepare the release", prepare_alone),
        ]
        measurements = [measure(stage, target, home) for stage, target in stages]
        alone, together = (
            measurements[-1],
            measure("the same, processes side by side", prepare, home),
        )
        prepared = home / "prepared" / PERIOD
        editions = {
            edition: site_figures(prepared / edition)
            | {"edition_bytes": bytes_in(prepared / edition)}
            for edition in EDITIONS
        }
        audited = [
            best("trace a union", trace_union, home),
            best("trace a county", trace_county, home),
        ]
        audited.append(measure("rebuild the release", rebuild, home))
        interval_seconds = node_seconds(home, "int_county_rank_interval")
        bare = best("the same SQL, bare", bare_sql, home)
        floor = best("bare scan of the needed columns", scan, home)
        idle = best("start of Python with DuckDB", nothing, home)
        server = postgresql.start(home)
        copied = best("1.2 million members, bare COPY", postgresql.drain, home)
        streamed = best("the same, streamed as text", postgresql.stream, home)
        read = best("the same, typed and pseudonymised", postgresql.read, home)
        watched = watching.figures(home)
        server.cleanup()
    measurements += [together, *audited, bare, floor, idle, copied, streamed, read]
    by_stage = {each.stage: each.cpu_seconds for each in measurements}
    whole = sum(
        by_stage[stage]
        for stage, _ in stages[1:]
        if stage not in {"import dagster, dbt, great expectations", "parse the dbt project"}
    )
    ratios = {
        "bare SQL / bare scan (CPU, less start-up)": (bare.cpu_seconds - idle.cpu_seconds)
        / (floor.cpu_seconds - idle.cpu_seconds),
        "dbt build / bare SQL (CPU)": by_stage["build the warehouse with dbt"] / bare.cpu_seconds,
        "gate / extract to release (CPU)": by_stage["export and judge"] / whole,
        "prepare side by side / in one process (wall)": together.wall_seconds / alone.wall_seconds,
    }
    print(f"\n{'stage':<42}{'wall s':>9}{'CPU s':>9}{'peak MiB':>10}")
    for each in measurements:
        print(
            f"{each.stage:<42}{each.wall_seconds:>9.2f}{each.cpu_seconds:>9.2f}{each.peak_mib:>10.0f}"
        )
    print()
    for name, ratio in ratios.items():
        print(f"{name:<60}{ratio:>8.2f}")
    for each in (copied, streamed, read):
        print(f"{each.stage + ', rows a second':<60}{postgresql.ROWS / each.wall_seconds:>8,.0f}")
    for name, seconds in watched.items():
        print(f"{name:<60}{seconds:>8.2f}")
    of_intervals = "rank intervals as a node, import of pandas included, seconds"
    print(f"{of_intervals:<60}{interval_seconds:>8.2f}")
    for edition, figures in editions.items():
        for name, figure in figures.items():
            print(f"{f'{edition} edition, {name}':<60}{figure:>12,.0f}")
    rooms = density()
    for room, figures in rooms.items():
        for name, figure in figures.items():
            print(f"{f'{room}, {name}':<60}{figure:>12,.1f}")
    help_seconds = start_up()
    print(f"{'uhi --help, seconds':<60}{help_seconds:>8.2f}")
    drills = {marker: counted(marker) for marker in ("corruption", "fault")}
    for marker, verb in (("corruption", "caught"), ("fault", "survived")):
        print(
            f"{f'{marker}s {verb} / tried':<60}{'{passed} / {tried}'.format(**drills[marker]):>8}"
        )
    RESULTS.mkdir(exist_ok=True)
    moment = datetime.now(UTC)
    content = {
        "at": moment.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "stages": [asdict(each) for each in measurements],
        "ratios": ratios,
        "watching": watched,
        "rank_interval_seconds": interval_seconds,
        "help_seconds": help_seconds,
        "editions": editions,
        "legibility": rooms,
        "drills": drills,
    }
    (RESULTS / f"{moment:%Y%m%dT%H%M%SZ}.json").write_text(json.dumps(content, indent=2) + "\n")


def bytes_in(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def nothing(home: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("select 1")


if __name__ == "__main__":
    main()
