"""Sending a file in pieces: the server's side of tus 1.0 (https://tus.io/protocols/resumable-upload)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from documents import resumable
from documents.naming import propose
from documents.uploads import upload_limit

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"


@require_http_methods(["OPTIONS", "POST"])
def begin_upload(request: HttpRequest) -> HttpResponse:
    """A file is announced. The answer says where its pieces go, and what the paper probably is."""
    if request.method == "OPTIONS":
        about = {"Tus-Version": VERSION, "Tus-Extension": "creation,termination"}
        return _tell(HttpResponse(status=204, headers=about | {"Tus-Max-Size": str(upload_limit())}))
    length = request.headers.get("Upload-Length", "")
    name = resumable.read_name(request.headers.get("Upload-Metadata", ""))
    if not _speaks_tus(request):
        return _ask_for_tus()
    if not _is_number(length) or name is None:
        return _tell(HttpResponse(status=400))
    if int(length) > upload_limit():
        return _tell(HttpResponse(status=413, headers={"Tus-Max-Size": str(upload_limit())}))
    partial = resumable.begin(request.user, name=name, size=int(length))
    kind, title = propose(name)
    answer = JsonResponse({"id": str(partial.key), "kind": kind, "title": title}, status=201)
    answer["Location"] = reverse("documents:follow_upload", args=[partial.key])
    return _tell(answer, partial.offset)


@require_http_methods(["HEAD", "PATCH", "DELETE"])
def follow_upload(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far a file has come; the next piece of it; or it is not wanted any more."""
    partial = resumable.find(request.user, key)
    if not _speaks_tus(request):
        return _ask_for_tus()
    if request.method == "DELETE":
        partial.discard()
        return _tell(HttpResponse(status=204))
    if request.method == "HEAD":
        return _tell(HttpResponse(headers={"Upload-Length": str(partial.size)}), partial.offset)
    if request.content_type != PIECE:
        return _tell(HttpResponse(status=415))
    offset = request.headers.get("Upload-Offset", "")
    if not _is_number(offset):
        return _tell(HttpResponse(status=400))
    return _tell(HttpResponse(status=204), partial.append(request, int(offset)))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _speaks_tus(request: HttpRequest) -> bool:
    return request.headers.get("Tus-Resumable") == VERSION


def _ask_for_tus() -> HttpResponse:
    return HttpResponse(status=412, headers={"Tus-Version": VERSION})


def _tell(answer: Any, offset: int | None = None) -> HttpResponse:
    answer["Tus-Resumable"], answer["Cache-Control"] = VERSION, "no-store"
    if offset is not None:
        answer["Upload-Offset"] = str(offset)
    return answer
