"""Timestamps of the past, while the demonstration's weeks are told: RFC 3161 over HTTP.

They come from its own authority; the moment stands in the address.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

from asn1crypto import tsp

from signatures.demonstration import DemonstrationPki, make_timestamper


class PastStamper(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pki: DemonstrationPki) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pki = pki

    def address_at(self, moment: datetime) -> str:
        return f"http://127.0.0.1:{self.server_port}/{quote(moment.isoformat())}"


class _Handler(BaseHTTPRequestHandler):
    server: PastStamper

    def do_POST(self) -> None:
        moment = datetime.fromisoformat(unquote(self.path.lstrip("/")))
        query = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        content = make_timestamper(self.server.pki, moment).request_tsa_response(query).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Silent: the command says when the demonstration is ready."""


@contextmanager
def open_past_stamper(pki: DemonstrationPki) -> Iterator[PastStamper]:
    with PastStamper(pki) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
