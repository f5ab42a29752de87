"""`make bench`: the cost of each stage of the demo city, beside the floors of its SQL.

Every stage (`stages.py`) runs in its own process, so that CPU time and peak memory are its own. The
figures are printed as they come, and saved as JSON in results/.
"""

import json
import multiprocessing
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from defusedxml import ElementTree

from tests.benchmarks.stages import AUDITS, CHAIN, FLOORS, PERIOD, STAGES

RESULTS = Path(__file__).with_name("results")
EDITIONS = ("public", "internal")
REPETITIONS = 3


@dataclass(frozen=True)
class Measurement:
    """Seconds of wall and CPU time, and peak memory in MiB, of one stage."""

    stage: str
    wall_seconds: float
    cpu_seconds: float
    peak_mib: float


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
