"""Signature files in a dossier: which paper they are about is found by its bytes."""

import asyncio
from hashlib import sha256

import pytest
from asn1crypto import pem
from django.urls import reverse

from core import clock
from core.actors import WORKER
from core.work import WorkState
from documents import actions as documents
from documents import tasks as document_tasks
from documents.files import inspection
from documents.files.signature_reading import inspect_signature
from documents.models import DocumentVersion
from documents.refusals import Refused
from documents.rules import Format
from documents.viewing import ViewState, find_state
from signatures import checking, detached, tasks
from signatures.demonstration import make_signer, make_timestamper
from signatures.models import Verification
from signatures.rules import Cause, Verdict
from tests.documents.samples import make_pdf, put_before_readers, received, upload
from tests.signatures.papers import newest, supply_list, trust
from tests.signatures.samples import NOW, SIGNED, minister, pki, rsa_signer
from verifier.cms import describe_detached, verify_detached
from verifier.pdf.report import Report


def sign(content: bytes, *, enclosed: bool = False, digest: str = "sha256", identity=None) -> bytes:
    made = make_signer(identity or minister(), [pki().issuer]).async_sign_general_data(
        content, digest, use_cades=True, detached=not enclosed, timestamper=make_timestamper(pki(), SIGNED)
    )
    return asyncio.run(made).dump()


@pytest.fixture
def dossier(cast):
    trust(cast)
    supply_list(cast)
    return documents.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")


@pytest.fixture
def here(monkeypatch):
    """The verifier in this process: a child costs a second."""
    monkeypatch.setattr(detached, "describe_in_sandbox", describe_detached)
    monkeypatch.setattr(
        detached,
        "verify_in_sandbox",
        lambda path, trust, at, detached: verify_detached(detached, path, trust=trust, at=at),
    )


@pytest.fixture
def put_in(cast, dossier):
    def put_in(content: bytes, name: str, format_: str = Format.P7S) -> DocumentVersion:
        paper = received(content, name, format_)
        return documents.add_paper(dossier, by=cast.secretary, upload=paper).version

    return put_in


def check(version: DocumentVersion):
    with clock.at(NOW):
        tasks.verify_version(newest(version).pk)
    return newest(version)


def test_a_signature_file_is_taken_in_and_judged_over_its_paper(cast, dossier, put_in):
    """By the real children, from the upload on."""
    content = make_pdf()
    paper = put_in(content, "tờ trình.pdf", Format.PDF)
    put_in(make_pdf(), "khác.pdf", Format.PDF)
    armoured = pem.armor("PKCS7", sign(content))
    version = documents.add_paper(dossier, by=cast.secretary, upload=upload(armoured, "tờ trình.pdf")).version
    assert (version.format, version.pages, version.file_name) == (Format.P7S, None, "tờ trình.pdf.p7s")
    document_tasks.read_version(version.pk)
    version.refresh_from_db()
    assert (version.work_state, find_state(version), version.view_copy) == (
        WorkState.DONE,
        ViewState.KEPT,
        None,
    )

    found = check(version)
    assert (found.verdict, found.content, found.sha256) == (Verdict.VALID, paper, paper.sha256)
    assert found.evidence.signatures[0].signer == "Nguyễn Hữu Đức"


def test_without_its_paper_nothing_is_decided_until_it_comes(put_in, here):
    content = make_pdf()
    signature = put_in(sign(content), "a.p7s")
    found = check(signature)
    (named,) = found.evidence.signatures
    assert (found.verdict, found.content, named.signer) == (Verdict.UNDECIDED, None, "Nguyễn Hữu Đức")
    assert (named.reason, named.sub_indication) == ("signed_data_missing", "SIGNED_DATA_NOT_FOUND")

    put_in(content + b"\n", "gần giống.pdf", Format.PDF)
    assert check(signature).verdict == Verdict.UNDECIDED

    paper = put_in(content, "a.pdf", Format.PDF)
    assert newest(signature).cause == Cause.BESIDE
    found = check(signature)
    assert (found.verdict, found.verdict_before, found.content) == (
        Verdict.VALID,
        Verdict.UNDECIDED,
        paper,
    )
    put_in(make_pdf(), "b.pdf", Format.PDF)
    assert newest(signature) == found  # what is valid is left in peace


def test_a_paper_that_came_while_the_worker_looked_is_not_overlooked(put_in, here, monkeypatch):
    content = make_pdf()
    signature = put_in(sign(content), "a.p7s")

    def describe(path):
        if newest(signature).work_attempts == 1:
            put_in(content, "a.pdf", Format.PDF)
        return Report("ab" * 32), []

    monkeypatch.setattr(detached, "describe_in_sandbox", describe)
    assert check(signature).work_state == WorkState.QUEUED
    monkeypatch.setattr(detached, "describe_in_sandbox", describe_detached)
    assert check(signature).verdict == Verdict.VALID


def test_a_paper_that_is_included_from_elsewhere_is_found_too(cast, dossier, put_in, here):
    content = make_pdf()
    signature = put_in(sign(content), "a.p7s")
    other = documents.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ khác")
    paper = documents.add_paper(other, by=cast.secretary, upload=received(content)).version
    assert check(signature).verdict == Verdict.UNDECIDED
    documents.include_version(dossier, by=cast.secretary, version=paper)
    assert check(signature).content == paper


def test_a_changed_paper_is_not_what_was_signed(put_in, here):
    content = make_pdf()
    paper = put_in(content + b"\n", "a.pdf", Format.PDF)
    signature = put_in(sign(content), "a.p7s")
    signature.document.attached_to = paper.document
    signature.document.save()
    found = check(signature)
    assert (found.verdict, found.content, found.evidence.signatures[0].reason) == (
        Verdict.INVALID,
        paper,
        "altered",
    )


def test_a_signature_that_is_moved_to_another_paper_is_forged(put_in, here):
    """Its own statement of the digest is what the paper is found by, and what the signature covers."""
    content, other = make_pdf(), make_pdf()
    moved = sign(content).replace(sha256(content).digest(), sha256(other).digest())
    put_in(other, "a.pdf", Format.PDF)
    assert check(put_in(moved, "a.p7s")).evidence.signatures[0].reason == "forged"


def test_the_paper_is_found_by_other_digests_and_after_a_correction(cast, dossier, put_in, here):
    content = make_pdf()
    paper = put_in(content, "a.pdf", Format.PDF)
    signature = put_in(sign(content, digest="sha384", identity=rsa_signer()), "a.p7s")
    documents.replace_paper(paper.papers.get(), by=cast.secretary, upload=received(), reason="Sửa lỗi")
    assert paper.papers.count() == 0
    assert check(signature).content == paper


def test_it_is_looked_at_again_by_itself_also_in_a_load(put_in, here, monkeypatch):
    content = make_pdf()
    put_in(content, "a.pdf", Format.PDF)
    signature = put_in(sign(content), "a.p7s")
    check(signature)
    alone = []
    monkeypatch.setattr(checking, "enqueue", lambda task, *pks: alone.extend(pks))
    row = newest(signature)
    again = [Verification.objects.create(version=row.version, cause=Cause.SCHEDULE) for _ in range(2)]
    with clock.at(NOW):
        checking.check_versions_again([one.pk for one in again])
    assert alone == [one.pk for one in again]


REFUSED = {
    "words": (b"-----BEGIN PKCS7-----\n!\n-----END PKCS7-----\n", "broken_signature"),
    "cut": (sign(b"a")[:-9], "broken_signature"),
    "enclosing": (sign(b"a", enclosed=True), "encloses_content"),
}


@pytest.mark.parametrize("sample", REFUSED)
def test_what_is_no_detached_signature_is_refused(tmp_path, monkeypatch, sample):
    def run_here(task, path, limits):
        assert task == "documents.files.signature_reading:inspect_signature"
        return list(inspect_signature(path, limits=limits))

    monkeypatch.setattr(inspection, "run_task", run_here)
    content, reason = REFUSED[sample]
    path = tmp_path / "a.p7s"
    path.write_bytes(content)
    with pytest.raises(inspection.UnreadableFile) as refusal:
        inspection.inspect_file(path)
    assert refusal.value.reason == reason


def test_garbage_leaves_nothing_behind(cast, dossier):
    with pytest.raises(Refused) as refusal:
        documents.add_paper(dossier, by=cast.secretary, upload=upload(b"0" * 500, "a.p7s"))
    assert refusal.value.code == "unknown_format"
    assert not dossier.papers.exists()


def test_the_pages_say_whose_signature_on_which_paper(cast, dossier, put_in, here, sign_in):
    content = make_pdf()
    paper = put_in(content, "tờ trình.pdf", Format.PDF)
    signature = put_in(sign(content), "chữ ký.p7s")
    check(signature)
    words = "Tệp chữ ký số mang tên Nguyễn Hữu Đức, Bộ Tài chính, ký “tờ trình” (bản thứ 1)."
    office = sign_in(cast.secretary)
    for url in (
        reverse("documents:edit_dossier", args=[dossier.pk]),
        f"/signatures/versions/{signature.pk}/",
        f"/signatures/papers/{signature.papers.get().pk}/state/",
    ):
        assert words in office.get(url).content.decode(), url
    page = office.get(signature.get_absolute_url()).content.decode()
    assert "Tệp này chỉ chứa chữ ký số." in page

    put_before_readers(dossier)
    documents.distribute_version(signature, by=WORKER, to=[cast.minister], because="Hồ sơ")
    page = sign_in(cast.minister).get(f"/signatures/versions/{signature.pk}/").content.decode()
    assert "ký một tài liệu mà đồng chí chưa được gửi" in page
    assert "tờ trình" not in page
    assert paper.sha256 not in page
    for stranger in (cast.other_minister, cast.outside_secretary):
        assert sign_in(stranger).get(f"/signatures/versions/{signature.pk}/").status_code == 404
