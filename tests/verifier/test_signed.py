"""Signatures in a bundle: of the resolution, of members on their answers, of the office on the list, of time.

A decision takes a second to make: one test a kind of signature, with all its cases.
"""

import asyncio
import hashlib
import json
import unicodedata
from base64 import b64encode
from dataclasses import replace

import pytest

from audit import checkpoints
from core import clock
from core.work import WorkState
from documents import storage
from documents.manifest import canonical
from signatures.demonstration import issue_signer, make_signer, make_timestamper
from signatures.models import PreservedCopy, Verification
from tests.archive import evidence_case
from tests.signatures import samples
from tests.signatures.samples import NOW, SIGNED, START, minister, pki, rogue, seal
from tests.verifier import tampering
from verifier.bundle.findings import Given, State
from verifier.bundle.judging import judge_file
from verifier.bundle.reading import Bundle
from verifier.bundle.signed import _is_named, check_papers, check_seal, check_statements
from verifier.bundle.trail import check_trail
from verifier.bundle.words import say, say_judgement
from verifier.pdf.document import verify_document
from verifier.pdf.trust import TrustStore
from verifier.statements.content import Content, encode


@pytest.fixture
def made(cast, monkeypatch, settings, tmp_path, django_capture_on_commit_callbacks):
    """The resolution is signed to B-LTA, and was preserved with one timestamp more."""
    evidence_case.keep_log_here(monkeypatch, settings, tmp_path)
    text = samples.sign_to_level(samples.paper(), "B-LTA")
    decision = evidence_case.decide(cast, restricted=False, text=text)
    preserved = samples.stamp_document(text)
    PreservedCopy.objects.create(
        version=decision.document.versions.get(),
        work_state=WorkState.DONE,
        sha256=storage.keep_content(preserved),
        size=len(preserved),
    )
    Verification.objects.create(
        version=decision.document.versions.get(),
        work_state=WorkState.DONE,
        verdict="valid",
        report=verify_pdf_bytes(text, tmp_path).to_json(),
        checked_at=clock.now(),
    )
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    return bundle.path


def verify_pdf_bytes(content, folder):
    path = folder / "text.pdf"
    path.write_bytes(content)
    return verify_document(path, trust=samples.trust(), at=NOW, profile="auto")


@pytest.fixture
def given():
    return Given(samples.trust(), tuple(checkpoints.known_keys()), NOW)


def find(check, path, given):
    """The codes with their states, each said in both languages."""
    with Bundle(path) as bundle:
        found = list(check(bundle, given))
    assert all(say(finding, language) for finding in found for language in ("vi", "en"))
    return {(finding.code, finding.state) for finding in found}


def sign(content, identity, house=None):
    house = house or pki()
    made = make_signer(identity, [house.issuer]).async_sign_general_data(
        content, "sha256", use_cades=True, detached=True, timestamper=make_timestamper(house, SIGNED)
    )
    return asyncio.run(made).dump()


def test_a_decision_that_is_signed_holds_altogether(made, given):
    manifest, judgement = judge_file(made, given)
    assert judgement.holds, say_judgement("", manifest, judgement, "en")
    assert {"paper_valid", "manifest_logged", "outcome_agrees"} <= {one.code for one in judgement.findings}


def test_without_anchors_no_signature_is_valid(made, given):
    found = find(check_papers, made, replace(given, trust=TrustStore()))
    assert {("paper_undecided", State.UNPROVEN), ("no_anchors", State.UNPROVEN)} <= found


def test_a_preserved_copy_is_of_its_paper(made, given, tmp_path):
    files = tampering.take_apart(made)
    files["preserved/0001.pdf"] = samples.sign_to_level(samples.paper(), "B-LTA", field="Other")
    other = tampering.pack(tampering.list_anew(files), tmp_path / "other.zip")
    assert ("copy_of_another", State.FAILS) in find(check_papers, other, given)


def test_a_verdict_does_not_turn_over(made, given, tmp_path):
    """What the house saw is enclosed, also as ETSI TS 119 102-2, and compared with what is seen now."""
    files = tampering.take_apart(made)
    assert b"ValidationReport" in files["reports/0001.xml"]
    assert "observed_otherwise" not in {code for code, _state in find(check_papers, made, given)}
    files = tampering.change_json(files, "reports/0001.json", lambda told: told.update(verdict="unsigned"))
    other = tampering.pack(tampering.list_anew(files), tmp_path / "other.zip")
    assert ("observed_otherwise", State.FAILS) in find(check_papers, other, given)


def test_the_seal_on_the_list(made, given, tmp_path):
    files = tampering.take_apart(made)
    for identity, house, changed, expected in (
        (seal(), pki(), False, ("sealed", State.HOLDS)),
        (seal(), pki(), True, ("seal_invalid", State.FAILS)),
        (
            issue_signer(rogue(), START, name="Bộ Tài chính", organisation="Bộ Tài chính"),
            rogue(),
            False,
            ("seal_undecided", State.UNPROVEN),
        ),
    ):
        content = files["manifest.json"] + (b" " if changed else b"")
        files["manifest.p7s"] = sign(content, identity, house)
        sealed = tampering.pack(files, tmp_path / "sealed.zip")
        assert find(check_seal, sealed, given) == {expected}


def with_statement(path, target, identity, change=lambda body, slip: None, spoil=False):
    """The minister's slip, signed."""
    files = tampering.take_apart(path)
    name = tampering.find(files, r"answers/\d+\.json", '"Nguyễn Hữu Đức"')
    slip = json.loads(files[name])
    body = {"answers": slip["answers"]}
    change(body, slip)
    content = encode(Content("opinions.answer", slip["slip"], SIGNED, body))
    statement, signature = name.replace(".json", ".statement.json"), name.replace(".json", ".p7s")
    files |= {statement: content, signature: sign(content + (b" " if spoil else b""), identity)}
    manifest = json.loads(tampering.list_anew(files)["manifest.json"])
    for line in manifest["files"]:
        if line["path"] == statement:
            line |= {"kind": "statement", "of": name}
        if line["path"] == signature:
            line |= {"kind": "signature", "of": statement}
    return tampering.pack({**files, "manifest.json": canonical(manifest).encode()}, target)


def say_otherwise(body, slip):
    body["answers"] = [{**answer, "position": "agree", "reason": ""} for answer in body["answers"]]


def test_signed_answers(made, given, tmp_path):
    for options, code, state in (
        ({}, "answers_signed", State.HOLDS),
        ({"spoil": True}, "answer_forged", State.FAILS),
        ({"change": say_otherwise}, "answer_not_as_signed", State.FAILS),
        ({"identity": seal()}, "answer_of_another", State.FAILS),
    ):
        path = with_statement(made, tmp_path / "s.zip", **{"identity": minister(), **options})
        assert find(check_statements, path, given) == {(code, state), ("answers_unsigned", State.TOLD)}


def test_a_namesake_by_half_signs_for_nobody(made, given, tmp_path):
    """The member is "Nguyễn Hữu Đức"."""
    for name, expected in (
        ("NGUYỄN HỮU ĐỨC", ("answers_signed", State.HOLDS)),
        ("Nguyễn Hữu Đức Anh", ("answer_of_another", State.FAILS)),
        ("Nguyễn Hữu Đứcc", ("answer_of_another", State.FAILS)),
    ):
        other = issue_signer(pki(), START, name=name, organisation="Bộ Tài chính")
        path = with_statement(made, tmp_path / "n.zip", identity=other)
        assert expected in find(check_statements, path, given), name


@pytest.mark.parametrize(
    ("signer", "is_hers"),
    [
        ("TRẦN THỊ THU", True),
        (unicodedata.normalize("NFD", "Trần  Thị Thu"), True),
        ("PGS.TS. Trần Thị Thu", True),
        ("Bộ trưởng Trần Thị Thu", True),
        ("Trần Thị Thu - Bộ Y tế", True),
        ("Trần Thị Thu, Bộ Y tế", True),
        ("Trần Thị Thu 001170000001", True),
        ("TRẦN THỊ THUẬN", False),
        ("Trần Thị Thu Hà", False),
        ("Lê Trần Thị Thu", False),
        ("Trần Thị", False),
        ("Thu Trần Thị", False),
        ("", False),
    ],
)
def test_names_are_compared_whole(signer, is_hers):
    assert _is_named("Trần Thị Thu", signer) == is_hers
    assert not _is_named("", signer)


def test_timestamps_of_checkpoints(made, given, tmp_path):
    files = tampering.take_apart(made)
    receipt = json.loads(files["log/trail.json"])
    note = receipt["checkpoint"].encode()
    for token, trust, expected in (
        (stamp(note), samples.trust(), ("checkpoint_timestamped", State.HOLDS)),
        (stamp(note), TrustStore(), ("timestamp_undecided", State.UNPROVEN)),
        (stamp(b"another note"), samples.trust(), ("timestamp_forged", State.FAILS)),
        (b"nonsense", samples.trust(), ("timestamp_undecided", State.UNPROVEN)),
    ):
        receipt["timestamp"] = b64encode(token).decode()
        files["log/trail.json"] = canonical(receipt).encode()
        path = tampering.pack(tampering.list_anew(files), tmp_path / "t.zip")
        assert expected in find(check_trail, path, replace(given, trust=trust))


def stamp(content):
    digest = hashlib.sha256(content).digest()
    return asyncio.run(make_timestamper(pki(), SIGNED).async_timestamp(digest, "sha256")).dump()
