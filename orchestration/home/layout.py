"""Where the things of a home lie: the folders of periods, releases and intakes, by their names.

What else lies in a home belongs to somebody else and is left alone: files that a system or an
editor leaves behind, and copies that a person made.
"""

import re
from pathlib import Path

PERIOD = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
RELEASE = re.compile(r"r[1-9][0-9]*")
CANDIDATE = re.compile(rf"\.{PERIOD.pattern}-[12]")
INTAKE = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}")
LANDED_FILE = re.compile(r"[0-9a-f]{64}\.parquet")
RETRACTED = "retracted"
PREDECESSOR = "predecessor"


def period_folders(home: Path, room: str) -> list[Path]:
    """The folders of periods (`YYYY-MM`) in a room of the home, oldest first."""
    return folders_named(home / room, PERIOD)


def release_folders(home: Path, room: str, period: str | None = None) -> list[Path]:
    """The folders of releases (`YYYY-MM/rN`) in a room, of one period or of all, in order."""
    folders = [home / room / period] if period else period_folders(home, room)
    return [
        release
        for folder in folders
        for release in sorted(
            folders_named(folder, RELEASE), key=lambda path: release_number(path.name)
        )
    ]


def release_number(name: str) -> int:
    """The number of a release, from its name (`rN`)."""
    return int(name.removeprefix("r"))


def candidate_builds(home: Path) -> list[Path]:
    """The folders in which candidates were built (`.YYYY-MM-N`), in force or not."""
    return folders_named(home / "candidates", CANDIDATE)


def judged_folders(home: Path) -> list[Path]:
    """Every candidate, prepared release and release of a home, retracted ones too."""
    return [
        *period_folders(home, "candidates"),
        *period_folders(home, "prepared"),
        *release_folders(home, "releases"),
        *release_folders(home, RETRACTED),
    ]


def build_plans(home: Path) -> list[Path]:
    """The plans of builds (`warehouse/YYYY-MM/plan.json`), oldest period first."""
    plans = [folder / "plan.json" for folder in period_folders(home, "warehouse")]
    return [plan for plan in plans if plan.exists()]


def intake_folders(home: Path) -> list[Path]:
    """The folders of the landing's intakes that have their record, oldest first."""
    folders = folders_named(home / "landing" / "intakes", INTAKE)
    return [folder for folder in folders if (folder / "intake.json").exists()]


def landed_files(home: Path) -> list[Path]:
    """The landed files, each named by the SHA-256 of its bytes."""
    return named(home / "landing" / "objects", LANDED_FILE)


def folders_named(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    """The folders within a folder whose whole name matches, by name; links to folders count."""
    return [path for path in named(folder, pattern) if path.is_dir()]


def named(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    """What lies in a folder under a name that matches as a whole, by name."""
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in paths if pattern.fullmatch(path.name))
