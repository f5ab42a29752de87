"""A guard in front of the Dagster UI, which asks nobody who they are.

Whatever the operator's browser sends looks to Dagster like the operator. So only pages that Dagster
itself serves may send anything: a page from elsewhere can neither read nor act, whether by an
image's address, a form, a frame, a WebSocket, or a name of its own for this machine (DNS
rebinding). The means are those of OWASP's Cross-Site Request Forgery Prevention: the Host and
Origin headers, and the fetch metadata of browsers (W3C, Fetch Metadata Request Headers).
"""

from collections.abc import Callable, Collection
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

GRAPHQL = "/graphql"
JSON = "application/json"
OWN_PAGES = ("same-origin", "none")  # "none": typed, bookmarked or opened by another program
VIOLATION = 1008  # RFC 6455, 7.4.1: a message that the policy of the endpoint forbids
UNFRAMED = {"X-Frame-Options": "DENY", "Content-Security-Policy": "frame-ancestors 'none'"}


class Guard:
    """An ASGI app that passes on to another one what its own pages ask, and refuses the rest.

    places: the hosts with port by which the app is reached, such as 127.0.0.1:3000.
    """

    def __init__(self, app: ASGIApp, places: Collection[str]) -> None:
        """Guard an app that is reached by these hosts."""
        self.app = app
        self.places = tuple(places)
        self.origins = tuple(f"http://{place}" for place in places)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        reason = self.reason_against(HTTPConnection(scope))
        if reason is None:
            await self.app(scope, receive, unframed(send))
        elif scope["type"] == "websocket":
            await WebSocketClose(VIOLATION, reason)(scope, receive, send)
        else:
            await PlainTextResponse(f"{reason}\n", HTTPStatus.FORBIDDEN)(scope, receive, send)

    def reason_against(self, asked: HTTPConnection) -> str | None:
        """Why a request is refused, and what to do; None where it is passed on."""
        rules: tuple[Rule, ...] = (self.foreign_host, self.foreign_origin, foreign_page, not_posted)
        reasons = (rule(asked) for rule in rules)
        return next((reason for reason in reasons if reason), None)

    def foreign_host(self, asked: HTTPConnection) -> str | None:
        """It was sent to another name of this machine."""
        if asked.headers.get("host") in self.places:
            return None
        return f"The Dagster UI is not served under this name. Open http://{self.places[0]}/."

    def foreign_origin(self, asked: HTTPConnection) -> str | None:
        """A page from elsewhere sent it."""
        if asked.headers.get("origin", self.origins[0]) in self.origins:
            return None
        return "A page from elsewhere may not use the Dagster UI."


Rule = Callable[[HTTPConnection], str | None]


def foreign_page(asked: HTTPConnection) -> str | None:
    """A page from elsewhere asked for it, other than by a link that opens the UI itself."""
    headers = asked.headers
    follows_link = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == (
        "navigate",
        "document",
    )
    if headers.get("sec-fetch-site", "none") in OWN_PAGES or follows_link:
        return None
    return "A page from elsewhere may not use the Dagster UI."


def not_posted(asked: HTTPConnection) -> str | None:
    """It would query or act by an address, or by what a form can send."""
    if asked.scope["type"] == "websocket" or asked.url.path != GRAPHQL:
        return None
    media_type = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_post = asked.scope["method"] == "POST" and media_type == JSON
    asks_nothing = asked.scope["method"] in {"GET", "HEAD"} and not asked.query_params
    return None if is_post or asks_nothing else f"Queries are sent to {GRAPHQL} as {JSON}, by POST."


def unframed(send: Send) -> Send:
    """Sends what an app sends, with headers by which no page may show it in a frame."""

    async def send_unframed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in UNFRAMED.items():
                headers.append(name, value)
        await send(message)

    return send_unframed
