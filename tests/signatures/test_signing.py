"""Papers on their way through the signers, from the first request to the signed version."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection

from audit.models import AuditEvent
from core import clock
from core.work import WorkState
from core.workflow import Conflict
from documents import storage
from documents.models import DocumentVersion, object_name
from notifications.models import Notification
from people.models import Delegation
from people.rules import DelegationScope
from signatures import actions, embedding, tasks
from signatures.models import Signature, Statement, Verification
from signatures.rules import RequestStatus, SignatureStatus, StepStatus
from signatures.trust import build_trust_store
from tests.signatures.samples import pki
from tests.signatures.signing import (
    ask,
    make_paper,
    make_signer_of,
    register,
    sign,
    sign_step,
    step_for,
    supply_revocations,
)


def told(action):
    return list(AuditEvent.objects.filter(action=f"signatures.{action}"))


def notified(person):
    return list(Notification.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("who", ["minister", "other_minister", "chair"])
def test_a_paper_is_signed(house, sandbox, verify, who):
    """P-256, P-384 and RSA."""
    user = getattr(house, who)
    signing = ask(house, step_for(user))
    signature = house.sign(signing.steps.get(), user)
    tasks.embed_signature(signature.pk)
    signing.refresh_from_db()
    signature.refresh_from_db()
    assert (signing.status, signature.status) == (RequestStatus.COMPLETED, SignatureStatus.EMBEDDED)
    assert signature.work_state == WorkState.DONE and signature.timestamp_at
    with signing.result.open_file() as file:
        report = verify(file.read(), build_trust_store(), at=clock.now())
    (found,) = report.signatures
    assert (report.verdict, found.level, found.signer) == ("valid", "B-T", str(user))
    assert found.claimed_time is not None and found.covers_whole_file
    assert report.file_sha256 == signing.result.sha256
    (event,) = told("embed_signature")
    assert event.details["sha256"] == signing.result.sha256 != event.details["before"]


def test_signers_follow_each_other_and_the_last_makes_the_version(house, verify):
    version = make_paper(house)
    signing = ask(
        house,
        step_for(house.minister, 1),
        step_for(house.other_minister, 1),
        step_for(house.chair, 2),
        version=version,
    )
    first, second, last = signing.steps.order_by("pk")
    assert notified(house.minister) == notified(house.other_minister) == ["signatures/signature_wanted"]
    assert notified(house.chair) == []
    with pytest.raises(Conflict, match="Nguyễn Hữu Đức, Trần Ngọc Ánh"):
        actions.prepare_signature(last, by=house.chair, certificate=house.certificates[house.chair])
    for step, user in ((second, house.other_minister), (first, house.minister), (last, house.chair)):
        tasks.embed_signature(house.sign(step, user).pk)
    assert notified(house.chair) == ["signatures/signature_wanted"]
    signing.refresh_from_db()
    signed = signing.result
    assert (signed.document, signed.number) == (version.document, version.number + 1)
    assert DocumentVersion.objects.get(pk=version.pk).sha256 == version.sha256  # nothing is overwritten
    assert signed in DocumentVersion.objects.visible_to(house.minister)
    assert signed not in DocumentVersion.objects.visible_to(house.third_minister)
    assert "signatures/signing_completed" in notified(house.secretary)
    with signed.open_file() as file:
        content = file.read()
    report = verify(content, build_trust_store(), at=clock.now())
    names = ["Trần Ngọc Ánh", "Nguyễn Hữu Đức", "Phạm Quang Minh"]
    assert [found.signer for found in report.signatures] == names
    assert report.verdict == "valid"
    assert not signing.steps.exclude(status=StepStatus.SIGNED).exists()


def test_what_the_key_did_not_make_is_not_taken(house):
    """Another key, other data, zeros, another form of the value: pyHanko alone would embed them all."""
    signing, other = ask(house, step_for(house.minister)), ask(house, step_for(house.minister))
    certificate, key = house.certificates[house.minister], house.keys[house.minister]
    signature, elsewhere = (
        actions.prepare_signature(one.steps.get(), by=house.minister, certificate=certificate)
        for one in (signing, other)
    )
    data = bytes(signature.to_sign)
    good = sign(key, data)
    for value in (
        sign(make_signer_of("Kẻ khác"), data),
        sign(key, data + b" "),
        sign(key, bytes(elsewhere.to_sign)),  # replayed from another paper
        bytes(256),
        b"",
        good + b"\x00",
        good[:-1],
        sign(make_signer_of("Phạm Quang Minh", "Chính phủ", "rsa"), data),
    ):
        with pytest.raises(Conflict, match="không khớp"):
            actions.complete_signature(signature, by=house.minister, value=value)
    signature.refresh_from_db()
    assert (signature.status, signature.value) == (SignatureStatus.PREPARED, None)
    assert signing.steps.get().status == StepStatus.WAITING
    assert told("complete_signature") == []
    actions.complete_signature(signature, by=house.minister, value=good)


def test_nobody_completes_what_another_has_begun(house):
    signing = ask(house, step_for(house.minister))
    signature = actions.prepare_signature(
        signing.steps.get(), by=house.minister, certificate=house.certificates[house.minister]
    )
    value = sign(house.keys[house.minister], bytes(signature.to_sign))
    for person in (house.other_minister, house.secretary, house.chair):
        with pytest.raises(PermissionDenied):
            actions.complete_signature(signature, by=person, value=value)


def test_a_certificate_of_another_does_not_sign(house):
    step = ask(house, step_for(house.minister)).steps.get()
    with pytest.raises(Conflict, match="Chứng thư số"):
        actions.prepare_signature(
            step, by=house.minister, certificate=house.certificates[house.other_minister]
        )


def test_a_key_that_cannot_sign_here_is_named(house):
    strange = register(make_signer_of("Nguyễn Hữu Đức", "Bộ Tài chính", "p521"), holder=house.minister)
    step = ask(house, step_for(house.minister)).steps.get()
    with pytest.raises(Conflict, match="P-256"):
        actions.prepare_signature(step, by=house.minister, certificate=strange)


def test_who_takes_too_long_begins_again(house):
    signing = ask(house, step_for(house.minister))
    signature = actions.prepare_signature(
        signing.steps.get(), by=house.minister, certificate=house.certificates[house.minister]
    )
    value = sign(house.keys[house.minister], bytes(signature.to_sign))
    with clock.at(signature.expires_at):
        with pytest.raises(Conflict, match="hết"):
            actions.complete_signature(signature, by=house.minister, value=value)
        house.sign(signing.steps.get(), house.minister)


def test_a_second_click_signs_nothing_twice(house):
    signature = house.sign(ask(house, step_for(house.minister)).steps.get(), house.minister)
    with pytest.raises(Conflict):
        actions.complete_signature(signature, by=house.minister, value=bytes(signature.value))
    assert len(told("complete_signature")) == 1


def test_of_two_windows_the_later_one_counts(house):
    step = ask(house, step_for(house.minister)).steps.get()
    certificate = house.certificates[house.minister]
    first = actions.prepare_signature(step, by=house.minister, certificate=certificate)
    second = actions.prepare_signature(step, by=house.minister, certificate=certificate)
    with pytest.raises(Conflict, match="cửa sổ"):
        value = sign(house.keys[house.minister], bytes(first.to_sign))
        actions.complete_signature(first, by=house.minister, value=value)
    value = sign(house.keys[house.minister], bytes(second.to_sign))
    actions.complete_signature(second, by=house.minister, value=value)


def test_two_of_one_place_never_write_into_one_file(house):
    signing = ask(house, step_for(house.minister), step_for(house.other_minister))
    mine, hers = signing.steps.order_by("pk")
    waiting = actions.prepare_signature(
        hers, by=house.other_minister, certificate=house.certificates[house.other_minister]
    )
    value = sign(house.keys[house.other_minister], bytes(waiting.to_sign), "sha384")
    signed = house.sign(mine, house.minister)
    with pytest.raises(Conflict, match="khác đang"):
        actions.complete_signature(waiting, by=house.other_minister, value=value)
    tasks.embed_signature(signed.pk)
    with pytest.raises(Conflict, match="xem lại"):
        actions.complete_signature(waiting, by=house.other_minister, value=value)
    tasks.embed_signature(house.sign(hers, house.other_minister).pk)
    signing.refresh_from_db()
    assert signing.status == RequestStatus.COMPLETED


def test_only_the_named_signer_in_office_signs(house):
    step = ask(house, step_for(house.minister)).steps.get()
    for person in (house.other_minister, house.assistant, house.secretary, house.nobody):
        with pytest.raises(PermissionDenied):
            actions.prepare_signature(step, by=person, certificate=house.certificates[house.minister])
    house.minister.appointments.update(valid_until=clock.today() - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        actions.prepare_signature(step, by=house.minister, certificate=house.certificates[house.minister])


# Timestamps


def test_without_a_timestamp_the_signature_waits_and_is_not_lost(house, stamper):
    signing = ask(house, step_for(house.minister))
    signature = house.sign(signing.steps.get(), house.minister)
    stamper.trouble = "down"
    for _ in range(5):  # more often than an ordinary work is tried
        tasks.embed_signature(signature.pk)
    signature.refresh_from_db()
    assert signature.waits_for_timestamp and signature.status == SignatureStatus.SIGNED
    assert signing.steps.get().status == StepStatus.SIGNING
    stamper.trouble = None
    Signature.objects.update(queued_at=clock.now() - Signature.longest_run)
    tasks.hand_in_signatures()
    tasks.embed_signature(signature.pk)
    signing.refresh_from_db()
    assert signing.status == RequestStatus.COMPLETED


def test_not_every_answer_is_a_timestamp(house, stamper):
    signature = house.sign(ask(house, step_for(house.minister)).steps.get(), house.minister)
    troubles = ("other digest", "other nonce", "refusal", "nonsense", "other authority", "no authority")
    for asked, stamper.trouble in enumerate(troubles, 1):
        tasks.embed_signature(signature.pk)
        signature.refresh_from_db()
        assert stamper.asked == asked and signature.waits_for_timestamp, stamper.trouble


def test_the_next_authority_is_asked_where_one_fails(house, stamper, settings):
    settings.TSA_URLS = ["http://127.0.0.1:9/", stamper.url]
    signature = house.sign(ask(house, step_for(house.minister)).steps.get(), house.minister)
    tasks.embed_signature(signature.pk)
    signature.refresh_from_db()
    assert signature.status == SignatureStatus.EMBEDDED


def test_a_revoked_certificate_is_found_out_before_the_file_changes(house):
    signing = ask(house, step_for(house.minister))
    signature = house.sign(signing.steps.get(), house.minister)
    serial = house.keys[house.minister].certificate.serial_number
    supply_revocations(pki().issuer, revoked=[(serial, clock.now() - timedelta(hours=1))])
    before = signing.sha256
    tasks.embed_signature(signature.pk)
    signature.refresh_from_db()
    signing.refresh_from_db()
    assert (signature.status, signing.sha256) == (SignatureStatus.VOID, before)
    assert signing.steps.get().status == StepStatus.WAITING
    assert notified(house.minister)[-1] == notified(house.secretary)[-1] == "signatures/signature_void"


def test_a_worker_that_keeps_dying_gives_the_signature_back(house):
    signing = ask(house, step_for(house.minister))
    signature = house.sign(signing.steps.get(), house.minister)
    for _ in range(Signature.attempts_allowed + 1):
        Signature.objects.update(work_state=WorkState.RUNNING, started_at=clock.now() - Signature.longest_run)
        Signature.objects.update(work_attempts=3)
        tasks.embed_signature(signature.pk)
    tasks.hand_in_signatures()
    signature.refresh_from_db()
    assert signature.status == SignatureStatus.VOID
    house.sign(signing.steps.get(), house.minister)


# Ends


def test_a_signer_refuses_and_says_why(house):
    signing = ask(house, step_for(house.minister), step_for(house.chair, 2))
    step = signing.steps.first()
    with pytest.raises(Conflict):
        actions.refuse_signature(step, by=house.minister, reason="  ")
    actions.refuse_signature(step, by=house.minister, reason="Số liệu chưa khớp.")
    signing.refresh_from_db()
    assert (signing.status, signing.ended_because) == (RequestStatus.REFUSED, "Số liệu chưa khớp.")
    assert notified(house.secretary) == ["signatures/signature_refused"]
    with pytest.raises(Conflict):
        house.sign(signing.steps.last(), house.chair)


def test_whoever_asked_withdraws(house):
    signing = ask(house, step_for(house.minister))
    signature = house.sign(signing.steps.get(), house.minister)
    with pytest.raises(PermissionDenied):
        actions.withdraw_signing(signing, by=house.minister, reason="x")
    actions.withdraw_signing(signing, by=house.secretary, reason="Gửi nhầm.")
    assert notified(house.minister)[-1] == "signatures/signing_withdrawn"
    tasks.embed_signature(signature.pk)
    signature.refresh_from_db()
    signing.refresh_from_db()
    assert (signature.status, signing.result) == (SignatureStatus.VOID, None)


def test_a_paper_taken_back_while_a_worker_signs_it_stays_as_it_was(house, monkeypatch):
    """Not the last signature, so that nothing else would stop it: looked at again under the lock."""
    signing = ask(house, step_for(house.minister), step_for(house.chair, 2))
    signature = house.sign(signing.steps.first(), house.minister)
    find_problem = embedding.find_problem

    def meanwhile(*args):
        actions.withdraw_signing(signing, by=house.secretary, reason="Gửi nhầm.")
        return find_problem(*args)

    monkeypatch.setattr(embedding, "find_problem", meanwhile)
    tasks.embed_signature(signature.pk)
    signature.refresh_from_db()
    before = signing.sha256
    signing.refresh_from_db()
    assert (signature.status, signature.work_error) == (SignatureStatus.VOID, "ended")
    assert (signing.status, signing.sha256) == (RequestStatus.WITHDRAWN, before)
    assert told("embed_signature") == []


def delegate(house, **changes):
    mine, hers = house.minister.appointments.get(), house.vice_chair.appointments.get()
    today = clock.today()
    return Delegation.objects.create(
        **{
            "appointment": mine,
            "delegate": hers,
            "scope": DelegationScope.SIGNING,
            "valid_from": today,
            "valid_until": today,
            "order_number": "12/QĐ-TTg",
            "order_date": today,
            "order_issuer": "Thủ tướng Chính phủ",
            **changes,
        }
    )


def test_the_stand_in_of_the_register_signs(house):
    signing = ask(house, step_for(house.minister))
    step, stand_in = signing.steps.get(), house.vice_chair.appointments.get()
    with pytest.raises(Conflict, match="Nguyễn Hữu Đức"):
        actions.pass_signature(step, by=house.minister, to=stand_in)
    delegate(house)
    with pytest.raises(PermissionDenied):
        actions.pass_signature(step, by=house.chair, to=stand_in)
    actions.pass_signature(step, by=house.minister, to=stand_in)
    step.refresh_from_db()
    assert (step.signer, step.stands_in_for) == (stand_in, house.minister.appointments.get())
    assert notified(house.vice_chair) == ["signatures/signature_wanted"]
    key = make_signer_of("Lê Thị Thanh Hà", "Chính phủ")
    certificate = register(key, holder=house.vice_chair)
    Delegation.objects.update(ended_at=clock.now(), ended_because="Đã về.")
    with pytest.raises(Conflict, match="không còn"):
        sign_step(step, house.vice_chair, key, certificate)
    delegate(house, order_number="13/QĐ-TTg")
    tasks.embed_signature(sign_step(step, house.vice_chair, key, certificate).pk)
    signing.refresh_from_db()
    assert signing.status == RequestStatus.COMPLETED


def test_what_cannot_be_signed_is_not_sent_round(house):
    version = make_paper(house)
    with pytest.raises(Conflict, match="người ký"):
        ask(house, version=version)
    with pytest.raises(PermissionDenied):
        actions.request_signatures(version, by=house.minister, steps=[step_for(house.minister)])
    stranger = step_for(house.outside_member)
    with pytest.raises(Conflict, match=str(house.outside_member)):
        ask(house, stranger, version=version)
    ask(house, step_for(house.minister), version=version)
    with pytest.raises(Conflict, match="đang được ký"):
        ask(house, step_for(house.minister), version=version)


def test_a_broken_file_is_not_sent_round(house):
    version = make_paper(house)
    for verdict in ("invalid", "destroyed", "unverifiable"):
        Verification.objects.filter(version=version).update(verdict=verdict, work_state=WorkState.DONE)
        with pytest.raises(Conflict, match="tạo lại"):
            ask(house, step_for(house.minister), version=version)


# What is kept


def test_prepared_files_go_when_nobody_signs_them(house):
    step = ask(house, step_for(house.minister)).steps.get()
    certificate = house.certificates[house.minister]
    left = actions.prepare_signature(step, by=house.minister, certificate=certificate)
    assert default_storage.exists(object_name(left.prepared_sha256))
    assert tasks.sweep_prepared() == 0
    with clock.at(left.expires_at.replace(year=left.expires_at.year + 1)):
        assert tasks.sweep_prepared() == 1
    assert not default_storage.exists(object_name(left.prepared_sha256))


def test_what_is_signed_in_its_last_second_keeps_its_file(house):
    """The sweep has seen it abandoned, and its signer is a moment quicker than the sweep's next step."""
    step = ask(house, step_for(house.minister)).steps.get()
    certificate = house.certificates[house.minister]
    last = actions.prepare_signature(step, by=house.minister, certificate=certificate)

    def meanwhile(execute, sql, params, many, context):
        if sql.startswith('UPDATE "signatures_signature"') and "prepared_sha256" in sql.split("WHERE")[0]:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE signatures_signature SET status = 'signed' WHERE id = %s", [last.pk])
        return execute(sql, params, many, context)

    with clock.at(last.expires_at + timedelta(seconds=1)), connection.execute_wrapper(meanwhile):
        assert tasks.sweep_prepared() == 0
    sha256 = last.prepared_sha256
    last.refresh_from_db()
    assert (last.status, last.prepared_sha256) == (SignatureStatus.SIGNED, sha256)
    assert default_storage.exists(object_name(sha256))


def test_what_is_being_signed_survives_the_sweep_of_the_storage(house, django_capture_on_commit_callbacks):
    signing = ask(house, step_for(house.minister), step_for(house.chair, 2))
    first, last = signing.steps.all()
    with django_capture_on_commit_callbacks(execute=True):
        signature = house.sign(first, house.minister)
        tasks.embed_signature(signature.pk)
    prepared = actions.prepare_signature(last, by=house.chair, certificate=house.certificates[house.chair])
    signing.refresh_from_db()
    assert storage.sweep() == 0
    assert default_storage.exists(object_name(signing.sha256))
    assert default_storage.exists(object_name(prepared.prepared_sha256))
    assert not default_storage.exists(object_name(signature.prepared_sha256)) or not signature.prepared_sha256


# Statements


def make_statement(content=b'{"answer": "agree"}'):
    return Statement.objects.create(
        kind="opinions.answer", target_id=7, content=content, sha256=hashlib.sha256(content).hexdigest()
    )


def sign_statement(house, user, statement):
    signature = actions.prepare_statement(statement, by=user, certificate=house.certificates[user])
    value = sign(house.keys[user], bytes(signature.to_sign), signature.digest)
    return actions.complete_signature(signature, by=user, value=value)


@pytest.mark.parametrize("who", ["minister", "other_minister", "chair"])
def test_a_statement_is_signed_apart_from_any_file(house, who):
    statement = make_statement()
    signature = sign_statement(house, getattr(house, who), statement)
    tasks.embed_signature(signature.pk)
    signature.refresh_from_db()
    assert signature.status == SignatureStatus.EMBEDDED and signature.timestamp_at
    assert embedding.find_statement_problem(bytes(signature.cms), bytes(statement.content)) == ""
    assert embedding.find_statement_problem(bytes(signature.cms), b'{"answer": "no"}') == "altered"
    (event,) = told("stamp_statement")
    assert event.details["sha256"] == statement.sha256


def test_a_signed_statement_waits_for_its_timestamp_too(house, stamper):
    signature = sign_statement(house, house.minister, make_statement())
    stamper.trouble = "down"
    tasks.embed_signature(signature.pk)
    signature.refresh_from_db()
    assert signature.waits_for_timestamp and signature.cms is None


def test_a_signature_of_one_statement_fits_no_other(house):
    user, one, other = house.minister, make_statement(), make_statement(b'{"answer": "no"}')
    first, second = (
        actions.prepare_statement(item, by=user, certificate=house.certificates[user])
        for item in (one, other)
    )
    with pytest.raises(Conflict, match="không khớp"):
        actions.complete_signature(second, by=user, value=sign(house.keys[user], bytes(first.to_sign)))
