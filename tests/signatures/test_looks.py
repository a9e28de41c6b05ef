"""Every look at a paper is kept, a changed verdict is told, and a quick look confirms what is unchanged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core import clock
from core.actors import CLOCK, WORKER
from core.work import WorkState
from documents import actions as documents
from notifications.models import Notification
from people.rules import Role
from signatures import actions, tasks
from signatures.bulk import TOGETHER, Look, verify_together
from signatures.models import RevocationList, Verification
from signatures.moments import find_next_moment
from signatures.rules import Cause, Verdict
from signatures.trust import (
    find_next_change,
)
from tests.documents.samples import make_pdf
from tests.signatures import samples
from tests.signatures.papers import (
    add_paper,
    distrust,
    make_report,
    newest,
    settle,
    supply_list,
    trust,
)
from tests.signatures.samples import NOW, pki, signed
from verifier.pdf.report import Report


def test_a_verdict_that_changes_is_told_to_the_archivists(cast, sign_in):
    version = add_paper(cast)
    settle(version)
    assert not Notification.objects.filter(kind="signatures/verdict_changed").exists()
    actions.order_verification(version, by=cast.secretary)
    found = settle(version, make_report("ok"))
    assert (found.verdict_before, found.verdict) == (Verdict.UNDECIDED, Verdict.VALID)
    told = Notification.objects.get(kind="signatures/verdict_changed")
    assert told.recipient == cast.archivist
    page = sign_in(cast.archivist).get(told.url)
    assert [change.pk for change in page.context["changes"]] == [found.pk]
    assert str(version) not in page.content.decode(), "the paper itself is not open to archivists"
    page = sign_in(cast.secretary).get(told.url)
    assert reverse("signatures:read_observation", args=[version.pk, found.pk]) in page.content.decode()
    for stranger in (cast.minister, cast.outside_secretary, cast.nobody):
        assert sign_in(stranger).get(told.url).context["changes"] == []


def test_many_changes_make_one_notice_until_it_is_read(cast):
    for _ in range(3):
        version = add_paper(cast)
        settle(version)
        actions.order_verification(version, by=cast.secretary)
        settle(version, make_report("ok"))
    assert Notification.objects.filter(kind="signatures/verdict_changed").count() == 1


def test_the_same_verdict_again_is_no_news(cast):
    version = add_paper(cast)
    settle(version)
    actions.order_verification(version, by=cast.secretary)
    assert not settle(version).has_changed
    assert not Notification.objects.filter(kind="signatures/verdict_changed").exists()


def test_an_earlier_look_is_read_as_it_was(cast, sign_in):
    version = add_paper(cast)
    first = settle(version)
    documents.distribute_version(
        version, by=cast.secretary, roles=[(Role.MEMBER, cast.body)], because="Phiếu"
    )
    actions.order_verification(version, by=cast.secretary)
    settle(version, make_report("ok"))
    url = reverse("signatures:read_observation", args=[version.pk, first.pk])
    page = sign_in(cast.minister).get(url)
    assert page.context["verification"] == first
    assert page.context["is_earlier"]
    report = sign_in(cast.minister).get(reverse("signatures:download_report", args=[version.pk, first.pk]))
    assert (report.status_code, report["Content-Type"]) == (200, "application/xml")
    assert b"indeterminate" in report.content
    nobodys = reverse("signatures:download_report", args=[version.pk, first.pk])
    assert sign_in(cast.other_submitter).get(nobodys).status_code == 404
    other = add_paper(cast)
    strange = reverse("signatures:read_observation", args=[version.pk, settle(other).pk])
    assert sign_in(cast.minister).get(strange).status_code == 404


def test_papers_are_looked_at_again_regularly_the_oldest_first(cast, monkeypatch):
    reports = (make_report(), make_report("ok"), make_report(signatures=()))
    versions = []
    for days, report in zip((40, 50, 60), reports, strict=True):
        with clock.at(clock.now() - timedelta(days=days)):
            versions.append(add_paper(cast))
            settle(versions[-1], report)
    recent = add_paper(cast)
    settle(recent)
    monkeypatch.setattr("signatures.tasks.A_SWEEP", 1)
    tasks.order_regular_checks()
    waiting = Verification.objects.waiting()
    assert [(one.version, one.cause) for one in waiting] == [(versions[1], Cause.SCHEDULE)]
    tasks.order_regular_checks()
    assert waiting.count() == 1, "never more at once than the workers can do beside new papers"
    monkeypatch.setattr("signatures.tasks.A_SWEEP", 10)
    tasks.order_regular_checks()
    assert set(waiting.values_list("version", flat=True)) == {versions[0].pk, versions[1].pk}
    with pytest.raises(PermissionDenied):
        actions.order_rechecks(by=WORKER, before=clock.now(), at_most=1)
    assert actions.order_rechecks(by=CLOCK, before=clock.now() - timedelta(days=90), at_most=5) == []


@pytest.fixture
def together(monkeypatch):
    """`together(reports)`: what a child process finds on several papers; None: it did not survive them."""
    handed_in = []
    monkeypatch.setattr("signatures.checking.enqueue", lambda task, *pks: handed_in.append((task, *pks)))

    def find(found):
        monkeypatch.setattr("signatures.checking.verify_together", lambda paths, **_: found)
        return handed_in

    return find


def order_two(cast) -> list[int]:
    rows = []
    for _ in range(2):
        version = add_paper(cast)
        settle(version)
        rows.append(actions.order_verification(version, by=WORKER, cause=Cause.SCHEDULE).pk)
    return rows


def test_looking_again_together_settles_only_what_is_unchanged(cast, together):
    same, other = order_two(cast)
    report = Verification.objects.get(pk=same).version.verifications.first().evidence
    handed_in = together([Look(report), Look(make_report("ok"))])
    tasks.recheck_versions(same, other)
    found = Verification.objects.get(pk=same)
    assert (found.work_state, found.same_as.evidence, found.report) == (WorkState.DONE, report, {})
    left = Verification.objects.get(pk=other)
    assert (left.work_state, left.verdict) == (WorkState.QUEUED, "")
    assert handed_in == [("signatures.tasks.recheck_versions", other)]


def test_what_is_left_is_checked_alone_and_not_given_up_for_a_busy_machine(cast, together, monkeypatch):
    pks = order_two(cast)
    handed_in = together([None, None])
    tasks.recheck_versions(*pks)
    assert [task[1] for task in handed_in] == pks
    crashed = Report("ab" * 32, error="took_too_long: 60 s")
    monkeypatch.setattr("signatures.checking.verify_in_sandbox", lambda *_, **__: crashed)
    tasks.recheck_versions(pks[0])
    assert Verification.objects.get(pk=pks[0]).work_state == WorkState.QUEUED
    tasks.recheck_versions(pks[0])
    assert Verification.objects.get(pk=pks[0]).verdict == Verdict.UNVERIFIABLE


def test_a_quick_look_only_where_nothing_can_have_changed(cast, monkeypatch):
    """Bytes, trust, rules and time: with all four as they were, no child process is asked."""
    version, other = add_paper(cast, signed()), add_paper(cast)
    asked = []

    def look(paths, **arguments):
        asked.append(len(paths))
        return verify_together(paths, **arguments)

    def look_again(later=timedelta()):
        with clock.at(NOW + later):
            rows = [
                actions.order_verification(one, by=WORKER, cause=Cause.SCHEDULE) for one in (version, other)
            ]
            tasks.recheck_versions(*[row.pk for row in rows])
        return newest(version)

    monkeypatch.setattr("signatures.checking.verify_together", look)
    with clock.at(NOW):
        trust(cast)
        supply_list(cast)
        tasks.verify_version(newest(version).pk)
        tasks.verify_version(newest(other).pk)
    first = newest(version)
    found = look_again()
    assert (found.verdict, found.same_as, asked) == (Verdict.VALID, first, [2])
    assert found.known and NOW < found.holds_until <= build_next_due()
    quick = look_again()
    assert (quick.verdict, quick.same_as, asked) == (Verdict.VALID, first, [2, 1])
    assert (quick.known, quick.holds_until) == ([], None), "a quick look is not the ground of another one"
    assert (look_again().same_as, asked) == (first, [2, 1, 2])
    late = look_again(later=timedelta(days=2))
    assert (asked, late.work_state) == ([2, 1, 2, 2], WorkState.QUEUED), "the list is overdue: in full"


def test_until_when_a_look_holds_is_the_first_end_of_anything_it_rests_on(tmp_path):
    """Of lists in the file and in the house, of certificates, of algorithms."""
    path = tmp_path / "signed.pdf"
    far = NOW + timedelta(days=4000)

    def find(content, at=NOW, until=NOW + timedelta(days=9)):
        path.write_bytes(content)
        trust = samples.trust(samples.revocation_lists(until=until))
        return find_next_moment(path, trust, at)

    in_force = min(one.not_valid_after for one in certificates_of(signed()))
    assert find(signed()) == NOW + timedelta(days=9), "the house's list"
    assert find(samples.sign_to_level(samples.paper(), "B-LTA")) == NOW + samples.DAY, "the list in the file"
    assert find(signed(), until=far) == min(in_force, datetime(2029, 1, 1, tzinfo=UTC))
    assert find(signed(), at=datetime(2028, 12, 31, tzinfo=UTC), until=far) is not None


def certificates_of(content):
    from asn1crypto import x509

    return [x509.Certificate.load(one.der) for one in (samples.minister(), pki().issuer, pki().root)]


def test_a_list_without_an_end_leaves_nothing_known(cast):
    trust(cast)
    supply_list(cast)
    RevocationList.objects.update(next_at=None)
    assert find_next_change(NOW) == NOW


def build_next_due():
    return RevocationList.objects.get().next_at


def test_a_child_looks_at_several_papers_and_one_that_kills_it_stops_none(tmp_path):
    paths = []
    for number, content in enumerate((signed(), make_pdf(), b"no paper")):
        paths.append(tmp_path / f"{number}.pdf")
        paths[-1].write_bytes(content)
    found = verify_together(paths, trust=samples.trust(), at=NOW)
    assert [one.report.verdict for one in found] == ["valid", "unsigned", "unverifiable"]
    assert [(len(one.known), one.until is not None) for one in found] == [(1, True), (0, False), (0, False)]
    small = replace(TOGETHER, memory_bytes=60 * 1024 * 1024)
    assert verify_together(paths, trust=samples.trust(), at=NOW, limits=small) == [None] * 3
    assert verify_together([], trust=samples.trust(), at=NOW) == []


def test_a_look_that_found_the_same_evidence_points_to_it(cast):
    version = add_paper(cast)
    first = settle(version, make_report("ok"))
    again = actions.order_verification(version, by=cast.secretary)
    found = actions.record_verification(
        again, by=WORKER, report=first.evidence, trust_store="1" * 64, same_as=first
    )
    found = Verification.objects.get(pk=found.pk)
    assert (found.report, found.evidence) == ({}, first.evidence)
    assert trust_affects(cast, version)


def trust_affects(cast, version) -> bool:
    distrust(cast, trust(cast))
    return newest(version).is_waiting
