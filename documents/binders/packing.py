"""An issue as a ZIP: the files as they were handed in, in folders by section, with the manifest."""

import shutil
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from documents.official import VIETNAM

CHUNK = 1024 * 1024
FORBIDDEN = set('/\\:*?"<>|')
LONGEST = 80  # letters of a name: the whole path stays below what Windows takes
READABLE = 0o644 << 16


@dataclass(frozen=True)
class Packed:
    """A file and the name it gets."""

    name: str
    sha256: str
    path: Path


def pack(files: Iterable[Packed], target: Path, *, manifest: str, manifest_name: str, at: datetime) -> None:
    """Written piece by piece. Papers are packed already: they are stored as they are."""
    files = list(files)
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in files)
    with ZipFile(target, "w", ZIP_STORED) as archive:
        archive.writestr(_entry(manifest_name, at), manifest)
        archive.writestr(_entry("SHA256SUMS", at), sums)
        for file in files:
            with file.path.open("rb") as source, archive.open(_entry(file.name, at), "w") as entry:
                shutil.copyfileobj(source, entry, CHUNK)


def safe_name(name: str) -> str:
    """A name that every system takes: NFC, no folders, nothing unseen, no dot or space at an end."""
    name = unicodedata.normalize("NFC", name)
    name = "".join(
        " " if c in FORBIDDEN or unicodedata.category(c).startswith(("C", "Z")) else c for c in name
    )
    return " ".join(name.split())[:LONGEST].strip(" .") or "tai-lieu"


def _entry(name: str, at: datetime) -> ZipInfo:
    moment = at.astimezone(VIETNAM)
    entry = ZipInfo(name, max(moment.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
    entry.external_attr = READABLE
    return entry
