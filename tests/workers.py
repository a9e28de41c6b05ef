"""Real workers on a real broker, as processes of their own, with the test's database and files."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from ecabinet.celery import app
from ecabinet.standalone.valkey import find_server


class Broker:
    """A server that a test may stop and start again."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "broker.sock"
        self.url = f"unix://{self.socket}?db=0"
        self.process = None

    def start(self) -> None:
        command = [str(find_server()), "--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self.process = subprocess.Popen(command, cwd=self.socket.parent, stdout=subprocess.DEVNULL)
        wait_for(self.socket.exists)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)


class Worker:
    """A Celery process with its own children; `kill` is a power cut."""

    def __init__(self, *arguments: str, environment: dict[str, str], log: Path) -> None:
        self.log = log
        command = [sys.executable, "-m", "celery", "-A", "ecabinet", *arguments]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def wait_for(condition, seconds: float = 60) -> None:
    """Until it is so; a test that waits in vain says for what."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def broker():
    with tempfile.TemporaryDirectory(prefix="ec-") as folder:
        server = Broker(Path(folder))
        server.start()
        before = {"task_always_eager": app.conf.task_always_eager, "broker_url": app.conf.broker_url}
        use_broker(server.url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host="))
        yield server
        app.conf.update(before)
        forget_connections()
        server.stop()


def use_broker(url: str) -> None:
    app.conf.update(task_always_eager=False, broker_url=url)
    forget_connections()


def forget_connections() -> None:
    """As in a process that has just begun."""
    app._after_fork()


@pytest.fixture
def start_worker(broker, transactional_db, tmp_path):
    """`start_worker("worker", "-Q", "render")`: those still alive at the end are killed."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ecabinet.settings_test",
        "CELERY_EAGER": "0",
        "DATABASE_URL": database.geturl(),
        "REDIS_URL": broker.url,
        "STORAGE_DIR": settings.STORAGES["default"]["OPTIONS"]["location"],
        "EMAIL_DIR": str(tmp_path / "mail"),
    }
    started = []

    def start(*arguments: str) -> Worker:
        started.append(Worker(*arguments, environment=environment, log=tmp_path / "worker.log"))
        return started[-1]

    yield start
    for worker in started:
        if worker.process.poll() is None:
            worker.kill()
