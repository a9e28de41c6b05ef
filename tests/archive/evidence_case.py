"""A decision with everything behind it, made quickly: real files, real answers, a real log."""

from types import SimpleNamespace

from archive.actions import file_resolution, order_evidence
from audit import checkpoints
from core import clock
from core.actors import WORKER
from core.work import WorkState
from decisions.actions import READERS
from decisions.models import Resolution
from decisions.rules import ResolutionStatus
from documents import storage
from documents.actions import distribute_version
from documents.models import DocumentVersion, NeedToKnow
from opinions import actions as opinions
from tests.audit.logbook import take_all
from tests.documents.samples import make_pdf
from tests.opinions import steps


def keep_log_here(monkeypatch, settings, folder):
    """A key of its own, and a log that sees what the test's transaction has written."""
    settings.AUDIT_KEY_FILE = str(folder / "audit.pem")
    settings.AUDIT_ORIGIN = "chinhphu.example/trail"
    checkpoints.create_key()
    monkeypatch.setattr("archive.evidence.log.extend_log", take_all)


def decide(cast, *, restricted=True, text=None):
    """Three answers of five members, one of them different; the dossier was corrected once."""
    request = steps.draft(cast, papers=2)
    for paper in request.dossier.papers.order_by("place"):
        give_bytes(paper.version)
    if restricted:
        named = request.dossier.papers.order_by("place").last()
        NeedToKnow.objects.create(paper=named, reader=cast.minister)
    request = opinions.submit_request(request, by=cast.secretary)
    request = opinions.approve_request(request, by=cast.vice_chair)
    steps.answer(request, cast.chair)
    steps.answer(request, cast.minister, "other", "Cần quy định rõ mức hỗ trợ.")
    steps.answer(request, cast.other_minister)
    opinions.correct_dossier(request, by=cast.secretary, reason="Sửa lỗi kỹ thuật.")
    first = request.dossier.papers.order_by("place").first().version
    replace_paper(request, first)
    request.refresh_from_db()
    opinions.reissue_dossier(request, by=cast.secretary)
    request.refresh_from_db()
    with steps.after_the_deadline(request):
        request = steps.close(request)
        add_version(request.synthesis, "tong-hop.pdf")
        request = steps.decide(cast, request)
    return issue(request.resolution, text)


def issue(resolution, text):
    """As the register has it; how a text is laid out and signed is told elsewhere."""
    version = add_version(resolution.document, "nghi-quyet.pdf", text)
    readers = [(role, resolution.body) for role in READERS]
    distribute_version(version, by=WORKER, roles=readers, because="test")
    today = clock.today()
    Resolution.objects.filter(pk=resolution.pk).update(
        status=ResolutionStatus.ISSUED, number=7, year=today.year, issued_on=today, issued_at=clock.now()
    )
    resolution = Resolution.objects.get(pk=resolution.pk)
    file_resolution(resolution, by=WORKER)
    return resolution


def give_bytes(version, content=None):
    content = content or make_pdf()
    sha256 = storage.keep_content(content)
    DocumentVersion.objects.filter(pk=version.pk).update(sha256=sha256, size=len(content), pages=1)
    version.refresh_from_db()
    return version


def add_version(document, name, content=None):
    version = DocumentVersion(
        document=document,
        number=document.versions.count() + 1,
        file_name=name,
        sha256="0" * 64,
        size=0,
        pages=1,
        added_by_name="test",
        work_state=WorkState.DONE,
    )
    version.save()
    return give_bytes(version, content)


def replace_paper(request, version):
    newer = add_version(version.document, "sua.pdf")
    paper = request.dossier.papers.get(version=version)
    paper.version = newer
    paper.save()


def make_bundle(resolution, person, capture):
    """Ordered by this person, made by the worker; where its file is."""
    with capture(execute=True):
        bundle = order_evidence(resolution, by=person)
    bundle.refresh_from_db()
    assert bundle.work_state == WorkState.DONE, bundle.work_error
    with storage.on_disk(bundle) as path:
        return SimpleNamespace(row=bundle, path=path)
