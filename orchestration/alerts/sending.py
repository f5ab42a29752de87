"""Sends what waits in the outbox, at the pace of each channel."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from orchestration.alerts.channels import check_channel, send
from orchestration.alerts.outbox import (
    Failure,
    NoticeState,
    Waiting,
    due_notices,
    note_attempt,
    pause_of,
    settle,
)
from orchestration.alerts.recipients import Notify, read_notify
from orchestration.home import locks
from orchestration.settings import Settings
from quality.nouns import counted_noun


@dataclass(frozen=True)
class Delivery:
    """What became of a notice; state: sent, waiting for another attempt, or dead."""

    id: str
    channel: str
    state: NoticeState
    reason: str | None = None


def deliver(
    settings: Settings,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], object] = time.sleep,
    is_interrupted: Callable[[], bool] = lambda: False,
) -> list[Delivery]:
    """Send what waits and is due; returns what became of each.

    is_interrupted: asked before each notice; once it is so, those that are left go on waiting.

    Raises UsageError where a channel cannot be used, before anything is sent, and HomeBusyError
    where another process sends.
    """
    notify = read_notify(settings.home.notify)
    if notify is None:
        return []
    dispatch = Dispatch(settings, notify, now, sleep, is_interrupted)
    with locks.held(settings.home, locks.NOTICES):
        due = due_notices(settings, now())
        for name in sorted({notice.channel for notice in due} & set(notify.channels)):
            check_channel(name, notify.channels[name])
        return list(dispatch.delivered(due))


@dataclass(frozen=True)
class Dispatch:
    """How notices are sent, one after the other; the rest as `deliver` takes it."""

    settings: Settings
    notify: Notify
    now: Callable[[], datetime]
    sleep: Callable[[float], object]
    is_interrupted: Callable[[], bool]

    def delivered(self, due: Sequence[Waiting]) -> Iterator[Delivery]:
        """Make an attempt for each notice, until it is interrupted."""
        for notice in due:
            self.keep_pace(notice.channel)
            if self.is_interrupted():
                return
            yield self.delivery_of(notice)

    def keep_pace(self, name: str) -> None:
        """Wait until a channel may have its next message, or until it is interrupted."""
        channel = self.notify.channels.get(name)
        while channel and not self.is_interrupted():
            pause = pause_of(self.settings, name, channel.messages_per_minute, self.now())
            if pause <= 0:
                return
            self.sleep(pause)

    def delivery_of(self, notice: Waiting) -> Delivery:
        """Make one attempt for a notice."""
        channel = self.notify.channels.get(notice.channel)
        if channel is None:
            gone = Failure("its channel is not in notify.toml any more", is_final=True)
            return self.settled(notice, gone)
        note_attempt(self.settings, self.notify, notice, self.now())
        failure = send(notice.channel, channel, notice.title, notice.body, notice.id)
        return self.settled(notice, failure)

    def settled(self, notice: Waiting, failure: Failure | None) -> Delivery:
        """What became of an attempt, once it is on record."""
        state = settle(self.settings, self.notify, notice, failure, self.now())
        return Delivery(notice.id, notice.channel, state, failure.reason if failure else None)


def format_deliveries(deliveries: Sequence[Delivery]) -> list[str]:
    """What became of notices, for a reader: how many were sent, and each that was not."""
    sent = sum(delivery.state == "sent" for delivery in deliveries)
    lines = [f"{counted_noun(sent, 'notice')} sent"] if deliveries else ["No notice is due."]
    for each in deliveries:
        if each.state == "waiting":
            lines.append(f"  {each.id} waits for another attempt: {each.reason}")
        elif each.state == "dead":
            lines.append(f"  {each.id} cannot be sent: {each.reason}")
    return lines
