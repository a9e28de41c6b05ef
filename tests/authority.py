"""The authority as a server of its own: certificates, OCSP, revocation lists and timestamps over real HTTP.

`authority.issue(name, organisation, key="ec")` gives a certificate, its key and a key file (`.p12`, password
`PASSWORD`); `authority.revoke(identity, at=...)` counts at once. One server for each process of tests.
"""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from ecabinet.demo.authority import PASSWORD, Authority
from ecabinet.demo.authority_server import open_socket
from tests.workers import wait_for

__all__ = ["PASSWORD", "Authority", "authority"]

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    folder = tmp_path_factory.mktemp("authority")
    with open_socket() as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        made = Authority(folder, address)
        command = [sys.executable, "-m", "ecabinet.demo.authority_server", str(folder), address]
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(
                [*command, str(listener.fileno())],
                cwd=PROJECT,
                pass_fds=[listener.fileno()],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
    try:
        wait_for(lambda: _answers(made) or server.poll() is not None, 30)
        assert server.poll() is None, (folder / "server.log").read_text()
        yield made
    finally:
        server.terminate()
        server.wait()


def _answers(authority: Authority) -> bool:
    try:
        with urllib.request.urlopen(authority.crl_urls[0], timeout=5) as answer:
            return answer.status == 200
    except HTTPError:
        raise
    except OSError:
        return False
