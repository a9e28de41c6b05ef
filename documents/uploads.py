"""Receiving files: streamed to disk, hashed on the way, cut off at the limit, looked into in the sandbox.

What is refused here leaves nothing behind: its temporary file is gone before the reason is told.
"""

import hashlib
import logging
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from documents.files.disk import DiskFull, watch_disk
from documents.files.formats import endings_of
from documents.files.inspection import Limits, UnreadableFile, inspect_file
from documents.refusals import Refused
from documents.rules import Format

security_log = logging.getLogger("security")

CHUNK = 64 * 1024
NAME_LENGTH = 200
UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")  # Unicode categories without a letter to see


def upload_limit() -> int:
    return settings.UPLOAD_LIMIT_MB * 1024 * 1024


class HashedUpload(TemporaryUploadedFile):
    """A file on the temporary disk, with its SHA-256."""

    sha256 = ""
    is_too_large = False
    found_no_room = False

    def discard(self) -> None:
        """Refused: nothing of it stays."""
        self.close()


def make_upload(name: str) -> HashedUpload:
    """Empty as yet. The sender's name stays out of the name on the disk: its ending may be anything."""
    upload = HashedUpload("upload.pdf", "application/pdf", 0, None)
    upload.name = name
    return upload


class HashingUploadHandler(FileUploadHandler):
    """Memory holds one chunk. Nobody who is not signed in gets anything onto the disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not getattr(getattr(self.request, "user", None), "is_authenticated", False):
            raise SkipFile
        self.file = make_upload(self.file_name or "")
        self.hash = hashlib.sha256()
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > upload_limit():
            self.file.is_too_large = True
            self.file.truncate(0)  # the rest is read and thrown away, so that the sender gets an answer
        else:
            self.hash.update(raw_data)
            self._write(raw_data)

    def _write(self, chunk: bytes) -> None:
        """A full disk is told when the form is read: here it would only be an accident."""
        if self.file.found_no_room:
            return
        try:
            with watch_disk():
                self.file.write(chunk)
        except DiskFull:
            self.file.found_no_room = True
            self.file.truncate(0)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.sha256 = self.hash.hexdigest()
        self.file.size = file_size
        self.file.seek(0)
        return self.file

    def upload_interrupted(self) -> None:
        """The sender went away in the middle."""
        if hasattr(self, "file"):
            self.file.close()


@dataclass(frozen=True)
class ReceivedPaper:
    """A file that was looked into and may be taken. Its temporary copy is gone after the `with`."""

    upload: HashedUpload  # keeps the temporary file alive
    file_name: str
    sha256: str
    size: int
    pages: int | None
    active_content: tuple[str, ...]
    format: str = Format.PDF

    @property
    def path(self) -> Path:
        return Path(self.upload.temporary_file_path())

    def __enter__(self) -> "ReceivedPaper":
        return self

    def __exit__(self, *_: object) -> None:
        self.upload.close()


def receive_paper(upload: "File | ReceivedPaper") -> ReceivedPaper:
    """Look into a file from outside; raises `Refused`, and then nothing of it is left."""
    if isinstance(upload, ReceivedPaper):
        return upload
    hashed = upload if isinstance(upload, HashedUpload) else _spool(upload)
    try:
        return _inspect(hashed)
    except Refused as refusal:
        hashed.discard()
        security_log.warning("A file was refused: %s", refusal.code)
        raise


def _inspect(upload: HashedUpload) -> ReceivedPaper:
    if upload.is_too_large:
        raise Refused("too_large")
    if upload.found_no_room:
        raise DiskFull
    path = Path(upload.temporary_file_path())
    upload.flush()
    try:
        found = inspect_file(path, replace(Limits(), file_bytes=upload_limit()))
    except UnreadableFile as unreadable:
        raise Refused(unreadable.reason) from None
    if found.secrecy_marking:
        raise Refused("secret")
    if found.encrypted:
        raise Refused("encrypted")
    return ReceivedPaper(
        upload=upload,
        file_name=clean_file_name(upload.name or "", found.format),
        sha256=upload.sha256,
        size=path.stat().st_size,
        pages=found.pages,
        active_content=found.active_content,
        format=found.format,
    )


def _spool(file: File) -> HashedUpload:
    """A file that did not come through the upload handler, brought to the same shape."""
    hashed = make_upload(file.name or "paper.pdf")
    digest, size = hashlib.sha256(), 0
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > upload_limit():
            hashed.is_too_large = True
            break
        with watch_disk():
            hashed.write(chunk)
    hashed.sha256, hashed.size = digest.hexdigest(), size
    return hashed


def clean_file_name(name: str, format: str = Format.PDF) -> str:
    """NFC, no folders, no control or direction marks (`fdp.exe` can look like `exe.pdf`), and with the ending
    of what the file is."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c) not in UNSEEN)
    stem = name.rstrip(" .")
    endings = endings_of(format)
    if stem.lower().endswith(tuple(f".{ending}" for ending in endings)):
        stem = stem.rpartition(".")[0]
    return f"{stem.strip(' .')[:NAME_LENGTH].rstrip(' .') or 'tai-lieu'}.{endings[0]}"
