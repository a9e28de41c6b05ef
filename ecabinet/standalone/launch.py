"""`./run` itself: everything started, the address told, and all of it watched until Ctrl-C."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import NoReturn

from ecabinet.standalone import system
from ecabinet.standalone.console import Trouble, say
from ecabinet.standalone.environment import DEFAULT_PORT, is_demonstration, make_environment, read_port
from ecabinet.standalone.packages import provide_packages
from ecabinet.standalone.places import PROJECT, PYTHON, Places
from ecabinet.standalone.processes import Mark, Program, Supervisor, stop_all, wait_until
from ecabinet.standalone.services import Services, running_services, stop_services

# A worker that serves several queues takes from them in turn: looking at old papers again delays no new one.
QUEUES = {"quick": "quick", "render": "render", "verify": "verify,recheck,fetch,seal", "convert": "convert"}
PATIENCE = 120  # seconds for the first page


class Stopped(Exception):
    """Somebody asked the launcher to stop."""


def start(corpus: str | None) -> None:
    places, port = Places(), read_port()
    places.make_folders()
    if running := find_launcher(places):
        say(f"The system runs already, as process {running.pid}: {address_file(places).read_text().strip()}")
        say("To end it, type: ./run stop")
        return
    stop_all(make_programs(places, {}, port))  # left over by a launcher that was killed
    refuse_taken_port(port)
    _stop_on_signals()
    address_file(places).write_text(f"http://localhost:{port}\n")
    Mark.leave(os.getpid(), launcher_file(places))
    try:
        provide_packages("run")
        system.name_missing(system.provide([*system.READING, *wanted_for_demo()]))
        with running_services(places, with_authority=True) as services:
            _run_system(places, services, port, corpus)
    except Stopped:
        say("Stopped.")
    finally:
        launcher_file(places).unlink(missing_ok=True)


def wanted_for_demo() -> list[system.Part]:
    return [system.SEAL_MODULE] if is_demonstration() and not os.environ.get("PKCS11_MODULE") else []


def find_launcher(places: Places) -> Mark | None:
    """The `./run` that is under way in another terminal."""
    mark = Mark.read(launcher_file(places))
    return mark if mark and mark.is_alive() else None


def launcher_file(places: Places) -> Path:
    return places.run / "launcher.pid"


def address_file(places: Places) -> Path:
    return places.run / "address"


def refuse_taken_port(port: int) -> None:
    if not port_is_free(port):
        raise Trouble(describe_taken_port(port))


def port_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def describe_taken_port(port: int) -> str:
    return f"Port {port} is taken by another program. Choose another, for instance: PORT={port + 1} ./run"


def _stop_on_signals() -> None:
    def stop(number: int, frame: FrameType | None) -> NoReturn:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)  # the end is under way; asking twice must not spoil it
        raise Stopped

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # not under nohup
        signal.signal(signal.SIGHUP, stop)


def make_programs(places: Places, environment: Mapping[str, str], port: int) -> list[Program]:
    """Web, one worker for each queue, and the clock: processes of their own."""
    schedule = str(places.run / "beat-schedule")
    commands = {
        "web": _web_command(port),
        **{name: _worker_command(name, queues) for name, queues in QUEUES.items()},
        "beat": ["celery", "-A", "ecabinet", "beat", "--pidfile=", "-s", schedule],
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


def _web_command(port: int) -> list[str]:
    options = f"--interface wsgi --no-ws --workers 2 --blocking-threads 4 --port {port}"
    return ["granian", *options.split(), "ecabinet.wsgi:application"]


def _worker_command(name: str, queues: str) -> list[str]:
    return (
        f"celery -A ecabinet worker -Q {queues} -n {name}@%h -c 1 --without-gossip --without-mingle".split()
    )


def _run_system(places: Places, services: Services, port: int, corpus: str | None) -> None:
    environment = make_environment(places, services.database_url, services.redis_url, port, services.settings)
    say("Bringing the database up to date")
    _manage(places, environment, "migrate", "--no-input")
    _manage(places, environment, "make_audit_key")
    with_demo = is_demonstration()
    if with_demo:
        _play_demo(places, environment, corpus)
    programs = make_programs(places, environment, port)
    try:
        for program in programs:
            program.start()
        supervisor = Supervisor([*services.programs, *programs], say)
        _wait_for_first_page(supervisor, places, port)
        _greet(places, environment, with_demo)
        while True:
            time.sleep(0.5)
            supervisor.tend()
    finally:
        stop_all(programs)


def _manage(places: Places, environment: Mapping[str, str], *arguments: str) -> None:
    """Run a management command; what it says goes to its log, and to the screen when it fails."""
    log = places.log / f"{arguments[0]}.log"
    with log.open("wb") as output:
        done = subprocess.run(
            manage_command(*arguments), env=dict(environment), stdout=output, stderr=subprocess.STDOUT
        )
    if done.returncode:
        raise Trouble(f"manage.py {arguments[0]} failed. The end of {log}:\n{tail(log)}")


def manage_command(*arguments: str) -> list[str]:
    return [str(PYTHON), str(PROJECT / "manage.py"), *arguments]


def tail(log: Path, lines: int = 30) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _play_demo(places: Places, environment: Mapping[str, str], corpus: str | None) -> None:
    """Once for each database and corpus."""
    played = places.home / "demo"
    key = sha256(f"{environment['DATABASE_URL']} {corpus}".encode()).hexdigest()
    if played.exists() and key in played.read_text().split():
        return
    say("Making the demo: a government in the middle of its week (once; it takes a while)")
    _manage(places, environment, "demo", *(("--corpus", corpus) if corpus else ()))
    with played.open("a") as known:
        known.write(key + "\n")


def _wait_for_first_page(supervisor: Supervisor, places: Places, port: int) -> None:
    def first_page_is_there() -> bool:
        supervisor.tend()
        return is_healthy(port)

    if not wait_until(first_page_is_there, PATIENCE, step=0.2):
        raise Trouble(f"The web server does not answer. The end of its log:\n{tail(places.log / 'web.log')}")


def is_healthy(port: int) -> bool:
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with directly.open(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _greet(places: Places, environment: Mapping[str, str], with_demo: bool) -> None:
    say()
    say(f"The e-Cabinet is at {address_file(places).read_text().strip()}")
    if with_demo:
        say()
        subprocess.run(manage_command("demo", "--list"), env=dict(environment), check=False)
    say()
    say(f"Logs are in {places.log}. Ctrl-C (or ./run stop in another terminal) ends it.")


def stop() -> None:
    """End the system from another terminal, and whatever a killed launcher has left."""
    places = Places()
    launcher = find_launcher(places)
    if launcher:
        os.kill(launcher.pid, signal.SIGTERM)
        wait_until(lambda: not launcher.is_alive(), PATIENCE)
    left = [program for program in make_programs(places, {}, DEFAULT_PORT) if program.is_running()]
    stop_all(left)
    stop_services(places)
    say("Stopped." if launcher or left else "Nothing was running.")
