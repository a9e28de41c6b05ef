"""Answers signed with a key: made ready, signed, counted, verified; and everything that comes between."""

import hashlib
import json
from contextlib import nullcontext
from itertools import count

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core import clock
from core.actors import CLOCK, WORKER
from core.workflow import Conflict
from documents.actions import discard_own_paper
from documents.models import DocumentVersion, Rendering
from notifications.models import Notification
from opinions import actions, rules
from opinions.models import AnswerSheet
from opinions.rules import SheetStanding, SignatureState, SlipStatus
from opinions.tasks import render_slip, render_synthesis
from signatures import actions as signatures
from signatures import tasks
from signatures.models import Signature, SigningCertificate, Statement
from signatures.rules import CertificateStatus
from tests import factories
from tests.conftest import CAST
from tests.documents.samples import make_pdf, received
from tests.opinions import steps
from tests.signatures.samples import pki
from tests.signatures.signing import (
    make_signer_of,
    open_stamper,
    register,
    sign,
    supply_revocations,
    trust_all,
)
from verifier.statements.content import decode

pytestmark = pytest.mark.django_db

OTHER = ("other", "Cần quy định rõ mức hỗ trợ.\r\nVà nguồn kinh phí.")


@pytest.fixture(scope="module")
def stamper_server():
    with open_stamper() as server:
        yield server


@pytest.fixture
def real_slips():
    """Slips as WeasyPrint lays them out."""


@pytest.fixture
def house(cast, settings, stamper_server, monkeypatch, request):
    """Members with keys. A slip is laid out in a test that asks for it: each costs half a second."""
    if "real_slips" not in request.fixturenames:
        made = count()
        monkeypatch.setattr("opinions.tasks.render_official", lambda slip: b"%%PDF-1.7 %d" % next(made))
    stamper_server.at, stamper_server.trouble = clock.now(), None
    settings.TSA_URLS = [stamper_server.url]
    trust_all()
    cast.stamper = stamper_server
    cast.keys = {
        cast.minister: make_signer_of("Nguyễn Hữu Đức"),
        cast.other_minister: make_signer_of("Trần Ngọc Ánh", "Bộ Y tế", "p384"),
    }
    cast.certificates = {user: register(key, holder=user) for user, key in cast.keys.items()}
    return cast


def send(cast, signing="required", **fields):
    """A request whose answers are signed."""
    kind = factories.make_kind(cast.body, name="Phiếu ký số", signing=signing, **fields)
    return steps.send(cast, kind=kind)


def prepare(opinion_request, person, *said, slip=None):
    """Made ready, and the slip made by a worker."""
    slip = slip or steps.slip_of(opinion_request, person)
    answers = steps.give(opinion_request, *(said or [OTHER]))
    sheet = actions.prepare_answer(slip, by=person, answers=answers)
    work = Rendering.objects.filter(document=sheet.paper_id).latest("pk")
    render_slip(work.pk)
    return AnswerSheet.objects.get(pk=sheet.pk)


def begin(house, sheet, person):
    return actions.sign_answer(sheet, by=person, certificate=house.certificates[person])


def hand_in(house, signature, person):
    value = sign(house.keys[person], bytes(signature.to_sign), signature.digest)
    return signatures.complete_signature(signature, by=person, value=value)


def sign_answer(house, opinion_request, person, *said, slip=None):
    sheet = prepare(opinion_request, person, *said, slip=slip)
    hand_in(house, begin(house, sheet, person), person)
    return AnswerSheet.objects.get(pk=sheet.pk)


def finish(sheet):
    """The worker fetches the timestamp."""
    tasks.embed_signature(sheet.statement.signatures.latest("pk").pk)
    return AnswerSheet.objects.get(pk=sheet.pk)


def told(person, kind):
    return Notification.objects.filter(recipient=person, kind=f"opinions/{kind}")


def test_a_signed_answer_from_the_form_to_the_count(house, real_slips):
    opinion_request = send(house)
    sheet = prepare(opinion_request, house.minister)
    slip = sheet.slip
    assert sheet.standing == SheetStanding.TO_SIGN and slip.status == SlipStatus.PENDING
    version = DocumentVersion.objects.get(document=sheet.paper)
    with version.open_file() as file:
        assert file.read().startswith(b"%PDF")

    said = decode(bytes(sheet.statement.content))
    issue = opinion_request.dossier.current_issue
    assert (said.kind, said.target, said.nonce) == ("opinions.answer", slip.pk, sheet.nonce)
    assert said.body["slip"]["sha256"] == version.sha256
    assert said.body["dossier"] == {
        "number": opinion_request.dossier_id,
        "issue": 1,
        "sha256": hashlib.sha256(issue.manifest.encode()).hexdigest(),
    }
    assert said.body["answers"] == [
        {"question": 1, "position": "other", "reason": "Cần quy định rõ mức hỗ trợ.\nVà nguồn kinh phí."}
    ]
    assert said.body["questions"][0]["text"] == steps.QUESTION
    assert said.body["questions"][0]["positions"][1] == {"code": "disagree", "text": "Không đồng ý"}

    hand_in(house, begin(house, sheet, house.minister), house.minister)
    sheet, slip = AnswerSheet.objects.get(pk=sheet.pk), steps.slip_of(opinion_request, house.minister)
    assert sheet.standing == SheetStanding.COUNTS and sheet.signature_state == SignatureState.CHECKING
    assert slip.is_answered and slip.receipt == sheet.receipt and slip.answered_at == sheet.signed_at

    assert finish(sheet).signature_state == SignatureState.HOLDS
    event = AuditEvent.objects.get(action="opinions.count_signed_answer")
    assert event.sealed_until == opinion_request.deadline
    steps.close(opinion_request)
    assert opinion_request.questions.get().result["other"] == 1


def test_until_the_close_the_slip_is_hers_alone(house):
    opinion_request = send(house)
    replaced = sign_answer(house, opinion_request, house.minister, steps.AGREE)
    sheet = sign_answer(house, opinion_request, house.minister)
    never = prepare(opinion_request, house.other_minister)
    readers = (house.minister, house.secretary, house.chair, house.auditor, house.other_minister)

    def can_read(paper):
        return [DocumentVersion.objects.visible_to(one).filter(document=paper).exists() for one in readers]

    assert can_read(sheet.paper) == [True, False, False, False, False]
    closed = steps.close(opinion_request)
    render_synthesis(closed.newest_synthesis.pk)
    assert can_read(sheet.paper) == [True] * 5
    assert can_read(replaced.paper) == [True, False, False, False, False], "what she took back is hers"
    assert can_read(never.paper) == [False, False, False, False, True]
    with pytest.raises(Conflict, match="stays on record"):
        discard_own_paper(DocumentVersion.objects.get(document=never.paper), by=house.other_minister)


def test_no_hash_in_the_trail_tells_what_she_answered(house):
    """Whoever reads the trail can make every slip that she might have sent, and compare."""
    opinion_request = send(house)
    one = prepare(opinion_request, house.minister, steps.AGREE)
    text = bytes(one.statement.content).replace(one.nonce.encode(), b"0" * 32)
    known = {hashlib.sha256(text).hexdigest()}
    hashes = {event.details.get("sha256") for event in AuditEvent.objects.filter(details__has_key="sha256")}
    assert one.statement.sha256 in hashes and not known & hashes
    assert len(one.nonce) == 32 and one.nonce not in json.dumps(
        list(AuditEvent.objects.values_list("details", flat=True))
    )


@pytest.mark.parametrize("is_good", [True, False])
def test_no_receipt_in_the_trail_tells_it_either(house, is_good):
    """It is made of the answer and of a moment that the trail tells almost to the millisecond."""
    sheet = sign_answer(house, send(house), house.minister, steps.AGREE)
    if not is_good:
        revoke(house, house.minister)
    assert finish(sheet).signature_state == (SignatureState.HOLDS if is_good else SignatureState.BROKEN)
    told = [str(event.details) for event in AuditEvent.objects.all() if not event.is_sealed]
    assert not [words for words in told if sheet.receipt in words]


def test_the_paper_that_goes_with_a_signed_answer_stays_with_it(house):
    opinion_request = send(house)
    paper = received(make_pdf(), name="Phụ lục.pdf")
    actions.attach_paper(steps.slip_of(opinion_request, house.minister), by=house.minister, upload=paper)
    sheet = sign_answer(house, opinion_request, house.minister)
    with pytest.raises(Conflict, match="stays on record"):
        discard_own_paper(sheet.attachment, by=house.minister)


def test_where_a_signature_is_required_a_plain_answer_is_refused(house):
    opinion_request = send(house)
    with pytest.raises(Conflict, match="signed with a key"):
        steps.answer(opinion_request, house.minister)
    with pytest.raises(Conflict, match="are not signed"):
        prepare(steps.send(house), house.minister)


def test_where_it_is_allowed_one_may_answer_either_way(house):
    opinion_request = send(house, "allowed")
    steps.answer(opinion_request, house.minister)
    sheet = sign_answer(house, opinion_request, house.minister)
    slip = steps.slip_of(opinion_request, house.minister)
    assert [one.standing for one in slip.sheets.order_by("number")] == ["replaced", "counts"]
    steps.answer(opinion_request, house.minister)
    assert AnswerSheet.objects.get(pk=sheet.pk).standing == SheetStanding.REPLACED
    assert steps.slip_of(opinion_request, house.minister).current_sheet.signature_state == ""


def test_a_second_click_makes_one_slip_and_signs_once(house):
    opinion_request = send(house)
    first = prepare(opinion_request, house.minister)
    slip = steps.slip_of(opinion_request, house.minister)
    again = actions.prepare_answer(slip, by=house.minister, answers=steps.give(opinion_request, OTHER))
    assert again.pk == first.pk and slip.sheets.count() == 1
    signature = begin(house, first, house.minister)
    hand_in(house, signature, house.minister)
    with pytest.raises(Conflict):
        hand_in(house, signature, house.minister)
    with pytest.raises(Conflict, match="another answer"):
        begin(house, first, house.minister)
    assert slip.sheets.count() == 1


def test_an_answer_changed_between_preparing_and_signing_is_not_signed(house):
    opinion_request = send(house, "allowed")
    first = prepare(opinion_request, house.minister, steps.AGREE)
    signature = begin(house, first, house.minister)
    second = prepare(opinion_request, house.minister, ("disagree", "Chưa rõ nguồn lực."))
    with pytest.raises(Conflict, match="another answer"):
        hand_in(house, signature, house.minister)
    kept = Signature.objects.get(pk=signature.pk)
    assert kept.value is None  # in one transaction: where the answer is refused no signature is kept
    steps.answer(opinion_request, house.minister)
    with pytest.raises(Conflict, match="another answer"):
        begin(house, second, house.minister)


def test_who_signs_too_late_has_not_answered(house):
    opinion_request = send(house)
    signature = begin(house, prepare(opinion_request, house.minister), house.minister)
    house.stamper.at = opinion_request.deadline
    Signature.objects.filter(pk=signature.pk).update(expires_at=opinion_request.deadline + factories.days(1))
    signature.refresh_from_db()
    with steps.after_the_deadline(opinion_request), pytest.raises(Conflict, match="no longer takes answers"):
        hand_in(house, signature, house.minister)
    assert Signature.objects.get(pk=signature.pk).value is None
    steps.close(opinion_request)
    slip = steps.slip_of(opinion_request, house.minister)
    assert slip.status == SlipStatus.SILENT and slip.sheets.get().standing == SheetStanding.DROPPED


def test_nobody_signs_what_another_has_written(house):
    opinion_request = send(house)
    sheet = prepare(opinion_request, house.minister)
    with pytest.raises(PermissionDenied):
        begin(house, sheet, house.other_minister)
    other = house.certificates[house.other_minister]
    with pytest.raises(Conflict, match="not registered to you"):
        actions.sign_answer(sheet, by=house.minister, certificate=other)
    signature = begin(house, sheet, house.minister)
    with pytest.raises(PermissionDenied):
        hand_in(house, signature, house.other_minister)
    value = sign(house.keys[house.other_minister], bytes(signature.to_sign))
    with pytest.raises(Conflict, match="does not fit"):
        signatures.complete_signature(signature, by=house.minister, value=value)
    assert not steps.slip_of(opinion_request, house.minister).is_answered


def test_a_dossier_that_changed_is_looked_at_before_signing(house):
    opinion_request = send(house)
    sheet = prepare(opinion_request, house.minister)
    actions.correct_dossier(opinion_request, by=house.secretary, reason="Sai số liệu.")
    opinion_request.refresh_from_db()
    steps.make_paper(opinion_request.dossier)
    actions.reissue_dossier(opinion_request, by=house.secretary)
    with pytest.raises(Conflict, match="dossier has changed"):
        begin(house, sheet, house.minister)
    newer = prepare(opinion_request, house.minister)
    assert newer.pk != sheet.pk
    hand_in(house, begin(house, newer, house.minister), house.minister)
    assert decode(bytes(newer.statement.content)).body["dossier"]["issue"] == 2


def revoke(house, person):
    serial = house.keys[person].certificate.serial_number
    supply_revocations(pki().issuer, revoked=((serial, clock.now() - factories.days(1)),))


def test_a_required_signature_that_breaks_takes_the_answer_with_it_while_there_is_time(house):
    opinion_request = send(house)
    sheet = sign_answer(house, opinion_request, house.minister)
    slip = steps.slip_of(opinion_request, house.minister)
    actions.reserve_dissent(slip, by=house.minister, words="Tôi bảo lưu ý kiến của mình.")
    revoke(house, house.minister)
    sheet = finish(sheet)
    slip = steps.slip_of(opinion_request, house.minister)
    assert slip.dissent == "", "nothing differs any more"
    assert sheet.signature_state == SignatureState.BROKEN and sheet.standing == SheetStanding.VOIDED
    assert slip.status == SlipStatus.PENDING and not slip.receipt
    assert told(house.minister, "signature_broken").get().context["outcome"] == "void"
    assert not told(house.secretary, "signature_broken_late").exists()


def test_a_signature_that_was_free_leaves_the_answer_standing(house):
    opinion_request = send(house, "allowed")
    sheet = sign_answer(house, opinion_request, house.minister)
    revoke(house, house.minister)
    assert finish(sheet).standing == SheetStanding.COUNTS
    assert steps.slip_of(opinion_request, house.minister).is_answered
    assert told(house.minister, "signature_broken").get().context["outcome"] == "unsigned"


def test_after_the_close_the_answer_stays_and_the_office_is_told(house):
    opinion_request = send(house)
    sheet = sign_answer(house, opinion_request, house.minister)
    revoke(house, house.minister)
    steps.close(opinion_request)
    sheet = finish(sheet)
    assert sheet.signature_state == SignatureState.BROKEN and sheet.standing == SheetStanding.COUNTS
    opinion_request.refresh_from_db()
    assert opinion_request.questions.get().result["other"] == 1
    assert told(house.secretary, "signature_broken_late").exists()
    assert told(house.minister, "signature_broken").get().context["outcome"] == "late"


def test_a_signature_over_an_answer_that_was_replaced_tells_nobody(house):
    opinion_request = send(house)
    first = sign_answer(house, opinion_request, house.minister, steps.AGREE)
    sign_answer(house, opinion_request, house.minister)
    revoke(house, house.minister)
    assert finish(first).standing == SheetStanding.REPLACED
    assert steps.slip_of(opinion_request, house.minister).is_answered
    assert not told(house.minister, "signature_broken").exists()


def test_a_worker_that_keeps_dying_gives_the_answer_back(house, monkeypatch):
    opinion_request = send(house)
    sheet = sign_answer(house, opinion_request, house.minister)
    Signature.objects.update(
        work_state="running", work_attempts=3, started_at=clock.now() - factories.days(1)
    )
    finish(sheet)
    tasks.hand_in_signatures()
    assert AnswerSheet.objects.get(pk=sheet.pk).standing == SheetStanding.VOIDED
    assert told(house.minister, "signature_broken").get().context["because"] == "worker_lost"


def test_without_a_timestamp_the_answer_counts_and_waits(house):
    opinion_request = send(house)
    sheet = sign_answer(house, opinion_request, house.minister)
    house.stamper.trouble = "down"
    assert finish(sheet).signature_state == SignatureState.CHECKING
    assert steps.slip_of(opinion_request, house.minister).is_answered
    house.stamper.trouble = None
    assert finish(sheet).signature_state == SignatureState.HOLDS


def test_a_slip_that_could_not_be_made_is_made_anew(house, monkeypatch):
    opinion_request = send(house)
    slip = steps.slip_of(opinion_request, house.minister)
    answers = steps.give(opinion_request, OTHER)
    sheet = actions.prepare_answer(slip, by=house.minister, answers=answers)
    with pytest.raises(Conflict, match="still being made"):
        begin(house, sheet, house.minister)
    Rendering.objects.update(work_state="failed", work_error="OSError")
    again = actions.prepare_answer(slip, by=house.minister, answers=answers)
    assert again.pk != sheet.pk
    assert prepare(opinion_request, house.minister).statement is not None


def test_the_worker_that_makes_the_slip_twice_writes_one_statement(house):
    sheet = prepare(send(house), house.minister)
    render_slip(Rendering.objects.get(document=sheet.paper).pk)
    assert Statement.objects.count() == 1
    with pytest.raises(Conflict):
        actions.write_statement(sheet, by=WORKER, version=DocumentVersion.objects.get(document=sheet.paper))


def test_marks_that_nobody_sees_are_not_signed(house):
    sheet = prepare(send(house), house.minister, ("other", "Đồng ý\u202e ýù\x07 một phần."))
    assert sheet.answers.get().reason == "Đồng ý ýù một phần."


def test_an_ended_certificate_signs_nothing(house):
    sheet = prepare(send(house), house.minister)
    SigningCertificate.objects.update(status=CertificateStatus.ENDED)
    with pytest.raises(Conflict, match="not registered to you"):
        actions.sign_answer(
            sheet,
            by=house.minister,
            certificate=SigningCertificate.objects.get(pk=house.certificates[house.minister].pk),
        )


def test_a_stand_in_signs_in_her_own_name(house):
    """Where the form lets stand-ins answer."""
    opinion_request = send(house, stand_ins_answer=True)
    slip = steps.slip_of(opinion_request, house.minister)
    person = factories.make_user("Lê Văn Sơn")
    slip.stand_in = factories.appoint(person, "submitter", house.body, title="Thứ trưởng Bộ Tài chính")
    slip.save()
    house.keys[person] = make_signer_of("Lê Văn Sơn")
    house.certificates[person] = register(house.keys[person], holder=person)
    sheet = sign_answer(house, opinion_request, person, slip=slip)
    assert decode(bytes(sheet.statement.content)).body["stand_in"] == "Lê Văn Sơn"
    again = prepare(opinion_request, person, steps.AGREE, slip=slip)
    with pytest.raises(PermissionDenied):  # what the stand-in wrote, the member does not sign
        begin(house, again, house.minister)


SIGNING = {"prepare_answer", "count_signed_answer", "void_signed_answer", "answer_slip"}
WHO = {
    ("none", False): {"minister": {"answer_slip"}},
    ("allowed", False): {"minister": {"answer_slip", "prepare_answer"}},
    ("required", False): {"minister": {"prepare_answer"}},
    ("required", True): {},
}


@pytest.mark.parametrize(("signing", "is_late"), WHO)
def test_who_may_make_ready_what(cast, signing, is_late):
    """What the key does not do by itself: who is not named may do none of it."""
    opinion_request = send(cast, signing)
    slip = steps.slip_of(opinion_request, cast.minister)
    people = {name: getattr(cast, name) for name in CAST} | {"clock": CLOCK, "worker": WORKER}
    with steps.after_the_deadline(opinion_request) if is_late else nullcontext():
        found = {name: SIGNING & set(rules.SLIP.allowed(who, slip)) for name, who in people.items()}
    assert {name: allowed for name, allowed in found.items() if allowed} == WHO[signing, is_late]


def test_who_may_do_what_with_an_answer_to_sign(house):
    opinion_request = send(house)
    slip = steps.slip_of(opinion_request, house.minister)
    answers = steps.give(opinion_request, OTHER)
    sheet = actions.prepare_answer(slip, by=house.minister, answers=answers)
    people = {name: getattr(house, name) for name in CAST} | {"clock": CLOCK, "worker": WORKER}

    def look(sheet):
        found = {name: set(rules.SHEET.allowed(who, sheet)) for name, who in people.items()}
        return {name: allowed for name, allowed in found.items() if allowed}

    assert look(sheet) == {"worker": {"write_statement"}}
    sheet = prepare(opinion_request, house.minister)
    assert look(sheet) == {"minister": {"sign_answer"}}
    hand_in(house, begin(house, sheet, house.minister), house.minister)
    sheet = AnswerSheet.objects.get(pk=sheet.pk)
    assert look(sheet) == {"worker": {"confirm_signature", "break_signature"}}
    assert look(finish(sheet)) == {}
