"""Signed papers that are to be proved in forty years: PAdES B-LTA, beside the version, renewed in time."""

import hashlib
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from audit.models import AuditEvent
from core import clock
from core.actors import WORKER
from core.work import WorkState
from documents.models import DocumentVersion
from signatures import preservation, tasks
from signatures.actions import order_preservation
from signatures.demonstration import _TIMESTAMPS, _certify, _name
from signatures.models import PreservedCopy, RevocationList
from signatures.trust import build_trust_store
from signatures.verifier import verify_pdf
from tests.signatures.papers import add_paper
from tests.signatures.samples import START, append_revision, draw_over_page, pki, signed
from tests.signatures.signing import ask, step_for, supply_revocations
from verifier.pdf.report import PASSED


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(preservation, "verify_in_sandbox", verify_pdf)


@pytest.fixture
def version(house, quick):
    """Signed by a minister: the copy is ordered."""
    signing = ask(house, step_for(house.minister))
    tasks.embed_signature(house.sign(signing.steps.get(), house.minister).pk)
    signing.refresh_from_db()
    return signing.result


def preserve(version):
    copy = version.preserved_copies.order_by("pk").last()
    tasks.preserve_version(copy.pk)
    copy.refresh_from_db()
    return copy


def newest_stamp(report):
    return [found for found in report.signatures if found.kind == "document_timestamp"][-1]


def look(copy, verify, at):
    with copy.open_file() as file:
        content = file.read()
    return content, verify(content, build_trust_store(), at=at)


def test_a_signed_version_is_preserved_beside_itself(version, verify):
    before = version.sha256
    copy = preserve(version)
    assert (copy.work_state, copy.work_error) == (WorkState.DONE, "")
    content, report = look(copy, verify, clock.now())
    assert (report.verdict, report.signatures[0].level) == ("valid", "B-LTA")
    with version.open_file() as file:
        assert content.startswith(file.read())
    assert DocumentVersion.objects.get(pk=version.pk).sha256 == before
    (event,) = AuditEvent.objects.filter(action="signatures.record_preservation")
    assert event.details["sha256"] == copy.sha256
    assert version.verifications.latest().cause == "preserved" or version.verifications.waiting().exists()


def test_it_is_valid_years_later_when_the_signers_list_is_gone(version, verify):
    """The signer's issuer answers nobody any more; what it said lies in the file."""
    copy = preserve(version)
    later = clock.now().replace(year=2028)
    RevocationList.objects.all().delete()
    with clock.at(later):
        supply_revocations(pki().root)  # of the timestamp's authority, current
    with version.open_file() as file:
        alone = verify(file.read(), build_trust_store(), at=later)
    assert alone.verdict != "valid"
    _, report = look(copy, verify, later)
    assert report.verdict == "valid"


def test_it_waits_for_revocation_data(version):
    RevocationList.objects.all().delete()
    copy = preserve(version)
    assert (copy.work_state, copy.work_error, copy.sha256) == (WorkState.QUEUED, "no_revocation_data", "")
    for identity in (pki().root, pki().issuer):
        supply_revocations(identity)
    assert preserve(version).work_state == WorkState.DONE


def test_it_waits_for_a_timestamp_and_is_not_asked_for_each_minute(version, stamper, monkeypatch):
    stamper.trouble = "down"
    copy = preserve(version)
    assert (copy.work_state, copy.work_error, copy.sha256) == (WorkState.QUEUED, "no_timestamp", "")
    asked = []
    monkeypatch.setattr(tasks, "enqueue", lambda task, pk: asked.append(pk))
    with clock.at(clock.now() + timedelta(minutes=5)):
        tasks.hand_in_preservations()
    assert asked == []
    with clock.at(clock.now() + timedelta(minutes=16)):
        tasks.hand_in_preservations()
    assert asked == [copy.pk]


def test_before_the_timestamp_lapses_another_follows(version, verify, stamper):
    """The authority of today stamps with RSA-2048, which is no evidence from 2029 on; later with RSA-3072."""
    first = preserve(version)
    assert first.renew_at < clock.now().replace(year=2029)
    tasks.order_preservations()
    assert version.preserved_copies.count() == 1  # it is too early
    moment = first.renew_at + timedelta(days=1)
    key = rsa.generate_private_key(65537, 3072)
    stamper.identity = _certify(_name("Máy chủ 02", "Ban Cơ yếu"), key, pki().root, START, _TIMESTAMPS)
    stamper.at = moment
    with clock.at(moment):
        for identity in (pki().root, pki().issuer):
            supply_revocations(identity)
        tasks.order_preservations()
        second = preserve(version)
        assert (second.work_state, second.work_error) == (WorkState.DONE, "") and second.pk != first.pk
        assert second.renew_at > first.renew_at + timedelta(days=365)
        tasks.order_preservations()
        assert not version.preserved_copies.waiting().exists()
    content, _ = look(second, verify, moment)
    with first.open_file() as file:
        assert content.startswith(file.read())
    RevocationList.objects.all().delete()
    much_later = moment.replace(year=2031)
    with clock.at(much_later):
        supply_revocations(pki().root)
    assert newest_stamp(look(first, verify, much_later)[1]).indication != PASSED
    report = look(second, verify, much_later)[1]
    assert (report.verdict, newest_stamp(report).indication) == ("valid", PASSED)


def test_a_valid_paper_from_elsewhere_is_preserved_too(house, quick, stamper):
    version = add_paper(house, signed())
    tasks.order_preservations()
    assert not PreservedCopy.objects.exists()  # nobody has looked at it yet
    tasks.verify_version(version.verifications.latest().pk)
    tasks.order_preservations()
    copy = preserve(version)
    assert copy.work_state == WorkState.DONE
    tasks.order_preservations()
    assert version.preserved_copies.count() == 1


def test_what_is_not_valid_is_not_preserved(house, quick):

    version = add_paper(house, append_revision(signed(), draw_over_page))
    order_preservation(version, by=WORKER)
    copy = preserve(version)
    assert (copy.work_state, copy.work_error) == (WorkState.FAILED, "verdict_invalid")


def test_the_copy_is_taken_by_those_who_read_the_paper(version, house, client):
    address = f"/signatures/versions/{version.pk}/preserved/"
    client.force_login(house.minister)
    page = client.get(f"/signatures/versions/{version.pk}/").content.decode()
    assert "Đang lập bản lưu trữ dài hạn." in page and address not in page
    assert client.get(address).status_code == 404
    copy = preserve(version)
    assert address in client.get(f"/signatures/versions/{version.pk}/").content.decode()
    response = client.get(address)
    taken = b"".join(response.streaming_content)
    assert hashlib.sha256(taken).hexdigest() == copy.sha256
    assert "B-LTA.pdf" in response["Content-Disposition"]
    client.force_login(house.third_minister)
    assert client.get(address).status_code == 404
