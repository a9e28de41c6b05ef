"""What only the system's package manager can bring: installed by root on Debian and Ubuntu, or named."""

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecabinet.standalone.console import say

PDF_LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)
PACKAGE_LISTS = Path("/var/lib/apt/lists")
SEAL_MODULES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path(f"/usr/lib/{platform.machine()}-linux-gnu/softhsm/libsofthsm2.so"),
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Part:
    """Something of the system that a command needs, and the packages that bring it."""

    name: str
    purpose: str
    packages: tuple[str, ...]
    is_there: Callable[[], bool]

    @property
    def remedy(self) -> str:
        return install_command(self.packages)


def install_command(packages: Sequence[str]) -> str:
    """What to type; on a machine without package lists these have to be fetched first."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    update = "" if any(PACKAGE_LISTS.glob("*_Packages*")) else f"{sudo}apt-get update && "
    return f"{update}{sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def list_packages(parts: Sequence["Part"]) -> list[str]:
    return [package for part in parts for package in part.packages]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def can_render_pdf() -> bool:
    return all(map(_loads, PDF_LIBRARIES))


def _finds(program: str) -> bool:
    return shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin") is not None


def _knows_vietnamese() -> bool:
    told = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True)
    return "vie" in told.stdout.split()


def find_browser() -> str | None:
    """A Chromium that the system has; CHROMIUM names another."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def find_seal_module() -> str | None:
    """SoftHSM's library, where the system's packages put it."""
    return next((str(path) for path in SEAL_MODULES if path.exists()), None)


VENV_MODULE = Part(
    "python venv",
    "the folder of Python packages",
    (f"python{sys.version_info.major}.{sys.version_info.minor}-venv",),
    lambda: importlib.util.find_spec("ensurepip") is not None,
)
PDF_RENDERING = Part(
    "pango",
    "PDF documents",
    ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig"),
    can_render_pdf,
)
OFFICE_FILES = Part(
    "libreoffice",
    "reading office files",
    ("libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui", "fonts-liberation"),
    lambda: _finds("soffice"),
)
SCANS = Part(
    "tesseract",
    "the words of scans",
    ("tesseract-ocr", "tesseract-ocr-vie"),
    lambda: _finds("tesseract") and _knows_vietnamese(),
)
VIRUS_SCANNER = Part("clamav", "tests of the virus scanner", ("clamav-daemon",), lambda: _finds("clamd"))
SEAL_MODULE = Part(
    "softhsm2",
    "the key of the demonstration's seal",
    ("softhsm2",),
    lambda: _finds("softhsm2-util") and find_seal_module() is not None,
)
READING = (PDF_RENDERING, OFFICE_FILES, SCANS)
BROWSER = Part("chromium", "browser tests", ("chromium",), lambda: find_browser() is not None)
BROWSER_DRIVER = Part(
    "libatomic", "the driver of the browser tests", ("libatomic1",), lambda: _loads("libatomic.so.1")
)
GETTEXT = Part("gettext", "check of translations", ("gettext",), lambda: shutil.which("xgettext") is not None)


def provide(parts: Sequence[Part]) -> list[Part]:
    """Install what is missing where that is possible; give back what is missing still."""
    missing = list_missing(parts)
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = list_packages(missing)
        say(f"Installing {' '.join(packages)} (for: {', '.join(part.purpose for part in missing)})")
        _install(packages)
    return list_missing(missing)


def _install(packages: Sequence[str]) -> bool:
    """A fresh machine has no package lists: get them when the first try fails."""
    install = ["install", "-y", "--no-install-recommends", *packages]
    return _apt_get(install) or (_apt_get(["update"]) and _apt_get(install))


def _apt_get(arguments: Sequence[str]) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-q", *arguments], env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    return done.returncode == 0


def list_missing(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if not part.is_there()]


def name_missing(parts: Sequence[Part]) -> None:
    for part in parts:
        say(f"Missing: {part.name} ({part.purpose}). To install it, type: {part.remedy}")
