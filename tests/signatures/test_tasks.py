"""The worker checks signatures, and what happens when it cannot."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core import clock
from core.actors import WORKER
from core.work import WorkState, claim
from documents import actions as documents
from signatures import tasks, wording
from signatures.models import Verification
from signatures.rules import Verdict
from signatures.trust import build_trust_store
from tests.signatures.papers import add_paper, make_report, newest, supply_list, trust
from tests.signatures.samples import NOW, signed
from verifier.pdf.indications import REASONS
from verifier.pdf.report import FAILED, Report


@pytest.fixture
def finds(monkeypatch):
    """`finds(report)`: what the verifier reports, without a child process for it."""

    def set_report(report: Report) -> None:
        monkeypatch.setattr("signatures.checking.verify_in_sandbox", lambda path, trust, at: report)

    return set_report


def later(minutes: float):
    return clock.at(clock.now() + timedelta(minutes=minutes))


def test_a_signed_paper_is_undecided_until_the_authority_is_known(cast):
    version = add_paper(cast, signed())
    with clock.at(NOW):
        tasks.verify_version(newest(version).pk)
        assert newest(version).verdict == Verdict.UNDECIDED
        assert newest(version).trust_store == build_trust_store().fingerprint

        trust(cast)
        tasks.verify_version(newest(version).pk)
        assert newest(version).evidence.signatures[0].reason == "revocation_unknown"

        supply_list(cast)
        tasks.verify_version(newest(version).pk)
    assert newest(version).verdict == Verdict.VALID
    assert Verification.objects.count() == 3


def test_checking_twice_does_no_harm(cast, finds):
    finds(make_report())
    version = add_paper(cast)
    tasks.verify_version(newest(version).pk)
    tasks.verify_version(newest(version).pk)
    assert newest(version).work_attempts == 1


def test_a_refused_paper_fails_visibly(cast, finds):
    finds(make_report())
    version = add_paper(cast)
    documents.refuse_version(version, by=WORKER, because="secret")
    tasks.verify_version(newest(version).pk)
    assert (newest(version).work_state, newest(version).work_error) == (WorkState.FAILED, "secret")


def test_a_lost_file_fails_visibly(cast):
    version = add_paper(cast)
    default_storage.delete(version.storage_name)
    tasks.verify_version(newest(version).pk)
    found = newest(version)
    assert (found.work_error, found.shown_verdict) == ("file_missing", Verdict.UNVERIFIABLE)
    assert wording.summarise(found).sentence


def test_a_check_that_took_too_long_is_tried_once_more_and_then_told(cast, finds):
    finds(Report("ab" * 32, error="took_too_long: 60 s"))
    version = add_paper(cast)
    tasks.verify_version(newest(version).pk)
    assert newest(version).work_state == WorkState.QUEUED
    tasks.verify_version(newest(version).pk)
    assert (newest(version).work_state, newest(version).verdict) == (WorkState.DONE, Verdict.UNVERIFIABLE)


def test_a_check_under_a_trust_that_has_changed_meanwhile_is_repeated(cast, monkeypatch):
    version = add_paper(cast)

    def verify(path, trust, at):
        if not Verification.objects.filter(work_attempts=2).exists():
            supply_list(cast)
        return make_report()

    monkeypatch.setattr("signatures.checking.verify_in_sandbox", verify)
    tasks.verify_version(newest(version).pk)
    assert newest(version).work_state == WorkState.QUEUED
    tasks.verify_version(newest(version).pk)
    assert newest(version).trust_store == build_trust_store().fingerprint


def test_a_check_whose_worker_was_killed_is_taken_up_again(cast, finds, monkeypatch):
    handed_in = []
    monkeypatch.setattr("signatures.checking.enqueue", lambda task, pk: handed_in.append((task, pk)))
    finds(make_report())
    verification = newest(add_paper(cast))
    claim(Verification.objects.all(), verification.pk)
    with later(2):
        tasks.hand_in_verifications()
        assert handed_in == []
    with later(4):
        tasks.hand_in_verifications()
        assert handed_in == [("signatures.tasks.verify_version", verification.pk)]
        tasks.verify_version(verification.pk)
    verification.refresh_from_db()
    assert verification.verdict == Verdict.UNDECIDED


# Words


def test_every_reason_has_its_words():
    assert set(wording.REASONS) == set(REASONS)


def done(report: Report) -> Verification:
    return Verification(verdict=report.verdict, report=report.to_json(), work_state=WorkState.DONE)


def test_what_is_certain_is_said_first():
    def sentence(report: Report) -> str:
        return wording.summarise(done(report)).sentence

    certain = _("The content is intact and bears a time stamp.")
    unknown = str(wording.REASONS["chain_unknown"][0]) % {"issuer": "CA phục vụ cho dịch vụ phần mềm G2"}
    assert sentence(make_report()) == f"{certain} {unknown}"
    assert sentence(make_report("ok")) == str(wording.REASONS["ok"][0])
    assert sentence(make_report(destroyed=True)) == str(wording.DESTROYED[0])
    assert sentence(make_report(signatures=())) == str(wording.UNSIGNED[0])
    assert sentence(make_report(signatures=(), error="empty")) == str(wording.UNVERIFIABLE[0])


def test_the_worst_signature_speaks_for_the_paper():
    (good,) = make_report("ok").signatures
    (open_,) = make_report().signatures
    bad = replace(good, indication=FAILED, reason="altered")
    unread = replace(open_, reason="not_verifiable")
    for signatures, reason in (
        ((good, open_, bad), "altered"),
        ((good, open_, unread), "not_verifiable"),
        ((good, open_), "chain_unknown"),
    ):
        report = make_report(signatures=signatures)
        words = str(wording.REASONS[reason][0]) % {"issuer": open_.issuer}
        assert words in wording.summarise(done(report)).sentence


def test_a_code_without_words_is_undecided():
    (signature,) = make_report().signatures
    new, undecided = replace(signature, reason="new"), replace(signature, reason="undecided", issuer="")
    assert wording.reason_words(new) == wording.reason_words(undecided)
    assert wording.deviation_words("new") == "new"
