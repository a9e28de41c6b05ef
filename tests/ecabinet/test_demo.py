"""The demonstration is made by the real actions, and only where one is wanted."""

from dataclasses import replace
from importlib import import_module
from io import StringIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.core.management import CommandError, call_command
from django.urls import reverse

from documents.changes import find_changes
from documents.models import PaperCopy
from ecabinet.demo import matters, rounds, story, submissions
from ecabinet.demo.authority import NOTICE, PASSWORD
from notifications.models import Notification
from opinions.models import Answer, OpinionRequest, RequestKind
from opinions.rules import RequestStatus
from people.models import User
from people.rules import VOTING, Role
from signatures.models import SigningCertificate, Verification
from submissions.models import Submission
from submissions.rules import check_submission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo_wanted(settings, monkeypatch):
    """Two matters are enough, one that is decided and one that is about to close; no other dossiers."""
    settings.DEMO = True
    few = [matters.PUBLIC_INVESTMENT, matters.FLOOD_RELIEF]
    monkeypatch.setattr(story, "MATTERS", few)
    monkeypatch.setattr(story, "SUBMISSIONS", [])
    monkeypatch.setattr("ecabinet.management.commands.demo.MATTERS", few)


def make_demo(**options):
    output = StringIO()
    call_command("demo", stdout=output, **options)
    return output.getvalue()


def test_a_government_of_twenty_five_at_work_on_signed_papers(demo_wanted, settings, tmp_path, client):
    settings.DEMO_AUTHORITY_DIR, settings.ROOT_URLCONF = str(tmp_path / "authority"), "tests.people.demo_urls"
    make_demo()
    voting = {"appointments__role__in": VOTING, "appointments__body__kind": "government"}
    assert User.objects.filter(**voting).count() == 25
    decided, closing = OpinionRequest.objects.order_by("pk")
    assert decided.status == RequestStatus.DECIDED and decided.resolution.full_number == "01/NQ-CP"
    assert closing.status == RequestStatus.OPEN and closing.slips.unanswered().count() == 6
    papers = Verification.objects.filter(version__papers__isnull=False)
    assert set(papers.values_list("verdict", flat=True)) == {"valid"}
    assert "already" in make_demo()
    check_signatures(decided.resolution)
    check_key_files(client)


def check_signatures(resolution):
    """Initials, the leader, then number, day, month and seal, of an authority that says what it is."""
    assert resolution.is_sealed
    found = Verification.objects.filter(version=resolution.text).latest()
    assert found.verdict == "valid"
    signers = [signature.signer for signature in found.evidence.signatures][:6]
    assert signers == ["Tạ Minh Nguyệt", str(resolution.signer.user), *["Văn phòng Chính phủ"] * 4]
    for registered in SigningCertificate.objects.usable():
        assert NOTICE in x509.load_der_x509_certificate(bytes(registered.der)).subject.rfc4514_string()
    assert not Notification.objects.filter(kind__startswith="signatures/key_").exists()


def check_key_files(client):
    """Open to everybody, with the stated password; each fits the certificate that is registered."""
    page = client.get(reverse("demo:sign_in")).content.decode()
    assert PASSWORD in page and reverse("demo:take_key", args=["ptt1"]) in page
    file = client.get(reverse("demo:take_key", args=["ptt1"])).content
    key, certificate, _chain = pkcs12.load_key_and_certificates(file, PASSWORD.encode())
    registered = SigningCertificate.objects.get(holder__username="ptt1")
    assert certificate.public_bytes(Encoding.DER) == bytes(registered.der)
    assert key.public_key() == certificate.public_key()
    assert client.get(reverse("demo:take_key", args=["kiemtra"])).status_code == 404


def test_a_dossier_is_corrected_while_the_members_are_asked(demo_wanted, monkeypatch):
    monkeypatch.setattr(story, "MATTERS", [matters.MARTYRS])
    monkeypatch.setattr("ecabinet.management.commands.demo.MATTERS", [matters.MARTYRS])
    make_demo()
    issue = OpinionRequest.objects.get().dossier.current_issue
    assert (issue.number, bool(issue.reason)) == (2, True)
    assert list(issue.papers.values_list("version__number", "is_restricted")) == [
        (1, False),
        (2, False),
        (1, True),
    ]
    reader = User.objects.get(username="bt.taichinh")
    assert [change.kind for change in find_changes(reader, issue).rows] == ["replaced", "new"]


def test_other_forms_of_written_procedure_are_under_way(demo_wanted, monkeypatch):
    for place in (story, import_module("ecabinet.management.commands.demo")):
        monkeypatch.setattr(place, "MATTERS", [rounds.DATA_RULES, rounds.HOLIDAYS])
    make_demo()
    cleared, chosen = OpinionRequest.objects.order_by("pk")
    answers = Answer.objects.filter(sheet__standing="counts", question__request=cleared)
    assert set(answers.values_list("taken__code", flat=True)) == {"clear", "condition", "address", "nil"}
    options = Answer.objects.filter(question__request=chosen, question__form="options")
    assert set(options.values_list("options__text", flat=True)) == {"09 ngày liên tục", "07 ngày"}
    kinds = RequestKind.objects.filter(body__kind="province")
    assert [kind.is_in_use for kind in kinds] == [True]


def test_dossiers_are_on_their_way_one_just_begun_and_one_late(demo_wanted, monkeypatch):
    monkeypatch.setattr(story, "MATTERS", [])
    monkeypatch.setattr("ecabinet.management.commands.demo.MATTERS", [])
    begun, _, late, *_ = submissions.SUBMISSIONS
    monkeypatch.setattr(story, "SUBMISSIONS", [begun, replace(late, on_paper=("thutuong", "ptt1"))])
    make_demo()
    first, second = Submission.objects.order_by("pk")
    assert (first.status, second.status) == ("prepared", "handed_in")
    assert [bool(check.missing) for check in check_submission(first)] == [False, True, True, True, False]
    assert second.is_late and second.removal_reason
    assert PaperCopy.objects.out().count() == 2


def test_the_real_gazette_takes_the_place_of_its_papers(demo_wanted, corpus):
    make_demo(corpus=corpus)
    papers = Verification.objects.filter(version__papers__isnull=False)
    assert set(papers.values_list("verdict", flat=True)) == {"undecided"}


def test_an_interrupted_demonstration_is_not_taken_for_a_whole_one(demo_wanted, monkeypatch):
    monkeypatch.setattr(story, "MATTERS", story.MATTERS[1:])
    make_demo()
    with pytest.raises(CommandError, match="interrupted"):
        make_demo()


def test_a_real_installation_is_left_alone(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        make_demo()


def test_a_folder_that_is_no_corpus_is_named(demo_wanted, tmp_path):
    with pytest.raises(CommandError, match="gazette/signed"):
        make_demo(corpus=tmp_path)


def test_the_sign_ins_are_those_of_the_cast(demo_wanted):
    lines = make_demo(list=True).splitlines()
    assert [line.split()[0] for line in lines][:2] == ["thutuong", "ptt1"]
    assert Role.ADMINISTRATOR in {p.role for p in story.PEOPLE if p.username in lines[-1]}
