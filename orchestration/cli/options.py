"""Arguments and options that several commands have."""

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
