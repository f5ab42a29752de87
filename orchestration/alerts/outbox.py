"""The outbox: notices wait there until they were sent, or cannot be.

A notice is written with the evaluation that it tells of. Each attempt is on record before it is
made: whoever is killed in between sends once more, with the same id, when the next is due.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import RowMapping, or_, select

from orchestration.alerts.notices import Notice
from orchestration.alerts.recipients import Notify
from orchestration.alerts.records import Notified
from orchestration.alerts.store import Store, opened
from orchestration.alerts.tables import NOTICES
from orchestration.settings import Settings

NoticeState = Literal["waiting", "sent", "dead"]
LONGEST_WAIT = timedelta(hours=6)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Waiting:
    """A notice that is not sent yet; attempts: those that were made."""

    id: str
    channel: str
    title: str
    body: str
    cases: tuple[int, ...]
    attempts: int


@dataclass(frozen=True)
class Failure:
    """Why a notice was not taken; is_final: another attempt would not help."""

    reason: str
    is_final: bool


@dataclass(frozen=True)
class Unsent:
    """A notice that cannot be sent; error: what was answered last."""

    id: str
    channel: str
    error: str

    def as_json(self) -> dict[str, str]:
        """The same for machines."""
        return asdict(self)


def put(store: Store, notices: Iterable[Notice], moment: datetime) -> int:
    """Let notices wait to be sent; returns how many.

    They are written in the transaction of the evaluation that they tell of.
    """
    number = store.last_number()
    rows = [
        {
            "id": f"{number}-{notice.county}-{notice.channel}",
            "created_at": iso(moment),
            "county_code": notice.county,
            "channel": notice.channel,
            "title": notice.title,
            "body": notice.body,
            "cases": list(notice.cases),
            "state": "waiting",
            "attempts": 0,
            "next_at": iso(moment),
        }
        for notice in notices
    ]
    if rows:
        store.connection.execute(NOTICES.insert(), rows)
    return len(rows)


def due_notices(settings: Settings, moment: datetime) -> list[Waiting]:
    """The notices whose next attempt is due, the oldest first.

    Due are also those that would wait longer than any does: the clock was set back since.
    """
    is_past = NOTICES.c.next_at <= iso(moment)
    is_too_far = NOTICES.c.next_at > iso(moment + LONGEST_WAIT)
    query = (
        NOTICES.select()
        .where(NOTICES.c.state == "waiting", or_(is_past, is_too_far))
        .order_by(NOTICES.c.created_at, NOTICES.c.id)
    )
    with opened(settings) as store:
        rows = store.connection.execute(query).mappings().all()
    return [waiting_of(row) for row in rows]


def waiting_of(row: RowMapping) -> Waiting:
    """The notice of a row."""
    return Waiting(
        id=row["id"],
        channel=row["channel"],
        title=row["title"],
        body=row["body"],
        cases=tuple(row["cases"]),
        attempts=row["attempts"],
    )


def pause_of(settings: Settings, channel: str, most: int, moment: datetime) -> float:
    """How many seconds a channel must rest before its next message, for its messages a minute.

    What was sent at a later time, before the clock was set back, does not count.
    """
    within_a_minute = NOTICES.c.sent_at.between(iso(moment - MINUTE + SECOND), iso(moment))
    query = (
        NOTICES.select()
        .where(NOTICES.c.channel == channel, within_a_minute)
        .order_by(NOTICES.c.sent_at.desc())
    )
    with opened(settings) as store:
        sent = [row["sent_at"] for row in store.connection.execute(query).mappings()]
    if len(sent) < most:
        return 0.0
    oldest = datetime.fromisoformat(sent[most - 1])
    return max((oldest + MINUTE - moment).total_seconds(), 0.0)


def note_attempt(settings: Settings, notify: Notify, notice: Waiting, moment: datetime) -> None:
    """Put on record that an attempt is made, and when the next is due if nothing comes of it."""
    wait = timedelta(seconds=notify.first_wait_seconds) * 2**notice.attempts
    change = {"attempts": notice.attempts + 1, "next_at": iso(moment + min(wait, LONGEST_WAIT))}
    with opened(settings) as store:
        update(store, notice.id, change)


def settle(
    settings: Settings,
    notify: Notify,
    notice: Waiting,
    failure: Failure | None,
    moment: datetime,
) -> NoticeState:
    """Put on record what became of an attempt; returns it."""
    with opened(settings) as store:
        if failure is None:
            update(store, notice.id, {"state": "sent", "sent_at": iso(moment), "error": None})
            store.append(Notified(notice=notice.id, cases=notice.cases))
            return "sent"
        is_last = notice.attempts + 1 >= notify.attempts
        state: NoticeState = "dead" if failure.is_final or is_last else "waiting"
        update(store, notice.id, {"state": state, "error": failure.reason})
    return state


def update(store: Store, notice: str, change: dict[str, object]) -> None:
    """Change a notice."""
    store.connection.execute(NOTICES.update().where(NOTICES.c.id == notice).values(change))


def iso(moment: datetime) -> str:
    """A moment as the outbox has it: in UTC, to the second, so that texts sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def counts(store: Store) -> dict[str, int]:
    """How many notices there are in each state."""
    return dict(Counter(store.connection.scalars(select(NOTICES.c.state))))


def dead(store: Store) -> list[Unsent]:
    """The notices that cannot be sent, the oldest first."""
    query = NOTICES.select().where(NOTICES.c.state == "dead").order_by(NOTICES.c.created_at)
    return [
        Unsent(row["id"], row["channel"], row["error"])
        for row in store.connection.execute(query).mappings()
    ]
