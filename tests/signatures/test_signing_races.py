"""At the same moment: two workers, two windows, two signers of one place; and a crash between."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from audit.models import AuditEvent
from core import clock
from core.work import WorkState
from core.workflow import Conflict
from documents import storage
from documents.models import object_name
from signatures import actions, tasks
from signatures.models import Signature, SigningRequest
from signatures.rules import RequestStatus, SignatureStatus, StepStatus
from tests.signatures.signing import ask, sign, step_for


def at_once(*deeds):
    start = threading.Barrier(len(deeds))

    def run(deed):
        try:
            start.wait(timeout=20)
            return deed()
        except Conflict as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, deed) for deed in deeds]]


def told(action):
    return AuditEvent.objects.filter(action=f"signatures.{action}").count()


def prepare(house, step, user):
    signature = actions.prepare_signature(step, by=user, certificate=house.certificates[user])
    return signature, sign(house.keys[user], bytes(signature.to_sign), signature.digest)


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment(house, monkeypatch):
    """Two signers of one place, two windows of one signer, two workers with one signature: one of each."""
    monkeypatch.setattr("core.queue._send", lambda task, ids: None)  # the tasks are called here, by hand
    signing = ask(house, step_for(house.minister), step_for(house.chair))
    mine, his = signing.steps.order_by("pk")
    (first, value), (other, other_value) = (
        prepare(house, mine, house.minister),
        prepare(house, his, house.chair),
    )
    results = at_once(
        lambda: actions.complete_signature(first, by=house.minister, value=value),
        lambda: actions.complete_signature(first, by=house.minister, value=value),
        lambda: actions.complete_signature(other, by=house.chair, value=other_value),
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Conflict", "Signature"]
    assert told("complete_signature") == signing.steps.filter(status=StepStatus.SIGNING).count() == 1

    signed = Signature.objects.get(status=SignatureStatus.SIGNED)
    at_once(*[lambda: tasks.embed_signature(signed.pk)] * 3)
    assert told("embed_signature") == 1
    signing.refresh_from_db()
    assert signing.status == RequestStatus.OPEN

    rest, user = (his, house.chair) if signed.step == mine else (mine, house.minister)
    last, last_value = prepare(house, rest, user)
    actions.complete_signature(last, by=user, value=last_value)
    results = at_once(
        lambda: tasks.embed_signature(last.pk),
        lambda: actions.withdraw_signing(signing, by=house.secretary, reason="Gửi nhầm."),
    )
    signing.refresh_from_db()
    last.refresh_from_db()
    if signing.status == RequestStatus.COMPLETED:
        assert isinstance(results[1], Conflict) and signing.result is not None
    else:  # withdrawn first: what was signed goes nowhere, at the latest when the worker looks again
        Signature.objects.filter(pk=last.pk, work_state=WorkState.RUNNING).update(
            started_at=clock.now() - Signature.longest_run
        )
        tasks.embed_signature(last.pk)
        last.refresh_from_db()
        assert (signing.status, signing.result) == (RequestStatus.WITHDRAWN, None)
        assert last.status == SignatureStatus.VOID


@pytest.mark.django_db
@pytest.mark.parametrize(
    "crash", ["signatures.actions.embedding.trail.record", "documents.storage.keep_file"]
)
def test_a_crash_while_embedding_leaves_all_as_it_was(house, monkeypatch, crash):
    signing = ask(house, step_for(house.minister))
    signature = house.sign(signing.steps.get(), house.minister)
    before = SigningRequest.objects.values().get(pk=signing.pk)

    def fall(*_, **__):
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(crash, fall)
        tasks.embed_signature(signature.pk)
    signature.refresh_from_db()
    assert (signature.status, signature.work_state) == (SignatureStatus.SIGNED, WorkState.QUEUED)
    assert signature.work_error == "RuntimeError"
    assert SigningRequest.objects.values().get(pk=signing.pk) == before
    assert default_storage.exists(object_name(signature.prepared_sha256))
    tasks.embed_signature(signature.pk)
    signing.refresh_from_db()
    assert signing.status == RequestStatus.COMPLETED
    storage.sweep()
    with signing.result.open_file() as file:
        assert file.read(5) == b"%PDF-"
