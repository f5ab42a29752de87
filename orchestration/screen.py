"""What every command of `uhi` shares: progress, the result, `--json` and the settings of a call."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any, TextIO, cast

import click

from orchestration.errors import OutputError, storage_reason

if TYPE_CHECKING:
    from orchestration.settings import Settings

Progress = Callable[[str], None]  # what long work is given, to say how far it is

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object instead of lines."
)


class Output:
    """Standard output that raises OutputError where the system takes no more of it.

    A reader that went away (a broken pipe) is no error: that stays an OSError, as `click` has it.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write a text; returns its length."""
        with output_told():
            return self.stream.write(text)

    def flush(self) -> None:
        """Hand over to the system what was written."""
        with output_told():
            self.stream.flush()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Whatever else the stream has."""
        return getattr(self.stream, name)


@contextmanager
def output_told() -> Iterator[None]:
    """Raise OutputError where writing fails for want of room."""
    try:
        yield
    except OSError as error:
        if storage_reason(error) is None:
            raise
        raise OutputError(error.strerror) from None


@contextmanager
def checked_output() -> Iterator[None]:
    """Let whatever is written to standard output, a help text too, go through `Output`."""
    with redirect_stdout(cast("TextIO", Output(sys.stdout))):
        yield


class Screen:
    """Where a command shows its progress and its result.

    Progress is one changing line on a terminal, and plain lines elsewhere. With --json only the
    result is shown.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.status: Any = None
        if not as_json and sys.stderr.isatty():
            from rich.console import Console

            self.status = Console(stderr=True).status("")
            self.status.start()

    def progress(self, message: str) -> None:
        """Show how far it is; where that cannot be shown, the work goes on."""
        if self.status:
            self.status.update(message)
        elif not self.as_json:
            tell(lambda: click.echo(message, err=True))

    def result(self, lines: list[str], content: dict[str, Any]) -> None:
        """Print what came out, which is done whether or not it can be written."""
        if self.status:
            self.status.stop()
        if self.as_json:
            from orchestration.home.files import to_json

            text = to_json(content)
        else:
            text = "\n".join(lines) + "\n"
        click.echo(text, nl=False)


def tell(say: Callable[[], None]) -> None:
    """Say something on standard error; where it takes nothing, nothing more is said there."""
    try:
        say()
    except OSError:
        give_up(sys.stderr)


def give_up(stream: TextIO) -> None:
    """Let a stream that cannot be written to take the rest of its text to nowhere."""
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())


def settings() -> "Settings":
    """The settings of this invocation."""
    from orchestration.settings import load_settings

    return load_settings()


def operator(current: "Settings") -> str:
    """Who answers for what is run: the operator of the settings, else the system's user."""
    from orchestration.settings import system_user

    return current.operator or system_user()
