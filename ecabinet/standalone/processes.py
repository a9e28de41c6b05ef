"""Programs that run beside the launcher: started, known by their pid files, restarted, stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ecabinet.standalone.places import Account, lend_account


@dataclass(frozen=True)
class Mark:
    """A process as its pid file names it. The start time tells it from a later one with the same number."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "Mark | None":
        """The mark of a living process; None when there is none (a zombie does not count)."""
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()
        state, started = fields[0], fields[19]
        return None if state in "ZX" else cls(pid, started)

    @classmethod
    def read(cls, file: Path) -> "Mark | None":
        try:
            pid, started = file.read_text().split()
            return cls(int(pid), started)
        except (OSError, ValueError):
            return None

    @classmethod
    def leave(cls, pid: int, file: Path) -> None:
        """Write the process down, if it lives."""
        if mark := cls.of(pid):
            file.write_text(f"{mark.pid} {mark.started}\n")

    def is_alive(self) -> bool:
        return Mark.of(self.pid) == self


def wait_until(condition: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Wait for a condition; False when the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True


def hand_over(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command to its end; Ctrl-C is its own affair. Its exit code, as a shell would tell it."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        code = subprocess.run(command, env=dict(environment)).returncode
    finally:
        signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code


@dataclass
class Program:
    """One program with a pid file and a log. It may have been started by an earlier launcher that is gone."""

    name: str
    command: Sequence[str]
    folder: Path
    log: Path
    environment: Mapping[str, str] | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    alone: bool = False  # it ends its own children when it is told to stop
    patience: float = 20
    _child: subprocess.Popen[bytes] | None = None

    @property
    def pid_file(self) -> Path:
        return self.folder / f"{self.name}.pid"

    def start(self) -> None:
        self.end_group()
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self.command,
                env=dict(self.environment) if self.environment is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is the launcher's alone
                **lend_account(self.account),
            )
        Mark.leave(self._child.pid, self.pid_file)

    def is_running(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        mark = Mark.read(self.pid_file)
        return mark is not None and mark.is_alive()

    def ask_to_stop(self) -> None:
        mark = Mark.read(self.pid_file)
        if mark is None or not self.is_running():
            return
        try:
            if self.alone:
                os.kill(mark.pid, self.stop_signal)
            else:
                os.killpg(mark.pid, self.stop_signal)
        except ProcessLookupError:
            return

    def wait_for_end(self) -> None:
        """Give it time to finish what it does; then end it for certain."""
        wait_until(lambda: not self.is_running(), self.patience)
        self.end_group()
        self.pid_file.unlink(missing_ok=True)
        self._child = None

    def stop(self) -> None:
        self.ask_to_stop()
        self.wait_for_end()

    def end_group(self) -> None:
        """End what is left of it: a leader that does not listen, or children that outlived their leader."""
        mark = Mark.read(self.pid_file)
        if mark is None or (self.alone and not mark.is_alive()):
            return
        for pid in list_group(mark.pid, self.command[0]):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not self.is_running(), self.patience)


def list_group(leader: int, program: str) -> list[int]:
    """The processes of the group that run this program; so a number given away anew harms nobody."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            group = int((folder / "stat").read_text().rpartition(")")[2].split()[2])
            command = (folder / "cmdline").read_bytes().split(b"\0")[0]
        except OSError:
            continue
        if group == leader and command == os.fsencode(program):
            found.append(int(folder.name))
    return found


def stop_all(programs: Sequence[Program]) -> None:
    """Ask all first and wait then, so that the slowest alone sets the time."""
    for program in programs:
        program.ask_to_stop()
    for program in programs:
        program.wait_for_end()


FIRST_PAUSE, LONGEST_PAUSE, STEADY = 1.0, 30.0, 60.0


@dataclass
class Watched:
    """A program under the supervisor's eye; it waits longer after each quick death."""

    program: Program
    started_at: float
    pause: float = FIRST_PAUSE
    restart_at: float | None = None


class Supervisor:
    """Restarts what dies, later each time when it dies at once again, and says so."""

    def __init__(
        self,
        programs: Sequence[Program],
        say: Callable[[str], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.say, self.now = say, now
        self.watched = [Watched(program, started_at=now()) for program in programs]

    def tend(self) -> None:
        """One round: note the dead, start again those whose pause is over."""
        for watched in self.watched:
            if watched.restart_at is not None:
                if self.now() >= watched.restart_at:
                    self._restart(watched)
            elif not watched.program.is_running():
                self._note_death(watched)

    def _note_death(self, watched: Watched) -> None:
        lived = self.now() - watched.started_at
        watched.pause = FIRST_PAUSE if lived > STEADY else watched.pause
        watched.restart_at = self.now() + watched.pause
        program = watched.program
        self.say(f"{program.name} has stopped; it starts again in {watched.pause:.0f} s. See {program.log}")
        watched.pause = min(watched.pause * 2, LONGEST_PAUSE)

    def _restart(self, watched: Watched) -> None:
        watched.program.start()
        watched.started_at, watched.restart_at = self.now(), None
