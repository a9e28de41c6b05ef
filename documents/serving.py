"""Giving out a stored file: whole, in parts (RFC 9110, section 14), or through the web server in front."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

from documents import storage
from documents.files.formats import MEDIA_TYPES
from documents.models import DerivedCopy, DocumentVersion, object_name
from documents.rules import Format

VIEWER_ONLY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True)
class StoredFile:
    """Bytes in the storage, and what the browser is told of them."""

    sha256: str
    size: int
    name: str
    media_type: str = MEDIA_TYPES[Format.PDF]
    is_active: bool = False  # scripts in it

    @property
    def storage_name(self) -> str:
        return object_name(self.sha256)

    def open_file(self) -> Any:
        return default_storage.open(self.storage_name, "rb")


def serve_version(request: HttpRequest, version: DocumentVersion, *, as_attachment: bool) -> HttpResponseBase:
    """The original bytes."""
    original = StoredFile(
        version.sha256,
        version.size,
        version.file_name,
        MEDIA_TYPES[Format(version.format)],
        bool(version.active_content),
    )
    return serve_file(request, original, as_attachment=as_attachment)


def serve_view(request: HttpRequest, copy: DerivedCopy) -> HttpResponseBase:
    """The PDF that it is read by."""
    return serve_file(request, StoredFile(copy.sha256, copy.size, f"{copy.pk}.pdf"), as_attachment=False)


def serve_file(request: HttpRequest, file: StoredFile, *, as_attachment: bool) -> HttpResponseBase:
    """The reader may keep it in its own cache and asks each time; nobody on the way may."""
    etag = quote_etag(file.sha256)
    response = get_conditional_response(request, etag=etag) or _make_response(request, file, etag)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Accept-Ranges"] = "bytes"
    if response.status_code in (200, 206):
        _describe(response, file, as_attachment=as_attachment)
    return response


def _make_response(request: HttpRequest, file: StoredFile, etag: str) -> HttpResponseBase:
    if settings.X_ACCEL_PREFIX and not settings.S3_BUCKET:  # the front has the disk, not the object store
        return HttpResponse(headers={"X-Accel-Redirect": f"{settings.X_ACCEL_PREFIX}/{file.storage_name}"})
    wanted = _wanted_range(request, file.size, etag)
    if wanted is None:
        chunks = storage.read_range(file, 0, file.size)
        return StreamingHttpResponse(chunks, headers={"Content-Length": str(file.size)})
    if not wanted:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    headers = {
        "Content-Length": str(len(wanted)),
        "Content-Range": f"bytes {wanted.start}-{wanted.stop - 1}/{file.size}",
    }
    chunks = storage.read_range(file, wanted.start, len(wanted))
    return StreamingHttpResponse(chunks, status=206, headers=headers)


def _wanted_range(request: HttpRequest, size: int, etag: str) -> range | None:
    """None for the whole file; an empty range for one that the file does not have."""
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or not any(asked.groups()) or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None  # no range at all (section 14.1.1): it is ignored
    return range(int(first), min(size, int(last) + 1 if last else size))


def _describe(response: HttpResponseBase, file: StoredFile, *, as_attachment: bool) -> None:
    """A file with scripts in it is never opened inside the browser's own pages, only saved."""
    response["Content-Type"] = file.media_type
    as_attachment = as_attachment or file.is_active
    response["Content-Disposition"] = str(content_disposition_header(as_attachment, file.name))
    response["Content-Security-Policy"] = "sandbox" if file.is_active else VIEWER_ONLY
