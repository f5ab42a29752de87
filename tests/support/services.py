"""Real servers on this machine that take notices: a mail server, and one that speaks HTTP."""

import json
import socket
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from aiosmtpd.controller import Controller


class Mailbox:
    """A mail server's handler that keeps what it takes; answer: what it says to each message."""

    def __init__(self, answer="250 OK"):
        self.answer = answer
        self.taken = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- the library's name
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer


@contextmanager
def mail_server(answer="250 OK"):
    """A mail server: (its handler, the address of a channel)."""
    mailbox = Mailbox(answer)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, f"mailto://127.0.0.1:{port}/?from=uhi@example.org&to=lucheng@example.org"
    finally:
        controller.stop()


class Service:
    """What an HTTP server was sent, and what it answers: status and body."""

    def __init__(self, status, body):
        self.status, self.body = status, body
        self.requests = []
        self.url = ""

    def contents(self):
        return [json.loads(body) for _, body in self.requests]


@contextmanager
def http_server(status=200, body=b"{}"):
    """An HTTP server, as a Service."""
    service = Service(status, body)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            service.requests.append((self.path, self.rfile.read(length)))
            self.send_response(service.status)
            self.send_header("Content-Length", str(len(service.body)))
            self.end_headers()
            self.wfile.write(service.body)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        service.url = f"127.0.0.1:{server.server_port}"
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
