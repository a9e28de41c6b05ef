"""Two administrators change the trust, and what it does is known before."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from core import clock, work
from core.work import WorkState
from core.workflow import Conflict
from notifications.models import Notification
from people import actions as people
from people.rules import Role
from signatures import actions, tasks
from signatures.models import ForeseenVerdict, TrustProposal, TrustSnapshot
from signatures.rules import Cause, ProposalStatus, Verdict
from signatures.trust import (
    build_trust_store,
    foresee_trust_store,
    keep_snapshot,
    read_certificate,
    rebuild_trust_store,
)
from tests.factories import make_user
from tests.signatures.papers import (
    add_paper,
    colleague,
    confirm,
    distrust,
    foresee,
    issuer,
    newest,
    propose,
    settle,
    supply_list,
    trust,
)
from tests.signatures.samples import NOW, pki, signed


def root():
    return read_certificate(pki().root.der)


# Two persons


def test_nobody_confirms_or_rejects_her_own(cast):
    proposal = foresee(propose(cast))
    colleague(cast)
    with pytest.raises(PermissionDenied):
        actions.confirm_proposal(proposal, by=cast.administrator)
    with pytest.raises(PermissionDenied):
        actions.reject_proposal(proposal, by=cast.administrator, because="")
    assert build_trust_store().anchors == ()


def make_second_account(cast, valid_from):
    """The administrator appoints herself once more, under another name."""
    other = make_user("Phan Đình Lâm")
    people.appoint_officer(
        other,
        by=cast.administrator,
        body=cast.body,
        role=Role.ADMINISTRATOR,
        organisation=cast.administrator.appointments.get().organisation,
        title="Quản trị hệ thống",
        valid_from=valid_from,
    )
    return other


@pytest.mark.parametrize("days", [0, 30], ids=["from today", "entered with an earlier day"])
def test_an_administrator_who_came_after_the_proposal_does_not_confirm_it(cast, days):
    proposal = foresee(propose(cast))
    other = make_second_account(cast, clock.today() - timedelta(days=days))
    with pytest.raises(Conflict, match="trước ngày đề xuất"):
        actions.confirm_proposal(proposal, by=other)
    assert build_trust_store().anchors == ()
    assert actions.confirm_proposal(proposal, by=colleague(cast)).status == ProposalStatus.CONFIRMED


def test_who_was_appointed_on_the_very_day_waits_for_a_later_proposal(cast):
    other = make_second_account(cast, clock.today())
    with pytest.raises(Conflict, match="trước ngày đề xuất"):
        actions.confirm_proposal(foresee(propose(cast)), by=other)
    with clock.at(clock.now() + timedelta(days=2)):
        proposal = foresee(propose(cast, root()))
        assert actions.confirm_proposal(proposal, by=other).status == ProposalStatus.CONFIRMED


def test_not_even_the_database_lets_one_person_alone(cast):
    proposal = propose(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrustProposal.objects.filter(pk=proposal.pk).update(
            status=ProposalStatus.CONFIRMED, decided_by=cast.administrator
        )


def test_no_certificate_is_trusted_past_a_proposal(cast):
    with pytest.raises(Conflict):
        actions.trust_certificate(by=cast.administrator, authority=issuer(), proposal=None)
    with pytest.raises(Conflict):
        actions.trust_certificate(by=colleague(cast), authority=issuer(), proposal=propose(cast))
    certificate = trust(cast)
    with pytest.raises(Conflict):
        actions.distrust_certificate(certificate, by=cast.administrator, proposal=None)
    assert len(build_trust_store().anchors) == 1


def test_the_other_administrators_are_told_and_then_the_one_who_proposed(cast):
    colleague(cast)
    proposal = propose(cast)
    told = Notification.objects.get(kind="signatures/trust_proposed")
    assert (told.recipient, told.url) == (cast.colleague, proposal.get_absolute_url())
    actions.reject_proposal(proposal, by=cast.colleague, because="Vân tay khác")
    told = Notification.objects.get(kind="signatures/trust_decided")
    assert told.recipient == cast.administrator
    assert "Vân tay khác" in told.write("txt", recipient=cast.administrator, link="x", site_url="x")


def test_what_was_decided_is_decided(cast):
    proposal = propose(cast)
    confirm(cast, proposal)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by_name) == (ProposalStatus.CONFIRMED, "Trịnh Thu Hoài")
    for deed in (actions.confirm_proposal, actions.withdraw_proposal):
        with pytest.raises((Conflict, PermissionDenied)):
            deed(proposal, by=cast.colleague)
    with pytest.raises(Conflict):
        propose(cast)


def test_of_several_certificates_those_not_trusted_yet_are_proposed(cast):
    trust(cast)
    proposal = propose(cast, issuer(), root())
    assert [one["fingerprint"] for one in proposal.certificates] == [root().fingerprint]


def test_trust_can_end_for_what_is_signed_from_a_day_on(cast):
    day = clock.now() - timedelta(days=30)
    certificate = distrust(cast, trust(cast), counts_until=day)
    (anchor,) = build_trust_store().anchors
    assert (certificate.trusted_until, anchor.trusted_until) == (None, day)
    distrust(cast, certificate)
    assert build_trust_store().anchors == ()


# What it would do


def test_nothing_is_confirmed_before_its_effect_is_known(cast):
    settle(add_paper(cast))
    proposal = propose(cast)
    with pytest.raises(Conflict):
        actions.confirm_proposal(proposal, by=colleague(cast))
    foresee(proposal, "valid")
    assert actions.confirm_proposal(proposal, by=cast.colleague).status == ProposalStatus.CONFIRMED


def test_what_was_foreseen_is_found_out_anew_when_the_trust_changes(cast):
    trust(cast)
    settle(add_paper(cast))
    proposal = foresee(propose(cast, root()), "valid")
    before = proposal.foreseen_under
    supply_list(cast)
    proposal.refresh_from_db()
    assert proposal.foreseen_under == build_trust_store().fingerprint != before
    assert proposal.foreseen.get().work_state == WorkState.QUEUED
    with pytest.raises(Conflict):
        actions.confirm_proposal(proposal, by=colleague(cast))


def test_the_worker_finds_out_what_really_follows(cast):
    """With real signatures: the foreseen verdict is the one that is found once the change is made."""
    version = add_paper(cast, signed())
    with clock.at(NOW):
        once = trust(cast)
        supply_list(cast)
        distrust(cast, once)
        tasks.verify_version(newest(version).pk)
        assert newest(version).verdict == Verdict.UNDECIDED
        proposal = propose(cast)
        assert foresee_trust_store(proposal).anchors and not build_trust_store().anchors
        tasks.foresee_verdicts(*proposal.foreseen.values_list("pk", flat=True))
        row = proposal.foreseen.get()
        assert (row.verdict_now, row.verdict_then, row.signers) == (
            Verdict.UNDECIDED,
            Verdict.VALID,
            "Nguyễn Hữu Đức",
        )
        assert newest(version).verdict == Verdict.UNDECIDED, "nothing of it counts yet"
        actions.confirm_proposal(proposal, by=colleague(cast))
        tasks.recheck_versions(newest(version).pk)
    found = newest(version)
    assert (found.verdict, found.cause, found.verdict_before) == (
        Verdict.VALID,
        Cause.TRUST,
        Verdict.UNDECIDED,
    )
    assert rebuild_trust_store(TrustSnapshot.objects.get(fingerprint=found.trust_store)).anchors


def test_a_lost_file_stays_as_it_was_last_found(cast, monkeypatch):
    def lose(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr("signatures.checking.verify_in_sandbox", lose)
    monkeypatch.setattr("signatures.checking.verify_together", lambda paths, **_: [None] * len(paths))
    settle(add_paper(cast))
    proposal = propose(cast)
    tasks.foresee_verdicts(*proposal.foreseen.values_list("pk", flat=True))
    assert proposal.foreseen.get().verdict_then == Verdict.UNDECIDED


def test_what_is_decided_meanwhile_is_not_found_out(cast):
    settle(add_paper(cast))
    proposal = propose(cast)
    actions.withdraw_proposal(proposal, by=cast.administrator)
    tasks.foresee_verdicts(*proposal.foreseen.values_list("pk", flat=True))
    assert proposal.foreseen.get().work_error == "proposal_decided"


def test_what_no_worker_takes_up_is_handed_in_again(cast, monkeypatch):
    handed_in = []
    trust(cast)
    monkeypatch.setattr("signatures.actions._rechecks.enqueue", lambda task, *pks: handed_in.append(task))
    settle(add_paper(cast))
    propose(cast, root())
    supply_list(cast)
    handed_in.clear()
    with clock.at(clock.now() + timedelta(minutes=5)):
        tasks.hand_in_verifications()
    assert handed_in == []
    with clock.at(clock.now() + timedelta(minutes=31)):
        tasks.hand_in_verifications()
    assert handed_in == ["signatures.tasks.recheck_versions", "signatures.tasks.foresee_verdicts"]


# What was trusted then


def test_the_trust_of_a_day_can_be_had_again(cast):
    certificate = trust(cast, counts_from=clock.now() - timedelta(days=9))
    supply_list(cast)
    store = build_trust_store()
    snapshot = keep_snapshot(store)
    assert keep_snapshot(store) == snapshot
    distrust(cast, certificate)
    assert build_trust_store().anchors == ()
    assert rebuild_trust_store(snapshot) == store


def test_a_foreseen_verdict_that_cannot_be_found_out_is_shown(cast, sign_in):
    settle(add_paper(cast))
    proposal = propose(cast)
    work.fail(ForeseenVerdict.objects.get(), "worker_lost")
    page = sign_in(colleague(cast)).get(proposal.get_absolute_url())
    assert page.context["foreseen"]["failed"] == 1
    assert "notice-warning" in page.content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("kind", "context"),
    [
        ("trust_proposed", {"proposer": "Phan Đình Lâm", "ends": True}),
        ("trust_proposed", {"proposer": "Phan Đình Lâm", "ends": False}),
        ("trust_decided", {"decider": "Phan Đình Lâm", "status": "confirmed", "because": ""}),
        ("trust_decided", {"decider": "Phan Đình Lâm", "status": "rejected", "because": "Phan Đình Lâm"}),
        ("verdict_changed", {"before": "valid", "after": "invalid"}),
        ("verdict_changed", {"before": "undecided", "after": "valid"}),
        ("verdict_changed", {"before": "valid", "after": "undecided"}),
    ],
)
def test_notices_are_written_in_both_languages(cast, language, kind, context):
    notice = Notification(recipient=cast.administrator, kind=f"signatures/{kind}", url="/x/", context=context)
    more = {"recipient": cast.administrator, "link": "http://x/x/", "site_url": "http://x"}
    with translation.override(language):
        parts = [notice.subject, notice.write("txt", **more), notice.write("html", **more)]
    names = [value for value in context.values() if value == "Phan Đình Lâm"]
    assert all(part.strip() and "{" not in part for part in parts)
    assert all(name in parts[1] for name in names)
    assert ("đồng chí" in parts[1].lower() or "đề nghị" in parts[1].lower() or "văn bản" in parts[1]) == (
        language == "vi"
    )
