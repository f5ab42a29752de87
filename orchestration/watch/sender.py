"""Sends notices beside a watcher, in a process of its own: no look waits for a channel.

The process sends what waits each time that the watcher wakes it, and ends with the watcher, however
that ends. A notice that it was sending when it was killed is sent again, with the same id.
"""

import multiprocessing
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Literal

from orchestration.alerts.sending import deliver, format_deliveries
from orchestration.errors import HealthIndexError, HomeBusyError, StorageError, storage_reason
from orchestration.screen import Progress
from orchestration.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

Kind = Literal["line", "warning"]
Told = tuple[Kind, str]
AT_ONCE_SECONDS = 5.0
END_SECONDS = 30.0
DIED = "The process that sends notices was ended by force; another one sends what waits."
WAITING = "A notice is still being sent; it is waited for, up to {:.0f} s."
CUT = "It was not taken in time; it is sent again later, with the same number."


class Sender:
    """The watcher's side; the process begins once there is a file of who is told."""

    def __init__(self, settings: Settings, line: Progress, warning: Progress) -> None:
        """line, warning: what takes a line of what was sent, and of what is wrong."""
        self.settings = settings
        self.tell_by: dict[Kind, Progress] = {"line": line, "warning": warning}
        self.process: BaseProcess | None = None
        self.connection: Connection | None = None

    def wake(self) -> None:
        """Let what waits be sent; returns at once."""
        if self.connection is None and self.settings.home.notify.exists():
            self.start()
        if self.connection:
            with suppress(BrokenPipeError):
                self.connection.send("send")

    def start(self) -> None:
        """Start the process."""
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=send_on, args=(self.settings, theirs))
        self.process.start()
        theirs.close()

    def tell(self) -> None:
        """Tell what the process said since the last time, and whether it died."""
        self.tell_received()
        if self.process and not self.process.is_alive():
            self.forget()
            self.tell_by["warning"](DIED)

    def tell_received(self) -> None:
        """Tell what the process said."""
        with suppress(EOFError, ConnectionResetError):
            while self.connection and self.connection.poll():
                kind, text = self.connection.recv()
                self.tell_by[kind](text)

    def end(self, seconds: float = END_SECONDS) -> None:
        """End the process once what it is sending is sent; after so many seconds it is killed."""
        if self.process is None or self.connection is None:
            return
        with suppress(BrokenPipeError):
            self.connection.send("end")
        self.process.join(min(AT_ONCE_SECONDS, seconds))
        if self.process.is_alive():
            self.tell_by["warning"](WAITING.format(seconds))
            self.process.join(seconds)
        is_cut = self.process.is_alive()
        self.process.kill()
        self.tell_received()
        self.forget()
        if is_cut:
            self.tell_by["warning"](CUT)

    def forget(self) -> None:
        """Make room for another process, now that this one is gone."""
        if self.process and self.connection:
            self.process.join()
            self.connection.close()
        self.process = self.connection = None


def send_on(settings: Settings, connection: Connection) -> None:
    """Send what waits whenever the watcher says so, until it says the contrary or is gone.

    Signals are the watcher's to obey.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    problem = None
    with suppress(EOFError, ConnectionError):
        while connection.recv() == "send":
            told = sent(settings, connection)
            if told and told != problem:
                connection.send(told)
            problem = told if told and told[0] == "warning" else None


def sent(settings: Settings, connection: Connection) -> Told | None:
    """Send what waits until the watcher speaks; what is to be told of it, None where nothing is.

    While another process sends, all waits for it.
    """
    try:
        deliveries = deliver(settings, sleep=connection.poll, is_interrupted=connection.poll)
    except HomeBusyError:
        return None
    except HealthIndexError as error:
        return "warning", f"Notices wait: {error}"
    except Exception as error:
        reason = storage_reason(error)
        if reason is None:
            raise
        return "warning", f"Notices wait: {StorageError(reason)}"
    return ("line", "\n".join(format_deliveries(deliveries))) if deliveries else None
