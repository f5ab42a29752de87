"""What every command of `uhi` shares: progress, the result, `--json` and the settings of a call."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from orchestration.errors import OutputError, storage_reason

if TYPE_CHECKING:
    from orchestration.settings import Settings

Progress = Callable[[str], None]  # what long work is given, to say how far it is

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object instead of lines."
)


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
        """Show how far it is."""
        if self.status:
            self.status.update(message)
        elif not self.as_json:
            click.echo(message, err=True)

    def result(self, lines: list[str], content: dict[str, Any]) -> None:
        """Print what came out. Raises OutputError where that cannot be written, but is done."""
        if self.status:
            self.status.stop()
        if self.as_json:
            from orchestration.home.files import to_json

            text = to_json(content)
        else:
            text = "\n".join(lines) + "\n"
        try:
            click.echo(text, nl=False)
        except OSError as error:
            if storage_reason(error) is None:
                raise
            raise OutputError(error.strerror) from None


def settings() -> "Settings":
    """The settings of this invocation."""
    from orchestration.settings import load_settings

    return load_settings()


def operator(current: "Settings") -> str:
    """Who answers for what is run: the operator of the settings, else the system's user."""
    from orchestration.settings import system_user

    return current.operator or system_user()
