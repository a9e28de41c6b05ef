"""Pictures of pages, for a browser that cannot draw them: made on demand, some pages round the one asked for.

They lie beside the originals, in a folder for each, and go with it.
"""

import base64
from collections.abc import Iterator
from dataclasses import replace

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core import clock
from core.queue import enqueue
from core.work import WorkState
from documents import storage
from documents.files.sandbox import Limits, run_task
from documents.models import DerivedCopy, DocumentVersion
from documents.rules import CopyKind
from documents.viewing import count_pages

BEFORE, AFTER = 1, 6  # drawn with the page asked for: people read on
MEDIA_TYPE = "image/webp"


def picture_name(version: DocumentVersion, page: int) -> str:
    return f"{storage.PICTURES}/{version.sha256}/{page}.webp"


def find_picture(version: DocumentVersion, page: int) -> str | None:
    """Its name in the storage, where it is drawn."""
    name = picture_name(version, page)
    return name if default_storage.exists(name) else None


@transaction.atomic
def order_pictures(version: DocumentVersion, page: int) -> DerivedCopy:
    """Have a worker draw the pages round this one. Asking again changes nothing while it is at work."""
    copy, is_new = DerivedCopy.objects.select_for_update().get_or_create(
        version=version, kind=CopyKind.PICTURES, defaults={"wanted_page": page}
    )
    if copy.work_state == WorkState.FAILED and copy.wanted_page == page:
        return copy
    rests = copy.work_state in (WorkState.DONE, WorkState.FAILED)
    if is_new or rests:
        copy.work_state, copy.work_attempts, copy.queued_at = WorkState.QUEUED, 0, clock.now()
        enqueue("documents.tasks.draw_pictures", copy.pk)
    copy.wanted_page = page
    copy.save(update_fields=["work_state", "work_attempts", "queued_at", "wanted_page"])
    return copy


def draw_pictures(copy: DerivedCopy) -> None:
    """The worker's part: the window round the page that is waited for, without those that are there."""
    version = copy.version
    last = count_pages(version)
    window = range(max(1, copy.wanted_page - BEFORE), min(last, copy.wanted_page + AFTER) + 1)
    missing = [page for page in window if not find_picture(version, page)]
    for page, content in _draw(version, missing) if missing else ():
        name = picture_name(version, page)
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))


def _draw(version: DocumentVersion, pages: list[int]) -> Iterator[tuple[int, bytes]]:
    limits = replace(Limits(), file_bytes=settings.UPLOAD_LIMIT_MB * 1024 * 1024)
    with storage.on_disk(version.view) as path:
        for drawn in run_task("documents.files.page_drawing:draw_pages", path, limits, numbers=pages):
            yield drawn["number"], base64.b64decode(drawn["webp"])
