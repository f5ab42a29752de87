"""Arguments and options that several commands have."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orchestration.settings import Settings

period_argument = click.argument("period")
key_option = click.option(
    "--key",
    "key_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="Their private OpenSSH key.",
)
keys_option = click.option(
    "--keys",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File of allowed signers: verify the signatures too.",
)
landing_option = click.option(
    "--landing",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Home that has landing and releases, or the intake [default: UHI_HOME].",
)
map_option = click.option(
    "--map",
    "source_map",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Map of a foreign source's tables, columns and values [default: UHI_SOURCE_MAP].",
)
by_option = click.option(
    "--as",
    "by",
    metavar="NAME",
    help="Who answers for it [default: UHI_OPERATOR, else the user of the operating system].",
)


def with_map(settings: "Settings", source_map: Path | None) -> "Settings":
    """The settings with the map of a command, if it states one."""
    return settings.model_copy(update={"source_map": source_map}) if source_map else settings


def chosen_source(settings: "Settings", stated: str | None) -> str:
    """The source that a command states, else that of the settings; a map may name all of its own.

    Raises UsageError where there is none.
    """
    from orchestration.errors import UsageError

    chosen = stated or settings.source or ""
    if not chosen and not settings.source_map:
        raise UsageError("No source: give --source or set UHI_SOURCE.")
    return chosen
