"""Signatures apart from their files: the same ladder and words as in a PDF."""

import asyncio
import json
from io import StringIO

import pytest
from asn1crypto import cms
from django.core.management import call_command

from signatures.demonstration import make_signer, make_timestamper
from signatures.verifier import TrustStore
from tests.signatures import samples
from tests.signatures.samples import NOW, SIGNED, minister, pki, rogue, seal, trust
from verifier.cms import verify_detached
from verifier.pdf.report import FAILED, INDETERMINATE, PASSED

CONTENT = "Đồng ý với dự thảo Nghị quyết.".encode() * 100


def sign(
    identity, *, stamped: bool = True, pki_=None, content: bytes = CONTENT, enclosed: bool = False
) -> bytes:
    house = pki_ or pki()
    made = make_signer(identity, [house.issuer]).async_sign_general_data(
        content,
        "sha256",
        use_cades=True,
        detached=not enclosed,
        timestamper=make_timestamper(house, SIGNED) if stamped else None,
    )
    return asyncio.run(made).dump()


@pytest.fixture
def judge(tmp_path):
    def judge(signature: bytes, store: TrustStore | None = None, content: bytes = CONTENT):
        (tmp_path / "content").write_bytes(content)
        (tmp_path / "content.p7s").write_bytes(signature)
        return verify_detached(
            tmp_path / "content.p7s",
            tmp_path / "content",
            trust=trust() if store is None else store,
            at=NOW,
        )

    return judge


@pytest.mark.parametrize("enclosed", [False, True])
def test_a_good_signature_over_a_file(judge, enclosed):
    report = judge(sign(minister(), enclosed=enclosed))
    (found,) = report.signatures
    assert (report.verdict, found.indication, found.rung, found.level) == (
        "valid",
        PASSED,
        "with_time",
        "B-T",
    )
    assert (found.signer, found.best_time, found.covers_whole_file) == ("Nguyễn Hữu Đức", SIGNED, True)


@pytest.mark.parametrize("enclosed", [False, True])
def test_another_file_is_not_what_was_signed(judge, enclosed):
    report = judge(sign(minister(), enclosed=enclosed), content=CONTENT + b".")
    assert report.verdict == ("unverifiable" if enclosed else "invalid")
    assert all(found.reason == "altered" for found in report.signatures)


def test_trust_and_revocation_decide_as_in_a_pdf(judge):
    assert judge(sign(minister()), TrustStore()).signatures[0].reason == "chain_unknown"
    stranger = samples.issue_signer(rogue(), samples.START, name="A", organisation="B")
    assert judge(sign(stranger, pki_=rogue())).verdict == "undecided"
    gone = [(minister().certificate.serial_number, SIGNED - samples.DAY)]
    assert (
        judge(sign(minister()), trust(samples.revocation_lists(revoked=gone))).signatures[0].reason
        == "revoked"
    )


def test_each_of_several_signers_is_judged(judge):
    first, second = (cms.ContentInfo.load(sign(who)) for who in (minister(), seal()))
    both = first["content"].copy()
    both["signer_infos"] = cms.SignerInfos(
        [*first["content"]["signer_infos"], *second["content"]["signer_infos"]]
    )
    both["certificates"] = [*first["content"]["certificates"], *second["content"]["certificates"]]
    spoiled = second["content"]["signer_infos"][0].copy()
    spoiled["signature"] = bytes(70)
    info = cms.ContentInfo({"content_type": "signed_data", "content": both}).dump()
    assert [found.indication for found in judge(info).signatures] == [PASSED, PASSED]
    both["signer_infos"] = cms.SignerInfos([*first["content"]["signer_infos"], spoiled])
    info = cms.ContentInfo({"content_type": "signed_data", "content": both}).dump()
    assert {found.signer: found.indication for found in judge(info).signatures} == {
        "Nguyễn Hữu Đức": PASSED,
        "Bộ Tài chính": FAILED,
    }


@pytest.mark.parametrize(
    "signature", [b"", b"words", b"0" * 500, b"-----BEGIN PKCS7-----\n!\n-----END PKCS7-----\n"]
)
def test_what_is_no_signature_is_unverifiable(judge, signature):
    report = judge(signature)
    assert (report.verdict, bool(report.error)) == ("unverifiable", True)


def test_the_command_takes_a_signature_and_its_file(tmp_path, monkeypatch):
    monkeypatch.setenv("RUN_FROM", str(tmp_path))
    (tmp_path / "opinion.txt").write_bytes(CONTENT)
    (tmp_path / "opinion.p7s").write_bytes(sign(minister()))
    out = StringIO()
    arguments = ["--detached", "opinion.txt", "--at", NOW.isoformat()]
    call_command("verify_pdf", "--json", "opinion.p7s", "gone.p7s", *arguments, stdout=out)
    first, second = [json.loads(line) for line in out.getvalue().splitlines()]
    assert first["signatures"][0]["indication"] == INDETERMINATE
    assert second["error"].startswith("FileNotFoundError")
