"""What passes the guard of the Dagster UI: its own pages' queries, and nothing of others."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from orchestration.ui.guard import Guard

PLACE = "127.0.0.1:3000"
OWN = {"origin": f"http://{PLACE}", "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}
JSON = {"content-type": "application/json"}
LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
IMAGE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}


async def answer(request):
    return PlainTextResponse("passed on", headers={"Content-Security-Policy": "img-src 'self'"})


async def converse(websocket):
    await websocket.accept()
    await websocket.send_text("passed on")
    await websocket.close()


@pytest.fixture(scope="module")
def client():
    app = Starlette(
        routes=[
            WebSocketRoute("/graphql", converse),
            Route("/{path:path}", answer, methods=["GET", "POST"]),
        ]
    )
    return TestClient(Guard(app, [PLACE, "localhost:3000"]), base_url=f"http://{PLACE}")


@pytest.mark.parametrize(
    ("method", "address", "headers"),
    [
        ("GET", "/runs", {}),
        ("GET", "/runs", {"host": "localhost:3000"}),
        ("GET", "/runs", LINK),
        ("GET", "/runs", {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}),
        ("POST", "/graphql", OWN | JSON),
        ("POST", "/graphql", {"content-type": "application/json; charset=utf-8"}),
        ("GET", "/graphql", {}),
    ],
)
def test_own_pages_links_and_programs_are_passed_on(client, method, address, headers):
    response = client.request(method, address, headers=headers)
    assert (response.status_code, response.text) == (200, "passed on")
    assert response.headers["x-frame-options"] == "DENY"
    policies = response.headers.get_list("content-security-policy")
    assert policies == ["img-src 'self'", "frame-ancestors 'none'"]


@pytest.mark.parametrize(
    ("method", "address", "headers", "reason"),
    [
        ("GET", "/runs", {"host": "rebound.example:3000"}, "is not served under this name"),
        ("GET", "/runs", {"host": "127.0.0.1:3001"}, "is not served under this name"),
        ("GET", "/runs", {"host": ""}, "is not served under this name"),
        ("POST", "/graphql", JSON | {"origin": "http://evil.example"}, "A page from elsewhere"),
        ("POST", "/graphql", JSON | {"origin": "null"}, "A page from elsewhere"),
        ("POST", "/graphql", JSON | {"origin": "http://127.0.0.1:8000"}, "A page from elsewhere"),
        ("GET", "/logs/a", IMAGE, "A page from elsewhere"),
        ("GET", "/runs", LINK | {"sec-fetch-dest": "iframe"}, "A page from elsewhere"),
        ("GET", "/runs", IMAGE | {"sec-fetch-site": "same-site"}, "A page from elsewhere"),
        ("GET", "/graphql?query=mutation{a}", {}, "sent to /graphql as application/json, by POST"),
        ("GET", "/graphql?query=mutation{a}", LINK, "sent to /graphql as application/json"),
        ("POST", "/graphql?query=mutation{a}", {"content-type": "text/plain"}, "by POST"),
        ("POST", "/graphql", {"content-type": "application/graphql"}, "by POST"),
    ],
)
def test_what_others_send_is_refused_and_told(client, method, address, headers, reason):
    response = client.request(method, address, headers=headers)
    assert response.status_code == 403
    assert reason in response.text


def test_a_websocket_of_its_own_pages_is_passed_on(client):
    with client.websocket_connect("/graphql", headers=OWN | {"host": PLACE}) as websocket:
        assert websocket.receive_text() == "passed on"


@pytest.mark.parametrize("foreign", [{"origin": "http://evil.example"}, {"host": "evil.example"}])
def test_a_websocket_of_others_is_refused(client, foreign):
    with (
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
        client.websocket_connect("/graphql", headers={"host": PLACE} | foreign),
    ):
        pass
