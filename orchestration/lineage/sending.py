"""Events sent to an OpenLineage endpoint while a job runs, where one is configured.

A job is never failed by it, and held up once at most.

An endpoint that refuses, fails or does not answer in time is told of in one line, and left alone
for a while.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from orchestration.build.provenance import code_identity
from orchestration.errors import HealthIndexError
from orchestration.settings import Settings

if TYPE_CHECKING:
    from openlineage.client.event_v2 import RunEvent

SECONDS = 2.0
REST_SECONDS = 600.0

Log = Callable[[str], None]


@dataclass
class Endpoint:
    """An OpenLineage endpoint by its URL, and until when it is left alone (monotonic seconds)."""

    url: str
    rests_until: float = 0.0

    def send(self, make: Callable[[], "RunEvent"], log: Log) -> None:
        """Make an event and send it within SECONDS; if that fails, log one line, and rest."""
        if time.monotonic() < self.rests_until:
            return
        faults: list[str] = []
        try:
            thread = threading.Thread(
                target=self.deliver,
                args=(make(), faults),
                daemon=True,
            )
            thread.start()
            thread.join(SECONDS)
        except Exception as error:  # noqa: BLE001 - no event is worth a run; it is told of
            faults.append(type(error).__name__)
        else:
            if thread.is_alive():
                faults.append(f"no answer within {SECONDS:g} seconds")
        if faults:
            self.rests_until = time.monotonic() + REST_SECONDS
            log(
                f"Lineage events do not reach {urlsplit(self.url).hostname} ({faults[0]}); "
                "the run goes on without them."
            )

    def deliver(self, message: "RunEvent", faults: list[str]) -> None:
        """Hand an event to the endpoint, once; adds what kept it from arriving to the faults."""
        from openlineage.client.transport.http import HttpConfig, HttpTransport

        try:
            HttpTransport(HttpConfig(self.url, timeout=SECONDS, retry={"total": 0})).emit(message)
        except Exception as error:  # noqa: BLE001 - it concerns the endpoint alone, and is told of
            faults.append(type(error).__name__)


def to_stderr(line: str) -> None:
    """Write a line to where errors go."""
    sys.stderr.write(f"{line}\n")


@cache
def endpoint(url: str) -> Endpoint:
    """The endpoint of a URL, one for the process."""
    return Endpoint(url)


@contextmanager
def reported(
    settings: Settings,
    job: str,
    subject: str = "",
    log: Log = to_stderr,
) -> Iterator[Callable[..., None]]:
    """Report a job while it runs: START at once, then COMPLETE, or FAIL with why.

    The function given takes what the job has to state of what it made (see `events.MADE`). Without
    an endpoint nothing happens. subject: what the run is of. An error that a user can act on is
    sent with its message, which holds no person's data; of any other its kind.
    """
    if settings.openlineage_url is None:
        yield lambda *_: None
        return
    from openlineage.client.event_v2 import RunState

    from orchestration.lineage.events import MADE, JobRun, Made, event, run_id

    receiver, began = endpoint(settings.openlineage_url), now()
    run = JobRun(
        job,
        run_id(job, subject, began),
        code_identity(),
    )
    stated: list[tuple[Any, ...]] = []
    receiver.send(lambda: event(RunState.START, run, began), log)
    try:
        yield lambda *facts: stated.append(facts)
    except BaseException as error:
        reason = str(error) if isinstance(error, HealthIndexError) else type(error).__name__
        receiver.send(lambda: event(RunState.FAIL, run, now(), reason), log)
        raise

    def ended() -> "RunEvent":
        made = MADE[job](*stated[-1]) if stated else Made()
        return event(
            RunState.FAIL if made.refused else RunState.COMPLETE,
            replace(run, made=made),
            now(),
            made.refused,
        )

    receiver.send(ended, log)


def now() -> str:
    """The moment that it is, in UTC."""
    return datetime.now(UTC).isoformat()
