"""The card of the evidence on a decision's page, its file, and the same for other systems."""

import pytest
from django.urls import reverse

from archive.models import EvidenceBundle
from audit.models import AuditEvent
from core.work import WorkState
from documents import storage
from tests.archive.evidence_case import give_bytes
from tests.conftest import CAST

MAY = {"secretary", "archivist", "auditor"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(archive):
    resolution = archive.add("Về bảo hiểm y tế", index=False)
    give_bytes(resolution.document.versions.get())
    return resolution


@pytest.fixture
def bundle(issued, cast):
    """A finished one of the archivist's; its bytes do not matter here."""
    content = b"PK the bundle"
    return EvidenceBundle.objects.create(
        resolution=issued,
        role="archivist",
        ordered_by_name=str(cast.archivist),
        work_state=WorkState.DONE,
        sha256=storage.keep_content(content),
        size=len(content),
        contents={"files": {"document": 3, "answer": 25}, "left_out": [["paper", "need_to_know", 2]]},
    )


def page_of(resolution):
    return reverse("archive:read_resolution", args=[resolution.pk])


def test_for_others_there_is_nothing(issued, bundle, cast, sign_in):
    for person in (name for name in CAST if name not in MAY):
        client = sign_in(getattr(cast, person))
        assert client.get(reverse("archive:read_evidence", args=[issued.pk])).status_code == 404, person
        assert client.post(reverse("archive:order_evidence", args=[issued.pk])).status_code == 404, person
        assert client.get(reverse("archive:download_evidence", args=[bundle.pk])).status_code == 404, person
        page = client.get(page_of(issued))
        assert page.status_code == 404 or 'id="evidence"' not in page.content.decode(), person


@pytest.mark.parametrize("person", ["secretary", "auditor"])
def test_another_office_has_its_own(issued, bundle, cast, sign_in, person):
    client = sign_in(getattr(cast, person))
    assert client.get(reverse("archive:download_evidence", args=[bundle.pk])).status_code == 404
    page = client.get(page_of(issued)).content.decode()
    assert 'id="evidence"' in page and bundle.sha256 not in page


def test_the_card_tells_what_is_inside_and_what_is_not(issued, bundle, cast, sign_in):
    page = sign_in(cast.archivist).get(page_of(issued)).content.decode()
    assert bundle.sha256 in page and bundle.file_name in page
    assert "3 tài liệu, 25 phiếu ý kiến" in page
    assert "2 tài liệu không được giao cho chức danh này" in page
    assert "chưa ghi vào nhật ký" in page


def test_it_is_ordered_watched_and_taken(
    issued, cast, sign_in, django_capture_on_commit_callbacks, no_workers
):
    client = sign_in(cast.archivist)
    order = reverse("archive:order_evidence", args=[issued.pk])
    answer = client.post(order, headers={"HX-Request": "true"})
    assert "load delay:2s" in answer.content.decode()
    assert client.post(order).url == f"{page_of(issued)}#evidence"
    bundle = EvidenceBundle.objects.get()
    file = reverse("archive:download_evidence", args=[bundle.pk])
    assert client.get(file).status_code == 409  # not ready yet

    EvidenceBundle.objects.update(
        work_state=WorkState.DONE, sha256=storage.keep_content(b"PK ready"), size=8, is_logged=True
    )
    shown = client.get(reverse("archive:read_evidence", args=[issued.pk])).content.decode()
    assert "đã ghi vào nhật ký" in shown and "load delay" not in shown
    taken = client.get(file)
    assert b"".join(taken.streaming_content) == b"PK ready"
    assert (
        taken["Content-Disposition"].startswith("attachment")
        and bundle.file_name in taken["Content-Disposition"]
    )
    assert AuditEvent.objects.filter(action="archive.open_evidence", actor_id=cast.archivist.pk).count() == 1


@pytest.mark.parametrize(
    ("error", "words"), [("file_missing", "thiếu một tệp"), ("worker_lost", "Chưa lập được gói")]
)
def test_a_failure_is_told_with_what_to_do(issued, cast, sign_in, error, words):
    EvidenceBundle.objects.create(
        resolution=issued,
        role="archivist",
        ordered_by_name="x",
        work_state=WorkState.FAILED,
        work_error=error,
    )
    page = sign_in(cast.archivist).get(page_of(issued)).content.decode()
    assert words in page and "Thử lại" in page


def test_older_bundles_stay(issued, bundle, cast, sign_in):
    newer = EvidenceBundle.objects.create(
        resolution=issued,
        role="archivist",
        ordered_by_name="x",
        work_state=WorkState.DONE,
        sha256="b" * 64,
        size=3,
    )
    page = sign_in(cast.archivist).get(page_of(issued)).content.decode()
    assert reverse("archive:download_evidence", args=[newer.pk]) in page
    assert reverse("archive:download_evidence", args=[bundle.pk]) in page
    assert "1 gói trước đó" in page


def test_other_systems_order_it_and_take_it(issued, bundle, cast, sign_in, no_workers):
    client = sign_in(cast.archivist)
    ordered = client.post(f"/api/resolutions/{issued.pk}/evidence/")
    assert (ordered.status_code, ordered.json()["work_state"]) == (202, "queued")
    listed = client.get("/api/evidence/").json()["results"]
    assert [one["id"] for one in listed] == [ordered.json()["id"], bundle.pk]
    file = client.get(f"/api/evidence/{bundle.pk}/file/")
    assert b"".join(file.streaming_content) == b"PK the bundle"
    assert client.get(f"/api/evidence/{ordered.json()['id']}/file/").status_code == 409

    client = sign_in(cast.minister)
    assert client.post(f"/api/resolutions/{issued.pk}/evidence/").status_code == 403
    assert client.get(f"/api/evidence/{bundle.pk}/").status_code == 404


def test_the_checking_page_is_handed_out_as_a_file(cast, sign_in):
    taken = sign_in(cast.archivist).get(reverse("archive:download_checker"))
    assert taken["Content-Disposition"].startswith("attachment")
    assert b"default-src 'none'" in b"".join(taken.streaming_content)
