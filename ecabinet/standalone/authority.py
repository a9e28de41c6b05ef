"""The demonstration's authority as a process: it gives timestamps and says what has been revoked."""

import socket
import urllib.request
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ecabinet.standalone.console import Trouble
from ecabinet.standalone.places import PYTHON, Places
from ecabinet.standalone.processes import Program

PORTS = range(8318, 8400)  # the address stands in its certificates: kept once it is chosen


@dataclass(frozen=True)
class DemoAuthority:
    """Keys and certificates in a folder of the instance; the port is chosen once."""

    places: Places
    address: str

    @classmethod
    def find(cls, places: Places) -> "DemoAuthority":
        noted = folder_of(places) / "address"
        if not noted.exists():
            folder_of(places).mkdir(mode=0o700, exist_ok=True)
            noted.write_text(f"http://127.0.0.1:{_choose_port()}")
        return cls(places, noted.read_text().strip())

    @property
    def folder(self) -> Path:
        return folder_of(self.places)

    @property
    def tsa_url(self) -> str:
        return f"{self.address}/demo/tsa/timestamps"

    @cached_property
    def program(self) -> Program:
        return Program(
            "authority",
            [str(PYTHON), "-m", "ecabinet.demo.authority_server", str(self.folder), self.address],
            folder=self.places.run,
            log=self.places.log / "authority.log",
        )

    def prepare(self) -> None:
        """Its keys are made by the server itself, at its first start."""

    def answers(self) -> bool:
        directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with directly.open(f"{self.address}/demo/crls/issuer/latest.crl", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def folder_of(places: Places) -> Path:
    return places.home / "authority"


def _choose_port() -> int:
    for port in PORTS:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Trouble(
        f"No port from {PORTS.start} to {PORTS.stop - 1} is free for the demonstration's authority."
    )
