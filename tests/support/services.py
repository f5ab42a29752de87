"""Real servers on this machine that take notices: a mail server, and one that speaks HTTP."""

import asyncio
import json
import socket
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Mailbox:
    """A mail server's handler that keeps what it takes.

    answer, to_recipient: what it says to each message, and to each recipient; seconds: how long it
    takes to answer a message; is_cutting: it closes the connection within each message.
    """

    def __init__(self, answer="250 OK"):
        self.answer = answer
        self.to_recipient = "250 OK"
        self.seconds = 0
        self.is_cutting = False
        self.taken = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- the library's name
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        await asyncio.sleep(self.seconds)
        return self.answer


class MailServer(SMTP):
    """A mail server that can hang up within a message."""

    async def smtp_DATA(self, argument):  # noqa: N802 -- the library's name
        if self.event_handler.is_cutting:
            await self.push("354 go on")
            self.transport.abort()
        else:
            await super().smtp_DATA(argument)


class MailController(Controller):
    """Runs such a server."""

    def factory(self):
        return MailServer(self.handler, **self.SMTP_kwargs)


@contextmanager
def mail_server(answer="250 OK"):
    """A mail server: (its handler, the address of a channel)."""
    mailbox = Mailbox(answer)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = MailController(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, f"mailto://127.0.0.1:{port}/?from=uhi@example.org&to=lucheng@example.org"
    finally:
        controller.stop()


class Service:
    """What an HTTP server was sent, and when, and what it answers: status and body."""

    def __init__(self, status, body):
        self.status, self.body = status, body
        self.requests = []
        self.arrived = []
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
            service.arrived.append(time.time())
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
