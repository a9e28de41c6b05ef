"""Asks ClamAV's clamd whether there is a virus in a file. It gets the bytes in pieces (INSTREAM)."""

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from documents.rules import ScanVerdict

SECONDS = 60  # for each answer; a large archive takes clamd a while
PIECE = 64 * 1024
NOT_READ = "Heuristics.Limits.Exceeded"  # said with AlertExceedsMax: it has seen a part of the file only


class ScannerSilent(Exception):
    """It does not answer, or says that it cannot tell. Nothing is clean because of that."""


@dataclass(frozen=True)
class Finding:
    verdict: str
    engine: str
    found: str = ""


def scan(chunks: Iterable[bytes]) -> Finding:
    engine = _ask([b"zVERSION\0"])
    answer = _ask(_make_stream(chunks)).removeprefix("stream: ")
    if answer == "OK":
        return Finding(ScanVerdict.CLEAN, engine)
    if answer.endswith(" FOUND") and not answer.startswith(NOT_READ):
        return Finding(ScanVerdict.INFECTED, engine, answer.removesuffix(" FOUND"))
    raise ScannerSilent(answer[:200])


def _make_stream(chunks: Iterable[bytes]) -> Iterable[bytes]:
    yield b"zINSTREAM\0"
    for chunk in chunks:
        for start in range(0, len(chunk), PIECE):
            piece = chunk[start : start + PIECE]
            yield struct.pack("!I", len(piece)) + piece
    yield struct.pack("!I", 0)


def _ask(pieces: Iterable[bytes]) -> str:
    """One question, one answer. clamd hangs up on a file above its limit, and says so before."""
    try:
        with _connect() as connection:
            try:
                for piece in pieces:
                    connection.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                pass  # what it has to say about that is waiting to be read
            answer = b""
            while not answer.endswith(b"\0") and (part := connection.recv(4096)):
                answer += part
    except OSError as error:
        raise ScannerSilent(str(error)) from None
    return answer.rstrip(b"\0").decode(errors="replace").strip()


def _connect() -> socket.socket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        try:
            connection.connect(address.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((address.hostname or "localhost", address.port or 3310), SECONDS)
