"""Runs a program of others (LibreOffice, Tesseract) over an untrusted file: it can reach nothing of ours.

It gets a folder of its own that is gone afterwards, none of our environment, no network, and limits. Outside
its folder it reads what the system installed, and no more (confinement.py). The program takes the
place of a small Python that has put all this on itself; it dies with its parent, and when its time is up
it is killed with everything that it has started.
"""

import ctypes
import json
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from documents.files.confinement import confine_files, confine_program

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
BYTECODE = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
COMPLAINTS = "complaints.txt"
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Bounds:
    """What one run may cost."""

    wall_seconds: float
    cpu_seconds: int
    memory_bytes: int = 3 * 1024 * 1024 * 1024
    file_bytes: int = 1024 * 1024 * 1024  # of one file that it writes


class ProgramFailure(Exception):
    """`missing`, `took_too_long` or `failed`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@contextmanager
def working_folder() -> Iterator[Path]:
    """For one run: for the owner's eyes, and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ecabinet-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def find_program(name: str) -> Path | None:
    """The program that a setting names: on the PATH, or by its path."""
    found = shutil.which(name)
    return Path(found).resolve() if found else None


def ask_version(program: Path | None, option: str = "--version") -> str:
    """What the program says of itself; it sees no file of anybody's."""
    if program is None:
        return ""
    with working_folder() as folder:
        told = subprocess.run(
            [str(program), option],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=_make_environment(folder),
            timeout=20,
            check=False,
        )
    return told.stdout.strip()[:2000]


def run_program(
    command: Sequence[str], folder: Path, bounds: Bounds, settings: Mapping[str, str] | None = None
) -> None:
    """Waits for its end; whatever happens, nothing of it lives on."""
    program = find_program(command[0])
    if program is None:
        raise ProgramFailure("missing", command[0])
    order = {
        "command": [str(program), *command[1:]],
        "folder": str(folder),
        "bounds": asdict(bounds),
        "environment": {**_make_environment(folder), **(settings or {})},
        "parent": os.getpid(),
    }
    with (folder / COMPLAINTS).open("wb") as complaints:
        child = subprocess.Popen(
            [sys.executable, "-P", "-c", f"from {__name__} import main; main()", json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=complaints,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=_make_launching_environment(),
            start_new_session=True,
        )
        try:
            code = child.wait(bounds.wall_seconds)
        except subprocess.TimeoutExpired:
            raise ProgramFailure("took_too_long", f"{program.name}: {bounds.wall_seconds} s") from None
        finally:
            _end_all(child)
    if code:
        raise _explain(code, program.name, folder)


def _make_environment(folder: Path) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "XDG_CACHE_HOME": str(folder / ".cache"),
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }


def _make_launching_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in BYTECODE if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PATH": os.defpath, "LANG": "C.UTF-8"}


def _end_all(child: subprocess.Popen[bytes]) -> None:
    """The child leads a process group; it and what it started are killed, done or not."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _explain(code: int, name: str, folder: Path) -> ProgramFailure:
    said = (folder / COMPLAINTS).read_bytes()[-400:].decode(errors="replace").strip()
    how = signal.Signals(-code).name if code < 0 else f"exit {code}"
    reason = "took_too_long" if code in (-signal.SIGXCPU,) else "failed"
    return ProgramFailure(reason, f"{name}: {how}: {said}")


# The child's side


def main() -> None:
    order = json.loads(sys.argv[1])
    folder = Path(order["folder"])
    _die_with(order["parent"])
    _set_limits(Bounds(**order["bounds"]))
    confine_files(folder, Path(order["command"][0]))
    confine_program()
    os.execve(order["command"][0], order["command"], order["environment"])


def _die_with(parent: int) -> None:
    """Linux only: a worker that is killed takes the converter with it."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we could ask
        os._exit(1)


def _set_limits(bounds: Bounds) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.file_bytes, bounds.file_bytes))
    os.nice(10)
