"""Giving out a stored file: whole, in parts (RFC 9110, section 14), or through the web server in front."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

from documents import storage
from documents.models import DocumentVersion

VIEWER_ONLY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def serve_version(request: HttpRequest, version: DocumentVersion, *, as_attachment: bool) -> HttpResponseBase:
    """The reader may keep it in its own cache and asks each time; nobody on the way may."""
    etag = quote_etag(version.sha256)
    response = get_conditional_response(request, etag=etag) or _make_response(request, version, etag)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Accept-Ranges"] = "bytes"
    if response.status_code in (200, 206):
        _describe(response, version, as_attachment=as_attachment)
    return response


def _make_response(request: HttpRequest, version: DocumentVersion, etag: str) -> HttpResponseBase:
    if settings.X_ACCEL_PREFIX and not settings.S3_BUCKET:  # the front has the disk, not the object store
        return HttpResponse(headers={"X-Accel-Redirect": f"{settings.X_ACCEL_PREFIX}/{version.storage_name}"})
    wanted = _wanted_range(request, version.size, etag)
    if wanted is None:
        chunks = storage.read_range(version, 0, version.size)
        return StreamingHttpResponse(chunks, headers={"Content-Length": str(version.size)})
    if not wanted:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{version.size}"})
    headers = {
        "Content-Length": str(len(wanted)),
        "Content-Range": f"bytes {wanted.start}-{wanted.stop - 1}/{version.size}",
    }
    chunks = storage.read_range(version, wanted.start, len(wanted))
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


def _describe(response: HttpResponseBase, version: DocumentVersion, *, as_attachment: bool) -> None:
    """A file with scripts in it is never opened inside the browser's own pages, only saved."""
    response["Content-Type"] = "application/pdf"
    as_attachment = as_attachment or bool(version.active_content)
    response["Content-Disposition"] = str(content_disposition_header(as_attachment, version.file_name))
    response["Content-Security-Policy"] = "sandbox" if version.active_content else VIEWER_ONLY
