"""A group of commands in sections, whose errors become messages and exit codes."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import click

from orchestration.errors import (
    HealthIndexError,
    StorageError,
    UsageError,
    storage_reason,
)
from orchestration.screen import checked_output, give_up, tell
from quality.edited_files import EditedFileError

LONGEST_SUMMARY = 1_000
Sections = Mapping[str, Sequence[click.Command]]


class Subcommands(click.Group):
    """The commands of one subject in the order of the work, none with its summary cut off."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of the commands, in the order in which they were added."""
        return list(self.commands)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        """Write each command with the whole of its first sentence."""
        write_section(formatter, "Commands", list(self.commands.values()))


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

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        """Write each command with the whole of its first sentence."""
        for title, commands in self.sections.items():
            write_section(formatter, title, commands)

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ANN401
        """Run the command line and exit with the contract's code, whatever its streams take."""
        try:
            with checked_output():
                exit_code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.ClickException as error:
            end(error.show, error.exit_code)
        except click.Abort:
            end(say_aborted, HealthIndexError.exit_code)
        except HealthIndexError as error:
            fail(error)
        except EditedFileError as error:
            fail(UsageError(str(error)))
        except Exception as error:
            reason = storage_reason(error)
            if reason is None:
                raise
            fail(StorageError(reason))
        finally:
            give_up(sys.stdout)
        sys.exit(exit_code)


def write_section(
    formatter: click.HelpFormatter,
    title: str,
    commands: Sequence[click.Command],
) -> None:
    """Write the commands of a section, each with the whole of its first sentence."""
    with formatter.section(title):
        formatter.write_dl([(str(each.name), summary_of(each)) for each in commands])


def fail(error: HealthIndexError) -> NoReturn:
    """End with the message and the exit code of an error."""
    end(lambda: click.echo(f"uhi: {error}", err=True), error.exit_code)


def say_aborted() -> None:
    """Say that a person broke the command off."""
    click.echo("Aborted!", err=True)


def end(say: Callable[[], None], exit_code: int) -> NoReturn:
    """Say why the command ends, and exit with a code.

    Where the message's stream takes nothing, the exit code alone tells.
    """
    tell(say)
    sys.exit(exit_code)


def summary_of(command: click.Command) -> str:
    """The first sentence of what a command does."""
    return command.get_short_help_str(LONGEST_SUMMARY)
