"""Where the things of a home lie: its rooms, and the folders of periods, releases and intakes.

What else lies in a home belongs to somebody else and is left alone: files that a system or an
editor leaves behind, and copies that a person made.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import RefusedError
from orchestration.periods import Period

PERIOD = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
RELEASE = re.compile(r"r[1-9][0-9]*")
CANDIDATE = re.compile(rf"\.{PERIOD.pattern}-[12]")
INTAKE = re.compile(r"[0-9]{8}T[0-9]{6}([0-9]{3})?Z-[0-9a-f]{12}")
LANDED_FILE = re.compile(r"[0-9a-f]{64}\.parquet")
PLAN = "plan.json"
PREPARATION_RECORD = "record.json"
PUBLICATION_RECORD = "publication.json"
SUMS = "SHA256SUMS"
TOMBSTONE = "retraction.json"
PREDECESSOR = "predecessor"
CASES = "alerts"
CASES_RECORD = "cases.json"
REVISIONS_RECORD = "revisions.json"
RETRACTED = "retracted"


@dataclass(frozen=True)
class Home:
    """Where everything that lasts lies.

    folder: the home's own folder; allowed_signers, release_calendar, recipients: the files of those
    who may sign, of the times at which releases are due, and of who is told of alerts, where they
    do not lie in it; stored_months: the folder of the home that has the stored months, where this
    one has not.
    """

    folder: Path
    allowed_signers: Path | None = None
    release_calendar: Path | None = None
    recipients: Path | None = None
    stored_months: Path | None = None

    def __str__(self) -> str:
        """Its folder: so messages name it."""
        return str(self.folder)

    @property
    def signers(self) -> Path:
        """The file of allowed signers."""
        return self.allowed_signers or self.folder / "allowed_signers"

    @property
    def calendar(self) -> Path:
        """The release calendar."""
        return self.release_calendar or self.folder / "release_calendar.csv"

    @property
    def notify(self) -> Path:
        """Who is told of alerts."""
        return self.recipients or self.folder / "notify.toml"

    @property
    def ledger(self) -> Path:
        """The ledger."""
        return self.folder / "ledger.jsonl"

    @property
    def locks(self) -> Path:
        """The folder of the files that are locked."""
        return self.folder / ".locks"

    @property
    def landing(self) -> Path:
        """The copies of what was read, with the records of the intakes."""
        return self.folder / "landing"

    @property
    def intakes(self) -> Path:
        """The folders of the intakes, each with its record and links to its landed files."""
        return self.landing / "intakes"

    @property
    def objects(self) -> Path:
        """The landed files."""
        return self.landing / "objects"

    @property
    def erasure(self) -> Path:
        """The file that says what an erasure replaces; it is there only until that is done."""
        return self.landing / ".erasure.json"

    @property
    def warehouse(self) -> Path:
        """The builds, a folder for each period: disposable."""
        return self.folder / "warehouse"

    @property
    def candidates(self) -> Path:
        """The judged candidates of the periods, and the folders in which they were built."""
        return self.folder / "candidates"

    @property
    def preparations(self) -> Path:
        """What is prepared, a folder for each period."""
        return self.folder / "prepared"

    @property
    def releases(self) -> Path:
        """The releases, a folder for each period."""
        return self.folder / "releases"

    @property
    def retracted(self) -> Path:
        """The files of retracted releases, a folder for each period."""
        return self.folder / RETRACTED

    @property
    def current(self) -> Path:
        """The file that says which release of each period is in force."""
        return self.releases / "CURRENT.json"

    @property
    def alerts(self) -> Path:
        """The cases of alerts, and what is made of them."""
        return self.folder / "alerts"

    @property
    def alerts_database(self) -> Path:
        """Where the cases of alerts are kept, where no other database is set."""
        return self.alerts / "alerts.sqlite"

    @property
    def sheets(self) -> Path:
        """The sheets of cases that counties fill in."""
        return self.alerts / "sheets"

    @property
    def desks(self) -> Path:
        """The pages of open cases, a folder for each county."""
        return self.alerts / "desk"

    @property
    def letters(self) -> Path:
        """The letters about cases that are past their deadline."""
        return self.alerts / "letters"

    @property
    def case_snapshots(self) -> Path:
        """The cases as of the evaluation of closed months, a folder for each month."""
        return self.alerts / "snapshots"

    @property
    def watch(self) -> Path:
        """What a watcher works with: disposable."""
        return self.alerts / "watch"

    @property
    def watched(self) -> "Home":
        """The home of the last round of a watcher, with its intake and candidate: disposable."""
        return Home(self.watch / "round", stored_months=self.folder)

    @property
    def watch_state(self) -> Path:
        """The file that says how far a watcher is; it is there only while one is at work."""
        return self.alerts / "watch.json"

    @property
    def of_months(self) -> "Home":
        """The home that has the stored months."""
        return Home(self.stored_months) if self.stored_months else self

    @property
    def revisions(self) -> Path:
        """What intakes say otherwise than published months, a folder for each intake."""
        return self.folder / "revisions"

    @property
    def dagster(self) -> Path:
        """Dagster's own records of runs."""
        return self.folder / "dagster"

    @property
    def demo(self) -> Path:
        """The synthetic city, with its keys."""
        return self.folder / "demo"

    @property
    def private(self) -> tuple[Path, ...]:
        """What is not released yet, or no longer: for the owner alone."""
        return (
            self.alerts,
            self.candidates,
            self.landing,
            self.preparations,
            self.retracted,
            self.revisions,
            self.warehouse,
            self.locks,
        )

    def intake(self, name: str) -> Path:
        """The folder of an intake."""
        return self.intakes / name

    def revisions_of(self, intake: str) -> Path:
        """The folder of what an intake says otherwise than published months."""
        return self.revisions / intake

    def build(self, period: Period | str) -> Path:
        """The folder of a period's build: its plan and its warehouse."""
        return self.warehouse / str(period)

    def plan(self, period: Period | str) -> Path:
        """Where the steps of a period's build find its plan."""
        return self.build(period) / PLAN

    def candidate(self, period: Period | str) -> Path:
        """The folder of a period's judged candidate."""
        return self.candidates / str(period)

    def verdict(self, period: Period | str) -> Path:
        """The file of the verdict on a period's candidate. Raises RefusedError."""
        return self.built_candidate(period) / "verdict.json"

    def case_snapshot(self, period: Period | str) -> Path:
        """The folder of the cases as of the evaluation of a closed month."""
        return self.case_snapshots / str(period)

    def prepared(self, period: Period | str) -> Path:
        """The folder of what is prepared for a period."""
        return self.preparations / str(period)

    def release(self, period: Period | str, name: str) -> Path:
        """The folder of a release."""
        return self.releases / str(period) / name

    def retracted_release(self, period: Period | str, name: str) -> Path:
        """The folder of a retracted release's files."""
        return self.retracted / str(period) / name

    def built_candidate(self, period: Period | str) -> Path:
        """The folder of a period's candidate, in which it was built.

        The candidate is a link to it, or the folder itself. Raises RefusedError where it is a link
        to anything but a folder beside it that was made for this.
        """
        candidate = self.candidate(period)
        if not candidate.is_symlink():
            return candidate
        target = candidate.readlink()
        built = self.candidates / target
        if not CANDIDATE.fullmatch(str(target)) or built.is_symlink():
            raise RefusedError(
                f"{candidate} leads to {target}, which is no folder in which a candidate was "
                f"built; take the link away and run {period} again."
            )
        return built

    def candidate_folders(self) -> list[Path]:
        """The candidates of the periods, oldest first. Raises RefusedError as built_candidate."""
        candidates = named(self.candidates, PERIOD)
        return [each for each in candidates if self.built_candidate(each.name).is_dir()]

    def candidate_builds(self) -> list[Path]:
        """The folders in which candidates were built (`.YYYY-MM-N`), in force or not."""
        return folders_named(self.candidates, CANDIDATE)

    def judged_folders(self) -> list[Path]:
        """Every candidate, prepared release and release, retracted ones too."""
        return [
            *self.candidate_folders(),
            *period_folders(self.preparations),
            *release_folders(self.releases),
            *release_folders(self.retracted),
        ]

    def build_plans(self) -> list[Path]:
        """The plans of builds (`warehouse/YYYY-MM/plan.json`), oldest period first."""
        plans = [folder / PLAN for folder in period_folders(self.warehouse)]
        return [plan for plan in plans if plan.exists()]

    def intake_folders(self) -> list[Path]:
        """The folders of the landing's intakes that have their record, oldest first."""
        folders = folders_named(self.intakes, INTAKE)
        return [folder for folder in folders if (folder / "intake.json").exists()]

    def landed_files(self) -> list[Path]:
        """The landed files, each named by the SHA-256 of its bytes."""
        return named(self.objects, LANDED_FILE)


def period_folders(room: Path) -> list[Path]:
    """The folders of periods (`YYYY-MM`) in a room of a home, oldest first."""
    return folders_named(room, PERIOD)


def release_folders(room: Path, period: str | None = None) -> list[Path]:
    """The folders of releases (`YYYY-MM/rN`) in a room, of one period or of all, in order."""
    folders = [room / period] if period else period_folders(room)
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


def folders_named(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    """The folders within a folder whose whole name matches, by name.

    Raises RefusedError where anything else has such a name.
    """
    paths = named(folder, pattern)
    for path in paths:
        if path.is_symlink() or not path.is_dir():
            kind = "a link" if path.is_symlink() else "a file"
            raise RefusedError(
                f"{path} is {kind} where a folder is due; put the folder itself there, or take it "
                "away."
            )
    return paths


def named(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    """What lies in a folder under a name that matches as a whole, by name."""
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in paths if pattern.fullmatch(path.name))
