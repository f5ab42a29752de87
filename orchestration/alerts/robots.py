"""Posts to the robots of DingTalk and WeCom groups, and reads what they answer.

Both answer with status 200 also where they take nothing, and say why in `errcode` and `errmsg`
(DingTalk: custom robot, WeCom: group robot). Apprise 2.3 knows their addresses, and does not read
that; it also signs for DingTalk with a text that is encoded once too often.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import requests
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot

ROBOTS = (NotifyDingTalk, NotifyWeComBot)
Robot = NotifyDingTalk | NotifyWeComBot
MOST_BYTES = {NotifyDingTalk: 20_000, NotifyWeComBot: 2_048}
SECONDS = 15
CUT = "…"
# Too many messages a minute (DingTalk 130101, WeCom 45009) and a busy service (-1) pass by.
PASSING = {-1, 45009, 130101}
REFUSALS = {400, 401, 403, 404}


@dataclass(frozen=True)
class Answer:
    """What a robot answered: an error in words, None where it took the message.

    is_final: another attempt would not help.
    """

    error: str | None
    is_final: bool = False


def post(robot: Robot, text: str) -> Answer:
    """Post a text, cut at a line to what the robot takes; returns what it answered."""
    content = {"content": fitting(text, MOST_BYTES[type(robot)])}
    try:
        answer = requests.post(
            url_of(robot),
            params=signature_of(robot),
            json={"msgtype": "text", "text": content},
            timeout=SECONDS,
        )
        content = answer.json() if answer.ok else {}
    except requests.RequestException as error:
        return Answer(type(error).__name__)
    if not answer.ok:
        return Answer(f"status {answer.status_code}", is_final=answer.status_code in REFUSALS)
    return answer_of(content)


def url_of(robot: Robot) -> str:
    """Where a robot takes messages; it holds the secret."""
    if isinstance(robot, NotifyDingTalk):
        return str(robot.notify_url.format(token=robot.token))
    return str(robot.api_url)


def signature_of(robot: Robot) -> dict[str, str]:
    """The time and signature that a robot with a secret asks for."""
    if not isinstance(robot, NotifyDingTalk) or not robot.secret:
        return {}
    timestamp, signature = robot.get_signature()
    return {"timestamp": timestamp, "sign": unquote(signature)}


def answer_of(content: Mapping[str, object]) -> Answer:
    """What the body of an answer says."""
    code = content.get("errcode")
    if code == 0:
        return Answer(None)
    return Answer(f"errcode {code}: {content.get('errmsg')}", is_final=code not in PASSING)


def fitting(text: str, most_bytes: int) -> str:
    """A text of at most so many bytes in UTF-8, without its last lines where it is longer."""
    if len(text.encode()) <= most_bytes:
        return text
    lines = text.split("\n")
    room = most_bytes - len(f"\n{CUT}".encode())
    while len("\n".join(lines).encode()) > room:
        lines.pop()
    return "\n".join([*lines, CUT])
