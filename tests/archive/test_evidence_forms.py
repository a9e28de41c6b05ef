"""What the house tells of a collection in its evidence, and the verifier's count: every form of answer."""

import hashlib
import json
from functools import partial
from types import SimpleNamespace

import pytest

from archive.evidence import gathering
from audit.models import AuditEvent
from core import clock
from opinions import actions
from opinions.actions import AskedQuestion, OfferedOption
from opinions.models import AnswerSheet, OpinionRequest
from opinions.rules import SignatureState
from people.models import Appointment
from signatures.models import Signature, Statement
from signatures.rules import SignatureStatus
from tests import factories
from tests.opinions import steps, voting
from tests.signatures.signing import make_signer_of, register
from tests.verifier.balloting import SMALL
from verifier.ballots.published import check_published
from verifier.bundle import outcome
from verifier.bundle.findings import Given, State
from verifier.bundle.outcome import check_count
from verifier.bundle.reading import Bundle, File
from verifier.bundle.signed import check_statements
from verifier.bundle.trail import _find_differences as find_differences
from verifier.bundle.words import say
from verifier.pdf.trust import TrustStore
from verifier.statements.content import Content, encode

pytestmark = pytest.mark.django_db


class Loose(Bundle):
    """The files of a bundle that is not packed."""

    def __init__(self, parts):
        self.content = {}
        self.files = {}
        for part in parts:
            with part.open() as file:
                content = self.content[part.path] = file.read()
            sha256 = hashlib.sha256(content).hexdigest()
            self.files[part.path] = File(part.path, part.kind, sha256, len(content), part.of, part.facts)

    def has(self, name):
        return name in self.content

    def read(self, name):
        return self.content[name]

    def change(self, path, **values):
        told = json.loads(self.content[path]) | values
        self.content[path] = json.dumps(told).encode()
        return self


def tell(opinion_request):
    opinion_request = OpinionRequest.objects.get(pk=opinion_request.pk)
    of_json = gathering.Part.of_json
    rules = gathering._tell_rules(opinion_request.rule_set, opinion_request)
    return Loose(
        [
            of_json("rules.json", "rules", rules),
            of_json("outcome.json", "outcome", gathering._tell_outcome(opinion_request)),
            *gathering._tell_answers(opinion_request),
        ]
    )


def find(check, bundle):
    found = list(check(bundle, Given(TrustStore(), (), clock.now())))
    assert all(say(finding, language) for finding in found for language in ("vi", "en"))
    return {(finding.code, finding.state) for finding in found}


def test_options_are_counted_anew(cast):
    options = (OfferedOption("Phương án 1", is_proposed=True), OfferedOption("Phương án 2"))
    asked = AskedQuestion("Chọn phương án nào?", "options", 1, options)
    opinion_request = steps.send(cast, questions=(asked,))
    question = opinion_request.questions.get()
    first, second = question.offered
    for person, option in ((cast.minister, second), (cast.other_minister, first)):
        answers = {question.pk: {"options": [option.pk], "reason": ""}}
        actions.answer_slip(steps.slip_of(opinion_request, person), by=person, answers=answers)
    bundle = tell(steps.close(opinion_request))
    assert find(check_count, bundle) == {("options_agree", State.HOLDS), ("outcome_agrees", State.HOLDS)}
    told = json.loads(bundle.content["outcome.json"])
    told["questions"][0]["result"]["chosen"][str(first.pk)] = 4
    assert ("count_differs", State.FAILS) in find(check_count, bundle.change("outcome.json", **told))


def test_where_nobody_may_object_and_one_has_left_office(cast):
    classes = (
        {"code": "clear", "label": "Thông qua", "counts_as": "agree"},
        {"code": "not_clear", "label": "Không thông qua", "counts_as": "disagree"},
        {"code": "nil", "label": "Không tham gia", "counts_as": "abstain"},
    )
    kind = factories.make_kind(cast.body, classes, decided_by="no_objection", silence="nothing")
    opinion_request = steps.send(cast, kind=kind)
    steps.answer(opinion_request, cast.minister, "clear")
    steps.answer(opinion_request, cast.other_minister, "nil")
    Appointment.objects.filter(user=cast.third_minister).update(valid_until=clock.today() - factories.days(1))
    bundle = tell(steps.close(opinion_request))
    agreed = {("count_agrees", State.HOLDS), ("outcome_agrees", State.HOLDS)}
    assert find(check_count, bundle) == agreed | {("members_released", State.TOLD)}
    told = json.loads(bundle.content["rules.json"])
    bundle.change("rules.json", **(told | {"unopposed": False}))
    assert ("count_differs", State.FAILS) in find(check_count, bundle)


def test_a_secret_ballot_is_counted_anew_from_its_box(cast, monkeypatch):
    monkeypatch.setattr("opinions.ballots.GROUP", SMALL)
    monkeypatch.setattr(outcome, "check_published", partial(check_published, group=SMALL))
    opinion_request = voting.send(cast)
    voting.vote(opinion_request, cast.minister)
    voting.vote(opinion_request, cast.chair, "disagree")
    voting.close(opinion_request)
    bundle = tell(voting.count(opinion_request))
    good = {(code, State.HOLDS) for code in ("box_counted", "count_agrees", "outcome_agrees")}
    assert find(check_count, bundle) == good
    assert not any(
        json.loads(bundle.content[file.path])["answers"] for file in bundle.of_kind("answer")
    )  # nothing in the bundle tells who chose what
    entries = tell_trail(opinion_request)
    assert not list(find_differences(bundle, entries, is_whole=True))
    voter = next(
        file.path
        for file in bundle.of_kind("answer")
        if json.loads(bundle.content[file.path])["status"] == "answered"
    )
    assert ("box_of_others", State.FAILS) in find(check_count, bundle.change(voter, status="silent"))


def test_a_box_of_anybodys_making_is_not_the_one_that_was_closed(cast, monkeypatch):
    """Keys, ballots and shares of a forged box prove each other; the trail names the box that was closed."""
    monkeypatch.setattr("opinions.ballots.GROUP", SMALL)
    monkeypatch.setattr(outcome, "check_published", partial(check_published, group=SMALL))
    honest, forged = voting.send(cast), voting.send(cast)
    for person in (cast.minister, cast.chair):
        voting.vote(honest, person, "disagree")
        voting.vote(forged, person)
    for opinion_request in (honest, forged):
        voting.close(opinion_request)
    bundle, entries = tell(voting.count(forged)), tell_trail(voting.count(honest))
    assert ("outcome_agrees", State.HOLDS) in find(check_count, bundle)
    found = {finding.values["what"] for finding in find_differences(bundle, entries, is_whole=True)}
    assert found == {"box", "outcome"}


def tell_trail(opinion_request):
    events = AuditEvent.objects.of_cases([opinion_request])
    return [SimpleNamespace(**vars(event) | {"details": json.dumps(event.details)}) for event in events]


def sign(sheet, person, **changes):
    """A statement over the answer that counts. Whether its signature is good is told elsewhere."""
    slip = sheet.slip
    body = {"answers": gathering.spell_answers(slip.answers), **changes}
    content = encode(Content("opinions.answer", slip.pk, clock.now(), body))
    statement = Statement.objects.create(
        kind="opinions.answer", target_id=slip.pk, content=content, sha256="0" * 64
    )
    Signature.objects.create(
        statement=statement,
        certificate=register(make_signer_of(person.full_name), holder=person),
        by=person,
        status=SignatureStatus.EMBEDDED,
        document_sha256="0" * 64,
        to_sign=b"-",
        cms=b"-",
        expires_at=clock.now(),
    )
    AnswerSheet.objects.filter(pk=sheet.pk).update(statement=statement)


@pytest.fixture
def answered(cast):
    opinion_request = steps.send(cast, kind=factories.make_kind(cast.body, signing="allowed"))
    slip = steps.answer(opinion_request, cast.minister)
    return SimpleNamespace(request=opinion_request, sheet=slip.current_sheet)


def test_what_was_signed_is_compared_with_what_is_enclosed(cast, answered):
    sign(answered.sheet, cast.minister, dossier={"sha256": "f" * 64}, slip={"sha256": "e" * 64})
    bundle = tell(steps.close(answered.request))
    assert ("answer_on_other_dossier", State.FAILS) in find(check_statements, bundle)
    path = next(file.path for file in bundle.of_kind("statement")).replace(".statement.json", ".json")
    bundle.files["s.pdf"] = File("s.pdf", "slip", "d" * 64, 1, path, {})
    found = find(check_statements, bundle)
    assert ("answer_paper_differs", State.FAILS) in found and (
        "answer_not_as_signed",
        State.FAILS,
    ) not in found


def test_a_broken_signature_is_told_and_is_none(cast, answered):
    AnswerSheet.objects.update(signature_state=SignatureState.BROKEN)
    found = find(check_statements, tell(steps.close(answered.request)))
    assert found == {("answer_signature_broken", State.TOLD), ("answers_unsigned", State.TOLD)}


def test_a_stand_in_is_named_as_who_has_answered(cast):
    kind = factories.make_kind(cast.body, signing="allowed", stand_ins_answer=True)
    opinion_request = steps.send(cast, kind=kind)
    person = factories.make_user("Lê Văn Sơn")
    slip = steps.slip_of(opinion_request, cast.minister)
    slip.stand_in = factories.appoint(person, "submitter", cast.body, title="Thứ trưởng Bộ Tài chính")
    slip.save()
    actions.answer_slip(slip, by=person, answers=steps.give(opinion_request, steps.AGREE))
    sign(slip.sheets.get(), person)
    bundle = tell(steps.close(opinion_request))
    slips = [json.loads(bundle.content[file.path]) for file in bundle.of_kind("answer")]
    assert [slip["given_by"] for slip in slips if "given_by" in slip] == ["Lê Văn Sơn"]
