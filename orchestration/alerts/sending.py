"""Sends what waits in the outbox, at the pace of each channel."""

import time
from collections.abc import Callable, Sequence
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
    sleep: Callable[[float], None] = time.sleep,
) -> list[Delivery]:
    """Send what waits and is due; returns what became of each.

    Raises UsageError where a channel cannot be used, before anything is sent, and HomeBusyError
    where another process sends.
    """
    notify = read_notify(settings.home.notify)
    if notify is None:
        return []
    with locks.held(settings.home, locks.NOTICES):
        due = due_notices(settings, now())
        for name in sorted({notice.channel for notice in due} & set(notify.channels)):
            check_channel(name, notify.channels[name])
        return [deliver_one(settings, notify, notice, now, sleep) for notice in due]


def deliver_one(
    settings: Settings,
    notify: Notify,
    notice: Waiting,
    now: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> Delivery:
    """Make one attempt for a notice, at the pace of its channel."""
    channel = notify.channels.get(notice.channel)
    if channel is None:
        failure: Failure | None = Failure(
            "its channel is not in notify.toml any more", is_final=True
        )
        return outcome(settings, notify, notice, failure, now())
    while (pause := pause_of(settings, notice.channel, channel.messages_per_minute, now())) > 0:
        sleep(pause)
    note_attempt(settings, notify, notice, now())
    failure = send(notice.channel, channel, notice.title, notice.body, notice.id)
    return outcome(settings, notify, notice, failure, now())


def outcome(
    settings: Settings,
    notify: Notify,
    notice: Waiting,
    failure: Failure | None,
    moment: datetime,
) -> Delivery:
    """What became of an attempt, once it is on record."""
    state = settle(settings, notify, notice, failure, moment)
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
