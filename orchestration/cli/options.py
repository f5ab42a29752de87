"""Arguments and options that several commands have."""

import getpass
import os
from pathlib import Path

import click

period_argument = click.argument("period")
key_option = click.option(
    "--key",
    "key_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="Their private OpenSSH key.",
)


def operator() -> str:
    """Name of the operating system's user, or its number where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
