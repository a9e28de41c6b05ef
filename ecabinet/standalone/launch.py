"""`./run` itself: everything started, the address told, and all of it watched until Ctrl-C."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import NoReturn

from ecabinet.standalone import system
from ecabinet.standalone.console import Trouble, say
from ecabinet.standalone.environment import make_environment, read_port
from ecabinet.standalone.packages import provide_packages
from ecabinet.standalone.places import PROJECT, PYTHON, Places
from ecabinet.standalone.processes import Mark, Program, Supervisor, stop_all, wait_until
from ecabinet.standalone.services import Services, running_services

PROGRAMS = ("web", "quick", "render", "verify", "beat")
PATIENCE = 120


class Stopped(Exception):
    """Somebody asked the launcher to stop."""


def start(corpus: str | None) -> None:
    places, port = Places(), read_port()
    places.make_folders()
    if running := Mark.read(launcher_file(places)):
        if running.is_alive():
            say(f"The system runs already: {address_file(places).read_text().strip()}   (./run stop ends it)")
            return
    refuse_taken_port(port)
    _stop_on_signals()
    provide_packages("run")
    system.name_missing(system.provide([system.PDF_RENDERING]))
    _note_launcher(places, port)
    try:
        stop_all(make_programs(places, None, port))  # left over by a launcher that was killed
        with running_services(places) as services:
            _run_system(places, services, port, corpus)
    except Stopped:
        say("Stopped.")
    finally:
        launcher_file(places).unlink(missing_ok=True)


def launcher_file(places: Places) -> Path:
    return places.run / "launcher.pid"


def address_file(places: Places) -> Path:
    return places.run / "address"


def refuse_taken_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Trouble(describe_taken_port(port)) from None


def describe_taken_port(port: int) -> str:
    return f"Port {port} is taken by another program. Choose another, for instance: PORT={port + 1} ./run"


def _stop_on_signals() -> None:
    def stop(number: int, frame: FrameType | None) -> NoReturn:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)  # the end is under way; asking twice must not spoil it
        raise Stopped

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)


def _note_launcher(places: Places, port: int) -> None:
    address_file(places).write_text(f"http://localhost:{port}\n")
    if mark := Mark.of(_own_pid()):
        mark.write(launcher_file(places))


def _own_pid() -> int:
    return int(Path("/proc/self").readlink().name)


def make_programs(places: Places, environment: Mapping[str, str] | None, port: int) -> list[Program]:
    """Web, one worker for each queue, and the clock: processes of their own."""
    web = ("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port))
    web += ("--workers", "2", "--blocking-threads", "4", "--no-ws", "ecabinet.wsgi:application")
    celery = ("celery", "-A", "ecabinet")
    commands = {
        "web": web,
        "quick": worker_command("quick"),
        "render": worker_command("render"),
        "verify": worker_command("verify"),
        "beat": (*celery, "beat", "-s", str(places.run / "beat-schedule"), "--pidfile="),
    }
    return [
        Program(
            name,
            [str(PYTHON), "-m", *command],
            folder=places.run,
            log=places.log / f"{name}.log",
            environment=environment,
        )
        for name, command in commands.items()
    ]


def _run_system(places: Places, services: Services, port: int, corpus: str | None) -> None:
    environment = make_environment(places, services.database_url, services.redis_url, port)
    say("Bringing the database up to date")
    _manage(places, environment, "migrate", "--no-input")
    if environment["DEMO"].lower() in ("1", "true", "yes", "on"):
        _play_demo(places, environment, corpus)
    programs = make_programs(places, environment, port)
    try:
        for program in programs:
            program.start()
        supervisor = Supervisor([*services.programs, *programs], say)
        _watch_until(supervisor, lambda: is_healthy(port))
        _greet(places, environment, port)
        while True:
            time.sleep(0.5)
            supervisor.tend()
    finally:
        stop_all(programs)
