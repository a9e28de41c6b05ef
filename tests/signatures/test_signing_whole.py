"""The whole way against an authority in a process of its own: certificates, lists, timestamps by HTTP."""

import urllib.request

import pytest

from core import clock
from core.actors import WORKER
from core.work import WorkState
from signatures import actions, embedding, preservation, tasks
from signatures.models import RevocationList, TrustedCertificate
from signatures.rules import CertificateUse, RequestStatus
from signatures.trust import build_trust_store, read_list
from signatures.verifier import verify_pdf
from tests.signatures.signing import ask, describe_authority, register, sign_step, step_for


@pytest.fixture
def trusted(cast, authority, settings):
    """Trusted is the authority's root alone; the issuer leads to it, and both have published their lists."""
    settings.TSA_URLS = [authority.tsa_url]
    issued = authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính")
    for certificate in issued.chain:
        is_root = certificate.subject == certificate.issuer
        use = CertificateUse.ROOT if is_root else CertificateUse.LINK
        TrustedCertificate.objects.create(**describe_authority(certificate, use))
    for address in authority.crl_urls:
        with urllib.request.urlopen(address, timeout=10) as answer:
            actions.add_revocation_list(by=WORKER, revocations=read_list(answer.read()))
    return issued


def test_signed_stamped_and_preserved(cast, trusted, authority, verify, monkeypatch):
    for module in (
        embedding,
        preservation,
    ):  # in this process: a child costs a second, and is tried elsewhere
        monkeypatch.setattr(module, "verify_in_sandbox", verify_pdf)
    assert set(TrustedCertificate.objects.values_list("use", flat=True)) == {"root", "link"}
    assert RevocationList.objects.count() == len(authority.crl_urls)
    certificate = register(trusted, holder=cast.minister)
    signing = ask(cast, step_for(cast.minister))
    tasks.embed_signature(sign_step(signing.steps.get(), cast.minister, trusted, certificate).pk)
    signing.refresh_from_db()
    assert signing.status == RequestStatus.COMPLETED
    copy = signing.result.preserved_copies.get()
    tasks.preserve_version(copy.pk)
    copy.refresh_from_db()
    assert (copy.work_state, copy.work_error) == (WorkState.DONE, "")
    with copy.open_file() as file:
        report = verify(file.read(), build_trust_store(), at=clock.now())
    signature, stamp = report.signatures
    assert (report.verdict, signature.level, stamp.kind) == ("valid", "B-LTA", "document_timestamp")
