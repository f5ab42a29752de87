"""Who is told of alerts, by which channel: `notify.toml`, read strictly.

Addresses of channels hold secrets, so the file names only where they are: a variable of the
environment, or a file.
"""

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

from orchestration import guarded
from orchestration.alerts.records import Level
from orchestration.errors import UsageError
from orchestration.home.records.record import first_fault

ALL_COUNTIES = "*"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Language = Literal["zh", "en"]


class Stated(BaseModel):
    """A part of the file: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Channel(Stated):
    """A channel by which notices are sent.

    url_env, url_file: where its address is, one of the two; folder: a folder that takes notices as
    files instead; messages_per_minute: what its provider allows.
    """

    url_env: str | None = None
    url_file: str | None = None
    folder: str | None = None
    messages_per_minute: PositiveInt = 20

    @model_validator(mode="after")
    def has_one_address(self) -> Self:
        """The channel. Raises ValueError unless it states one place."""
        if sum(bool(each) for each in (self.url_env, self.url_file, self.folder)) != 1:
            raise ValueError("one of url_env, url_file and folder is due")
        return self

    def address(self) -> str:
        """Its address, which is secret. Raises UsageError where it is not there."""
        if self.url_env:
            found = os.environ.get(self.url_env, "").strip()
            place = f"the environment has no {self.url_env}"
        else:
            found = guarded.read_text(Path(str(self.url_file)), UsageError).strip()
            place = f"{self.url_file} is empty"
        if not found:
            raise UsageError(f"A channel of notices has no address: {place}.")
        return found


class Recipient(Stated):
    """Who is told of some counties, and by which channels; levels: of the cases."""

    counties: tuple[str, ...] = Field(min_length=1, strict=False)
    channels: tuple[Name, ...] = Field(min_length=1, strict=False)
    levels: tuple[Level, ...] = Field(default=("yellow", "red"), min_length=1, strict=False)

    def is_for(self, county: str) -> bool:
        """Whether the recipient is told of a county."""
        return county in self.counties or ALL_COUNTIES in self.counties


class Notify(Stated):
    """The whole file.

    attempts: how often a notice is tried, first_wait_seconds: how long after the first, twice as
    long after each further one; language: of the notices; templates: a folder of the office's own.
    """

    channels: dict[Name, Channel]
    recipients: tuple[Recipient, ...] = Field(strict=False)
    language: Language = "zh"
    templates: str | None = None
    attempts: PositiveInt = 10
    first_wait_seconds: PositiveInt = 60

    @model_validator(mode="after")
    def names_its_channels(self) -> Self:
        """The file. Raises ValueError where a recipient names a channel that is not there."""
        named = {channel for recipient in self.recipients for channel in recipient.channels}
        if unknown := sorted(named - set(self.channels)):
            raise ValueError(f"there is no channel {unknown[0]}; add [channels.{unknown[0]}]")
        return self

    def check_counties(self, counties: Iterable[str]) -> None:
        """Recipients name counties that there are. Raises UsageError."""
        known = {*counties, ALL_COUNTIES}
        named = {county for recipient in self.recipients for county in recipient.counties}
        if unknown := sorted(named - known):
            raise UsageError(
                f"notify.toml: there is no county {unknown[0]}; the counties are "
                f"{', '.join(sorted(known - {ALL_COUNTIES}))}, and {ALL_COUNTIES} stands for all."
            )

    def levels_by_channel(self, county: str) -> dict[str, set[Level]]:
        """The levels of a county's cases that go to each channel."""
        found: dict[str, set[Level]] = {}
        for recipient in self.recipients:
            if recipient.is_for(county):
                for channel in recipient.channels:
                    found.setdefault(channel, set()).update(recipient.levels)
        return found


def read_notify(file: Path) -> Notify | None:
    """Who is told, as a file has it; None where there is no file. Raises UsageError."""
    if not os.path.lexists(file):
        return None
    try:
        return Notify.model_validate(tomllib.loads(guarded.read_text(file, UsageError)))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is not well-formed TOML: {error}.") from None
    except ValidationError as invalid:
        raise UsageError(f"{file}: {first_fault(invalid)}.") from None
