"""Sends a notice by a channel: mail, DingTalk, WeCom, Feishu, a webhook, or a file.

Apprise knows how each service is spoken to.
"""

import logging
import re
from pathlib import Path

import apprise

from orchestration.alerts import robots
from orchestration.alerts.outbox import Failure
from orchestration.alerts.recipients import Channel
from orchestration.errors import UsageError
from orchestration.home import files

HTTP_STATUS = re.compile(r"error=(\d{3})")
MAIL_STATUS = re.compile(r"\((\d{3}), b")
MAIL_ADDRESS = re.compile(r"[^\s'\"<>{}(),]+@[^\s'\"<>{}(),:]+")
URL_PATH = re.compile(r"(?<=with url: )\S+")
PASSING = {"408", "425", "429"}
LONGEST_REASON = 300


def check_channel(name: str, channel: Channel) -> None:
    """A channel can be used. Raises UsageError where its address is missing or none."""
    if not channel.folder:
        service_of(name, channel)


def send(name: str, channel: Channel, title: str, body: str, notice: str) -> Failure | None:
    """Send a notice; None where it was taken, else why not.

    name: of the channel; notice: its id, which the receiver sees, so that a message that came twice
    is known as one. Raises UsageError where the channel has no address.
    """
    text = f"[{notice}]\n{body}"
    if channel.folder:
        return keep(Path(channel.folder) / f"{notice}.txt", f"{title}\n\n{text}\n")
    service = service_of(name, channel)
    if isinstance(service, robots.ROBOTS):
        answer = robots.post(service, f"{title}\n{text}")
        return Failure(answer.error[:LONGEST_REASON], answer.is_final) if answer.error else None
    with apprise.LogCapture(level=logging.DEBUG, fmt="%(message)s") as log:
        is_taken = service.notify(title=title, body=text)
        said = log.getvalue()
    return None if is_taken else failure_of(said)


def keep(file: Path, text: str) -> Failure | None:
    """Keep a notice as a file; returns why that failed."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomically(file, text)
    except OSError as error:
        return Failure(f"{file.parent}: {error.strerror}", is_final=False)
    return None


def service_of(name: str, channel: Channel) -> apprise.NotifyBase:
    """The service of a channel's address, for plain text: as HTML, lines would run together.

    Raises UsageError, which does not say the address.
    """
    service = apprise.Apprise.instantiate(channel.address(), suppress_exceptions=True)
    if service is None:
        raise UsageError(
            f"The address of the channel {name} is none that can be used; see the services of "
            "Apprise, such as mailtos://, dingtalk://, wecombot://, feishu:// and jsons://."
        )
    service.notify_format = apprise.NotifyFormat.TEXT
    return service


def failure_of(said: str) -> Failure:
    """Why a service took nothing, from what Apprise said.

    Final are a status of 400 to 499 of a web service, but for one that asks for patience, and one
    of 500 to 599 of a mail server. The reason names no address of mail, which may be a person's,
    and no path of a web service, which may be secret.
    """
    by_web, by_mail = HTTP_STATUS.search(said), MAIL_STATUS.search(said)
    is_final = False
    if by_web:
        is_final = by_web[1].startswith("4") and by_web[1] not in PASSING
    elif by_mail:
        is_final = by_mail[1].startswith("5")
    lines = [line for line in said.splitlines() if "error" in line.lower() or "xception" in line]
    reason = lines[-1] if lines else "it was not taken"
    shown = URL_PATH.sub("…", MAIL_ADDRESS.sub("…", reason))
    return Failure(shown[:LONGEST_REASON], is_final)
