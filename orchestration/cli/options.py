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
by_option = click.option(
    "--as",
    "by",
    metavar="NAME",
    help="Who answers for it [default: UHI_OPERATOR, else the user of the operating system].",
)
