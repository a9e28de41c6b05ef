"""What the worker finds in a paper."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from audit import trail
from core.locks import lock
from core.news import publish
from core.queue import enqueue
from core.work import WorkState, finish, start_over
from documents import rules, storage
from documents.actions._versions import erase
from documents.events import VersionRead
from documents.files.preparation import MadeView
from documents.models import DerivedCopy, Document, DocumentText, DocumentVersion, VirusScan
from documents.rules import CopyKind, Format, ScanVerdict
from notifications import outbox
from people.models import User
from people.names import fold
from people.rules import Role


@transaction.atomic
def record_text(
    version: DocumentVersion, *, by: Any, pages: Sequence[str], wants_view: bool = False
) -> DocumentVersion:
    """The worker has read the text, page by page. A file without readable pages of its own `wants_view`: a
    PDF is made for reading it, and its text comes with that."""
    version = lock(version)
    rules.VERSION.check("record_text", by, version)

    if version.format == Format.PDF:
        _keep_text(version, pages)
    finish(version)
    if wants_view:
        copy, _ = DerivedCopy.objects.get_or_create(version=version, kind=CopyKind.VIEW)
        start_over(copy)
        enqueue("documents.tasks.make_view", copy.pk)

    characters = sum(map(len, pages))
    trail.record("documents.record_text", by=by, on=version, pages=len(pages), characters=characters)
    publish(VersionRead(version.pk))
    return version


def _keep_text(version: DocumentVersion, pages: Sequence[str], recognised: Sequence[int] = ()) -> None:
    found = {
        "pages": list(pages),
        "folded": [fold(page) for page in pages],
        "recognised_pages": list(recognised),
    }
    DocumentText.objects.update_or_create(version=version, defaults=found)
    version.pages = len(pages)
    version.save(update_fields=["pages"])


@transaction.atomic
def record_view(copy: DerivedCopy, *, by: Any, made: MadeView) -> DerivedCopy:
    """The worker has made what the version is read by, and has read the words in it."""
    version = lock(copy.version)
    copy = lock(copy)
    rules.VERSION.check("record_view", by, version)

    if made.path:
        copy.sha256, copy.size = storage.keep_file(made.path)
    copy.pages, copy.made_with = len(made.pages), made.made_with
    copy.save(update_fields=["sha256", "size", "pages", "made_with"])
    copy.recognised.all().delete()
    _keep_text(version, made.pages, made.recognised)
    finish(copy, made.lacking)

    trail.record(
        "documents.record_view",
        by=by,
        on=version,
        sha256=copy.sha256,
        pages=copy.pages,
        made_with=copy.made_with,
        recognised=len(made.recognised),
    )
    publish(VersionRead(version.pk))
    return copy


@transaction.atomic
def record_scan(scan: VirusScan, *, by: Any, verdict: str, engine: str, found: str = "") -> VirusScan:
    """The virus scanner has spoken. A file with a virus is refused at once."""
    version = lock(scan.version)
    scan = lock(scan)
    rules.VERSION.check("record_scan", by, version)

    scan.verdict, scan.engine, scan.found = verdict, engine[:200], found[:200]
    scan.save(update_fields=["verdict", "engine", "found"])
    finish(scan)

    trail.record(
        "documents.record_scan", by=by, on=version, verdict=verdict, engine=scan.engine, found=scan.found
    )
    if verdict == ScanVerdict.INFECTED:
        refuse_version(version, by=by, because="infected")
    return scan


@transaction.atomic
def retry_reading(version: DocumentVersion, *, by: Any) -> DocumentVersion:
    """Whoever works on the folder has what failed tried once more: perhaps a program was installed since."""
    version = lock(version)
    rules.VERSION.check("retry_reading", by, version)

    if version.work_state == WorkState.FAILED:
        start_over(version)
        enqueue("documents.tasks.read_version", version.pk)
    for copy in version.copies.with_problem().filter(kind=CopyKind.VIEW):
        start_over(copy)
        enqueue("documents.tasks.make_view", copy.pk)

    trail.record("documents.retry_reading", by=by, on=version)
    return version


@transaction.atomic
def refuse_version(version: DocumentVersion, *, by: Any, because: str) -> DocumentVersion:
    """The worker has found what must not be in this system: bytes, text and file name go, the row stays.
    Of a paper with a secrecy marking the title goes too.

    The office is told, so that it takes the matter to the paper way; of a private paper, its owner alone.
    """
    version = lock(version)
    rules.VERSION.check("refuse_version", by, version)

    if because == "secret":
        Document.objects.filter(pk=version.document_id).update(title="", number="")
        version.document.refresh_from_db()
    erase(version, because=because)

    trail.record("documents.refuse_version", by=by, on=version, because=because)
    private = version.document.is_private
    owner = User.objects.filter(pk=version.document.owner_id)
    outbox.tell(
        owner if private else User.objects.holding([Role.SECRETARY], version.body_id),
        _name_notice(because, private),
        url=version.get_absolute_url(),
        because=because,
        title=version.document.title,
        added_by=version.added_by_name,
    )
    return version


def _name_notice(because: str, private: bool) -> str:
    if because == "infected":
        return "documents/paper_infected"
    return "documents/own_paper_refused" if private else "documents/paper_refused"
