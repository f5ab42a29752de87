"""`uhi watch`: changes in a source become cases of alerts within seconds."""

import signal
from pathlib import Path
from threading import Event

import click

from orchestration.cli.options import chosen_source, map_option, with_map
from orchestration.screen import Screen, json_option, settings
from quality.nouns import counted_noun

EVERY_SECONDS = 2.0


@click.command()
@click.option("--source", help="URL of the database that is watched [default: UHI_SOURCE].")
@map_option
@click.option(
    "--every",
    type=click.FloatRange(min=0.1, max=3600),
    default=EVERY_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait between two looks at the source's watermarks.",
)
@json_option
def watch(
    *,
    source: str | None,
    source_map: Path | None,
    every: float,
    as_json: bool,
) -> None:
    """Watch a database, and evaluate the running month as of today on each change.

    Goes on until Ctrl-C, which ends it once the evaluation that is going on is done.
    """
    from orchestration.watch.watcher import Watcher
    from orchestration.watch.watching import Manner
    from orchestration.watch.watching import watch as go_on

    current = with_map(settings(), source_map)
    watcher = Watcher(current, chosen_source(current, source))
    manner = Manner(every, line=show_nothing if as_json else show, warning=warn)
    evaluations = go_on(watcher, manner, stopped_by_signals())
    Screen(as_json=as_json).result(
        [f"Ended after {counted_noun(evaluations, 'evaluation')}."],
        {"source": watcher.location, "evaluations": evaluations},
    )


def stopped_by_signals() -> Event:
    """What Ctrl-C, or the system's request to end, sets; the second time ends at once."""
    stop = Event()

    def end(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    return stop


def show(line: str) -> None:
    """Show a line of a round at once."""
    click.echo(line)


def show_nothing(line: str) -> None:
    """Leave out what is not the one object of --json."""
    del line


def warn(line: str) -> None:
    """Say what is wrong."""
    click.echo(f"uhi: {line}", err=True)
