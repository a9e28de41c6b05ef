"""The servers of one instance: started by the first command that needs them, ended by the last."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Protocol

from ecabinet.standalone.authority import DemoAuthority
from ecabinet.standalone.console import Trouble
from ecabinet.standalone.environment import is_demonstration
from ecabinet.standalone.places import Places, find_sockets
from ecabinet.standalone.postgres import OWNER, Cluster
from ecabinet.standalone.processes import Program, stop_all, wait_until
from ecabinet.standalone.softhsm import SealModule
from ecabinet.standalone.valkey import Broker

PATIENCE = 60  # a database that crashed reads its log again first


class Service(Protocol):
    """A server of our own: made ready, started, asked whether it answers."""

    @property
    def program(self) -> Program: ...
    def prepare(self) -> None: ...
    def answers(self) -> bool: ...


@dataclass(frozen=True)
class Services:
    """Where database and broker answer, and those of them that are ours to watch."""

    database_url: str
    redis_url: str
    programs: tuple[Program, ...]
    authority: DemoAuthority | None = None
    seal_module: SealModule | None = None

    @property
    def settings(self) -> dict[str, str]:
        """What the demonstration's authority and its security module add to the settings."""
        if self.authority is None:
            return {}
        own = {"DEMO_AUTHORITY_DIR": str(self.authority.folder), "TSA_URLS": self.authority.tsa_url}
        return own | (self.seal_module.settings if self.seal_module else {})


@contextmanager
def running_services(
    places: Places, durable: bool = True, with_authority: bool = False
) -> Iterator[Services]:
    """Database and broker, for a demonstration its authority too, for the time of the block.

    Each command that uses them holds a shared lock: who comes second finds them running, who leaves last
    ends them. A killed command loses its lock with its life, so the next one cleans up after it.
    """
    places.make_folders()
    with _users(places) as users:
        with _door(places):
            fcntl.flock(users, fcntl.LOCK_SH)
            services = _provide(places, durable, with_authority)
        try:
            yield services
        finally:
            with _door(places):
                if _is_last(users):
                    stop_all(services.programs)


def stop_services(places: Places) -> bool:
    """End what a killed command has left. False when another command uses it."""
    if not places.run.exists():
        return True
    with _users(places) as users, _door(places):
        if not _is_last(users):
            return False
        database = Program("postgres", [""], places.run, places.log, stop_signal=signal.SIGINT, alone=True)
        stop_all(
            [
                Program("valkey", [""], places.run, places.log),
                Program("authority", [""], places.run, places.log),
                database,
            ]
        )
        return True


def _users(places: Places) -> IO[str]:
    return (places.run / "users.lock").open("w")


@contextmanager
def _door(places: Places) -> Iterator[None]:
    """One at a time comes or goes."""
    with (places.run / "door.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _is_last(users: IO[str]) -> bool:
    fcntl.flock(users, fcntl.LOCK_UN)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _provide(places: Places, durable: bool, with_authority: bool) -> Services:
    """An address in the environment wins; what has none is started."""
    own: list[Service] = []
    if not (database_url := os.environ.get("DATABASE_URL")):
        cluster = Cluster.find(places, find_sockets(places), durable)
        _start(cluster)
        cluster.make_database(OWNER)
        database_url = cluster.url_of(OWNER)
        own.append(cluster)
    if not (redis_url := os.environ.get("REDIS_URL")):
        broker = Broker.find(places, find_sockets(places))
        _start(broker)
        redis_url = broker.url
        own.append(broker)
    authority = seal_module = None
    if with_authority and is_demonstration() and not os.environ.get("DEMO_AUTHORITY_DIR"):
        authority = DemoAuthority.find(places)
        _start(authority)
        own.append(authority)
        if not os.environ.get("PKCS11_MODULE"):
            seal_module = SealModule.provide(authority.folder / "module")
    programs = tuple(service.program for service in own)
    return Services(database_url, redis_url, programs, authority, seal_module)


def _start(service: Service) -> None:
    program = service.program
    if program.is_running() and wait_until(service.answers, PATIENCE):
        return
    program.stop()
    service.prepare()
    program.start()
    if (
        not wait_until(lambda: service.answers() or not program.is_running(), PATIENCE)
        or not service.answers()
    ):
        program.stop()
        raise Trouble(f"{program.name} does not start. Its log: {program.log}")
