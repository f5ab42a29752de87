"""The command `uhi`: each command, by the sections of its help."""

import os
from pathlib import Path

import click

from orchestration.cli import alert, build, calendar, check, housekeeping, release, source, watch
from orchestration.cli.group import Commands, Sections

SECTIONS: Sections = {
    "See it work": (build.demo,),
    "Join a source": (source.source,),
    "Build and judge a month": (build.run, build.status, build.override, calendar.calendar),
    "Follow up alerts": (watch.watch, alert.alert),
    "Release it": (
        release.prepare,
        release.preview,
        release.approve,
        release.publish,
        release.retract,
    ),
    "Check what was released": (
        check.verify,
        check.audit,
        check.trace,
        check.diff,
        check.rebuild,
        check.ledger,
    ),
    "Keep house": (housekeeping.personal_data, housekeeping.erase, housekeeping.prune),
}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="union-health-index")
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File of settings (TOML) [default: UHI_CONFIG, else none].",
)
def main(config: Path | None) -> None:
    """Health index of private-enterprise unions: extract, build, judge, release.

    What lasts lies under UHI_HOME (default ./data).
    """
    if config:
        os.environ["UHI_CONFIG"] = str(config.absolute())


main.add_sections(SECTIONS)
