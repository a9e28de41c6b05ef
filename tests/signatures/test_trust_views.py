"""The pages on which two administrators change whom the house trusts, and everyone sees it."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import clock
from signatures import actions
from signatures.models import (
    RevocationList,
    RevocationSource,
    TrustedCertificate,
    TrustProposal,
    TrustSnapshot,
)
from signatures.rules import CertificateUse, ProposalStatus, SourceKind
from signatures.trust import build_trust_store, keep_snapshot
from tests.conftest import CAST
from tests.documents.samples import make_pdf
from tests.signatures.papers import (
    add_paper,
    colleague,
    foresee,
    issuer,
    make_report,
    propose,
    settle,
    supply_list,
    trust,
)
from tests.signatures.samples import minister, pki, revocation_lists


def text_of(response) -> str:
    return response.content.decode()


def upload(content: bytes, use: str = "signatures") -> dict:
    return {"file": SimpleUploadedFile("ca.crt", content), "use": use}


@pytest.fixture
def administrator(cast, sign_in):
    return sign_in(cast.administrator)


def at(name: str, *arguments) -> str:
    return reverse(f"signatures:{name}", args=arguments)


# Proposing


def bundle() -> bytes:
    certificates = [x509.load_der_x509_certificate(one.der) for one in (pki().root, pki().issuer)]
    return pkcs7.serialize_certificates(certificates, Encoding.DER)


@pytest.mark.parametrize("name", ["DER", "PEM", "PKCS#7"])
def test_certificates_are_shown_before_they_are_proposed(administrator, name):
    content = {"DER": pki().issuer.der, "PEM": issuer().pem.encode() * 2, "PKCS#7": bundle()}[name]
    assert administrator.get(at("supply_certificate")).status_code == 200
    shown = administrator.post(at("supply_certificate"), upload(content))
    assert shown.status_code == 200
    assert [one.fingerprint for one in shown.context["authorities"]][-1] == issuer().fingerprint
    assert len(shown.context["authorities"]) == (2 if name == "PKCS#7" else 1)
    assert issuer().fingerprint[:2].upper() + ":" in text_of(shown)
    assert not TrustProposal.objects.exists()


def test_what_is_proposed_is_not_trusted_before_another_confirms(administrator, cast, client):
    data = {"pem": issuer().pem, "use": "signatures", "because": "Cổng của Ban Cơ yếu"}
    assert administrator.post(at("propose_certificates"), data).status_code == 422
    assert not TrustProposal.objects.exists()
    response = administrator.post(at("propose_certificates"), {**data, "compared": "on"})
    proposal = TrustProposal.objects.get()
    assert (response.status_code, response.url) == (302, proposal.get_absolute_url())
    assert not TrustedCertificate.objects.exists()
    page = administrator.get(proposal.get_absolute_url())
    assert "confirm_proposal" not in page.context["allowed"]
    assert page.context["is_alone"]
    assert administrator.post(at("confirm_proposal", proposal.pk), {"compared": "on"}).status_code == 403

    client.force_login(colleague(cast))
    assert not client.get(proposal.get_absolute_url()).context["is_alone"]
    assert client.post(at("confirm_proposal", proposal.pk), {}).status_code == 422
    assert not TrustedCertificate.objects.exists()
    assert client.post(at("confirm_proposal", proposal.pk), {"compared": "on"}).status_code == 302
    assert TrustedCertificate.objects.get().fingerprint == issuer().fingerprint
    assert client.post(at("confirm_proposal", proposal.pk), {"compared": "on"}).status_code == 409
    assert issuer().subject in text_of(client.get(at("list_certificates")))


def test_an_authority_of_time_stamps_is_trusted_for_nothing_else(administrator):
    data = {"pem": issuer().pem, "use": "timestamps", "because": "TSA", "compared": "on"}
    administrator.post(at("propose_certificates"), {**data, "counts_from": "2026-01-01"})
    proposal = TrustProposal.objects.get()
    assert proposal.certificates[0]["use"] == CertificateUse.TIMESTAMPS
    assert f"{proposal.counts_from:%Y-%m-%d %H:%M}" == "2025-12-31 17:00"  # midnight in Hà Nội


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no certificate",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        make_pdf(),
        minister().der,
        revocation_lists()[0],
        pkcs7.serialize_certificates(
            [x509.load_der_x509_certificate(one) for one in (pki().root.der, minister().der)], Encoding.DER
        ),
    ],
    ids=[
        "empty",
        "text",
        "broken",
        "paper",
        "a person's certificate",
        "a list",
        "a person among authorities",
    ],
)
def test_what_is_no_certificate_of_an_authority_is_refused(administrator, content):
    assert administrator.post(at("supply_certificate"), upload(content)).status_code == 422
    data = {"pem": content[:60], "use": "signatures", "because": "?", "compared": "on"}
    assert administrator.post(at("propose_certificates"), data).status_code == 422
    assert not TrustProposal.objects.exists()


def test_a_file_beyond_all_measure_is_refused(administrator, monkeypatch):
    monkeypatch.setattr("signatures.forms.LIMIT", 100)
    assert administrator.post(at("supply_certificate"), upload(pki().issuer.der)).status_code == 422


def test_the_end_of_trust_is_proposed_with_a_reason(administrator, cast):
    certificate = trust(cast)
    url = at("propose_end", certificate.pk)
    assert administrator.get(url).status_code == 200
    assert administrator.post(url, {}).status_code == 422
    assert administrator.post(url, {"because": "Khóa bị lộ"}).status_code == 302
    assert TrustedCertificate.objects.trusted().exists()
    assert administrator.post(url, {"because": "Khóa bị lộ"}).status_code == 409


# Deciding


def test_the_page_shows_what_the_change_does(cast, sign_in):
    version = add_paper(cast)
    settle(version)
    proposal = propose(cast)
    page = sign_in(colleague(cast)).get(proposal.get_absolute_url())
    assert 'hx-trigger="every 2s"' in text_of(page)
    assert "confirm_proposal" not in page.context["allowed"]
    foresee(proposal, "valid")
    shown = sign_in(colleague(cast)).get(at("show_foreseen", proposal.pk))
    assert "hx-trigger" not in text_of(shown)
    assert "CÔNG BÁO" in text_of(shown)
    assert str(version) not in text_of(shown), "the paper is not open to administrators"
    page = sign_in(colleague(cast)).get(proposal.get_absolute_url())
    assert (page.context["changing"], page.context["foreseen"]["whole"]) == (1, 1)
    assert "confirm_proposal" in page.context["allowed"]


def test_a_proposal_is_rejected_with_a_reason_or_taken_back(cast, sign_in):
    proposal = propose(cast)
    browser = sign_in(colleague(cast))
    assert browser.get(at("reject_proposal", proposal.pk)).status_code == 200
    assert browser.post(at("reject_proposal", proposal.pk), {}).status_code == 422
    assert browser.post(at("withdraw_proposal", proposal.pk)).status_code == 403
    assert browser.post(at("reject_proposal", proposal.pk), {"because": "Sai vân tay"}).status_code == 302
    assert "Sai vân tay" in text_of(browser.get(proposal.get_absolute_url()))
    other = propose(cast)
    assert sign_in(cast.administrator).post(at("withdraw_proposal", other.pk)).status_code == 302
    assert set(TrustProposal.objects.values_list("status", flat=True)) == {
        ProposalStatus.REJECTED,
        ProposalStatus.WITHDRAWN,
    }
    page = browser.get(at("list_proposals"))
    assert len(page.context["proposals"]) == 2


def test_the_effect_is_found_out_once_more(cast, sign_in):
    proposal = propose(cast)
    response = sign_in(cast.administrator).post(at("foresee_proposal", proposal.pk))
    assert (response.status_code, response.url) == (302, proposal.get_absolute_url())


# Revocation data and addresses


def test_a_revocation_list_is_supplied(administrator, cast):
    url, revoked = at("add_revocation_list"), revocation_lists()[0]
    assert administrator.get(url).status_code == 200
    assert administrator.post(url, upload(pki().issuer.der)).status_code == 422
    refused = administrator.post(url, upload(revoked))
    assert refused.status_code == 409
    assert "không được ký bởi" in text_of(refused)
    trust(cast)
    assert administrator.post(url, upload(revoked)).status_code == 302
    assert RevocationList.objects.get().issuer in text_of(administrator.get(at("list_certificates")))
    assert administrator.post(url, upload(revoked)).status_code == 409


def test_what_is_no_answer_is_refused(administrator):
    url = at("add_revocation_answer")
    assert administrator.get(url).status_code == 200
    assert administrator.post(url, upload(revocation_lists()[0])).status_code == 422


def test_an_overdue_list_is_marked(administrator, cast):
    trust(cast)
    with clock.at(supply_list(cast).next_at + timedelta(hours=1)):
        assert "tag-red" in text_of(administrator.get(at("list_certificates")))


def test_an_address_is_allowed_asked_and_ended(administrator):
    data = {"kind": SourceKind.LIST, "url": "http://crl.example.vn/a.crl", "every_minutes": "360"}
    assert administrator.get(at("add_source")).status_code == 200
    assert administrator.post(at("add_source"), data).status_code == 302
    assert administrator.post(at("add_source"), data).status_code == 409
    source = RevocationSource.objects.get()
    assert source.url in text_of(administrator.get(at("list_certificates")))
    assert administrator.post(at("ask_source", source.pk)).status_code == 302
    assert administrator.get(at("end_source", source.pk)).status_code == 200
    assert administrator.post(at("end_source", source.pk)).status_code == 302
    assert administrator.post(at("end_source", source.pk)).status_code == 409
    assert source.url not in text_of(administrator.get(at("list_certificates")))


@pytest.mark.parametrize(
    "data",
    [
        {"kind": SourceKind.LIST, "url": "ftp://crl.example.vn/a.crl"},
        {"kind": SourceKind.LIST, "url": "http://user:secret@crl.example.vn/a.crl"},
        {"kind": SourceKind.LIST, "url": "file:///etc/passwd"},
        {"kind": SourceKind.ANSWER, "url": "http://ocsp.example.vn/"},
    ],
    ids=["another scheme", "a password", "a file", "an answer of nobody"],
)
def test_an_address_that_cannot_be_asked_is_refused(administrator, data):
    assert administrator.post(at("add_source"), {**data, "every_minutes": "360"}).status_code == 422
    assert not RevocationSource.objects.exists()


# Who sees and does what


def test_the_state_of_the_trust_is_shown_as_it_was(cast, sign_in):
    trust(cast, counts_from=clock.now())
    supply_list(cast)
    snapshot = keep_snapshot(build_trust_store())
    url = at("read_snapshot", snapshot.fingerprint)
    page = sign_in(cast.minister).get(url)
    assert issuer().subject in text_of(page)
    assert RevocationList.objects.get().fingerprint in text_of(page)
    assert sign_in(cast.nobody).get(url).status_code == 404
    assert TrustSnapshot.objects.count() == 1


@pytest.mark.parametrize("person", [person for person in CAST if person != "administrator"])
def test_the_trust_store_is_closed_to_all_others(cast, sign_in, person):
    certificate, proposal = trust(cast), propose(cast, pki_root())
    source = actions.add_source(
        RevocationSource(kind=SourceKind.LIST, url="http://crl.example.vn/a.crl"), by=cast.administrator
    )
    browser = sign_in(getattr(cast, person))
    page = browser.get(at("list_certificates"))
    assert (page.status_code, page.context["allowed"]) == (200, set())
    assert (issuer().subject in text_of(page)) == (person != "nobody")
    denied = 404 if person == "nobody" else 403
    end = at("propose_end", certificate.pk)
    assert browser.get(end).status_code == browser.post(end).status_code == denied
    for name in ("ask_source", "end_source"):
        assert browser.post(at(name, source.pk)).status_code == denied
    sees = person in ("auditor", "outside_auditor")
    assert browser.get(proposal.get_absolute_url()).status_code == (200 if sees else 404)
    for name in ("confirm_proposal", "reject_proposal", "withdraw_proposal", "foresee_proposal"):
        assert browser.post(at(name, proposal.pk)).status_code == (403 if sees else 404), name
    for name, data in {
        "supply_certificate": upload(pki().root.der),
        "propose_certificates": {"pem": issuer().pem, "compared": "on"},
        "add_revocation_list": upload(revocation_lists()[0]),
        "add_revocation_answer": upload(b""),
        "add_source": {},
    }.items():
        assert browser.post(at(name), data).status_code == 403, name
    assert TrustedCertificate.objects.count() == 1
    assert TrustProposal.objects.open().count() == 1
    assert not RevocationList.objects.exists()


def pki_root():
    from signatures.trust import read_certificate

    return read_certificate(pki().root.der)


def test_the_page_costs_no_more_queries_for_more_rows(cast, sign_in, django_assert_num_queries):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(at("list_certificates")).status_code == 200
        return len(queries)

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    certificate = trust(cast)
    browser = sign_in(cast.administrator)
    actions.add_source(
        RevocationSource(kind=SourceKind.ANSWER, url="http://ocsp.example.vn/0", authority=certificate),
        by=cast.administrator,
    )
    propose(cast, pki_root())
    few = count()
    for number in range(1, 6):
        actions.add_source(
            RevocationSource(
                kind=SourceKind.ANSWER, url=f"http://ocsp.example.vn/{number}", authority=certificate
            ),
            by=cast.administrator,
        )
        propose(cast, pki_root())
    assert count() == few


def test_a_proposal_on_many_papers_costs_no_more_queries(cast, sign_in, django_assert_max_num_queries):
    for _ in range(5):
        settle(add_paper(cast), make_report())
    proposal = foresee(propose(cast), "valid")
    browser = sign_in(colleague(cast))
    with django_assert_max_num_queries(14):
        page = browser.get(proposal.get_absolute_url())
    assert page.context["changing"] == 5
