"""What `uhi` does, reported to the Dagster instance of the home, so that both show one history.

A home is told only if it has an instance (`UHI_HOME/dagster`, which `uhi demo` and `make dev`
make), because Dagster takes two seconds to import. A report that fails never fails a command; the
command says so.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from orchestration.defs.instance import has_instance

if TYPE_CHECKING:
    from orchestration.periods import Period
    from orchestration.pipeline import Outcome
    from orchestration.screen import Progress
    from orchestration.settings import Settings


def report(
    settings: "Settings", period: "Period", stages: Sequence[str], progress: "Progress"
) -> None:
    """Report what a home now holds of a period, for these stages (`defs.history.STAGES`)."""
    if not has_instance(settings.home):
        return
    progress(f"{period}: reporting to Dagster")
    try:
        from orchestration.defs.history import tell

        tell(settings, period, stages)
    except Exception as error:  # noqa: BLE001 - what was done is done; only the history lacks it
        reason = f"{type(error).__name__}: {error}"
        click.echo(
            f"{period}: not reported to Dagster's history ({reason}); nothing else is affected.",
            err=True,
        )


def report_run(settings: "Settings", outcomes: "Sequence[Outcome]", progress: "Progress") -> None:
    """Report what a run made of each of its periods."""
    from orchestration.periods import Period

    for outcome in outcomes:
        judged = ["candidate", "cases"] if outcome.verdict else []
        report(
            settings,
            Period.parse(outcome.period),
            ["landing", "revisions", "models", *judged],
            progress,
        )
