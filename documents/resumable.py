"""Files that arrive in pieces: what has come stays, and the rest is sent when the line is back (tus 1.0).

A file that is under way has no row. It is named after its owner, its length is how far it has come, and
whoever did not begin it does not find it. Several web servers need one folder for all of them.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _

from core.workflow import Conflict
from documents.files.disk import DiskFull, watch_disk
from documents.refusals import Refused
from documents.uploads import CHUNK, NAME_LENGTH, HashedUpload, upload_limit

ABANDONED = timedelta(hours=24)
MOST_UNDER_WAY = 300  # a person with more than that is a program gone wild


class ResumedUpload(HashedUpload):
    """A file that has arrived in pieces, as if it had been sent at once."""

    def __init__(self, partial: "Partial") -> None:
        UploadedFile.__init__(self, partial.path.open("rb"), partial.name, "", partial.size)
        self.partial = partial
        with partial.path.open("rb") as file:
            self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self.is_too_large = partial.size > upload_limit()

    def temporary_file_path(self) -> str:
        return str(self.partial.path)

    def close(self) -> None:
        """It goes when what was made of it is committed; if that fails, it can be used once more."""
        self.file.close()
        transaction.on_commit(self.partial.discard)

    def discard(self) -> None:
        """Refused: nothing of it stays, whatever becomes of the transaction."""
        self.file.close()
        self.partial.discard()


@dataclass(frozen=True)
class Partial:
    """A file under way."""

    owner: int
    key: UUID
    name: str = ""
    size: int = 0

    @property
    def path(self) -> Path:
        return Path(settings.UPLOAD_DIR) / f"{self.owner}-{self.key.hex}.part"

    @property
    def note(self) -> Path:
        return self.path.with_suffix(".json")

    @property
    def offset(self) -> int:
        return self.path.stat().st_size

    @property
    def is_complete(self) -> bool:
        return self.offset == self.size

    def append(self, stream: IO[bytes], offset: int) -> int:
        """Write on at `offset`; says how far it has come. What is cut off is kept as far as it came; what
        does not fit onto the disk is not there at all."""
        with self.path.open("r+b") as file, _alone(file):
            if file.seek(0, os.SEEK_END) != offset:
                raise Conflict(_("The file does not go on at this place."))
            try:
                with watch_disk():
                    came = self._write(file, stream)
            except Conflict:
                file.truncate(offset)
                raise
            return offset + came

    def _write(self, file: IO[bytes], stream: IO[bytes]) -> int:
        came, room = 0, self.size - file.tell()
        with suppress(UnreadablePostError):  # the line is gone: what has come stays
            while chunk := stream.read(CHUNK):
                came += len(chunk)
                if came > room:
                    raise Conflict(_("More was sent than the file is long."))
                file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        return came

    def discard(self) -> None:
        self.note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


def read_name(metadata: str) -> str | None:
    """The value of "filename" in a header of pairs such as `filename dG8gdHJpbmg=`; None if it is none."""
    pairs = dict(pair.split(" ", 1) for pair in metadata.split(",") if pair.count(" ") == 1)
    try:
        return b64decode(pairs["filename"], validate=True).decode()[:NAME_LENGTH]
    except (KeyError, ValueError):
        return None


def begin(owner: Any, *, name: str, size: int) -> Partial:
    """A person is about to send a file."""
    if size > upload_limit():
        raise Refused("too_large")
    folder = Path(settings.UPLOAD_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    if len(list(folder.glob(f"{owner.pk}-*.part"))) >= MOST_UNDER_WAY:
        raise Conflict(_("Too many of your uploads are unfinished. Finish or cancel some of them first."))
    if shutil.disk_usage(folder).free < size:
        raise DiskFull
    partial = Partial(owner.pk, uuid4(), name, size)
    with watch_disk():
        partial.note.write_text(json.dumps({"name": name, "size": size}))
        partial.path.touch(mode=0o600)
    return partial


def find(owner: Any, key: UUID) -> Partial:
    """One's own; another's does not exist."""
    partial = Partial(owner.pk, key)
    if not (partial.note.exists() and partial.path.exists()):
        raise Http404
    return Partial(owner.pk, key, **json.loads(partial.note.read_text()))


def take(owner: Any, key: UUID) -> ResumedUpload:
    """The whole file, to be looked into and kept."""
    partial = find(owner, key)
    if not partial.is_complete:
        raise Conflict(_("The file has not arrived completely yet."))
    return ResumedUpload(partial)


def sweep() -> int:
    """What nobody goes on with is thrown away. Says how many files."""
    before, swept = time.time() - ABANDONED.total_seconds(), 0
    for path in Path(settings.UPLOAD_DIR).glob("*.*"):
        with suppress(FileNotFoundError):
            part = path.with_suffix(".part")
            if (part if part.exists() else path).stat().st_mtime < before:
                path.unlink()
                swept += 1
    return swept


@contextmanager
def _alone(file: IO[bytes]) -> Iterator[None]:
    """One writer at a time: a line that broke may still be writing when its successor asks."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Conflict(_("Another part of this file is being written just now.")) from None
    yield
