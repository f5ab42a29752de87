"""An endpoint of OpenLineage events for tests: a real HTTP server on this machine."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def server(status=200, hold=None):
    """An HTTP server of its own: its URL, and what it was sent.

    hold: what it waits for before it answers.
    """
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(
                (self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            )
            if hold:
                hold.wait()
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://user:hidden@127.0.0.1:{http.server_port}", received
        finally:
            if hold:
                hold.set()
            http.shutdown()
            thread.join()
