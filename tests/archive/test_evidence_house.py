"""A bundle of an office that has a seal in its module and a timestamp authority: the house vouches for it."""

from types import SimpleNamespace

import pytest

from audit import checkpoints
from core import clock
from opinions.models import AnswerSheet
from opinions.statements import spell_answers
from signatures.demonstration import _SIGNER, _certify, _name
from signatures.models import Signature, SigningCertificate, Statement
from signatures.rules import KeyWay, SignatureStatus
from signatures.trust import build_trust_store
from tests.archive import evidence_case
from tests.signatures.samples import START, pki
from tests.signatures.signing import make_signer_of, open_stamper, register, sign, trust_all
from tests.tokens import PIN
from verifier.bundle.findings import Given, State
from verifier.bundle.judging import judge_file
from verifier.bundle.words import say_judgement
from verifier.statements.content import Content, encode


@pytest.fixture
def office(cast, settings, token, tmp_path, monkeypatch):
    """Its seal lives in SoftHSM; timestamps come over HTTP; both authorities are trusted."""
    monkeypatch.setenv("SOFTHSM2_CONF", token.environment["SOFTHSM2_CONF"])
    (tmp_path / "pin").write_text(PIN)
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN = token.module, token.label
    settings.PKCS11_PIN_FILE, settings.SEAL_SIGNER = str(tmp_path / "pin"), ""
    label = f"seal-{tmp_path.name}"
    public = token.make_key(label, "ec")
    holder = SimpleNamespace(public_key=lambda: public)
    identity = _certify(
        _name("Văn phòng Chính phủ", "Văn phòng Chính phủ"), holder, pki().issuer, START, _SIGNER
    )
    register(identity, organisation=cast.office, way=KeyWay.SERVER, key_name=label)
    trust_all()
    evidence_case.keep_log_here(monkeypatch, settings, tmp_path)
    with open_stamper() as stamper:
        stamper.at = clock.now()
        settings.TSA_URLS = [stamper.url]
        yield stamper


def sign_answer(decision, person):
    """As the member's key does it; the answer in a statement of its own."""
    from signatures.cms import build_attributes, build_cms
    from signatures.timestamping import request_timestamp
    from signatures.values import hash_with

    slip = decision.opinion_request.slips.get(member=person)
    answers = spell_answers(slip.answers)
    content = encode(Content("opinions.answer", slip.pk, clock.now(), {"answers": answers}))
    signer = make_signer_of(str(person))
    to_sign = build_attributes(signer.der, hash_with("sha256", content))
    value = sign(signer, to_sign)
    token = request_timestamp(hash_with("sha256", value)).token
    statement = Statement.objects.create(
        kind="opinions.answer", target_id=slip.pk, content=content, sha256=hash_with("sha256", content).hex()
    )
    AnswerSheet.objects.filter(pk=slip.current_sheet.pk).update(statement=statement)
    Signature.objects.create(
        statement=statement,
        certificate=register(signer, holder=person),
        by=person,
        status=SignatureStatus.EMBEDDED,
        document_sha256=statement.sha256,
        to_sign=to_sign,
        value=value,
        cms=build_cms(signer.der, to_sign, value, chain=[pki().issuer.der], token=token),
        expires_at=clock.now(),
    )


def test_the_house_vouches_for_it(office, cast, django_capture_on_commit_callbacks):
    decision = evidence_case.decide(cast, restricted=False)
    sign_answer(decision, cast.minister)
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    given = Given(build_trust_store(), tuple(checkpoints.known_keys()), clock.now())
    manifest, judgement = judge_file(bundle.path, given)
    found = {(finding.code, finding.state) for finding in judgement.findings}
    words = say_judgement("", manifest, judgement, "en")
    assert ("sealed", State.HOLDS) in found, words
    assert ("checkpoint_timestamped", State.HOLDS) in found, words
    assert ("answers_signed", State.HOLDS) in found, words
    assert ("answers_unsigned", State.TOLD) in found, words
    assert State.FAILS not in {finding.state for finding in judgement.findings}, words
    assert bundle.row.is_sealed and bundle.row.contents["files"]["signature"] == 1


def test_a_module_that_is_down_keeps_nobody_waiting(
    office, cast, settings, caplog, django_capture_on_commit_callbacks
):
    settings.PKCS11_TOKEN = "another token"
    decision = evidence_case.decide(cast, restricted=False)
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    assert bundle.row.is_logged and not bundle.row.is_sealed
    assert "No seal on bundle" in caplog.text and PIN not in caplog.text


def test_a_key_that_is_not_the_seals_makes_no_seal(
    office, cast, caplog, token, django_capture_on_commit_callbacks
):
    """The module signs with whatever key has the name: what it gives is checked before it is put in."""
    token.make_key("another", "ec")
    SigningCertificate.objects.update(key_name="another")
    decision = evidence_case.decide(cast, restricted=False)
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    assert not bundle.row.is_sealed and "another key" in caplog.text
