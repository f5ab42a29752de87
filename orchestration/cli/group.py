"""A group of commands in sections, whose errors become messages and exit codes."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, TextIO

import click

from orchestration.errors import (
    HealthIndexError,
    OutputError,
    StorageError,
    UsageError,
    storage_reason,
)
from quality.edited_files import EditedFileError

LONGEST_SUMMARY = 1_000
Sections = Mapping[str, Sequence[click.Command]]


class Commands(click.Group):
    """The commands in the order of the work.

    Errors that a user can act on become their message and exit code.
    """

    sections: Sections

    def add_sections(self, sections: Sections) -> None:
        """Take the commands of each section, by its title."""
        self.sections = sections
        for commands in sections.values():
            for command in commands:
                self.add_command(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write each command with the whole of its first sentence."""
        for title, commands in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(str(each.name), summary_of(each)) for each in commands])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        """Run a command; exit with the contract's code where it fails."""
        try:
            return super().invoke(ctx)
        except HealthIndexError as error:
            fail(error)
        except EditedFileError as error:
            fail(UsageError(str(error)))
        except Exception as error:
            reason = storage_reason(error)
            if reason is None:
                raise
            fail(StorageError(reason))

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Run the command line; a help text that cannot be written is an error like others."""
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            if storage_reason(error) is None:
                raise
            fail(OutputError(error.strerror))


def fail(error: HealthIndexError) -> NoReturn:
    """End with the message and the exit code of an error.

    Where standard output or the message's own stream takes nothing, what they still hold is given
    up, and the exit code alone tells.
    """
    try:
        click.echo(f"uhi: {error}", err=True)
    except OSError:
        give_up(sys.stderr)
    give_up(sys.stdout)
    sys.exit(error.exit_code)


def give_up(stream: TextIO) -> None:
    """Let a stream that cannot be written to take the rest of its text to nowhere."""
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())


def summary_of(command: click.Command) -> str:
    """The first sentence of what a command does."""
    return command.get_short_help_str(LONGEST_SUMMARY)
