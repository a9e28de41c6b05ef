"""A signer's computer: the agent as a process, its token, and what its owner was shown and entered."""

import http.client
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from tests.tokens import PIN
from tests.workers import wait_for

AGENT = Path(__file__).resolve().parents[1] / "agent"
SITE = "https://cabinet.example.gov.vn"
OTHER_SITE = "https://cabinet.example.gov.vn.evil.example"

ASK = """#!/bin/sh
cat >> "$HERE/shown"
echo >> "$HERE/shown"
[ -s "$HERE/pin" ] || exit 1
cat "$HERE/pin"
"""


class Computer:
    """The agent runs from the moment it is made until `stop`."""

    def __init__(self, folder: Path, token, origin: str = SITE) -> None:
        self.folder, self.token = folder, token
        (folder / "ask").write_text(ASK)
        (folder / "ask").chmod(stat.S_IRWXU)
        (folder / "config.toml").write_text(
            f'origins = ["{origin}"]\nmodule = "{token.module}"\nport = 0\nask = "{folder / "ask"}"\n'
        )
        environment = {**os.environ, **token.environment, "PYTHONPATH": str(AGENT), "HERE": str(folder)}
        command = [sys.executable, "-m", "ecabinet_agent", "--config", str(folder / "config.toml")]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        wait_for(lambda: self.port or self.process.poll() is not None, 20)
        assert self.port, self.log
        self.forget()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    @property
    def port(self) -> int:
        found = re.search(r"127\.0\.0\.1:(\d+)", self.log)
        return int(found[1]) if found else 0

    @property
    def shown(self) -> list[dict]:
        return [json.loads(line) for line in (self.folder / "shown").read_text().splitlines()]

    def enter(self, pin: str) -> None:
        (self.folder / "pin").write_text(pin)

    def forget(self) -> None:
        (self.folder / "shown").write_text("")
        self.enter(PIN)

    def ask(self, method: str, path: str, plain=None, **headers) -> SimpleNamespace:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {"Origin": SITE, "Content-Type": "application/json", **headers}
        body = json.dumps(plain) if plain is not None else None
        connection.request(method, path, body, {k: v for k, v in sent.items() if v is not None})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return SimpleNamespace(
            status=answer.status,
            headers=answer.headers,
            content=content,
            plain=json.loads(content) if content else None,
        )

    def nonce(self) -> str:
        return self.ask("POST", "/nonce", {}).plain["nonce"]

    def sign(self, *orders, **changed):
        return self.ask("POST", "/sign", {"nonce": self.nonce(), "orders": list(orders), **changed})

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
