"""`./run doctor`: what is there, what is missing, and the exact command that mends it. Changes nothing."""

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ecabinet.standalone import system
from ecabinet.standalone.console import say
from ecabinet.standalone.environment import read_port
from ecabinet.standalone.launch import find_launcher, port_is_free
from ecabinet.standalone.packages import is_installed
from ecabinet.standalone.places import PROJECT, Places
from ecabinet.standalone.postgres import find_binaries
from ecabinet.standalone.valkey import find_server

ROOM_NEEDED_MB = 2000


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    name: str
    is_fine: bool
    state: str
    remedy: str = ""
    is_needed: bool = True

    @property
    def mark(self) -> str:
        return "ok" if self.is_fine else "MISSING" if self.is_needed else "without"


def examine() -> list[Finding]:
    return [
        Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0]),
        examine_packages(),
        examine_database(),
        examine_broker(),
        examine_part(system.PDF_RENDERING, "no PDF can be rendered", is_needed=True),
        examine_part(system.OFFICE_FILES, "office files cannot be read here", is_needed=False),
        examine_part(system.SCANS, "scans cannot be searched", is_needed=False),
        examine_part(system.VIRUS_SCANNER, "no tests of the virus scanner", is_needed=False),
        examine_seal_module(),
        examine_part(system.BROWSER, "no browser tests", is_needed=False),
        examine_part(system.BROWSER_DRIVER, "no browser tests", is_needed=False),
        examine_part(system.GETTEXT, "no check of translations", is_needed=False),
        examine_disk(shutil.disk_usage(PROJECT).free // 1_000_000),
        examine_port(read_port()),
    ]


def examine_packages() -> Finding:
    if is_installed("run"):
        return Finding("Python packages", True, "as requirements/ says")
    if not system.VENV_MODULE.is_there():
        return Finding("Python packages", False, "cannot be installed", system.VENV_MODULE.remedy)
    return Finding("Python packages", False, "not installed yet", "./run")


def examine_database() -> Finding:
    if os.environ.get("DATABASE_URL"):
        return Finding("PostgreSQL", True, "the one that DATABASE_URL names")
    binaries = find_binaries()
    remedy = "" if binaries else "./run, or DATABASE_URL=postgres://user:password@host/name ./run"
    return Finding("PostgreSQL", bool(binaries), f"programs in {binaries}" if binaries else "none", remedy)


def examine_broker() -> Finding:
    if os.environ.get("REDIS_URL"):
        return Finding("Valkey or Redis", True, "the one that REDIS_URL names")
    server = find_server()
    remedy = "" if server else "./run, or REDIS_URL=redis://host:6379/0 ./run"
    return Finding("Valkey or Redis", bool(server), str(server or "none"), remedy)


def examine_part(part: system.Part, without: str, is_needed: bool) -> Finding:
    if part.is_there():
        return Finding(part.name, True, f"for {part.purpose}")
    return Finding(part.name, False, without, part.remedy, is_needed)


def examine_seal_module() -> Finding:
    """Of an office, whether the settings are whole; `./run manage check_keys` asks the module itself."""
    names = ("PKCS11_MODULE", "PKCS11_TOKEN", "PKCS11_PIN_FILE")
    given = {name: os.environ[name] for name in names if os.environ.get(name)}
    if not given:
        return examine_part(
            system.SEAL_MODULE, "the demonstration's seal is a key in a file", is_needed=False
        )
    if missing := [name for name in names if name not in given]:
        return Finding("seal module", False, "settings are not whole", f"{missing[0]}=… ./run", False)
    if absent := [name for name in (names[0], names[2]) if not Path(given[name]).exists()]:
        return Finding("seal module", False, f"{absent[0]} names no file", f"ls -l {given[absent[0]]}")
    if Path(given["PKCS11_PIN_FILE"]).stat().st_mode & 0o077:
        secret = given["PKCS11_PIN_FILE"]
        return Finding("seal module", False, "others may read the PIN", f"chmod 600 {secret}")
    return Finding("seal module", True, "the one that PKCS11_MODULE names")


def examine_disk(free_mb: int) -> Finding:
    enough = free_mb >= ROOM_NEEDED_MB
    return Finding("disk", enough, f"{free_mb:,} MB free", "" if enough else f"free {ROOM_NEEDED_MB:,} MB")


def examine_port(port: int) -> Finding:
    if find_launcher(Places()):
        return Finding("port", True, "the system is running")
    free = port_is_free(port)
    return Finding(
        "port", free, f"{port} is {'free' if free else 'taken'}", "" if free else f"PORT={port + 1} ./run"
    )


def format_table(findings: Iterable[Finding]) -> str:
    rows = [(finding.mark, finding.name, finding.state, finding.remedy) for finding in findings]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = []
    for *cells, remedy in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        lines.append(f"{line}\n         type: {remedy}" if remedy else line)
    return "\n".join(lines)


def report() -> int:
    """Zero when nothing that is needed is missing."""
    findings = examine()
    say(format_table(findings))
    return int(any(finding.is_needed and not finding.is_fine for finding in findings))
