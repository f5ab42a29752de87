"""The settings: one frozen, typed object.

They come from `UHI_*` in the environment, then from the file that `UHI_CONFIG` names (`uhi
--config`). Nothing is read from the working folder because it is the working folder: who may sign
is not for a folder to say that somebody else filled.
"""

import getpass
import hashlib
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    Field,
    NonNegativeInt,
    PositiveInt,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from orchestration import guarded
from orchestration.errors import UsageError
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.plain_text import LONGEST_CELL, problem_of


def made_folder(project: Path, cache: Path) -> Path:
    """The folder for what is made of a dbt project alone, such as its parsed manifest.

    It is `target` in the project; where the code is read-only, a folder for it in the user's cache.
    """
    inside = project / "target"
    existing = inside if os.access(inside, os.F_OK) else project
    if os.access(existing, os.W_OK):
        return inside
    return cache / "union-health-index" / hashlib.sha256(str(project).encode()).hexdigest()


def user_cache() -> Path:
    """The user's cache, as the XDG Base Directory Specification has it."""
    stated = os.environ.get("XDG_CACHE_HOME", "")
    return Path(stated) if Path(stated).is_absolute() else Path.home() / ".cache"


PROJECT = Path(__file__).resolve().parents[1]
DBT_PROJECT = PROJECT / "dbt_project"
DBT_TARGET = made_folder(DBT_PROJECT, user_cache())
METHODOLOGY = DBT_PROJECT / "seeds" / "methodology"
MOST_PROCESSES = 4
CONFIG = "UHI_CONFIG"
UNREAD = "uhi.toml"
PATHS = {
    "home",
    "source",
    "allowed_signers",
    "release_calendar",
    "notify",
    "pseudonym_key_file",
    "source_password_file",
    "source_map",
}


class SettingsFile(TomlConfigSettingsSource):
    """A file of settings, read as guardedly as any that is handed in.

    A byte order mark is welcome. What it says of files and folders counts from where it lies.
    """

    def _read_files(
        self,
        files: Any,  # noqa: ANN401
        deep_merge: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[str, Any]:
        """What the file holds. Raises UsageError."""
        del deep_merge
        file = Path(files)
        try:
            stated = tomllib.loads(guarded.read_text(file, UsageError))
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"{file} is not well-formed TOML: {error}.") from None
        return {name: beside(file, name, value) for name, value in stated.items()}


def beside(file: Path, name: str, value: object) -> object:
    """A setting as a file states it, a path from where the file lies."""
    is_path = name in PATHS and isinstance(value, str) and "://" not in value
    return str(file.parent / str(value)) if is_path else value


def settings_file() -> Path | None:
    """The file that `UHI_CONFIG` names; None where it names none.

    Raises UsageError where a file in the working folder would be taken for one that is read.
    """
    stated = os.environ.get(CONFIG)
    if not stated and os.path.lexists(UNREAD):
        raise UsageError(
            f"{UNREAD} in the working folder is not read by itself. Give `--config {UNREAD}` "
            f"({CONFIG}) where it is yours; move it elsewhere where it is not."
        )
    return Path(stated) if stated else None


class Settings(BaseSettings):
    """Where things live, what is read, and the secrets.

    home: everything that lasts, given as a folder; source: folder or database URL that the jobs
    extract from; source_map: the file that says where a foreign source has what the contract asks
    for; source_password, source_password_file: its password where the URL has none;
    source_lock_seconds: how long a locked table is waited for; pseudonym_key, pseudonym_key_file:
    the secret of personal pseudonyms, at least 32 bytes, one of the two; late_days: how far before
    the last change a database is read again; whole_read_days: after how many days it is read whole
    again; keep_days: how long an intake that nothing names is kept; revision_months: against how
    many of the latest published months an intake is held; allowed_signers: the file of those who
    may sign, by default `allowed_signers` in the home; release_calendar: when releases are due, by
    default `release_calendar.csv` in the home; home_wait_seconds: how long a run of Dagster's
    waits where another process works on the same; site_url: where the internal edition's
    site stands, to which the codes of its pages lead; publisher, contact, licence: what page and
    briefing state of each, if anything; openlineage_url: where events of the jobs are sent, if
    anywhere; processes: how many make and judge a release side by side, each with up to 500 MB at
    city size, by default one for each processor, but no more than shorten it; ui_may_act: whether
    the Dagster UI of `make dev` may launch runs and switch schedules; operator: the person who
    answers for what is run, as the allowed signers name them; alerts_url: the PostgreSQL database
    in which the cases of alerts are kept, by default a file in the home; notify: the file of who is
    told of them, by default `notify.toml` in the home.
    """

    model_config = SettingsConfigDict(env_prefix="UHI_", frozen=True, extra="forbid")

    allowed_signers: Path | None = None
    release_calendar: Path | None = None
    notify: Path | None = None
    home: Annotated[Home, NoDecode] = Field(default=Path("data"), validate_default=True)
    source: str | None = None
    source_map: Path | None = None
    source_password: SecretStr | None = None
    source_password_file: Path | None = None
    source_lock_seconds: PositiveInt = 60
    late_days: NonNegativeInt = 3
    whole_read_days: NonNegativeInt = 7
    keep_days: NonNegativeInt = 30
    revision_months: NonNegativeInt = 12
    pseudonym_key: SecretStr | None = None
    pseudonym_key_file: Path | None = None
    home_wait_seconds: NonNegativeInt = 3600
    site_url: str | None = None
    publisher: str | None = None
    contact: str | None = None
    licence: str | None = None
    openlineage_url: str | None = None
    processes: PositiveInt = min(os.cpu_count() or 1, MOST_PROCESSES)
    ui_may_act: bool = False
    operator: str | None = None
    alerts_url: SecretStr | None = None

    @property
    def has_alerts(self) -> bool:
        """Whether there is a database of alerts, or may be on a server."""
        return self.alerts_url is not None or self.home.alerts_database.exists()

    @field_validator("home", mode="plain")
    @classmethod
    def home_in(cls, given: Any, info: ValidationInfo) -> Home:  # noqa: ANN401
        """The home in a folder, with the files that are set of what people state.

        A home is taken as it is. Raises ValueError where what is given is no path, or one in which
        a character stands for others where DuckDB or dbt reads it.
        """
        if isinstance(given, Home):
            return given
        if not isinstance(given, str | Path):
            raise ValueError("Input is not a valid path")  # noqa: TRY004 - as pydantic does
        folder = Path(given)
        if problem := files.path_problem(folder.resolve()):
            raise ValueError(problem)
        named = ("allowed_signers", "release_calendar", "notify")
        return Home(folder, *(info.data.get(name) for name in named))

    @field_validator("notify")
    @classmethod
    def is_there(cls, given: Path | None) -> Path | None:
        """A file that is named, so that nobody is left untold in silence. Raises ValueError."""
        if given is not None and not os.path.lexists(given):
            raise ValueError(f"{given} is not there")
        return given

    @field_validator("publisher", "contact", "licence", "operator")
    @classmethod
    def is_plain_line(cls, given: str | None) -> str | None:
        """What documents and records show as it stands. Raises ValueError."""
        if given and (problem := problem_of(given, LONGEST_CELL)):
            raise ValueError(problem)
        return given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file."""
        del dotenv_settings, file_secret_settings
        if file := settings_file():
            return init_settings, env_settings, SettingsFile(settings_cls, file)
        return init_settings, env_settings


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401
    """Read the settings. Raises UsageError where one is unknown or of the wrong type."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors(include_input=False)
        )
        raise UsageError(f"Settings (UHI_* or {CONFIG}): {problems}.") from None


def system_user() -> str:
    """Name of the operating system's user, or its number where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
