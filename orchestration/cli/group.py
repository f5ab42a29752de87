"""A group of commands in sections, whose errors become messages and exit codes."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from orchestration.errors import HealthIndexError, StorageError, UsageError, storage_reason
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
            click.echo(f"uhi: {error}", err=True)
            ctx.exit(error.exit_code)
        except EditedFileError as error:
            click.echo(f"uhi: {error}", err=True)
            ctx.exit(UsageError.exit_code)
        except Exception as error:
            reason = storage_reason(error)
            if reason is None:
                raise
            click.echo(f"uhi: {StorageError(reason)}", err=True)
            ctx.exit(StorageError.exit_code)


def summary_of(command: click.Command) -> str:
    """The first sentence of what a command does."""
    return command.get_short_help_str(LONGEST_SUMMARY)
