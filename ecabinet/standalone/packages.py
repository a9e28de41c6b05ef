"""The Python packages: a virtual environment with exactly what requirements/ names, checked by hash."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ecabinet.standalone import system
from ecabinet.standalone.console import Trouble, say
from ecabinet.standalone.places import CACHE, PROJECT, PYTHON, VENV

REQUIREMENTS = PROJECT / "requirements"
PIP = VENV / "bin" / "pip"  # the last thing that comes into a new environment
STAMP = VENV / "installed"


def site_packages() -> Path:
    return next(VENV.glob("lib/python3.*/site-packages"), VENV / "lib")


def digest_of(kind: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{kind}.txt").read_bytes()).hexdigest()


def is_installed(kind: str) -> bool:
    """Whether the environment holds these requirements; those of "dev" contain those of "run"."""
    noted = read_stamp()
    return PYTHON.exists() and noted in {(each, digest_of(each)) for each in (kind, "dev")}


def read_stamp() -> tuple[str, str]:
    kind, _, digest = STAMP.read_text().strip().partition(" ") if STAMP.exists() else ("", "", "")
    return kind, digest


def provide_packages(kind: str) -> None:
    """Bring the environment to the requirements of "run" or "dev". At once back when nothing has changed."""
    if is_installed(kind):
        return
    with _alone():
        if is_installed(kind):
            return
        if not (PYTHON.exists() and PIP.exists()):
            _make_environment()
        _install("dev" if "dev" in (kind, read_stamp()[0]) else "run")  # never take a developer's tools away


def _install(kind: str) -> None:
    say(f"Installing the Python packages of requirements/{kind}.txt")
    STAMP.unlink(missing_ok=True)
    if not (_provide_uv() and _sync_with_uv(kind)):
        _install_with_pip(kind)
    STAMP.write_text(f"{kind} {digest_of(kind)}\n")


@contextmanager
def _alone() -> Iterator[None]:
    """Two commands at once must not both install."""
    VENV.parent.mkdir(exist_ok=True)
    with (VENV.parent / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_environment() -> None:
    if left := system.provide([system.VENV_MODULE]):
        needed = left + system.list_missing(system.READING)
        remedy = system.install_command(system.list_packages(needed))
        raise Trouble(f"This Python cannot make virtual environments. To mend it, type: {remedy}")
    say(f"Making a virtual environment with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    _call([sys.executable, "-m", "venv", str(VENV)], "python -m venv")


def _provide_uv() -> bool:
    """uv installs in seconds what takes pip minutes; without it pip does the same."""
    if (VENV / "bin" / "uv").exists():
        return True
    uv = str(REQUIREMENTS / "uv.txt")
    return _try([str(PYTHON), "-m", "pip", "install", "-q", "--require-hashes", "-r", uv])


def _sync_with_uv(kind: str) -> bool:
    requirements = str(REQUIREMENTS / f"{kind}.txt")
    return _try(
        [
            str(VENV / "bin" / "uv"),
            "pip",
            "sync",
            "-q",
            "--require-hashes",
            "--python",
            str(PYTHON),
            requirements,
        ]
    )


def _install_with_pip(kind: str) -> None:
    say("uv is not to be had; pip does it, which takes some minutes")
    requirements = str(REQUIREMENTS / f"{kind}.txt")
    _call([str(PYTHON), "-m", "pip", "install", "-q", "--require-hashes", "-r", requirements], "pip install")


def _environment() -> dict[str, str]:
    """Caches stay in var/ too, where the packages can be linked instead of copied."""
    ours = {
        "PIP_CACHE_DIR": str(CACHE / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_CACHE_DIR": str(CACHE / "uv"),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_SYSTEM_CERTS": "1",  # an office network may have an authority of its own
    }
    return {**ours, **os.environ}


def _try(command: list[str]) -> bool:
    return subprocess.run(command, env=_environment(), capture_output=True).returncode == 0


def _call(command: list[str], name: str) -> None:
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"{name} failed:\n{(done.stdout + done.stderr)[-2000:]}")
