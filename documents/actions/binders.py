"""An issue as one file: ordered by a reader, built by the worker, taken by the reader."""

from typing import Any

from django.db import models, transaction

from audit import trail
from core import clock
from core.locks import lock
from core.queue import enqueue
from core.work import WorkState, finish
from documents import rules
from documents.binders.issue_files import list_bound_for, make_key
from documents.models import Binder, BinderCopy, DossierIssue
from documents.rules import BinderKind

BUILD, MARK = "documents.tasks.build_binder", "documents.tasks.build_binder_copy"


@transaction.atomic
def order_binder(issue: DossierIssue, *, by: Any, kind: str) -> Binder:
    """A reader wants the dossier as one file: of the papers that she may read, in their order.

    It is built once for all who may read the same. What did not succeed is tried again.
    """
    issue = lock(issue)
    rules.BINDER.check("order_binder", by, issue)

    binder = _have_built(issue, by, kind)

    trail.record("documents.order_binder", by=by, on=binder, issue=issue.number)
    return binder


@transaction.atomic
def order_binder_copy(issue: DossierIssue, *, by: Any) -> BinderCopy:
    """A reader wants a copy of her own: with her name, the time and the number of the copy on every page."""
    issue = lock(issue)
    rules.BINDER.check("order_binder_copy", by, issue)

    binder = _have_built(issue, by, BinderKind.PDF)
    last = issue.binder_copies.aggregate(last=models.Max("number"))["last"] or 0
    copy = BinderCopy.objects.create(issue=issue, binder=binder, reader=by, number=last + 1)

    trail.record("documents.order_binder_copy", by=by, on=copy, issue=issue.number, number=copy.number)
    if not binder.is_waiting:
        enqueue(MARK, copy.pk)
    return copy


@transaction.atomic
def record_binder(binder: Binder, *, by: Any, sha256: str, size: int, pages: int) -> Binder:
    """The worker has built it and put it into the storage; the personal copies of it can be made now."""
    binder = lock(binder)
    rules.BINDER.check("record_binder", by, binder)

    binder.sha256, binder.size, binder.pages = sha256, size, pages
    binder.save(update_fields=["sha256", "size", "pages"])
    finish(binder)

    trail.record("documents.record_binder", by=by, on=binder, sha256=sha256, size=size, pages=pages)
    for copy in binder.copies.filter(work_state=WorkState.QUEUED).order_by("pk"):
        enqueue(MARK, copy.pk)
    return binder


@transaction.atomic
def record_binder_copy(copy: BinderCopy, *, by: Any, sha256: str, size: int) -> BinderCopy:
    """The worker has put the reader's mark on every page."""
    copy = lock(copy)
    rules.BINDER.check("record_binder_copy", by, copy)

    copy.sha256, copy.size = sha256, size
    copy.save(update_fields=["sha256", "size"])
    finish(copy)

    trail.record("documents.record_binder_copy", by=by, on=copy, number=copy.number, sha256=sha256, size=size)
    return copy


@transaction.atomic
def open_binder(binder: Binder, *, by: Any) -> Binder:
    """A reader takes the file."""
    rules.BINDER.check("open_binder", by, binder)

    trail.record("documents.open_binder", by=by, on=binder, sha256=binder.sha256)
    return binder


@transaction.atomic
def open_binder_copy(copy: BinderCopy, *, by: Any) -> BinderCopy:
    """A reader takes the copy that bears her name; nobody else can."""
    rules.BINDER.check("open_binder_copy", by, copy)

    trail.record("documents.open_binder_copy", by=by, on=copy, number=copy.number, sha256=copy.sha256)
    return copy


def _have_built(issue: DossierIssue, by: Any, kind: str) -> Binder:
    papers = list_bound_for(by, issue)
    binder, is_new = Binder.objects.get_or_create(
        issue=issue,
        kind=BinderKind(kind),
        content_key=make_key(issue, papers),
        defaults={"places": [paper.place for paper in papers]},
    )
    if binder.work_state == WorkState.FAILED:
        binder.work_state, binder.work_attempts, binder.work_error = WorkState.QUEUED, 0, ""
        binder.queued_at = clock.now()
        binder.save(update_fields=["work_state", "work_attempts", "work_error", "queued_at"])
        is_new = True
    if is_new:
        enqueue(BUILD, binder.pk)
    return binder
