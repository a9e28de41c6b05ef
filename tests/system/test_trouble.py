"""Trouble with workers and the broker: nothing that was taken in is lost, and nothing is done twice."""

from datetime import timedelta

import pytest

from core import clock
from core.work import WorkState
from decisions import actions as decisions
from decisions.models import Resolution
from documents.actions import add_paper, create_dossier
from documents.models import DocumentText, Rendering
from documents.tasks import hand_in_renderings
from notifications.models import Delivery
from notifications.tasks import hand_in_deliveries
from opinions.models import OpinionRequest
from opinions.rules import RequestStatus, SlipStatus
from signatures.models import Verification
from tests.documents.samples import upload
from tests.opinions import steps
from tests.workers import forget_connections, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_request(cast):
    """One question before all members."""
    return steps.send(cast)


def draft_long_resolution(cast, articles=120):
    """Laying it out takes a worker some seconds."""
    return decisions.draft_resolution(
        Resolution(
            body=cast.body,
            rule_set=cast.rule_set,
            lead_agency=cast.finance,
            subject="về một văn bản rất dài",
            signer=cast.chair.appointments.get(),
        ),
        by=cast.secretary,
        bases=["Căn cứ Luật Tổ chức Chính phủ"],
        articles=["Các bộ, ngành và địa phương chịu trách nhiệm thi hành Nghị quyết này. " * 6] * articles,
    )


def state_of(rendering):
    return Rendering.objects.get(pk=rendering.pk).work_state


def test_a_paper_is_read_and_verified_by_the_workers(cast, start_worker):
    """What the secretary uploads is settled without anyone doing anything further."""
    start_worker("worker", "-Q", "verify", "-c", "1")
    dossier = create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    version = add_paper(dossier, by=cast.secretary, upload=upload()).version
    wait_for(lambda: DocumentText.objects.filter(version=version).exists())
    wait_for(lambda: Verification.objects.filter(version=version, verdict="unsigned").exists())


def test_a_worker_killed_in_the_middle_of_rendering_loses_nothing(cast, start_worker):
    worker = start_worker("worker", "-Q", "render", "-c", "1")
    rendering = draft_long_resolution(cast).newest_rendering
    wait_for(lambda: state_of(rendering) == WorkState.RUNNING)
    worker.kill()
    assert (
        state_of(rendering) == WorkState.RUNNING
    )  # as the next sweep finds it, once the run has taken too long
    long_ago = clock.now() - Rendering.longest_run - timedelta(seconds=1)
    Rendering.objects.filter(pk=rendering.pk).update(started_at=long_ago)

    start_worker("worker", "-Q", "render", "-c", "1")
    hand_in_renderings()
    wait_for(lambda: state_of(rendering) == WorkState.DONE, seconds=120)
    rendering.refresh_from_db()
    assert rendering.work_attempts == 2
    assert rendering.document.versions.count() == 1


def test_an_answer_is_kept_while_the_broker_is_down(cast, client, broker, start_worker, open_request):
    """The minister gets her receipt; the mail that follows from it goes out once the broker is back."""
    slip = open_request.slips.get(member=cast.minister)
    Delivery.objects.all().delete()
    broker.stop()
    client.force_login(cast.minister)
    question = open_request.questions.get()
    answer = client.post(
        f"/opinions/slips/{slip.pk}/answer/",
        {f"position_{question.pk}": "agree", f"reason_{question.pk}": "", "step": "send"},
    )
    assert answer.status_code == 302, answer.content.decode()
    slip.refresh_from_db()
    assert slip.status == SlipStatus.ANSWERED and slip.receipt

    broker.start()
    forget_connections()
    start_worker("worker", "-Q", "quick", "-c", "1")
    Delivery.objects.update(queued_at=clock.now() - timedelta(minutes=3))
    hand_in_deliveries()
    wait_for(lambda: not Delivery.objects.exclude(work_state=WorkState.DONE).exists())


def test_the_clock_closes_a_request_by_itself(cast, start_worker, open_request, tmp_path):
    """Beat and a worker, and nobody else: seconds after the deadline the silent are counted."""
    OpinionRequest.objects.filter(pk=open_request.pk).update(deadline=clock.now() + timedelta(seconds=1))
    start_worker("worker", "-Q", "quick", "-c", "1")
    start_worker("beat", "-s", str(tmp_path / "schedule"), "--pidfile=")
    wait_for(lambda: OpinionRequest.objects.get(pk=open_request.pk).status == RequestStatus.CLOSED)
    closed = OpinionRequest.objects.get(pk=open_request.pk)
    assert closed.closed_at - closed.deadline < timedelta(seconds=30)
    assert set(closed.slips.values_list("status", flat=True)) == {SlipStatus.SILENT}
