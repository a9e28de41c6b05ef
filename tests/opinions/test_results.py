"""The close and what follows: counting, the three branches, deadlines, referral, resolution."""

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit.models import AuditEvent
from core import clock
from core.actors import CLOCK
from core.workflow import Conflict
from decisions.models import DayOff, Resolution
from documents.models import Rendering
from notifications.models import Notification
from opinions import actions
from opinions.models import OpinionRequest
from opinions.rules import RequestStatus, SlipStatus
from opinions.wording import word_decision
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db


def trace(action):
    return AuditEvent.objects.filter(action=f"opinions.{action}")


def test_the_clock_counts_silence_as_agreement_and_finds_branch_b(cast):
    opinion_request = steps.close_agreed(cast)
    result = opinion_request.questions.get().result
    assert opinion_request.status == RequestStatus.CLOSED
    assert opinion_request.branch == "b"
    assert (result["agree"], result["silent"], result["in_favour"], result["members"]) == (0, 5, 5, 5)
    assert result["needed"] == 3
    assert {slip.status for slip in opinion_request.slips.all()} == {SlipStatus.SILENT}
    assert trace("count_silence").count() == 5
    assert trace("close_request").get().actor_name == "clock"


def test_other_opinions_of_a_minority_make_branch_c_with_a_report(cast):
    opinion_request = steps.close_with_opinions(cast)
    assert opinion_request.branch == "c"
    assert opinion_request.report_by is not None
    assert trace("count_silence").count() == 4


def test_without_a_majority_it_is_branch_a(cast):
    opinion_request = steps.close_without_majority(cast)
    assert opinion_request.branch == "a"
    assert opinion_request.report_by is None


def test_silence_is_nothing_where_the_rules_say_so(cast):
    cast.rule_set.silence = "nothing"
    cast.rule_set.save()
    opinion_request = steps.close_agreed(cast)
    assert opinion_request.branch == "a"
    assert opinion_request.questions.get().result["in_favour"] == 0


def test_a_tie_follows_the_chairs_answer(cast):
    cast.third_minister.appointments.update(valid_until=factories.LONG_AGO)  # four members remain
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.chair, "disagree", "Chưa chín muồi.")
    steps.answer(opinion_request, cast.minister, "disagree", "Chưa đủ căn cứ.")
    opinion_request = steps.close(opinion_request)
    result = opinion_request.questions.get().result
    assert result["is_tie"]
    assert result["chair_decided"]
    assert opinion_request.branch == "a"


def test_vacant_seats_are_counted_where_the_rules_count_seats(cast):
    cast.rule_set.majority_basis, cast.rule_set.seats = "seats", 10
    cast.rule_set.save()
    opinion_request = steps.close_agreed(cast)
    result = opinion_request.questions.get().result
    assert (result["vacant"], result["basis"], result["is_adopted"]) == (5, 10, False)


def test_each_question_is_counted_and_the_request_has_the_most_careful_branch(cast):
    opinion_request = steps.send(cast, questions=["Một?", "Hai?"])
    for person in (cast.minister, cast.other_minister, cast.third_minister):
        answers = steps.give(opinion_request, steps.AGREE, ("disagree", "Không."))
        actions.answer_slip(steps.slip_of(opinion_request, person), by=person, answers=answers)
    opinion_request = steps.close(opinion_request)
    assert [question.result["branch"] for question in opinion_request.questions.all()] == ["b", "a"]
    assert opinion_request.branch == "a"


def test_what_follows_is_due_in_working_days_from_the_deadline(cast):
    wednesday = timezone.make_aware(datetime(2027, 1, 27, 9))
    DayOff.objects.create(body=cast.body, day=date(2027, 2, 1), name="Nghỉ bù")
    with clock.at(wednesday):
        opinion_request = steps.send(cast, deadline=factories.at_hour(date(2027, 1, 29)))
        steps.answer(opinion_request, cast.minister, "other", "Cần lộ trình.")
    opinion_request = steps.close(opinion_request)
    assert opinion_request.process_by == date(2027, 2, 3)
    assert opinion_request.report_by == date(2027, 2, 8)


def test_closing_orders_the_synthesis_and_tells_the_office_and_those_who_preside(cast):
    opinion_request = steps.close_agreed(cast)
    rendering = Rendering.objects.get()
    assert (rendering.task, rendering.target_id) == ("opinions.tasks.render_synthesis", opinion_request.pk)
    assert rendering.document == opinion_request.synthesis
    told = {n.recipient for n in Notification.objects.filter(kind="opinions/request_closed")}
    assert told == {cast.secretary, cast.chair, cast.vice_chair}


def test_only_the_clock_closes_and_only_at_the_deadline(cast):
    opinion_request = steps.send(cast)
    with pytest.raises(Conflict, match="has not come"):
        actions.close_request(opinion_request, by=CLOCK)
    with steps.after_the_deadline(opinion_request), pytest.raises(PermissionDenied):
        actions.close_request(opinion_request, by=cast.chair)


def test_it_closes_once(cast):
    opinion_request = steps.close_agreed(cast)
    with pytest.raises(Conflict):
        steps.close(opinion_request)
    assert trace("close_request").count() == 1
    assert Rendering.objects.count() == 1


def test_drafts_that_were_never_sent_do_not_count(cast):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    actions.draft_answer(slip, by=cast.assistant, answers=steps.give(opinion_request, ("disagree", "Không.")))
    actions.submit_answer(slip, by=cast.assistant)
    actions.keep_draft(slip, by=cast.minister, answers=steps.give(opinion_request, ("disagree", "Không.")))
    opinion_request = steps.close(opinion_request)
    assert opinion_request.branch == "b"


# What follows


def test_opinions_are_passed_to_the_lead_agency(cast):
    opinion_request = steps.close_with_opinions(cast)
    opinion_request = actions.refer_request(
        opinion_request, by=cast.vice_chair, note="Báo cáo rõ việc lấy lại ý kiến."
    )
    assert opinion_request.status == RequestStatus.REFERRED
    told = {n.recipient for n in Notification.objects.filter(kind="opinions/request_referred")}
    assert told == {cast.minister, cast.assistant, cast.submitter}, "those of the Ministry of Finance"
    assert trace("refer_request").get().details["note"] == "Báo cáo rõ việc lấy lại ý kiến."


def test_nothing_is_passed_on_when_all_agree(cast):
    with pytest.raises(Conflict, match="All members agree"):
        actions.refer_request(steps.close_agreed(cast), by=cast.chair)


def test_the_majority_becomes_a_draft_resolution(cast):
    opinion_request = steps.decide(cast, steps.close_agreed(cast))
    resolution = Resolution.objects.get()
    assert opinion_request.status == RequestStatus.DECIDED
    assert opinion_request.resolution == resolution
    assert resolution.rule_set == cast.rule_set
    assert resolution.dossier == opinion_request.dossier
    assert resolution.signer.user == cast.vice_chair, "who approved the sending"
    assert resolution.bases[0] == "Căn cứ Luật Tổ chức Chính phủ số 63/2025/QH15"
    assert resolution.bases[-1] == "Theo đề nghị của Bộ trưởng Bộ Tài chính"
    assert trace("draft_decision").count() == 1


def test_without_a_majority_there_is_no_resolution(cast):
    opinion_request = steps.close_without_majority(cast)
    with pytest.raises(Conflict, match="no majority"):
        steps.decide(cast, opinion_request)
    assert not Resolution.objects.exists()


@pytest.mark.parametrize("name", ["chair", "minister", "assistant", "archivist", "outside_secretary"])
def test_only_the_office_drafts_the_resolution(cast, name):
    opinion_request = steps.close_agreed(cast)
    with pytest.raises(PermissionDenied):
        actions.draft_decision(
            opinion_request,
            by=getattr(cast, name),
            subject="x",
            bases=[],
            articles=[],
            recipients=[],
            signer=cast.chair.appointments.get(),
        )
    assert OpinionRequest.objects.get().status == RequestStatus.CLOSED


def test_a_second_resolution_is_refused(cast):
    opinion_request = steps.decide(cast, steps.close_agreed(cast))
    with pytest.raises(Conflict):
        steps.decide(cast, opinion_request)
    assert Resolution.objects.count() == 1


def test_the_chair_signs_where_the_approver_has_left(cast):
    opinion_request = steps.close_agreed(cast)
    cast.vice_chair.appointments.update(valid_until=factories.LONG_AGO)
    assert word_decision(opinion_request).signer.user == cast.chair


def test_an_agency_without_a_member_proposes_under_its_own_name(cast):
    agency = factories.make_organisation("Bảo hiểm xã hội Việt Nam")
    opinion_request = steps.close(steps.send(cast, lead_agency=agency))
    assert word_decision(opinion_request).bases[-1] == "Theo đề nghị của Bảo hiểm xã hội Việt Nam"
