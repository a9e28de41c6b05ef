"""The loopback door: known sites only, JSON only, one signing at a time, each with a number used once."""

import base64
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ecabinet_agent.asking import Ask
from ecabinet_agent.orders import Refused, read_orders
from ecabinet_agent.settings import Settings
from ecabinet_agent.tokens import Tokens, describe

logger = logging.getLogger("ecabinet_agent")

LARGEST_BODY = 2 * 1024 * 1024
NONCE_LASTS = 120  # seconds
MOST_NONCES = 100


class Nonces:
    """Given to one site, taken back once."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.given: dict[str, tuple[str, float]] = {}

    def give(self, origin: str) -> str:
        self._forget_old()
        if len(self.given) >= MOST_NONCES:
            raise Refused("busy")
        nonce = secrets.token_urlsafe(32)
        self.given[nonce] = (origin, self.now() + NONCE_LASTS)
        return nonce

    def take(self, nonce: Any, origin: str) -> None:
        self._forget_old()
        holder, _end = self.given.pop(str(nonce), ("", 0.0))
        if holder != origin:
            raise Refused("nonce")

    def _forget_old(self) -> None:
        now = self.now()
        self.given = {nonce: kept for nonce, kept in self.given.items() if kept[1] > now}


class Agent(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, settings: Settings, tokens: Tokens, ask: Ask) -> None:
        self.settings, self.tokens, self.ask = settings, tokens, ask
        self.nonces, self.alone = Nonces(), threading.Lock()
        super().__init__(("127.0.0.1", settings.port), Handler)

    @property
    def hosts(self) -> set[str]:
        """A name that was made to lead here (DNS rebinding) is none of these."""
        return {f"127.0.0.1:{self.server_port}", f"localhost:{self.server_port}"}

    def list_certificates(self) -> list[dict[str, str]]:
        with self._token():
            return [
                {**describe(der), "certificate": base64.b64encode(der).decode()}
                for der in self.tokens.list_certificates()
            ]

    def sign(self, origin: str, plain: dict[str, Any]) -> list[str]:
        self.nonces.take(plain.get("nonce"), origin)
        orders = read_orders(plain.get("orders"))
        with self._token():
            if not self.tokens.holds(orders[0].certificate):
                raise Refused("token")
            pin = self.ask(origin, orders)
            if not pin:
                raise Refused("refused")
            read_orders(plain["orders"])  # the owner may have taken longer than the order lasts
            values = self.tokens.sign(orders, pin)
        for order in orders:
            logger.info("Signed for %s: %s", origin, order.sha256)
        return [base64.b64encode(value).decode() for value in values]

    def _token(self) -> "Alone":
        return Alone(self.alone)


class Alone:
    """Two windows that ask for a PIN at once would be one too many."""

    def __init__(self, lock: threading.Lock) -> None:
        self.lock = lock

    def __enter__(self) -> None:
        if not self.lock.acquire(blocking=False):
            raise Refused("busy")

    def __exit__(self, *_: object) -> None:
        self.lock.release()


class Handler(BaseHTTPRequestHandler):
    server: Agent
    server_version = "ecabinet-agent"
    sys_version = ""
    timeout = 30
    protocol_version = "HTTP/1.1"

    def do_OPTIONS(self) -> None:
        if self._is_welcome():
            self._answer(204, None)

    def do_GET(self) -> None:
        if not self._is_welcome():
            return
        if self.path == "/":
            self._answer(200, {"program": "ecabinet-agent", "version": 1})
        elif self.path == "/certificates":
            self._do(lambda origin, plain: {"certificates": self.server.list_certificates()}, {})
        else:
            self._answer(404, {"error": "path"})

    def do_POST(self) -> None:
        if not self._is_welcome():
            return
        plain = self._read()
        if plain is None:
            self._answer(422, {"error": "orders"})
        elif self.path == "/nonce":
            self._do(lambda origin, plain: {"nonce": self.server.nonces.give(origin)}, plain)
        elif self.path == "/sign":
            self._do(lambda origin, plain: {"values": self.server.sign(origin, plain)}, plain)
        else:
            self._answer(404, {"error": "path"})

    def _do(self, deed: Callable[[str, dict[str, Any]], dict[str, Any]], plain: dict[str, Any]) -> None:
        try:
            answer = deed(self.headers["Origin"], plain)
        except Refused as refused:
            self._answer(refused.status, {"error": refused.word})
        except (
            Exception
        ) as error:  # the owner's program must not fall over; the page hears only that it failed
            logger.error("Failed: %s", type(error).__name__)
            self._answer(500, {"error": "fault"})
        else:
            self._answer(200, answer)

    def _is_welcome(self) -> bool:
        """An unknown site sees an empty 403 without permission to read even that."""
        origin = self.headers.get("Origin", "")
        is_welcome = origin in self.server.settings.origins and self.headers.get("Host") in self.server.hosts
        if not is_welcome:
            self.close_connection = True
            self.send_response(403)
            self.send_header("Content-Length", "0")
            self.end_headers()
        return is_welcome

    def _read(self) -> dict[str, Any] | None:
        """A body that a form of any site could send without asking first is none."""
        length = self.headers.get("Content-Length", "")
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind != "application/json" or not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            return None
        try:
            plain = json.loads(self.rfile.read(int(length)))
        except ValueError:
            return None
        return plain if isinstance(plain, dict) else None

    def _answer(self, status: int, plain: dict[str, Any] | None) -> None:
        body = b"" if plain is None else json.dumps(plain).encode()
        self.send_response(status)
        self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
        self.send_header("Vary", "Origin")
        if self.command == "OPTIONS":
            self.send_header("Access-Control-Allow-Methods", "GET, POST")
            self.send_header("Access-Control-Allow-Headers", "Content-Type")
            if self.headers.get("Access-Control-Request-Private-Network") == "true":
                self.send_header("Access-Control-Allow-Private-Network", "true")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """What was signed for whom is logged above; addresses and headers are nobody's business."""
