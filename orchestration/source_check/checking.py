"""Reads, builds and judges a source in a home of its own, which is removed in the end."""

import secrets
from datetime import date

from pydantic import SecretStr

from orchestration.build import candidate, gate
from orchestration.build.warehouse import counting
from orchestration.errors import RefusedError, SourceError
from orchestration.extract.database import location_of, read_url
from orchestration.extract.intakes import landed_file
from orchestration.extract.kinds import FOLDER as FOLDER_KIND
from orchestration.extract.kinds import kind_of
from orchestration.extract.landing import Intake, extract
from orchestration.home import files, locks
from orchestration.home.layout import Home
from orchestration.periods import Period
from orchestration.screen import Progress
from orchestration.settings import Settings
from orchestration.source_check.findings import Findings, findings_of

SCRATCH = ".source-check"
KEY_BYTES = 32


def check_source(
    settings: Settings,
    source: str,
    period: Period,
    as_of: date,
    progress: Progress,
) -> Findings:
    """What is found in a source when a month is made of it.

    Personal numbers become pseudonyms by a key that is thrown away, so none is needed. Raises
    UsageError, HomeBusyError where another process checks a source for the same home.
    """
    home = settings.home
    with (
        locks.held(home, locks.SOURCE_CHECK),
        files.scratch_folder(home.folder / SCRATCH) as folder,
    ):
        files.keep_private(folder)
        own = Home(folder, allowed_signers=home.allowed_signers)
        try:
            intake = extract(in_home(settings, own), source, progress, whole=True)
        except SourceError as error:
            problems = tuple(map(str, error.args))
            return Findings(name_of(settings, source), str(period), unreadable=problems)
        return judged(own, intake, period, as_of, progress)


def in_home(settings: Settings, home: Home) -> Settings:
    """The settings with another home, and a key of pseudonyms that nobody has."""
    key = SecretStr(secrets.token_hex(KEY_BYTES))
    return settings.model_copy(
        update={"home": home, "pseudonym_key": key, "pseudonym_key_file": None}
    )


def judged(
    home: Home,
    intake: Intake,
    period: Period,
    as_of: date,
    progress: Progress,
) -> Findings:
    """What is found in an intake, once the month is built and judged from it."""
    plan = candidate.plan_build(home, intake.folder, period, as_of)
    try:
        candidate.build_warehouse(home, plan, counting(progress, "models and tests built"))
        progress("judging")
        verdict = gate.judge(home, plan)
    except RefusedError as error:
        return Findings(intake.record.source, str(period), failed={"build": str(error)})
    landed = {
        entry.table: landed_file(intake.folder, entry.table) for entry in intake.record.tables
    }
    return findings_of(intake.record, landed, home.built_candidate(period), verdict)


def name_of(settings: Settings, source: str) -> str:
    """The name of a source without credentials: of a mapped one, its map."""
    if settings.source_map:
        return str(settings.source_map)
    return source if kind_of(source) == FOLDER_KIND else location_of(read_url(source))
