"""A request on its way to the members: done, refused, and with one trace."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core.workflow import Conflict
from decisions.models import RuleSet
from documents import actions as documents
from documents.models import DocumentVersion
from notifications.models import Notification
from opinions import actions
from opinions.models import OpinionRequest
from opinions.rules import RequestStatus, SlipStatus
from people.rules import Role
from tests import factories
from tests.documents.samples import received
from tests.opinions import steps

pytestmark = pytest.mark.django_db


def trace(action):
    return AuditEvent.objects.filter(action=f"opinions.{action}")


def told(kind):
    """Who was told it."""
    return {notice.recipient for notice in Notification.objects.filter(kind=f"opinions/{kind}")}


def test_a_specialist_drafts_a_request_with_a_dossier_of_its_own(cast):
    opinion_request = actions.draft_request(
        steps.begin(cast, subject="  Phí bảo hiểm "),
        by=cast.secretary,
        questions=["Đồng ý?", " ", "Khi nào?"],
    )
    assert opinion_request.subject == "Phí bảo hiểm"
    assert [question.text for question in opinion_request.questions.all()] == ["Đồng ý?", "Khi nào?"]
    assert opinion_request.dossier.title == "Phí bảo hiểm"
    assert opinion_request.drafted_by == cast.secretary
    assert trace("draft_request").get().case_id == opinion_request.pk


def test_letters_written_in_two_ways_are_kept_in_one(cast):
    decomposed = "Tie\u0302\u0301n"  # as some keyboards send it
    opinion_request = actions.draft_request(steps.begin(cast, subject=decomposed), by=cast.secretary)
    assert opinion_request.subject == "Tiến"


def test_only_the_office_drafts(cast):
    for person in (cast.minister, cast.chair, cast.assistant, cast.outside_secretary, cast.nobody):
        with pytest.raises(PermissionDenied):
            actions.draft_request(steps.begin(cast), by=person)
    assert not OpinionRequest.objects.exists()


def edit(opinion_request, by, **fields):
    deed = {
        "subject": opinion_request.subject,
        "proposal": opinion_request.proposal,
        "lead_agency": opinion_request.lead_agency,
        "deadline": opinion_request.deadline,
        "questions": [question.text for question in opinion_request.questions.all()],
    }
    return actions.edit_request(opinion_request, by=by, **deed | fields)


def test_a_draft_is_edited_and_the_trail_keeps_both(cast):
    opinion_request = edit(steps.draft(cast), cast.secretary, subject="Mới", questions=["Một?", "Hai?"])
    assert opinion_request.subject == "Mới"
    event = trace("edit_request").get()
    assert event.details["before"]["subject"] == steps.SUBJECT
    assert event.details["after"]["questions"] == ["Một?", "Hai?"]


def test_saving_what_is_there_already_leaves_no_trace(cast):
    opinion_request = steps.draft(cast)
    edit(opinion_request, cast.secretary)
    assert not trace("edit_request").exists()


def test_the_second_of_two_windows_is_told(cast):
    opinion_request = steps.draft(cast)
    edit(opinion_request, cast.secretary, subject="Bản một", revision=1)
    with pytest.raises(Conflict, match="Hoàng Minh Khôi has just changed"):
        edit(opinion_request, cast.secretary, subject="Bản hai", revision=1)
    assert OpinionRequest.objects.get().subject == "Bản một"


def test_what_is_typed_is_kept_recorded_once_and_cleared_by_saving(cast):
    opinion_request = steps.draft(cast)
    for text in ("Một", "Một hai"):
        opinion_request = actions.keep_changes(opinion_request, by=cast.secretary, typed={"subject": text})
    assert opinion_request.unsaved == {"subject": "Một hai"}
    assert opinion_request.subject == steps.SUBJECT
    assert trace("keep_changes").get().details == {}
    assert edit(opinion_request, cast.secretary).unsaved == {}
    with pytest.raises(PermissionDenied):
        actions.keep_changes(opinion_request, by=cast.chair, typed={})


def test_a_sent_request_is_edited_no_more(cast):
    with pytest.raises(Conflict):
        edit(steps.send(cast), cast.secretary, subject="Khác")


def test_behind_the_back_of_those_who_decide_no_paper_changes(cast):
    """What the chair has looked at is what the members get: nothing comes in, goes out or moves meanwhile."""
    opinion_request = steps.submit(cast)
    dossier, paper = opinion_request.dossier, opinion_request.dossier.papers.get()
    by = {"by": cast.secretary}
    for deed in (
        lambda: documents.add_paper(dossier, upload=received(), **by),
        lambda: documents.replace_paper(paper, upload=received(), reason="Sửa", **by),
        lambda: documents.describe_paper(paper, kind="other", title="Khác", **by),
        lambda: documents.remove_paper(paper, **by),
        lambda: documents.limit_readers(paper, readers=[cast.minister], **by),
        lambda: documents.add_section(dossier, title="I", **by),
    ):
        with pytest.raises(Conflict):
            deed()
    opinion_request = actions.return_request(opinion_request, by=cast.chair, reason="Bổ sung")
    documents.add_paper(opinion_request.dossier, upload=received(), **by)
    assert opinion_request.dossier.papers.count() == 2


def test_what_is_sent_is_what_was_submitted(cast):
    opinion_request = steps.submit(cast)
    submitted = list(opinion_request.dossier.papers.values_list("version", flat=True))
    opinion_request = actions.approve_request(opinion_request, by=cast.vice_chair)
    issued = opinion_request.dossier.current_issue.papers
    assert list(issued.values_list("version", flat=True)) == submitted


@pytest.mark.parametrize("name", ["chair", "minister", "assistant", "outside_secretary"])
def test_only_the_office_touches_the_papers(cast, name):
    opinion_request = steps.draft(cast)
    paper = opinion_request.dossier.papers.get()
    with pytest.raises(PermissionDenied):
        documents.add_paper(opinion_request.dossier, by=getattr(cast, name), upload=received())
    with pytest.raises(PermissionDenied):
        documents.remove_paper(paper, by=getattr(cast, name))


def test_submitting_puts_it_before_those_who_preside_with_its_papers(cast):
    opinion_request = steps.submit(cast)
    version = opinion_request.dossier.papers.get().version
    assert opinion_request.status == RequestStatus.SUBMITTED
    assert told("request_submitted") == {cast.chair, cast.vice_chair}
    readable = DocumentVersion.objects.visible_to
    assert readable(cast.vice_chair).filter(pk=version.pk).exists()
    assert not readable(cast.minister).filter(pk=version.pk).exists()
    assert trace("submit_request").count() == 1


def test_a_second_click_on_submit_is_told_what_is_the_case(cast):
    opinion_request = steps.submit(cast)
    with pytest.raises(Conflict, match="waiting for approval to send"):
        actions.submit_request(opinion_request, by=cast.secretary)


def test_returning_gives_the_draft_back_with_the_reason(cast):
    opinion_request = actions.return_request(steps.submit(cast), by=cast.vice_chair, reason="Thiếu báo cáo.")
    assert (opinion_request.status, opinion_request.return_reason) == (RequestStatus.DRAFT, "Thiếu báo cáo.")
    assert told("request_returned") == {cast.secretary}
    assert trace("return_request").get().details == {"reason": "Thiếu báo cáo."}
    actions.submit_request(opinion_request, by=cast.secretary)
    assert OpinionRequest.objects.get().return_reason == ""


def test_approving_sends_a_slip_and_the_whole_dossier_to_every_member(cast):
    opinion_request = steps.send(cast, papers=2)
    members = {cast.chair, cast.vice_chair, cast.minister, cast.other_minister, cast.third_minister}
    slips = list(opinion_request.slips.select_related("member"))
    assert {slip.member for slip in slips} == members
    assert [slip.member for slip in slips][:2] == [cast.chair, cast.vice_chair], "in protocol order"
    assert [slip.is_chair for slip in slips] == [True, False, False, False, False]
    assert {slip.status for slip in slips} == {SlipStatus.PENDING}
    assert slips[2].member_title == "Bộ trưởng Bộ Tài chính"
    assert opinion_request.rule_set == cast.rule_set
    assert opinion_request.dossier.status == "sealed"
    for person in (*members, cast.assistant, cast.auditor):
        assert DocumentVersion.objects.visible_to(person).count() == 2, person
    for person in (cast.archivist, cast.administrator, cast.outside_member, cast.nobody):
        assert not DocumentVersion.objects.visible_to(person).exists(), person
    assert told("request_opened") == members
    assert told("request_opened_for_member") == {cast.assistant}
    assert trace("approve_request").get().details["rule_set"] == (
        "Quy chế làm việc của Chính phủ (Nghị định 191/2026/NĐ-CP)"
    )


def test_rules_confirmed_later_do_not_reach_an_open_request(cast):
    opinion_request = steps.send(cast)
    newer = factories.make_rule_set(
        cast.body, valid_from=factories.LONG_AGO + factories.days(30), silence="nothing"
    )
    assert RuleSet.objects.in_force(cast.body) == newer
    assert OpinionRequest.objects.get(pk=opinion_request.pk).rule_set_in_force == cast.rule_set


def test_who_holds_two_voting_offices_gets_one_slip(cast):
    factories.appoint(
        cast.vice_chair, Role.MEMBER, cast.body, title="Bộ trưởng Bộ Xây dựng", protocol_order=9
    )
    slips = steps.send(cast).slips.filter(member=cast.vice_chair)
    assert slips.get().member_title == "Phó Thủ tướng Chính phủ"


def test_who_has_left_the_office_is_not_asked(cast):
    cast.third_minister.appointments.update(valid_until=factories.LONG_AGO)
    assert not steps.send(cast).slips.filter(member=cast.third_minister).exists()


@pytest.mark.parametrize("name", ["secretary", "minister", "assistant", "outside_member"])
def test_only_those_who_preside_approve(cast, name):
    opinion_request = steps.submit(cast)
    with pytest.raises(PermissionDenied):
        actions.approve_request(opinion_request, by=getattr(cast, name))
    assert not opinion_request.slips.exists()


def test_approval_that_comes_too_late_for_the_answer_time_is_refused(cast):
    opinion_request = steps.submit(cast, deadline=factories.deadline_in(cast.rule_set, 2))
    opinion_request.deadline -= factories.days(1)
    opinion_request.save()
    with pytest.raises(Conflict, match="2 to 5 working days"):
        actions.approve_request(opinion_request, by=cast.chair)


def test_withdrawing_tells_everyone_who_was_asked(cast):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister)
    opinion_request = actions.withdraw_request(opinion_request, by=cast.chair, reason="Bổ sung hồ sơ.")
    assert opinion_request.status == RequestStatus.WITHDRAWN
    assert {cast.minister, cast.assistant, cast.secretary} < told("request_withdrawn")
    assert steps.slip_of(opinion_request, cast.minister).status == SlipStatus.ANSWERED, "stays on record"
    with pytest.raises(Conflict):
        steps.answer(opinion_request, cast.other_minister)


def test_nobody_withdraws_what_the_deadline_has_decided(cast):
    opinion_request = steps.send(cast)
    with steps.after_the_deadline(opinion_request), pytest.raises(Conflict, match="being counted"):
        actions.withdraw_request(opinion_request, by=cast.chair, reason="Kết quả không như ý.")
