"""Checks are ordered, findings are kept, and trust is given and taken away by administrators."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core import clock, work
from core.actors import WORKER
from core.work import WorkState
from core.workflow import Conflict
from documents import actions as documents
from signatures import actions
from signatures.demonstration import make_revocation_list
from signatures.models import RevocationAnswer, RevocationList, TrustedCertificate, Verification
from signatures.rules import CertificateUse, Verdict
from signatures.trust import build_trust_store, read_answer, read_certificate, read_list
from tests.conftest import CAST
from tests.signatures.papers import (
    add_paper,
    distrust,
    issuer,
    make_report,
    newest,
    revocations,
    settle,
    supply_list,
    trust,
)
from tests.signatures.samples import DAY, NOW, minister, pki, rogue


def told(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=f"signatures.{action}"))


# Checks


def test_a_new_paper_is_to_be_checked(cast):
    version = add_paper(cast)
    verification = newest(version)
    assert (verification.work_state, verification.verdict) == (WorkState.QUEUED, "")
    (event,) = told("order_verification")
    assert (event.actor_name, event.case_type) == ("worker", "documents.dossier")


def test_the_office_has_a_paper_checked_once_more(cast):
    version = add_paper(cast)
    settle(version)
    again = actions.order_verification(version, by=cast.secretary)
    assert newest(version) == again
    assert Verification.objects.count() == 2
    assert [event.actor_name for event in told("order_verification")] == ["worker", "Hoàng Minh Khôi"]


def test_what_is_being_checked_is_not_ordered_again(cast):
    with pytest.raises(Conflict):
        actions.order_verification(add_paper(cast), by=cast.secretary)


def test_a_refused_paper_is_not_checked(cast):
    version = add_paper(cast)
    settle(version)
    documents.refuse_version(version, by=WORKER, because="secret")
    with pytest.raises(Conflict, match="Mật"):
        actions.order_verification(version, by=cast.secretary)


@pytest.mark.parametrize("person", [person for person in CAST if person != "secretary"])
def test_nobody_else_has_papers_checked(cast, person):
    version = add_paper(cast)
    settle(version)
    with pytest.raises(PermissionDenied):
        actions.order_verification(version, by=getattr(cast, person))
    assert Verification.objects.count() == 1


def test_a_finding_is_kept_with_its_evidence_and_its_trust(cast):
    report = make_report()
    verification = settle(add_paper(cast), report)
    assert (verification.verdict, verification.work_state) == (Verdict.UNDECIDED, WorkState.DONE)
    assert verification.evidence == report
    assert verification.checked_at
    (event,) = told("record_verification")
    assert event.details["verdict"] == "undecided"
    assert event.details["trust_store"] == "0" * 64


def test_no_person_records_a_finding(cast):
    verification = newest(add_paper(cast))
    with pytest.raises(PermissionDenied):
        actions.record_verification(verification, by=cast.administrator, report=make_report(), trust_store="")


# Trust


def test_an_administrator_vouches_for_an_authority(cast):
    certificate = trust(cast)
    assert (certificate.use, certificate.trusted_until) == (CertificateUse.ISSUER, None)
    assert [anchor.der for anchor in build_trust_store().anchors] == [pki().issuer.der]
    (event,) = told("trust_certificate")
    assert (event.actor_name, event.details) == (
        "Trịnh Thu Hoài",
        {"fingerprint": certificate.fingerprint, "proposed_by": "Phan Đình Lâm"},
    )


def test_a_root_is_told_from_an_issuer(cast):
    authority = read_certificate(pki().root.der)
    certificate = trust(cast, authority)
    assert certificate.use == CertificateUse.ROOT


def test_an_authority_is_not_trusted_twice(cast):
    trust(cast)
    with pytest.raises(Conflict):
        trust(cast)
    assert TrustedCertificate.objects.count() == 1


def test_trust_can_end_and_begin_again(cast):
    first = distrust(cast, trust(cast))
    assert first.trusted_until
    assert build_trust_store().anchors == ()
    with pytest.raises(Conflict):
        distrust(cast, first)
    second = trust(cast)
    assert first != second
    assert len(told("distrust_certificate")) == 1


def test_a_list_of_what_was_revoked_is_supplied_once(cast):
    trust(cast)
    supplied = supply_list(cast)
    assert len(build_trust_store().crls) == 1
    with pytest.raises(Conflict):
        supply_list(cast)
    (event,) = told("add_revocation_list")
    assert event.details == {"fingerprint": supplied.fingerprint}


def forge_list(issued_at):
    """With the authority's name, and another key."""
    return read_list(make_revocation_list(rogue().issuer, issued_at, until=issued_at + 400 * DAY))


def test_a_list_with_a_borrowed_name_is_refused_and_takes_no_place(cast):
    genuine = (trust(cast), supply_list(cast))[1]
    for issued_at in (NOW, clock.now() + 3650 * DAY):
        with pytest.raises(Conflict, match="ký bởi"):
            actions.add_revocation_list(by=cast.administrator, revocations=forge_list(issued_at))
    with pytest.raises(Conflict, match="ký bởi"):
        actions.add_revocation_list(by=WORKER, revocations=forge_list(NOW))
    assert list(RevocationList.objects.in_use()) == [genuine]


def test_a_list_of_nobody_trusted_is_refused(cast):
    with pytest.raises(Conflict, match="ký bởi"):
        supply_list(cast)


def test_a_list_from_the_future_is_refused_although_it_is_genuine(cast):
    trust(cast)
    start = clock.now() + 3650 * DAY
    ahead = read_list(make_revocation_list(pki().issuer, start, until=start + DAY))
    with pytest.raises(Conflict, match="tương lai"):
        actions.add_revocation_list(by=cast.administrator, revocations=ahead)


def make_answer(signer, issued_at):
    """On the certificate of the minister, "good"; signed by whoever."""
    certificate, authority = (x509.load_der_x509_certificate(one.der) for one in (minister(), pki().issuer))
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=certificate,
        issuer=authority,
        algorithm=hashes.SHA1(),
        cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=issued_at,
        next_update=issued_at + DAY,
        revocation_time=None,
        revocation_reason=None,
    )
    responder = x509.load_der_x509_certificate(signer.der)
    made = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, responder).certificates([responder])
    return read_answer(made.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.DER))


def test_an_answer_counts_only_with_the_signature_of_a_trusted_authority(cast):
    trust(cast)
    taken = actions.add_revocation_answer(by=cast.administrator, answer=make_answer(pki().issuer, NOW))
    for stranger in (rogue().issuer, minister()):  # her own certificate appoints nobody to answer
        for by in (cast.administrator, WORKER):
            with pytest.raises(Conflict, match="ký bởi"):
                actions.add_revocation_answer(by=by, answer=make_answer(stranger, NOW + DAY))
    with pytest.raises(Conflict, match="tương lai"):
        later = make_answer(pki().issuer, clock.now() + 3650 * DAY)
        actions.add_revocation_answer(by=cast.administrator, answer=later)
    assert list(RevocationAnswer.objects.in_use()) == [taken]


@pytest.mark.parametrize("person", [person for person in CAST if person != "administrator"])
def test_nobody_else_decides_on_trust(cast, person):
    certificate, user = trust(cast), getattr(cast, person)
    with pytest.raises(PermissionDenied):
        actions.propose_certificates([read_certificate(pki().root.der)], by=user, because="")
    with pytest.raises(PermissionDenied):
        actions.propose_end(certificate, by=user, because="")
    with pytest.raises(PermissionDenied):
        actions.add_revocation_list(by=user, revocations=revocations())
    assert TrustedCertificate.objects.trusted().get().fingerprint == issuer().fingerprint
    assert not RevocationList.objects.exists()


# What is checked anew


@pytest.fixture
def findings(cast):
    """One paper for each verdict."""
    by_verdict = {
        Verdict.VALID: make_report("ok"),
        Verdict.UNDECIDED: make_report(),
        Verdict.UNSIGNED: make_report(signatures=()),
        Verdict.DESTROYED: make_report(destroyed=True),
        Verdict.UNVERIFIABLE: make_report(signatures=(), error="empty"),
    }
    versions = {verdict: add_paper(cast) for verdict in by_verdict}
    for verdict, report in by_verdict.items():
        assert settle(versions[verdict], report).verdict == verdict
    return versions


def checked_anew(findings) -> set[str]:
    return {verdict for verdict, version in findings.items() if newest(version).is_waiting}


def test_new_trust_has_the_undecided_papers_checked_anew(cast, findings):
    trust(cast)
    assert checked_anew(findings) == {Verdict.UNDECIDED}


def test_lost_trust_has_the_valid_papers_checked_anew_too(cast, findings):
    certificate = trust(cast)
    settle(findings[Verdict.UNDECIDED])
    distrust(cast, certificate)
    assert checked_anew(findings) == {Verdict.UNDECIDED, Verdict.VALID}


def test_a_new_list_has_valid_and_undecided_papers_checked_anew(cast, findings):
    trust(cast)
    settle(findings[Verdict.UNDECIDED])
    supply_list(cast)
    assert checked_anew(findings) == {Verdict.UNDECIDED, Verdict.VALID}


def test_what_is_owed_a_check_already_gets_no_second_one(cast, findings):
    trust(cast)
    supply_list(cast)
    assert Verification.objects.waiting().count() == 2


def test_only_the_newest_finding_counts(cast):
    version = add_paper(cast)
    settle(version)
    actions.order_verification(version, by=cast.secretary)
    settle(version, make_report(signatures=()))
    trust(cast)
    assert not newest(version).is_waiting


def test_a_check_that_failed_later_does_not_hide_the_finding(cast):
    version = add_paper(cast)
    settle(version)
    work.fail(actions.order_verification(version, by=cast.secretary), "worker_lost")
    trust(cast)
    assert newest(version).is_waiting


def test_a_refused_paper_is_not_checked_anew(cast):
    version = add_paper(cast)
    settle(version)
    documents.refuse_version(version, by=WORKER, because="secret")
    trust(cast)
    assert not newest(version).is_waiting
