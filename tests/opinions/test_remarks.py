"""What the members remarked, and how each remark is settled."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import AuditEvent
from core.workflow import Conflict
from notifications.models import Notification
from opinions import actions
from opinions.models import Remark, RequestBeginning
from opinions.rules import RemarkStatus
from tests import factories
from tests.conftest import CAST
from tests.opinions import steps

pytestmark = pytest.mark.django_db


def test_the_count_raises_a_remark_for_each_condition_in_order(cast):
    opinion_request = steps.send(cast, questions=["Một?", "Hai?"])
    for person, first, second in (
        (cast.third_minister, ("other", "Bổ sung lộ trình."), steps.AGREE),
        (cast.minister, ("disagree", "Chưa đủ căn cứ."), ("other", "Sửa Điều 3.")),
        (cast.chair, steps.AGREE, steps.AGREE),
    ):
        slip = steps.slip_of(opinion_request, person)
        actions.answer_slip(slip, by=person, answers=steps.give(opinion_request, first, second))
    opinion_request = steps.close(opinion_request)

    found = [(r.number, r.slip.member, r.question.place, r.taken.code, r.words) for r in Remark.objects.all()]
    assert found == [
        (1, cast.minister, 1, "disagree", "Chưa đủ căn cứ."),
        (2, cast.third_minister, 1, "other", "Bổ sung lộ trình."),
        (3, cast.minister, 2, "other", "Sửa Điều 3."),
    ]
    assert AuditEvent.objects.get(action="opinions.close_request").details["remarks"] == 3


def test_an_answer_that_was_replaced_raises_no_remark(cast):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "other", "Sửa Điều 3.")
    steps.answer(opinion_request, cast.minister, "agree")
    assert not steps.close(opinion_request).remarks.exists()


def test_a_condition_within_an_agreement_is_passed_on_too(cast):
    """Clear on condition: everybody agrees, and there is still something to settle."""
    classes = [
        {"code": "clear", "label": "Đồng ý", "counts_as": "agree"},
        {
            "code": "condition",
            "label": "Đồng ý có điều kiện",
            "counts_as": "agree",
            "reason": "required",
            "raises_remark": True,
        },
    ]
    opinion_request = steps.send(cast, kind=factories.make_kind(cast.body, classes, name="Có điều kiện"))
    steps.answer(opinion_request, cast.other_minister, "condition", "Nếu bổ sung nguồn kinh phí.")
    opinion_request = steps.close(opinion_request)
    assert opinion_request.branch == "b"
    assert actions.refer_request(opinion_request, by=cast.secretary).remarks.get().taken.code == "condition"


def test_a_remark_is_explained_settled_and_answered(cast):
    remark = steps.reach_remark(cast, "explained")
    assert (remark.status, remark.verdict) == (RemarkStatus.EXPLAINED, "accepted")
    assert remark.explained_by_name == str(cast.submitter)

    remark = actions.settle_remark(remark, by=cast.secretary, note="Thống nhất.")
    told = Notification.objects.get(kind="opinions/remark_settled")
    assert (told.recipient, told.url) == (cast.other_minister, remark.get_absolute_url())
    remark = actions.answer_settlement(remark, by=cast.other_minister, stance="maintained", words="Chưa đủ.")
    assert remark.is_maintained
    actions.answer_settlement(remark, by=cast.other_minister, stance="satisfied")

    remark.refresh_from_db()
    assert (remark.status, remark.stance, remark.settlement) == ("settled", "satisfied", "Thống nhất.")
    tale = AuditEvent.objects.filter(target_type="opinions.remark").order_by("pk")
    assert [(event.action, event.case_id) for event in tale] == [
        (f"opinions.{name}", remark.request_id)
        for name in ("explain_remark", "settle_remark", "answer_settlement", "answer_settlement")
    ]


def test_an_explanation_is_changed_until_it_is_settled(cast):
    remark = steps.reach_remark(cast, "explained")
    remark = actions.explain_remark(remark, by=cast.minister, verdict="rejected", explanation="Trái luật.")
    assert (remark.verdict, remark.explanation) == ("rejected", "Trái luật.")
    actions.settle_remark(remark, by=cast.secretary)
    with pytest.raises(Conflict):
        actions.explain_remark(remark, by=cast.minister, verdict="accepted", explanation="Nghĩ lại.")


@pytest.mark.parametrize(
    ("verdict", "explanation", "reason"),
    [("", "Lý do.", "Say what becomes"), ("gone", "Lý do.", "Say what"), ("accepted", " ", "Explain it")],
)
def test_an_explanation_has_a_verdict_and_words(cast, verdict, explanation, reason):
    remark = steps.reach_remark(cast, "referred")
    with pytest.raises(Conflict, match=reason):
        actions.explain_remark(remark, by=cast.submitter, verdict=verdict, explanation=explanation)


def test_a_member_says_one_of_the_two(cast):
    remark = steps.reach_remark(cast, "settled")
    with pytest.raises(Conflict, match="whether you are satisfied"):
        actions.answer_settlement(remark, by=cast.other_minister, stance="")


def test_another_agency_explains_nothing(cast):
    remark = steps.reach_remark(cast, "referred")
    with pytest.raises(PermissionDenied):
        actions.explain_remark(remark, by=cast.other_submitter, verdict="accepted", explanation="Vâng.")


def test_what_was_not_passed_to_it_the_lead_agency_does_not_explain(cast, sign_in):
    """Put before a session at once: nobody is led to a page that is not there."""
    opinion_request = steps.put_before_a_session(cast)
    remark = opinion_request.remarks.get()
    explain = reverse("opinions:explain_remark", args=[remark.pk])
    page = sign_in(cast.submitter).get(opinion_request.agenda_item.get_absolute_url())
    assert page.status_code == 200 and explain not in page.content.decode()
    with pytest.raises(PermissionDenied):
        actions.explain_remark(remark, by=cast.minister, verdict="accepted", explanation="Vâng.")


def test_who_sees_a_remark(cast):
    asked = {"chair", "vice_chair", "minister", "other_minister", "third_minister", "assistant"}
    remark = steps.reach_remark(cast, "closed")

    def see():
        return {n for n in CAST if Remark.objects.visible_to(getattr(cast, n)).filter(pk=remark.pk).exists()}

    assert see() == asked | {"secretary", "auditor"}
    actions.refer_request(remark.request, by=cast.chair)
    assert see() == asked | {"secretary", "auditor", "submitter"}


# Report, opinion of the office, again, session


def test_the_lead_agency_reports_once_every_remark_is_explained(cast):
    opinion_request = steps.refer_with_a_remark(cast)
    with pytest.raises(Conflict, match="1 is left"):
        actions.report_on_opinions(opinion_request, by=cast.submitter, report="Xong.", repeats=False)
    steps.explain_all(cast, opinion_request)
    with pytest.raises(Conflict, match="Write the report"):
        actions.report_on_opinions(opinion_request, by=cast.submitter, report=" ", repeats=False)
    opinion_request = actions.report_on_opinions(
        opinion_request, by=cast.submitter, report="Đã tiếp thu.", repeats=False
    )
    assert opinion_request.report_repeats is False
    assert opinion_request.reported_at is not None
    told = {n.recipient for n in Notification.objects.filter(kind="opinions/opinions_reported")}
    assert told == {cast.secretary, cast.chair, cast.vice_chair}


def test_the_office_adds_its_opinion_for_those_who_preside(cast):
    opinion_request = actions.record_office_opinion(
        steps.report(cast), by=cast.secretary, opinion="Đề nghị thông qua."
    )
    assert opinion_request.office_opinion == "Đề nghị thông qua."
    told = {n.recipient for n in Notification.objects.filter(kind="opinions/office_opinion_recorded")}
    assert told == {cast.chair, cast.vice_chair}
    with pytest.raises(Conflict, match="Write the opinion"):
        actions.record_office_opinion(opinion_request, by=cast.secretary, opinion="")


def test_collecting_again_takes_questions_and_papers_along(cast):
    from documents import actions as documents
    from documents.models import DossierPaper

    opinion_request = steps.draft(cast, questions=("Một?", "Hai?"), papers=2)
    section = documents.add_section(opinion_request.dossier, by=cast.secretary, title="Hồ sơ chính")
    DossierPaper.objects.filter(dossier=opinion_request.dossier, place=1).update(section=section)
    actions.submit_request(opinion_request, by=cast.secretary)
    opinion_request = actions.approve_request(opinion_request, by=cast.chair)
    answers = steps.give(opinion_request, ("other", "Bổ sung."), steps.AGREE)
    actions.answer_slip(
        steps.slip_of(opinion_request, cast.other_minister), by=cast.other_minister, answers=answers
    )
    opinion_request = actions.refer_request(steps.close(opinion_request), by=cast.chair)
    with pytest.raises(Conflict, match="has not reported"):
        actions.collect_again(opinion_request, by=cast.secretary)
    steps.explain_all(cast, opinion_request)
    actions.report_on_opinions(opinion_request, by=cast.submitter, report="Lấy lại.", repeats=True)

    RequestBeginning.objects.create(person=cast.secretary, body=cast.body, typed={"subject": "Việc khác"})
    repeat = actions.collect_again(opinion_request, by=cast.secretary)
    assert RequestBeginning.objects.exists(), "what she types elsewhere stays"

    opinion_request.refresh_from_db()
    assert (opinion_request.status, repeat.status) == ("repeated", "draft")
    assert repeat.previous == opinion_request
    assert [question.text for question in repeat.questions.all()] == ["Một?", "Hai?"]
    assert repeat.dossier != opinion_request.dossier
    papers = {
        (paper.version_id, paper.section and paper.section.title) for paper in repeat.dossier.papers.all()
    }
    lay = {
        (p.version_id, p.section_title or None) for p in opinion_request.dossier.current_issue.papers.all()
    }
    assert papers == lay
    assert {title for _, title in papers} == {"Hồ sơ chính", None}
    actions.submit_request(repeat, by=cast.secretary)  # nothing is missing
    assert opinion_request.slips.get(member=cast.other_minister).answers, "the answers stay on record"


def test_a_call_for_a_session_ends_the_procedure_in_writing(cast):
    opinion_request = steps.close_with_a_call_for_a_session(cast)
    assert opinion_request.session_calls == 1
    with pytest.raises(Conflict, match="1 member calls for a session"):
        steps.decide(cast, opinion_request)


def test_a_matter_goes_to_a_session_with_a_reason(cast):
    opinion_request = steps.close_with_a_remark(cast)
    with pytest.raises(Conflict, match="Say why"):
        actions.refer_to_session(opinion_request, by=cast.chair, reason=" ")
    opinion_request = actions.refer_to_session(opinion_request, by=cast.chair, reason="Cần thảo luận.")
    assert (opinion_request.status, opinion_request.session_reason) == ("session", "Cần thảo luận.")
