"""What the house itself lays out becomes the next version of a document."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core.actors import CLOCK, WORKER
from core.work import WorkState
from documents import actions
from documents.models import Document, Rendering
from documents.rules import DocumentKind
from tests.documents.samples import make_pdf, stored_objects


def told(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=f"documents.{action}"))


@pytest.fixture
def rendering(cast, monkeypatch):
    monkeypatch.setattr("documents.tasks.sweep_storage.delay", lambda *_: None)
    document = Document.objects.create(body=cast.body, kind=DocumentKind.SYNTHESIS, title="Báo cáo tổng hợp")
    return actions.order_rendering(document, by=CLOCK, task="documents.tasks.sweep_storage", target=document)


def test_a_rendering_is_ordered(rendering):
    assert (rendering.work_state, rendering.target_id) == (WorkState.QUEUED, rendering.document.pk)
    assert len(told("order_rendering")) == 1


def test_a_minister_orders_no_rendering(cast, rendering):
    with pytest.raises(PermissionDenied):
        actions.order_rendering(rendering.document, by=cast.minister, task="t", target=rendering)
    assert Rendering.objects.count() == 1


def test_what_the_worker_hands_in_becomes_the_next_version(rendering):
    content = make_pdf()
    first = actions.add_rendered_version(rendering, by=WORKER, pdf=content, file_name="báo cáo")
    assert (first.number, first.file_name, first.size) == (1, "báo cáo.pdf", len(content))
    rendering.refresh_from_db()
    assert (rendering.work_state, rendering.version) == (WorkState.DONE, first)
    again = actions.order_rendering(
        rendering.document, by=CLOCK, task="documents.tasks.sweep_storage", target=rendering
    )
    second = actions.add_rendered_version(again, by=WORKER, pdf=make_pdf(), file_name="báo cáo")
    assert second.number == 2
    assert second.verifications.exists()


def test_handing_in_twice_changes_nothing(rendering):
    first = actions.add_rendered_version(rendering, by=WORKER, pdf=make_pdf(), file_name="báo cáo")
    second = actions.add_rendered_version(rendering, by=WORKER, pdf=make_pdf(), file_name="báo cáo")
    assert first == second
    assert len(told("add_rendered_version")) == 1
    assert stored_objects() == [first.sha256]


def test_no_person_hands_in_a_rendering(cast, rendering):
    with pytest.raises(PermissionDenied):
        actions.add_rendered_version(rendering, by=cast.secretary, pdf=make_pdf(), file_name="x")
    assert stored_objects() == []
