"""Private papers: their owner's alone, also in the trail, until she gives them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from core.actors import WORKER
from core.workflow import Conflict
from documents import actions, rules
from documents.models import Document, DocumentVersion
from documents.refusals import Refused
from notifications.models import Notification
from signatures.models import Verification
from tests.conftest import CAST
from tests.documents.samples import make_pdf, make_secret_pdf, received, stored_objects

TITLE = "Ghi chép riêng về nhân sự"


def keep(person, content=None, title=TITLE, body=None):
    document = Document(owner=person, body=body or person.current_appointments[0].body, title=title)
    return actions.keep_own_paper(document, by=person, upload=received(content))


@pytest.fixture
def paper(cast):
    return keep(cast.minister)


def told(person, sign_in):
    """All that an auditor is shown of the trail."""
    return sign_in(person).get(reverse("audit:search_trail")).content.decode()


def test_nobody_but_the_owner_sees_it(cast, paper, sign_in):
    pages = ("documents:read_version", "documents:download_version", "reading:put_into_folder")
    pages += ("reading:give_own_paper", "reading:discard_own_paper")
    for person in CAST:
        user, is_owner = getattr(cast, person), person == "minister"
        assert DocumentVersion.objects.visible_to(user).exists() == is_owner, person
        browser = sign_in(user)
        for name in pages:
            status = browser.get(reverse(name, args=[paper.pk])).status_code
            assert status == (200 if is_owner else 404), (person, name)
    for person in ("minister", "secretary", "auditor"):
        page = sign_in(getattr(cast, person)).get(reverse("reading:own_papers")).content.decode()
        assert (TITLE in page) == (person == "minister"), person


def test_only_the_owner_gives_or_discards_it(cast, paper):
    everything = {"give_own_paper", "discard_own_paper", "keep_own_paper", "file_own_paper"}
    for person in CAST:
        user, is_owner = getattr(cast, person), person == "minister"
        allowed = set(rules.OWN_PAPER.allowed(user, paper.document))
        assert allowed == (everything if is_owner else set()), person
        assert rules.VERSION.allows("distribute_version", user, paper) == is_owner, person


def test_who_holds_no_office_keeps_nothing(cast):
    with pytest.raises(PermissionDenied):
        keep(cast.nobody, body=cast.body)


def test_nobody_keeps_a_paper_for_another(cast):
    with pytest.raises(PermissionDenied):
        actions.keep_own_paper(
            Document(owner=cast.chair, body=cast.body), by=cast.minister, upload=received()
        )


def test_the_trail_tells_that_something_was_kept_and_not_what(cast, paper, sign_in):
    actions.open_version(paper, by=cast.minister)
    page = told(cast.auditor, sign_in)
    assert "đã cất một tài liệu riêng" in page
    assert TITLE not in page
    entries = AuditEvent.objects.filter(
        target_type__in=["documents.documentversion", "signatures.verification"]
    )
    assert entries.count() >= 3
    assert {entry.target_name for entry in entries} == {"Tài liệu riêng"}
    assert not [entry for entry in entries if entry.details]
    case = sign_in(cast.auditor).get(
        reverse("audit:read_case", args=["documents.document", paper.document_id])
    )
    assert TITLE not in case.content.decode()


def test_the_check_of_its_signatures_is_hers_too(cast, paper, sign_in):
    assert Verification.objects.filter(version=paper).exists()
    url = reverse("signatures:read_verification", args=[paper.pk])
    assert sign_in(cast.auditor).get(url).status_code == 404
    assert sign_in(cast.minister).get(url).status_code == 200


def test_once_given_the_trail_names_it(cast, paper, sign_in):
    actions.give_own_paper(paper, by=cast.minister, to=[cast.chair], because="Xin ý kiến")
    assert TITLE in told(cast.auditor, sign_in)
    earlier = AuditEvent.objects.get(action="documents.keep_own_paper")
    assert earlier.target_name == "Tài liệu riêng"


def test_who_is_given_it_reads_it_and_is_told(cast, paper, sign_in):
    actions.give_own_paper(paper, by=cast.minister, to=[cast.chair, cast.minister], because="Xin ý kiến")
    assert {notice.recipient for notice in Notification.objects.all()} == {cast.chair}
    page = sign_in(cast.chair).get(reverse("reading:given_papers")).content.decode()
    assert TITLE in page
    assert "Nguyễn Hữu Đức chuyển" in page
    assert "Xin ý kiến" in page
    assert sign_in(cast.chair).get(paper.get_absolute_url()).status_code == 200
    for stranger in ("secretary", "auditor", "administrator", "other_minister"):
        assert not DocumentVersion.objects.visible_to(getattr(cast, stranger)).exists()


def test_who_was_given_it_does_not_give_it_on(cast, paper):
    actions.give_own_paper(paper, by=cast.minister, to=[cast.chair], because="Xin ý kiến")
    with pytest.raises(PermissionDenied):
        actions.give_own_paper(paper, by=cast.chair, to=[cast.vice_chair], because="Chuyển tiếp")
    with pytest.raises(PermissionDenied):
        actions.distribute_version(paper, by=cast.chair, to=[cast.vice_chair], because="Chuyển tiếp")


def test_it_is_given_once(cast, paper):
    actions.give_own_paper(paper, by=cast.minister, to=[cast.chair], because="Xin ý kiến")
    with pytest.raises(Conflict):
        actions.give_own_paper(paper, by=cast.minister, to=[cast.chair], because="Lần nữa")


def test_what_is_discarded_leaves_neither_bytes_nor_name(
    cast, paper, django_capture_on_commit_callbacks, sign_in
):
    assert stored_objects()
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard_own_paper(paper, by=cast.minister)
    assert stored_objects() == []
    paper.document.refresh_from_db()
    assert paper.document.title == ""
    assert (
        sign_in(cast.minister).get(reverse("reading:discard_own_paper", args=[paper.pk])).status_code == 404
    )


def test_what_others_have_is_not_discarded(cast, paper):
    actions.give_own_paper(paper, by=cast.minister, to=[cast.chair], because="Xin ý kiến")
    with pytest.raises(Conflict):
        actions.discard_own_paper(paper, by=cast.minister)


def test_there_is_a_limit(cast, paper, monkeypatch):
    monkeypatch.setattr(rules, "OWN_PAPERS_LIMIT", 1)
    with pytest.raises(Conflict):
        keep(cast.minister)
    actions.discard_own_paper(paper, by=cast.minister)
    assert keep(cast.minister).pk


def test_a_secrecy_marking_is_refused_as_ever(cast):
    upload = SimpleUploadedFile("a.pdf", make_secret_pdf(), "application/pdf")
    document = Document(owner=cast.minister, body=cast.body)
    with pytest.raises(Refused):
        actions.keep_own_paper(document, by=cast.minister, upload=upload)
    assert not Document.objects.filter(owner=cast.minister).exists()


def test_a_marking_that_the_worker_finds_is_told_to_the_owner_alone(cast, paper):
    actions.refuse_version(paper, by=WORKER, because="secret")
    notice = Notification.objects.get()
    assert (notice.recipient, notice.kind) == (cast.minister, "documents/own_paper_refused")


# Through the pages


def test_a_paper_is_kept_given_and_discarded_through_the_pages(cast, sign_in):
    browser = sign_in(cast.minister)
    for name in ("một.pdf", "hai.pdf"):
        upload = SimpleUploadedFile(name, make_pdf(), "application/pdf")
        assert browser.post(reverse("reading:own_papers"), {"upload": upload}).status_code == 302
    first, second = DocumentVersion.objects.order_by("pk")
    assert [str(first), str(second)] == ["một", "hai"]
    give = {"to": [cast.chair.pk], "because": "Xin ý kiến"}
    assert browser.post(reverse("reading:give_own_paper", args=[first.pk]), give).status_code == 302
    assert browser.post(reverse("reading:discard_own_paper", args=[second.pk])).status_code == 302
    page = browser.get(reverse("reading:own_papers")).content.decode()
    assert "đã chuyển cho 1 người" in page
    assert "hai" not in page.partition("<main")[2].partition("document-title")[2]


def test_a_bad_file_gets_its_sentence(cast, sign_in):
    upload = SimpleUploadedFile("a.pdf", b"no pdf at all", "application/pdf")
    answer = sign_in(cast.minister).post(reverse("reading:own_papers"), {"upload": upload})
    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_it_is_given_to_colleagues_in_office_only(cast, paper, sign_in):
    url = reverse("reading:give_own_paper", args=[paper.pk])
    for stranger in (cast.nobody, cast.outside_member, cast.minister):
        give = {"to": [stranger.pk], "because": "Xin ý kiến"}
        assert sign_in(cast.minister).post(url, give).status_code == 422
    assert not paper.distributions.exists()


def test_support_does_not_see_it_in_the_tables(cast, paper, admin_client):
    page = admin_client.get("/admin/documents/documentversion/")
    assert paper.sha256 not in page.content.decode()
    assert admin_client.get(f"/admin/documents/documentversion/{paper.pk}/change/").status_code in (302, 404)


def test_the_list_asks_as_often_for_many_as_for_one(cast, paper, sign_in):
    browser = sign_in(cast.minister)
    url = reverse("reading:own_papers")
    browser.get(url)
    before = _count(browser, url)
    for _ in range(31):
        keep(cast.minister)
    assert _count(browser, url) == before
    assert "?before=" in browser.get(url).content.decode()


def _count(browser, url):
    with CaptureQueriesContext(connection) as queries:
        browser.get(url)
    return len(queries)
