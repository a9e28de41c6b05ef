"""The commands of `./run`."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from ecabinet.standalone import launch
from ecabinet.standalone.checks import run_checks
from ecabinet.standalone.console import Trouble, complain, say
from ecabinet.standalone.doctor import report
from ecabinet.standalone.environment import make_environment, read_port
from ecabinet.standalone.packages import provide_packages
from ecabinet.standalone.places import INSTANCES, PROJECT, PYTHON, Places, remove_lodging
from ecabinet.standalone.processes import hand_over
from ecabinet.standalone.services import running_services, stop_services
from ecabinet.standalone.testing import run_tests

USAGE = """\
./run [--corpus DIR]     set up if needed, start everything, print the address and the demo sign-ins
./run test [ARGUMENTS]   run every test, or pytest with these arguments
./run check              linters, types, imports, migrations, schema, translations
./run doctor             what is there, what is missing, and the exact remedy
./run stop               end what runs
./run reset              remove the data (var/, but not the Python packages)
./run bench [NAME]       run a benchmark, or list them
./run manage ...         a management command
The port is 8000, or the one that PORT says."""

WITHOUT_SERVICES = ("verify_pdf",)  # commands that ask no database


def main(arguments: list[str]) -> int:
    os.umask(0o022)
    try:
        return dispatch(arguments)
    except Trouble as trouble:
        complain(str(trouble))
    except KeyboardInterrupt:
        complain("Interrupted.")
    return 1


def dispatch(arguments: list[str]) -> int:
    name, rest = (arguments[0], arguments[1:]) if arguments and arguments[0] in COMMANDS else ("", arguments)
    return COMMANDS[name](rest)


def start(arguments: list[str]) -> int:
    match arguments:
        case []:
            launch.start(corpus=None)
        case ["--corpus", folder]:
            launch.start(corpus=str(find_folder(folder)))
        case ["-h" | "--help" | "help"]:
            say(USAGE)
        case _:
            raise Trouble(f"Not a command: {' '.join(arguments)}\n{USAGE}")
    return 0


def find_folder(name: str) -> Path:
    """A folder as it was typed, from where it was typed."""
    folder = (Path(os.environ.get("RUN_FROM", ".")) / name).resolve()
    if not folder.is_dir():
        raise Trouble(f"There is no folder {folder}.")
    return folder


def check(arguments: list[str]) -> int:
    return run_checks()


def doctor(arguments: list[str]) -> int:
    return report()


def stop(arguments: list[str]) -> int:
    launch.stop()
    return 0


def reset(arguments: list[str]) -> int:
    launch.stop()
    for instance in INSTANCES:
        places = Places(instance=instance)
        if not stop_services(places):
            raise Trouble(f"Another command still uses {places.home}. End it first.")
        remove_lodging(places)
    for entry in (PROJECT / "var").glob("*"):
        if entry.name not in ("venv", "cache", "browsers", "setup.lock"):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    say("The data is gone; the Python packages are still there.")
    return 0


def manage(arguments: list[str]) -> int:
    provide_packages("run")
    places = Places()
    if arguments[:1] and arguments[0] in WITHOUT_SERVICES:
        places.make_folders()
        environment = make_environment(places, "postgres://", "redis://", read_port())
        return hand_over(launch.manage_command(*arguments), environment)
    with running_services(places, with_authority=True) as services:
        environment = make_environment(
            places, services.database_url, services.redis_url, read_port(), services.settings
        )
        return hand_over(launch.manage_command(*arguments), environment)


def test(arguments: list[str]) -> int:
    return run_tests(arguments)


def bench(arguments: list[str]) -> int:
    names = sorted(file.stem for file in (PROJECT / "bench").glob("[a-z]*.py"))
    if not arguments:
        say("Benchmarks: " + ", ".join(names))
        return 0
    name, *rest = arguments
    if name not in names:
        raise Trouble(f"There is no benchmark {name}. There are: {', '.join(names)}")
    provide_packages("dev")
    places = Places(instance="bench")
    with running_services(places) as services:
        environment = make_environment(places, services.database_url, services.redis_url, read_port())
        environment["PYTHONPATH"] = str(PROJECT)
        subprocess.run(launch.manage_command("migrate", "--no-input", "-v0"), env=environment, check=True)
        return hand_over([str(PYTHON), str(PROJECT / "bench" / f"{name}.py"), *rest], environment)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "": start,
    "check": check,
    "doctor": doctor,
    "stop": stop,
    "reset": reset,
    "manage": manage,
    "test": test,
    "bench": bench,
}
