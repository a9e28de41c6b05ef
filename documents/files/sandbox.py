"""Runs a task over an untrusted file in a child process that has limits, no network and none of our secrets.

A task is a generator function named "module:function". It takes the file's path, the limits and plain
arguments; what it yields comes back to the parent as JSON lines. A task that makes a file writes it to
`output`, which the parent has opened for it. Nothing in here knows what is in the file.
"""

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from documents.files.confinement import confine_process

ROOT = Path(__file__).resolve().parents[2]

REFUSED_EVENTS = (
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.truncate",
)
BYTECODE = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Limits:
    """What one file may cost. The defaults suit a dossier paper; settings may say otherwise."""

    wall_seconds: float = 60
    cpu_seconds: int = 30
    memory_bytes: int = 1024 * 1024 * 1024
    output_bytes: int = 64 * 1024 * 1024
    file_bytes: int = 200 * 1024 * 1024
    pages: int = 3000


class Refusal(Exception):
    """Raised by a task: the file is read far enough to say, by a reason code, why it is not taken."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


class ChildFailure(Exception):
    """The task did not come to its end: `took_too_long`, `too_large` or `crashed`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def run_task(task: str, path: Path, limits: Limits, output: Any = None, **arguments: Any) -> Iterator[Any]:
    """Runs the task to its end before giving out the first result: never the results of half a file."""
    spool = tempfile.TemporaryFile()  # noqa: SIM115 (the generator below closes it)
    try:
        _run_child(task, path, limits, output, arguments, spool)
        _check_outcome(spool)
    except BaseException:
        spool.close()
        raise
    return _read_results(spool)


def _run_child(
    task: str,
    path: Path,
    limits: Limits,
    output: IO[bytes] | None,
    arguments: dict[str, Any],
    spool: IO[bytes],
) -> None:
    order = {
        "task": task,
        "path": str(path.resolve()),
        "limits": asdict(limits),
        "output": output.fileno() if output else None,
        "arguments": arguments,
    }
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-c", "from documents.files.sandbox import main; main()"],
            input=json.dumps(order).encode(),
            stdout=spool,
            stderr=subprocess.DEVNULL,
            pass_fds=[output.fileno()] if output else [],
            cwd=ROOT,
            env=_make_environment(),
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ChildFailure("took_too_long", f"{limits.wall_seconds} s") from None
    if child.returncode:
        raise _explain_exit(child.returncode)


def _make_environment() -> dict[str, str]:
    """No secret of the server's own environment reaches the child."""
    kept = {name: os.environ[name] for name in BYTECODE if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PATH": os.defpath, "LANG": "C.UTF-8"}


def _explain_exit(code: int) -> ChildFailure:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return ChildFailure("took_too_long", signal.Signals(-code).name)
    if code == -signal.SIGXFSZ:
        return ChildFailure("too_large", "output")
    if code < 0:
        return ChildFailure("crashed", signal.Signals(-code).name)
    return ChildFailure("crashed", f"exit {code}")


def _check_outcome(spool: IO[bytes]) -> None:
    outcome = _read_last_line(spool)
    if "refused" in outcome:
        raise Refusal(outcome["refused"], outcome["detail"])
    if "failed" in outcome:
        raise ChildFailure(outcome["failed"], outcome["detail"])
    if "done" not in outcome:
        raise ChildFailure("crashed", "no end")


def _read_last_line(spool: IO[bytes]) -> dict[str, Any]:
    spool.seek(0, os.SEEK_END)
    spool.seek(-min(spool.tell(), 4096), os.SEEK_END)
    lines = spool.read().splitlines()
    try:
        outcome = json.loads(lines[-1])
    except (IndexError, ValueError):
        return {}
    return outcome if isinstance(outcome, dict) else {}


def _read_results(spool: IO[bytes]) -> Iterator[Any]:
    with spool:
        spool.seek(0)
        for line in spool:
            message = json.loads(line)
            if "result" in message:
                yield message["result"]


# The child's side


def main() -> None:
    order = json.loads(sys.stdin.buffer.read())
    limits = Limits(**order["limits"])
    task = _find_task(order["task"])
    arguments = order["arguments"]
    if order["output"] is not None:
        arguments["output"] = os.fdopen(order["output"], "wb")
    set_limits(limits)
    confine_process()
    sys.addaudithook(refuse_event)
    _tell(_perform(task, Path(order["path"]), limits, arguments))


def _find_task(name: str) -> Any:
    module, function = name.split(":")
    return getattr(importlib.import_module(module), function)


def set_limits(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    # Only the spool and the output, if any, are open for writing: this bounds them.
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output_bytes, limits.output_bytes))
    # Python ignores the signal by default; its death is what the parent understands.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def refuse_event(event: str, arguments: tuple[Any, ...]) -> None:
    """PEP 578 audit hook: a file that asks for the network, a program or a place to write gets none."""
    if event in REFUSED_EVENTS or (event == "open" and arguments[2] & WRITING):
        raise PermissionError(f"{event} is not for this process")


def _perform(task: Any, path: Path, limits: Limits, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        for result in task(path, limits=limits, **arguments):
            yield {"result": result}
    except Refusal as refusal:
        yield {"refused": refusal.reason, "detail": refusal.detail[:500]}
    except MemoryError:
        yield {"failed": "too_large", "detail": "memory"}
    except Exception as error:
        yield {"failed": "crashed", "detail": f"{type(error).__name__}: {error}"[:500]}
    else:
        if "output" in arguments:
            arguments["output"].flush()
        yield {"done": True}


def _tell(messages: Iterator[dict[str, Any]]) -> None:
    for message in messages:
        sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
