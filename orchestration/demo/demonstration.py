"""The demonstration: the synthetic city, from its making to its published release.

It runs in the home that the settings name.
"""

import secrets
from dataclasses import replace
from pathlib import Path

from orchestration import pipeline
from orchestration.defs.instance import ensure_instance
from orchestration.defs.reporting import report, report_run
from orchestration.demo.city import make_city
from orchestration.demo.follow_up import follow_up, outcome_of, telling_files
from orchestration.documents.edition import rows_of
from orchestration.documents.figures import INDEX_PLACES, figure
from orchestration.errors import RefusedError
from orchestration.home import files, locks
from orchestration.home.releases import releases_of
from orchestration.periods import Period
from orchestration.release import preparation, publication
from orchestration.release.release_calendar import COLUMNS
from orchestration.screen import Progress
from orchestration.settings import Settings
from orchestration.signatures import signing

PERIODS = "2020-10..2020-12"
APPROVERS = ("demo-editor", "demo-auditor")
PLANNED = "2020-12,annual,2021-01-20T10:00:00+08:00,2020-12-21"


def demonstrate(settings: Settings, progress: Progress) -> tuple[Path, dict[str, str]]:
    """Make the city, run its three months, approve and publish the last.

    Returns the release's folder and its headline figures.
    """
    last = Period.parse(PERIODS.partition("..")[2])
    settings = telling_files(settings)
    with locks.held(settings.home, locks.LANDING):
        run_months(settings, progress)
        progress(f"preparing the release of {last}")
        trusting = trusting_demo_keys(settings)
        if publication.unchanged_release(trusting.home, last) is None:
            prepare_and_approve(trusting, last, progress)
        release = pipeline.publish(trusting, last)
        report(trusting, last, ["published"], progress)
    return release, headline_of(release) | outcome_of(settings)


def run_months(settings: Settings, progress: Progress) -> None:
    """Make the city and run its three months. Raises RefusedError where one is refused."""
    folder = settings.home.demo
    progress("making the demo city")
    source = demo_source(folder)
    ensure_instance(settings.home.dagster)
    intake, outcomes = pipeline.run(
        with_key(settings, folder),
        str(source),
        pipeline.due_dates(PERIODS, None),
        "uhi demo",
        progress,
        on_outcome=lambda outcome: follow_up(settings, outcome, progress),
    )
    pipeline.compare_with_published(settings, intake.record.intake, progress)
    report_run(settings, outcomes, progress)
    refused = []
    for outcome in outcomes:
        if not outcome.passed:
            refused += outcome.lines()
    if refused:
        raise RefusedError("\n".join(refused))


def trusting_demo_keys(settings: Settings) -> Settings:
    """The settings with the approvers and the release calendar of the demonstration."""
    folder = settings.home.demo
    home = replace(
        settings.home,
        allowed_signers=demo_keys(folder) / "allowed_signers",
        release_calendar=demo_calendar(folder),
    )
    return settings.model_copy(update={"home": home})


def prepare_and_approve(
    settings: Settings,
    period: Period,
    progress: Progress,
) -> None:
    """Prepare the release of a period, a revision where it has one, and approve it."""
    kind = reason = None
    if releases_of(settings.home, period):
        kind, reason = "revision", "uhi demo was run again"
    pipeline.prepare(
        settings,
        period,
        kind,
        reason,
        progress,
    )
    report(settings, period, ["prepared"], progress)
    keys = demo_keys(settings.home.demo)
    for name in APPROVERS:
        preparation.approve(
            settings.home,
            period,
            name,
            keys / name,
            settings.processes,
            progress,
        )


def headline_of(release: Path) -> dict[str, str]:
    """The city's figures of a release, by what they are."""
    areas = rows_of(release / "public" / "area_index.parquet")
    [city] = [row for row in areas if row["level"] == "city"]
    rate = figure(city["sampling_rate"], INDEX_PLACES)
    return {
        "linked enterprises": f"{city['linked']:,}",
        "sampling rate": f"{rate} %",
        "city index": figure(city["health_index"], INDEX_PLACES),
    }


def demo_source(folder: Path) -> Path:
    """The city's source folder, made anew."""
    source = folder / "source"
    with files.fresh_folder(source):
        make_city(source)
    return source


def with_key(settings: Settings, folder: Path) -> Settings:
    """The settings with a pseudonym key.

    It is the stated key, else one that the demonstration makes for itself and keeps.
    """
    if settings.pseudonym_key or settings.pseudonym_key_file:
        return settings
    key_file = folder / "pseudonym.key"
    if not key_file.exists():
        key_file.touch(mode=0o600)
        key_file.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    return settings.model_copy(update={"pseudonym_key_file": key_file})


def demo_calendar(folder: Path) -> Path:
    """The release calendar of the demonstration."""
    file = folder / "release_calendar.csv"
    head = ",".join(COLUMNS)
    files.write_atomically(file, f"{head}\n{PLANNED}\n")
    return file


def demo_keys(folder: Path) -> Path:
    """A folder with the keys of two approvers and their `allowed_signers`, made once.

    Only the demonstration trusts them.
    """
    keys = folder / "keys"
    if not keys.is_dir():
        with files.scratch_folder(folder / ".keys") as made:
            lines = [signing.make_key(made / name, name) for name in APPROVERS]
            (made / "allowed_signers").write_text("\n".join(lines) + "\n", encoding="utf-8")
            files.rename_folder(made, keys)
    return keys
