"""YAML files that people edit by hand (approvals, limits, lists of checks), read strictly.

Each value must be of its type, and no key may occur twice.
"""

import errno
import os
import stat
from collections.abc import Hashable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

MOST_BYTES = 2**20
# To open a file without following a link or waiting for a writer.
PLAIN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Line = Annotated[
    str,
    StringConstraints(
        min_length=1,
        max_length=500,
        pattern=r"^[^\x00-\x1f\x7f-\x9f]+$",
    ),
]
Content = TypeVar("Content")


def day_of(value: object) -> object:
    """A day that is written between quotes, which YAML takes for a text; else the value itself."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        message = f"'{value}' is no day such as 2026-11-21"
        raise ValueError(message) from None


Day = Annotated[date, BeforeValidator(day_of)]
"""A day as ISO 8601 has it, with quotes or without."""


class EditedFileError(ValueError):
    """A file edited by hand is not as it must be; the message names file, line and key."""


class Entry(BaseModel):
    """An entry of such a file; nothing is converted, and no other key is allowed."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
    )


class Words(Entry):
    """A text for readers, in Chinese and English."""

    zh: Line
    en: Line


class Loader(yaml.CSafeLoader):
    """Plain YAML in which a key that is there twice is an error."""

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[Hashable, Any]:
        """A mapping. Raises ConstructorError where a key is there twice."""
        found: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in found:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key} is there twice",
                    problem_mark=key_node.start_mark,
                )
            found.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(file: Path, kind: TypeAdapter[Content]) -> Content:
    """What a file holds, in its types. Raises EditedFileError naming file, line and key."""
    root, content = parse_yaml(file)
    try:
        return kind.validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        keys = ".".join(map(str, first["loc"]))
        line = line_of(root, first["loc"])
        problem = first["msg"].removeprefix("Value error, ")
        raise EditedFileError(f"{file}, line {line}, {keys}: {problem}.") from None


def parse_yaml(file: Path) -> tuple[yaml.Node | None, Any]:
    """The root of a file's YAML, and what it holds. Raises EditedFileError naming file and line."""
    text = read_text(file)
    try:
        loader = Loader(text)
        root = loader.get_single_node()
        if root is None:
            return None, None
        return root, loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise EditedFileError(f"{file}, line {line}: {error.problem}.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise EditedFileError(f"{file}: {error}.") from None


def read_text(file: Path) -> str:
    """The text of a plain file of bounded size; no link is followed. Raises EditedFileError."""
    try:
        descriptor = os.open(file, PLAIN_FILE)
        with os.fdopen(descriptor, "rb") as opened:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
                raise EditedFileError(f"{file} is no plain file of at most {MOST_BYTES:,} bytes.")
            return opened.read(MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise EditedFileError(f"{file} {unreadable(error)}.") from None
    except UnicodeDecodeError:
        raise EditedFileError(f"{file} is not UTF-8; save it as UTF-8.") from None


def unreadable(error: OSError) -> str:
    """Why a file was not opened, in words: a link is not followed."""
    if error.errno == errno.ELOOP:
        return "is a link, which is not followed; put the file itself there"
    return f"cannot be read: {error.strerror}"


def line_of(node: yaml.Node | None, path: tuple[int | str, ...]) -> int:
    """The line on which the deepest node of a path begins, as far as the path can be followed."""
    line = 1
    for step in path:
        found = entry_of(node, step)
        if found is None:
            break
        named, node = found
        line = named.start_mark.line + 1
    return line


def entry_of(
    node: yaml.Node | None,
    step: int | str,
) -> tuple[yaml.Node, yaml.Node] | None:
    """The node that names an entry of a mapping or list, and the entry; None where it has none."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key, value
        return None
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        entry = node.value[step]
        return entry, entry
    return None
