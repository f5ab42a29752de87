"""The settings: one frozen, typed object.

They come from `UHI_*` in the environment, then from `uhi.toml` in the working folder.
"""

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import NonNegativeInt, PositiveInt, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from orchestration import guarded
from orchestration.errors import UsageError
from orchestration.home import files

PROJECT = Path(__file__).resolve().parents[1]
DBT_PROJECT = PROJECT / "dbt_project"
METHODOLOGY = DBT_PROJECT / "seeds" / "methodology"
MOST_PROCESSES = 4


class SettingsFile(TomlConfigSettingsSource):
    """`uhi.toml`, read as guardedly as any file that is handed in; a byte order mark is welcome."""

    def _read_files(self, files: Any, deep_merge: bool = False) -> dict[str, Any]:  # noqa: ANN401, FBT001, FBT002
        """What the file holds, nothing where there is none. Raises UsageError."""
        del deep_merge
        file = Path(files)
        if not os.path.lexists(file):
            return {}
        try:
            return tomllib.loads(guarded.read_text(file, UsageError))
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"{file} is not well-formed TOML: {error}.") from None


class Settings(BaseSettings):
    """Where things live, what is read, and the secrets.

    home: everything that lasts; source: folder or database URL that the jobs extract from;
    source_password, source_password_file: its password where the URL has none; source_lock_seconds:
    how long a locked table is waited for; pseudonym_key, pseudonym_key_file: the secret of personal
    pseudonyms, at least 32 bytes, one of the two; late_days: how far before the last change a
    database is read again; whole_read_days: after how many days it is read whole again; keep_days:
    how long an intake that nothing names is kept; allowed_signers: the file of those who may sign,
    by default `allowed_signers` in the home; release_calendar: when releases are due, by default
    `release_calendar.csv` in the home; home_wait_seconds: how long a run of Dagster's waits where
    another process works on the same; site_url: where the internal edition's site stands, to which
    the codes of its pages lead; publisher, contact, licence: what page and briefing state of each,
    if anything; openlineage_url: where events of the jobs are sent, if anywhere; processes: how
    many make and judge a release side by side, each with up to 500 MB at city size, by default one
    for each processor, but no more than shorten it.
    """

    model_config = SettingsConfigDict(
        env_prefix="UHI_", toml_file="uhi.toml", frozen=True, extra="forbid"
    )

    home: Path = Path("data")
    source: str | None = None
    source_password: SecretStr | None = None
    source_password_file: Path | None = None
    source_lock_seconds: PositiveInt = 60
    late_days: NonNegativeInt = 3
    whole_read_days: NonNegativeInt = 7
    keep_days: NonNegativeInt = 30
    pseudonym_key: SecretStr | None = None
    pseudonym_key_file: Path | None = None
    allowed_signers: Path | None = None
    release_calendar: Path | None = None
    home_wait_seconds: NonNegativeInt = 3600
    site_url: str | None = None
    publisher: str | None = None
    contact: str | None = None
    licence: str | None = None
    openlineage_url: str | None = None
    processes: PositiveInt = min(os.cpu_count() or 1, MOST_PROCESSES)

    @field_validator("home")
    @classmethod
    def plain_home(cls, home: Path) -> Path:
        """A home in whose path no character stands for others where DuckDB or dbt reads it.

        Raises ValueError.
        """
        if problem := files.path_problem(home.resolve()):
            raise ValueError(problem)
        return home

    @property
    def signers_file(self) -> Path:
        """The file of allowed signers."""
        return self.allowed_signers or self.home / "allowed_signers"

    @property
    def calendar_file(self) -> Path:
        """The release calendar."""
        return self.release_calendar or self.home / "release_calendar.csv"

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
        return init_settings, env_settings, SettingsFile(settings_cls)


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401
    """Read the settings. Raises UsageError where one is unknown or of the wrong type."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(include_input=False)
        )
        raise UsageError(f"Settings (UHI_* or uhi.toml): {problems}.") from None
