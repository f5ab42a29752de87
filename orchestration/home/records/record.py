"""A record: what a file that lasts says, as a frozen type that is read strictly."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    RootModel,
    StringConstraints,
    ValidationError,
)

from orchestration.errors import HealthIndexError, VerificationError, first_few
from orchestration.home import files

Root = TypeVar("Root")


def moment(text: str) -> str:
    """A time in ISO 8601 with its offset from UTC, as it is written. Raises ValueError."""
    if datetime.fromisoformat(text).tzinfo is None:
        message = "a time with its offset from UTC is due"
        raise ValueError(message)
    return text


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, AfterValidator(moment)]
Month = Annotated[str, StringConstraints(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")]
IntakeName = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{8}T[0-9]{6}([0-9]{3})?Z-[0-9a-f]{12}$")
]
TableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
ReleaseName = Annotated[str, StringConstraints(pattern=r"^r[1-9][0-9]*$")]
NO_JSON = "it is no JSON as it was written"
Stated = Annotated[str, StringConstraints(pattern=r"\S")]
"""What a person states: some text that is not blank."""


class Part(BaseModel):
    """A part of a record: unknown fields are refused, and nothing can be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def as_json(self) -> dict[str, Any]:
        """The fields that were stated, in the order of the type.

        A field that older records lack is left out where it was not stated.
        """
        return self.model_dump(mode="json", exclude_unset=True)


class OnFile(BaseModel):
    """How a record is read from its file and written to it.

    format_version: the version of the record's form, which its JSON Schema names.
    """

    format_version: ClassVar[int] = 1

    @classmethod
    def read(cls, file: Path, error: type[HealthIndexError] = VerificationError) -> Self:
        """The record in a file.

        Raises `error`, which names the file and the first field that is wrong but no value, or says
        that it is gone or no plain file; OSError where the file cannot be read.
        """
        content = files.read_kept(file, error)
        try:
            files.parse_json(content)
            return cls.model_validate_json(content, strict=True)
        except ValidationError as invalid:
            raise error(damage_of(file, first_fault(invalid))) from None
        except ValueError:
            raise error(damage_of(file, NO_JSON)) from None

    def text(self) -> str:
        """The record as its file has it: JSON, readable, in UTF-8."""
        return files.to_json(self.model_dump(mode="json", exclude_unset=True))

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes that its file has."""
        return hashlib.sha256(self.text().encode()).hexdigest()

    def write(self, file: Path, partial: Path | None = None) -> None:
        """Write the record so that a reader sees the old or the new one whole.

        It is written as `partial` first, by default beside it.
        """
        files.write_atomically(file, self.text(), partial)


class Record(OnFile, Part):
    """What one file says, by named fields."""


class RootRecord(OnFile, RootModel[Root], Generic[Root]):
    """What one file says that is a list, or a table by key."""

    model_config = ConfigDict(frozen=True)


def check_tables(folder: Path, digests: dict[str, str], remedy: str = "") -> None:
    """The tables of a folder have the digests that its record says.

    remedy: what to do where one has not. Raises VerificationError.
    """
    if differing := files.changed_tables(folder, digests):
        said = f"{folder} is not as it was written: {first_few(differing)}."
        raise VerificationError(f"{said} {remedy}".rstrip())


def damage_of(file: Path, fault: str) -> str:
    """Why a file is not the record that it should be, and what to do."""
    return f"{file} is damaged: {fault}. Put it back from a backup."


def first_fault(invalid: ValidationError) -> str:
    """The first field that is wrong, and what is due there; never a value."""
    fault = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    problem = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "json_invalid":
        return NO_JSON
    return f"{place}: {problem}" if place else problem
