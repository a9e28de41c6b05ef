"""Where everything lies that the commands make: under var/, or as near to it as the system allows."""

import hashlib
import os
import pwd
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecabinet.standalone.console import Trouble

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / "var" / "venv"
PYTHON = VENV / "bin" / "python"
CACHE = PROJECT / "var" / "cache"

INSTANCES = ("main", "test", "bench")

# A socket's path may have 107 bytes; the longest name below the folder is "/postgres/.s.PGSQL.5432".
LONGEST_SOCKET_FOLDER = 80
SOCKET_RECORD = "socket_folder"  # the file in run/ that names a folder elsewhere


@dataclass(frozen=True)
class Account:
    """The account that the database runs under when the launcher is root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The folders of one instance: "main" for ./run, and apart from it "test" and "bench"."""

    project: Path = PROJECT
    instance: str = "main"

    @property
    def home(self) -> Path:
        var = self.project / "var"
        return var if self.instance == "main" else var / self.instance

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def mail(self) -> Path:
        return self.home / "mail"

    @property
    def storage(self) -> Path:
        return self.home / "storage"

    def make_folders(self) -> None:
        """Make what is missing; papers, mail and logs are for the owner's eyes only."""
        self.run.mkdir(parents=True, exist_ok=True)
        for folder in (self.log, self.mail, self.storage):
            folder.mkdir(mode=0o700, exist_ok=True)


def find_account(data: Path) -> Account | None:
    """PostgreSQL refuses to run as root, so root lends it another account: the one that owns the data."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return _describe_account(pwd.getpwuid(owner))
    for name in ("postgres", "nobody"):
        try:
            return _describe_account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Trouble("PostgreSQL does not run as root, and there is no account `nobody` to run it under.")


def _describe_account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def lend_account(account: Account | None) -> dict[str, Any]:
    """The arguments of subprocess that make a program run under the account."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def everybody_may_enter(folder: Path) -> bool:
    """Whether another account can reach the folder: each folder above it must let others pass."""
    existing = [f for f in (folder, *folder.parents) if f.exists()]
    return all(f.stat().st_mode & 0o001 for f in existing)


def find_lodging(places: Places) -> Path:
    """The folder for the database: in the project, unless the account it runs under cannot get there."""
    if os.geteuid() != 0 or everybody_may_enter(places.project):
        return places.home
    digest = hashlib.sha256(str(places.project).encode()).hexdigest()[:8]
    return Path(f"/var/lib/ecabinet-{digest}") / places.instance


def remove_lodging(places: Places) -> None:
    """Remove what the instance keeps outside the project, if anything."""
    if (lodging := find_lodging(places)) != places.home:
        shutil.rmtree(lodging, ignore_errors=True)
        with suppress(OSError):  # the others still live there
            lodging.parent.rmdir()
    if (record := places.run / SOCKET_RECORD).exists():
        shutil.rmtree(record.read_text(), ignore_errors=True)


def find_sockets(places: Places) -> Path:
    return choose_socket_folder(find_lodging(places), places.run / SOCKET_RECORD)


def choose_socket_folder(lodging: Path, record: Path) -> Path:
    """A short folder for the sockets: a temporary one, noted in `record`, when the project's path is long."""
    folder = lodging / "run" / "sockets"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    if record.exists() and _is_ours(noted := Path(record.read_text())):
        return noted
    made = Path(tempfile.mkdtemp(prefix="ecabinet-", dir="/tmp"))
    made.chmod(0o711)
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(str(made))
    return made


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and folder.stat().st_uid == os.geteuid()
