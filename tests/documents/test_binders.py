"""An issue as one file: what is in it, for whom, and what becomes of papers that cannot be read."""

import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import AuditEvent
from core.actors import CLOCK, WORKER
from core.work import WorkState
from core.workflow import Conflict
from documents import actions, rules, tasks
from documents.binders.packing import safe_name
from documents.binders.sheets import Listed
from documents.models import Binder, BinderCopy, DossierPaper, NeedToKnow, Section
from documents.rules import BinderKind
from tests.conftest import CAST
from tests.documents.hostile import locked_pdf
from tests.documents.samples import make_pdf, received
from tests.documents.test_issues import reopen, seal, speak_english

pytest.importorskip("documents.typesetting", reason="WeasyPrint needs Pango", exc_type=OSError)

__all__ = ["speak_english"]


def make_pages(number, turned=0, words=b"paper"):
    pdf = pikepdf.new()
    for _ in range(number):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Rotate = turned
        page.contents_add(b"BT /F1 12 Tf 50 400 Td (%s) Tj ET" % words)
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def put(cast, dossier, title, content, pages=None, format="pdf"):
    paper = actions.add_paper(
        dossier, by=cast.secretary, upload=received(content, name=f"{title}.pdf"), title=title
    )
    version = paper.version
    actions.record_text(version, by=WORKER, pages=[""] * (pages or 0))
    type(version).objects.filter(pk=version.pk).update(pages=pages, format=format)
    return DossierPaper.objects.get(pk=paper.pk)


@pytest.fixture
def dossier(cast, no_workers):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Phí bảo hiểm y tế")
    put(cast, dossier, "Tờ trình", make_pages(2), 2)
    draft = put(cast, dossier, "Dự thảo Nghị quyết", make_pages(3, turned=90), 3)
    own = put(cast, dossier, "Báo cáo riêng", make_pages(4, words=b"secret"), 4)
    put(cast, dossier, "Phụ lục", make_pages(1, turned=180), 1)
    NeedToKnow.objects.create(paper=own, reader=cast.minister)
    draft.section = Section.objects.create(dossier=dossier, title="I. Dự thảo", place=1)
    draft.save()
    return dossier


@pytest.fixture
def issue(cast, dossier):
    issue = seal(cast, dossier)
    for paper in issue.papers.all():
        to = (
            [cast.minister]
            if paper.is_restricted
            else [cast.minister, cast.other_minister, cast.third_minister]
        )
        actions.distribute_version(paper.version, by=cast.secretary, to=to, because="Phiếu")
    return issue


def build(issue, person, kind=BinderKind.PDF):
    binder = actions.order_binder(issue, by=person, kind=kind)
    tasks.build_binder(binder.pk)
    binder.refresh_from_db()
    assert binder.work_state == WorkState.DONE, binder.work_error
    return binder


def content_of(built):
    with built.open_file() as file:
        return file.read()


def open_pdf(built):
    return pikepdf.open(BytesIO(content_of(built)))


def attachments_of(pdf):
    return {attachment.filename: attachment for attachment in pdf.attachments.values()}


def labels(built):
    document = pypdfium2.PdfDocument(content_of(built))
    return [document.get_page_label(n) for n in range(len(document))]


def page_texts(built):
    document = pypdfium2.PdfDocument(content_of(built))
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def test_the_pages_are_numbered_through_the_whole_dossier(cast, issue):
    binder = build(issue, cast.minister)
    assert labels(binder) == ["i", "ii", *map(str, range(1, 11))]
    assert binder.pages == 12
    texts = page_texts(binder)
    assert [text.split()[-1] for text in texts[2:]] == [str(n) for n in range(1, 11)]
    assert issue.sha256[:32] in texts[0]
    assert "Hoàng Minh Khôi" in texts[0]
    assert "3–5" in texts[1]


def test_bookmarks_and_the_contents_lead_to_the_papers(cast, issue):
    with open_pdf(build(issue, cast.minister)) as pdf, pdf.open_outline() as outline:
        top = [item.title for item in outline.root]
        assert top == ["Bìa", "Mục lục", "1. Tờ trình", "I. Dự thảo", "3. Báo cáo riêng", "4. Phụ lục"]
        assert [item.title for item in outline.root[3].children] == ["2. Dự thảo Nghị quyết"]
        targets = [pdf.pages.index(pikepdf.Page(a.Dest[0])) for a in pdf.pages[1].Annots if "/Dest" in a]
        assert sorted(set(targets)) == [2, 4, 7, 11]
        assert not [a for page in pdf.pages for a in page.get("/Annots", []) if "/A" in a]


def test_the_originals_are_inside_with_their_hashes(cast, issue):
    with open_pdf(build(issue, cast.minister)) as pdf:
        assert len(pdf.attachments) == 4
        for paper in issue.papers.select_related("version__document"):
            attachment = attachments_of(pdf)[f"{paper.place:02} {paper.version.document}.pdf"]
            content = attachment.get_file().read_bytes()
            assert hashlib.sha256(content).hexdigest() == paper.version.sha256
            assert attachment.description == f"SHA-256 {paper.version.sha256}"


def test_what_one_may_not_read_is_not_inside_and_the_numbers_stay(cast, issue):
    binder = build(issue, cast.other_minister)
    assert binder.places == [1, 2, 4]
    assert labels(binder) == ["i", "ii", *map(str, [1, 2, 3, 4, 5, 10])]
    texts = page_texts(binder)
    assert "Báo cáo riêng" not in "".join(texts)
    assert "3 trong tổng số 4 tài liệu" in texts[0]
    with open_pdf(binder) as pdf:
        assert not [name for name in attachments_of(pdf) if "riêng" in name]


def test_laid_down_part_by_part_it_is_the_same(cast, issue, monkeypatch):
    monkeypatch.setattr("documents.binders.binding.HELD_AT_MOST", 1)
    binder = build(issue, cast.minister)
    assert labels(binder) == ["i", "ii", *map(str, range(1, 11))]
    assert [text.split()[-1] for text in page_texts(binder)[2:]] == [str(n) for n in range(1, 11)]
    with open_pdf(binder) as pdf:
        assert len(pdf.attachments) == 4
        assert not pdf.check_pdf_syntax()


def test_it_is_built_once_for_all_who_read_the_same(cast, issue):
    binder = build(issue, cast.other_minister)
    again = actions.order_binder(issue, by=cast.third_minister, kind=BinderKind.PDF)
    assert again == binder
    assert actions.order_binder(issue, by=cast.minister, kind=BinderKind.PDF) != binder
    assert actions.order_binder(issue, by=cast.other_minister, kind=BinderKind.ZIP) != binder


@pytest.mark.parametrize("content", [locked_pdf(), b"%PDF-1.4 broken", make_pdf()[:200]])
def test_a_paper_that_cannot_be_opened_gets_a_sheet_and_stops_nothing(cast, no_workers, content):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    put(cast, dossier, "Tờ trình", make_pages(2), 2)
    bad = put(cast, dossier, "Bản quét", content, 7)
    put(cast, dossier, "Phụ lục", make_pages(1), 1)
    issue = seal(cast, dossier)
    binder = build(issue, cast.secretary)
    assert labels(binder) == ["i", "ii", "1", "2", "3", "10"]
    assert bad.version.sha256[:32] in page_texts(binder)[4]
    with open_pdf(binder) as pdf:
        assert attachments_of(pdf)["02 Bản quét.pdf"].get_file().read_bytes() == content


def test_sound_has_no_page_and_is_attached(cast, no_workers):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    put(cast, dossier, "Tờ trình", make_pages(2), 2)
    put(cast, dossier, "Ghi âm", b"ID3 sound", None, format="mp3")
    put(cast, dossier, "Phụ lục", make_pages(1), 1)
    binder = build(seal(cast, dossier), cast.secretary)
    assert labels(binder) == ["i", "ii", "1", "2", "3"]
    assert "tệp kèm theo" in page_texts(binder)[1]
    with open_pdf(binder) as pdf:
        assert attachments_of(pdf)["02 Ghi âm.mp3"].get_file().read_bytes() == b"ID3 sound"


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")  # the bad file is made here
def test_nothing_in_it_acts(cast, no_workers):
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    box = [0, 0, 9, 9]
    annotations = [
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=box, A=script),
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=box),
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=box, AA=script, T="x"),
    ]
    page.obj.Annots = pdf.make_indirect(pikepdf.Array(annotations))
    page.obj.AA = pikepdf.Dictionary(O=script)
    out = BytesIO()
    pdf.save(out)
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    put(cast, dossier, "Tờ trình", out.getvalue(), 1)
    with open_pdf(build(seal(cast, dossier), cast.secretary)) as binder:
        page = binder.pages[2].obj
        assert "/AA" not in page
        assert [str(a.Subtype) for a in page.Annots] == ["/Link", "/Stamp"]
        assert not [a for a in page.Annots if "/A" in a or "/AA" in a]


def test_the_zip_has_the_files_in_folders_and_the_sealed_manifest(cast, issue):
    binder = build(issue, cast.minister, BinderKind.ZIP)
    with zipfile.ZipFile(BytesIO(content_of(binder))) as archive:
        names = archive.namelist()
        assert names == [
            "manifest.json",
            "SHA256SUMS",
            "01 Tờ trình.pdf",
            "01 I. Dự thảo/02 Dự thảo Nghị quyết.pdf",
            "03 Báo cáo riêng.pdf",
            "04 Phụ lục.pdf",
        ]
        assert hashlib.sha256(archive.read("manifest.json")).hexdigest() == issue.sha256
        for line in archive.read("SHA256SUMS").decode().splitlines():
            sha256, name = line.split("  ", 1)
            assert hashlib.sha256(archive.read(name)).hexdigest() == sha256


def test_the_zip_of_a_part_says_that_it_is_one(cast, issue):
    binder = build(issue, cast.other_minister, BinderKind.ZIP)
    with zipfile.ZipFile(BytesIO(content_of(binder))) as archive:
        assert "03 Báo cáo riêng.pdf" not in archive.namelist()
        told = json.loads(archive.read("manifest-excerpt.json"))
    assert told["excerpt_of"] == issue.sha256
    assert "title" not in told["papers"][2]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("a\u202efdp.exe", "a fdp.exe"),
        ("Tờ trình", "Tờ trình"),
        ("CON: một/hai?", "CON một hai"),
        ("...", "tai-lieu"),
        ("x" * 300, "x" * 80),
    ],
)
def test_names_are_safe_everywhere(name, safe):
    assert safe_name(name) == safe


def test_a_personal_copy_bears_its_reader_on_every_page_and_no_originals(cast, issue):
    copy = actions.order_binder_copy(issue, by=cast.minister)
    other = actions.order_binder_copy(issue, by=cast.other_minister)
    assert (copy.number, other.number) == (1, 2)
    tasks.build_binder_copy(copy.pk)  # too early: the binder is not there
    copy.refresh_from_db()
    assert copy.work_state == WorkState.QUEUED
    tasks.build_binder(copy.binder_id)
    tasks.build_binder_copy(copy.pk)
    copy.refresh_from_db()
    mark = f"{cast.minister.full_name} – Bản số 1"
    assert all(text.count(mark) >= 2 for text in page_texts(copy))
    assert labels(copy) == labels(copy.binder)
    with open_pdf(copy) as pdf:
        assert not pdf.attachments
    assert mark not in "".join(page_texts(Binder.objects.get(pk=copy.binder_id)))


def test_a_failure_is_shown_and_can_be_tried_again(cast, issue, sign_in, monkeypatch):
    monkeypatch.setattr("documents.binders.making.bind", lambda *a, **k: 1 / 0)
    binder = actions.order_binder(issue, by=cast.minister, kind=BinderKind.PDF)
    copy = actions.order_binder_copy(issue, by=cast.minister)
    for _ in range(3):
        tasks.build_binder(binder.pk)
    tasks.build_binder_copy(copy.pk)
    answer = sign_in(cast.minister).get(reverse("documents:read_binders", args=[issue.dossier_id]))
    page = answer.content.decode()
    assert page.count("tag-red") == 2, "the binder and the copy"
    assert 'name="kind" value="pdf"' in page
    monkeypatch.undo()
    assert build(issue, cast.minister) == binder


def test_the_sweep_hands_in_what_was_lost(cast, issue, monkeypatch, settings):
    binder = actions.order_binder(issue, by=cast.minister, kind=BinderKind.ZIP)
    Binder.objects.update(queued_at="2026-01-01T00:00+07:00")
    handed_in = []
    monkeypatch.setattr("documents.tasks.enqueue", lambda task, pk: handed_in.append((task, pk)))
    tasks.hand_in_binders()
    assert handed_in == [("documents.tasks.build_binder", binder.pk)]


READS = {"order_binder", "order_binder_copy"}
MAY = {name: set() for name in CAST} | {
    "secretary": {*READS, "open_binder"},
    "minister": {*READS, "open_binder"},
    "other_minister": READS,
    "third_minister": READS,
}


def test_who_may_do_what(cast, issue):
    """To an issue, and to the binder that holds a paper for the minister alone."""
    binder = Binder(issue=issue, kind=BinderKind.ZIP, places=[1, 2, 3, 4], sha256="a" * 64)
    copy = BinderCopy(issue=issue, binder=binder, reader=cast.minister, number=1, sha256="a" * 64)
    for person in CAST:
        user = getattr(cast, person)
        orders = {name for name in READS if rules.BINDER.allows(name, user, issue)}
        taken = {"open_binder"} if rules.BINDER.allows("open_binder", user, binder) else set()
        assert orders | taken == MAY[person], person
        assert rules.BINDER.allows("open_binder_copy", user, copy) == (person == "minister")
        assert not rules.BINDER.allows("record_binder", user, binder)
        assert not rules.BINDER.allows("record_binder_copy", user, copy)


def test_what_the_machines_may_do(cast, issue):
    binder = Binder(issue=issue, kind=BinderKind.ZIP)
    assert rules.BINDER.allows("record_binder", WORKER, binder)
    assert rules.BINDER.allows("record_binder_copy", WORKER, binder)
    assert not rules.BINDER.allows("record_binder", CLOCK, binder)


def test_strangers_order_nothing_and_what_is_not_built_is_not_taken(cast, issue):
    with pytest.raises(PermissionDenied):
        actions.order_binder(issue, by=cast.nobody, kind=BinderKind.PDF)
    binder = actions.order_binder(issue, by=cast.minister, kind=BinderKind.PDF)
    with pytest.raises(Conflict, match="not built"):
        actions.open_binder(binder, by=cast.minister)


def test_order_watch_and_download(cast, issue, sign_in):
    client = sign_in(cast.minister)
    page = reverse("documents:read_binders", args=[issue.dossier_id])
    order = reverse("documents:order_binder", args=[issue.dossier_id])
    assert client.post(order, {"kind": "pdf"}).url == f"{issue.dossier.get_absolute_url()}#binders"
    waiting = client.post(order, {"kind": "copy"}, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="load delay:2s"' in waiting
    assert client.post(order, {"kind": "exe"}).status_code == 422
    binder, copy = Binder.objects.get(), BinderCopy.objects.get()
    tasks.build_binder(binder.pk)
    tasks.build_binder_copy(copy.pk)
    done = client.get(page).content.decode()
    assert "load delay" not in done
    for name, row in (("download_binder", binder), ("download_binder_copy", copy)):
        address = reverse(f"documents:{name}", args=[row.pk])
        assert address in done
        row.refresh_from_db()
        answer = client.get(address)
        content = b"".join(answer.streaming_content)
        assert hashlib.sha256(content).hexdigest() == row.sha256
        assert "attachment" in answer["Content-Disposition"]
        part = client.get(address, headers={"Range": "bytes=0-9"})
        assert (part.status_code, b"".join(part.streaming_content)) == (206, content[:10])
    traces = AuditEvent.objects.filter(action__in=["documents.open_binder", "documents.open_binder_copy"])
    assert {event.actor_id for event in traces} == {cast.minister.pk}


def test_others_do_not_find_it(cast, issue, sign_in):
    binder = build(issue, cast.minister, BinderKind.ZIP)
    copy = actions.order_binder_copy(issue, by=cast.minister)
    for person in (cast.other_minister, cast.auditor, cast.nobody):
        client = sign_in(person)
        assert client.get(reverse("documents:download_binder", args=[binder.pk])).status_code == 404
        assert client.get(reverse("documents:download_binder_copy", args=[copy.pk])).status_code == 404
    assert (
        sign_in(cast.secretary).get(reverse("documents:download_binder_copy", args=[copy.pk])).status_code
        == 404
    )


def test_nothing_is_bound_before_the_first_issue(cast, dossier, sign_in):
    client = sign_in(cast.secretary)
    assert client.get(reverse("documents:read_binders", args=[dossier.pk])).status_code == 404
    assert client.post(reverse("documents:order_binder", args=[dossier.pk])).status_code == 404


def test_the_next_issue_is_bound_anew(cast, dossier, issue):
    binder = build(issue, cast.secretary, BinderKind.ZIP)
    reopen(cast, dossier)
    put(cast, dossier, "Bổ sung", make_pages(1), 1)
    other = build(seal(cast, dossier), cast.secretary, BinderKind.ZIP)
    assert (other != binder, other.sha256 != binder.sha256) == (True, True)


def test_a_line_of_the_contents():
    line = Listed(
        place=2,
        section="",
        title="Dự thảo",
        number="",
        version=1,
        first_page=7,
        pages=1,
        sha256="ab" * 32,
        attachment_name="02 Dự thảo.pdf",
    )
    assert (line.heading, line.span) == ("2. Dự thảo", "7")
    assert Path(line.attachment_name).suffix == ".pdf"
