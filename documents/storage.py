"""Where the bytes lie: one object for each SHA-256, in whatever storage the settings name.

Keeping and erasing the same bytes exclude each other by an advisory lock that lasts until the transaction
ends: an object that a committed row speaks of is there, whole. A crash leaves at most an object without row.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Protocol
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from documents.files.disk import watch_disk
from documents.models import DocumentVersion, object_name

CHUNK = 64 * 1024
FOLDER = "objects"
PICTURES = "pictures"  # of pages: a folder for each original, by its SHA-256
HEX_DIGITS = 64
ABANDONED = timedelta(hours=1)  # a temporary file this old belongs to nobody


def keep(file: IO[bytes], sha256: str) -> None:
    """Store the bytes, once. Inside a transaction that then writes the row."""
    _lock(sha256)
    name = object_name(sha256)
    if default_storage.exists(name):
        return
    folder = _local_folder()
    if folder is None:
        default_storage.save(name, File(file))  # an object store shows an object whole or not at all
    else:
        _write_whole(file, folder / name)


def keep_content(content: bytes) -> str:
    """Store what was made here; gives its SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    keep(BytesIO(content), sha256)
    return sha256


def keep_file(path: Path) -> tuple[str, int]:
    """Store a file that was made on the disk; gives its SHA-256 and size."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        keep(file, sha256)
    return sha256, path.stat().st_size


def erase_unless_used(sha256: str) -> bool:
    """Erase the bytes when no row speaks of them any more, and what was drawn from them."""
    with transaction.atomic():
        _lock(sha256)
        if any(rows.filter(**{field: sha256}).exists() for rows, field in _stored_objects()):
            return False
        default_storage.delete(object_name(sha256))
        _erase_folder(f"{PICTURES}/{sha256}")
        return True


def _stored_objects() -> list[tuple[QuerySet[Any], str]]:
    """Who holds what stands in one table, `ecabinet/objects.py`: apps above keep objects too."""
    table: list[tuple[QuerySet[Any], str]] = import_string(settings.STORED_OBJECTS)
    return table


def _erase_folder(folder: str) -> None:
    folders, names = _list(folder)
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    for name in folders:
        _erase_folder(f"{folder}/{name}")
    if names or folders:
        default_storage.delete(folder)  # an object store has no folders, and minds nothing


def sweep() -> int:
    """Erase what a crash left behind: objects without a row, half-written files. Says how many."""
    erased = 0
    for prefix in _list(FOLDER)[0]:
        used = {
            sha256
            for rows, field in _stored_objects()
            for sha256 in rows.filter(**{f"{field}__startswith": prefix}).values_list(field, flat=True)
        }
        for name in set(_list(f"{FOLDER}/{prefix}")[1]) - used:
            if len(name) == HEX_DIGITS:
                erased += erase_unless_used(name)
            elif default_storage.get_modified_time(f"{FOLDER}/{prefix}/{name}") < timezone.now() - ABANDONED:
                default_storage.delete(f"{FOLDER}/{prefix}/{name}")
                erased += 1
    return erased + _sweep_pictures()


def _sweep_pictures() -> int:
    """Pictures of pages whose paper is gone."""
    drawn = set(_list(PICTURES)[0])
    gone = drawn - set(
        DocumentVersion.objects.kept().filter(sha256__in=drawn).values_list("sha256", flat=True)
    )
    for name in gone:
        _erase_folder(f"{PICTURES}/{name}")
    return len(gone)


class Stored(Protocol):
    """A version, a view of it, a binder: whatever has an object."""

    @property
    def storage_name(self) -> str: ...
    def open_file(self) -> Any: ...


@contextmanager
def on_disk(stored: Stored) -> Iterator[Path]:
    """The bytes as a file that a child process can read."""
    folder = _local_folder()
    if folder is not None:
        yield folder / stored.storage_name
        return
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
        with stored.open_file() as file:
            shutil.copyfileobj(file, copy, CHUNK)
        copy.flush()
        yield Path(copy.name)


def read_range(stored: Stored, start: int, length: int) -> Iterator[bytes]:
    """A part of the bytes, in chunks; an object store is asked for that part only."""
    bucket = getattr(default_storage, "bucket", None)
    if bucket is not None:
        wanted = bucket.Object(stored.storage_name).get(Range=f"bytes={start}-{start + length - 1}")
        yield from wanted["Body"].iter_chunks(CHUNK)
        return
    with stored.open_file() as file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


def _lock(sha256: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [sha256])


def _local_folder() -> Path | None:
    return Path(default_storage.location) if isinstance(default_storage, FileSystemStorage) else None


def _write_whole(file: IO[bytes], path: Path) -> None:
    """Under another name first, on the disk before it is renamed: nobody ever sees a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{uuid4().hex}")
    try:
        with watch_disk(), part.open("xb") as target:
            shutil.copyfileobj(file, target, CHUNK)
            target.flush()
            os.fsync(target.fileno())
        part.chmod(0o440)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _list(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
