"""Programs known by their pid files; the supervisor's patience."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ecabinet.standalone.processes import (
    LONGEST_PAUSE,
    Mark,
    Program,
    Supervisor,
    hand_over,
    list_group,
    wait_until,
)

SLEEP = "import time; time.sleep(60)"
WITH_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).wait()"


@pytest.fixture
def make_program(tmp_path):
    made = []

    def make(code, name="sleeper", **options):
        program = Program(name, [sys.executable, "-c", code], tmp_path, tmp_path / f"{name}.log", **options)
        made.append(program)
        return program

    yield make
    for program in made:
        program.stop()


def test_a_program_is_known_by_its_pid_file_to_a_later_launcher(make_program):
    make_program(SLEEP).start()
    later = make_program(SLEEP)
    assert later.is_running()
    later.stop()
    assert not later.is_running()
    assert not later.pid_file.exists()


def test_a_number_given_away_anew_is_not_taken_for_the_program(make_program):
    program = make_program(SLEEP)
    program.start()
    program.pid_file.write_text(f"{Mark.read(program.pid_file).pid} 1\n")
    assert not make_program(SLEEP).is_running()


@pytest.mark.parametrize("content", ["", "gibberish", "1 2 3"])
def test_a_damaged_pid_file_means_that_nothing_runs(make_program, content):
    program = make_program(SLEEP)
    program.pid_file.write_text(content)
    assert not program.is_running()


def test_stopping_ends_the_children_too(make_program):
    program = make_program(WITH_CHILD)
    program.start()
    leader = Mark.read(program.pid_file).pid
    assert wait_until(lambda: len(list_group(leader, sys.executable)) == 2, 10)
    program.stop()
    assert list_group(leader, sys.executable) == []


def test_children_that_outlive_a_killed_leader_are_ended(make_program):
    program = make_program(WITH_CHILD)
    program.start()
    leader = Mark.read(program.pid_file).pid
    assert wait_until(lambda: len(list_group(leader, sys.executable)) == 2, 10)
    program._child.send_signal(signal.SIGKILL)
    program._child.wait()
    make_program(WITH_CHILD).stop()
    assert wait_until(lambda: list_group(leader, sys.executable) == [], 10)


def test_a_program_that_does_not_listen_is_ended_for_certain(make_program):
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEP}"
    program = make_program(deaf, patience=0.3)
    program.start()
    assert wait_until(lambda: "deaf" in program.log.read_text(), 10)
    program.stop()
    assert not program.is_running()


def test_a_process_that_has_ended_has_no_mark():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert Mark.of(ended.pid) is None


@dataclass
class Mortal:
    """A program that lives as long as the test says."""

    name: str = "mortal"
    log: Path = Path("mortal.log")
    alive: bool = True
    starts: list[float] = field(default_factory=list)

    def is_running(self):
        return self.alive

    def start(self):
        self.starts.append(1)
        self.alive = True


class Clock:
    time = 0.0

    def __call__(self):
        return self.time


@pytest.fixture
def watch():
    mortal, said, clock = Mortal(), [], Clock()
    return mortal, said, clock, Supervisor([mortal], said.append, now=clock)


def test_what_dies_is_started_again_and_one_is_told(watch):
    mortal, said, clock, supervisor = watch
    mortal.alive = False
    supervisor.tend()
    assert said == ["mortal has stopped; it starts again in 1 s. See mortal.log"]
    supervisor.tend()
    assert mortal.starts == []
    clock.time = 1.0
    supervisor.tend()
    assert mortal.alive and len(mortal.starts) == 1


def test_what_dies_again_and_again_is_started_less_and_less_often(watch):
    mortal, said, clock, supervisor = watch
    for _ in range(8):
        mortal.alive = False
        supervisor.tend()
        clock.time += LONGEST_PAUSE
        supervisor.tend()
    pauses = [int(line.split(" in ")[1].split(" s.")[0]) for line in said]
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]


def test_after_a_steady_time_the_patience_is_new(watch):
    mortal, said, clock, supervisor = watch
    for lived in (0, 0, 100):
        clock.time += lived
        mortal.alive = False
        supervisor.tend()
        clock.time += LONGEST_PAUSE
        supervisor.tend()
    assert "in 1 s" in said[-1]


@pytest.mark.parametrize(
    ("code", "told"), [("pass", 0), ("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", 137)]
)
def test_the_exit_code_of_a_command_is_passed_on(code, told):
    assert hand_over([sys.executable, "-c", code], os.environ) == told


def test_ctrl_c_is_the_affair_of_the_command(capfd):
    asks = "import os, signal; os.kill(os.getppid(), signal.SIGINT); print('done')"
    assert hand_over([sys.executable, "-c", asks], os.environ) == 0
    assert capfd.readouterr().out == "done\n"
