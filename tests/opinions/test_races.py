"""What happens at the same moment: answers side by side, answers at the close, two clocks."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from audit.models import AuditEvent
from core import clock
from core.actors import CLOCK
from core.locks import share
from core.workflow import Conflict
from documents.models import Rendering
from opinions import actions
from opinions.counting import find_differences
from opinions.models import AnswerSheet, OpinionRequest, OpinionSlip, SavedView
from opinions.rules import RequestStatus, SheetWay, SlipStatus
from people.rules import Role
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Each deed in a thread of its own, all let go together; what each gave or raised, in order."""
    start = threading.Barrier(len(deeds))

    def run(deed):
        try:
            start.wait(timeout=20)
            return deed()
        except Conflict as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, deed) for deed in deeds]]


def answering(slip, position, reason=""):
    answers = steps.give(slip.request, (position, reason))
    return lambda: actions.answer_slip(slip, by=slip.member, answers=answers)


def trace(action):
    return AuditEvent.objects.filter(action=f"opinions.{action}").order_by("pk")


def test_two_answers_of_one_member_leave_one_answer_and_two_traces(cast):
    slip = steps.slip_of(steps.send(cast), cast.minister)
    at_once(answering(slip, "agree"), answering(slip, "disagree", "Chưa rõ."))
    last = trace("answer_slip").last()
    slip = OpinionSlip.objects.get(pk=slip.pk)
    assert trace("answer_slip").count() == 2
    assert slip.answers[0].position == last.details["after"][0]["position"]
    assert slip.receipt == last.details["receipt"]
    first = trace("answer_slip").first()
    assert last.details["before"] == first.details["after"], "the later one has seen the earlier one"


def test_the_same_answer_clicked_twice_is_one_answer(cast):
    slip = steps.slip_of(steps.send(cast), cast.minister)
    first, second = at_once(answering(slip, "agree"), answering(slip, "agree"))
    assert first.receipt == second.receipt
    assert trace("answer_slip").count() == 1


def test_an_answer_at_the_close_is_either_counted_or_refused(cast):
    for _ in range(5):
        opinion_request = steps.send(cast)
        slip = steps.slip_of(opinion_request, cast.minister)

        def close(opinion_request=opinion_request):
            with steps.after_the_deadline(opinion_request):
                return actions.close_request(opinion_request, by=CLOCK)

        answered, _closed = at_once(answering(slip, "disagree", "Không."), close)
        slip = OpinionSlip.objects.get(pk=slip.pk)
        result = opinion_request.questions.get().result
        if isinstance(answered, Conflict):
            assert (slip.status, result["silent"], result["disagree"]) == (SlipStatus.SILENT, 5, 0)
        else:
            assert (slip.status, result["silent"], result["disagree"]) == (SlipStatus.ANSWERED, 4, 1)


def test_the_close_waits_for_an_answer_that_is_being_written_down(cast):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    begun, finish = threading.Event(), threading.Event()

    def answer_slowly():
        with transaction.atomic():
            answered = answering(slip, "disagree", "Không.")()
            begun.set()
            finish.wait(timeout=10)
        return answered

    def close():
        begun.wait(timeout=10)
        threading.Timer(0.3, finish.set).start()
        with steps.after_the_deadline(opinion_request):
            return actions.close_request(opinion_request, by=CLOCK)

    _, closed = at_once(answer_slowly, close)
    assert finish.is_set(), "the close came after the answer"
    assert closed.questions.get().result["disagree"] == 1


def test_members_do_not_wait_for_each_other(cast):
    """One answer is held open; another member's goes through meanwhile."""
    opinion_request = steps.send(cast)
    other = steps.slip_of(opinion_request, cast.other_minister)
    held, done = threading.Event(), threading.Event()

    def hold_open():
        with transaction.atomic():
            answering(steps.slip_of(opinion_request, cast.minister), "agree")()
            share(opinion_request)
            held.set()
            return done.wait(timeout=10)

    def answer_meanwhile():
        held.wait(timeout=10)
        answering(other, "agree")()
        done.set()

    went_through, _ = at_once(hold_open, answer_meanwhile)
    assert went_through


def test_twenty_five_answers_in_the_same_moment(cast):
    for number in range(20):
        factories.make_officer(f"Nguyễn Văn {number}", Role.MEMBER, cast.body, protocol_order=10 + number)
    opinion_request = steps.send(cast)
    slips = list(opinion_request.slips.select_related("member"))
    at_once(*[answering(slip, "agree") for slip in slips])
    assert len(slips) == 25
    assert opinion_request.slips.filter(status=SlipStatus.ANSWERED).count() == 25
    assert len(set(opinion_request.slips.values_list("receipt", flat=True))) == 25
    assert trace("answer_slip").count() == 25


def test_two_clocks_close_once(cast):
    opinion_request = steps.send(cast)

    def close():
        with clock.at(opinion_request.deadline + timedelta(seconds=1)):
            return actions.close_request(opinion_request, by=CLOCK)

    results = at_once(close, close)
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
    assert trace("close_request").count() == 1
    assert trace("count_silence").count() == 5
    assert Rendering.objects.count() == 1


def test_two_approvals_send_once(cast):
    opinion_request = steps.submit(cast)
    results = at_once(
        lambda: actions.approve_request(opinion_request, by=cast.chair),
        lambda: actions.approve_request(opinion_request, by=cast.vice_chair),
    )
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
    assert opinion_request.slips.count() == 5


def test_withdrawing_and_answering_leave_no_answer_on_a_withdrawn_request_unseen(cast):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    answered, _ = at_once(
        answering(slip, "agree"),
        lambda: actions.withdraw_request(opinion_request, by=cast.chair, reason="Rút."),
    )
    assert OpinionRequest.objects.get().status == RequestStatus.WITHDRAWN
    order = list(
        AuditEvent.objects.filter(case_id=opinion_request.pk).order_by("pk").values_list("action", flat=True)
    )
    if isinstance(answered, Conflict):
        assert "opinions.answer_slip" not in order
    else:
        assert order.index("opinions.answer_slip") < order.index("opinions.withdraw_request")


# The deeds beside the answer


def sheets_of(slip):
    return list(AnswerSheet.objects.filter(slip=slip).order_by("number").values_list("standing", flat=True))


def nothing_contradicts(opinion_request):
    return not list(find_differences(OpinionRequest.objects.get(pk=opinion_request.pk)))


def test_taking_back_and_answering_at_once_leave_the_later_of_the_two(cast):
    opinion_request = steps.send(cast)
    slip = steps.answer(opinion_request, cast.minister)
    withdrawn, _ = at_once(
        lambda: actions.withdraw_answer(slip, by=slip.member), answering(slip, "disagree", "Không.")
    )
    if sheets_of(slip) == ["replaced", "withdrawn"]:
        assert OpinionSlip.objects.get(pk=slip.pk).status == SlipStatus.PENDING
    else:
        assert sheets_of(slip) == ["withdrawn", "counts"]
        assert OpinionSlip.objects.get(pk=slip.pk).answers[0].position == "disagree"
    assert not isinstance(withdrawn, Conflict)
    assert nothing_contradicts(opinion_request)


def test_taking_back_at_the_close_is_done_before_it_or_not_at_all(cast):
    opinion_request = steps.send(cast)
    slip = steps.answer(opinion_request, cast.minister, "disagree", "Không.")
    withdrawn, closed = at_once(
        lambda: actions.withdraw_answer(slip, by=slip.member), lambda: steps.close(opinion_request)
    )
    expected = (1, 4) if isinstance(withdrawn, Conflict) else (0, 5)
    result = closed.questions.get().result
    assert (result["disagree"], result["silent"]) == expected
    assert nothing_contradicts(opinion_request)


def test_the_office_enters_an_answer_while_the_member_gives_her_own(cast):
    """Hers counts in either order; what was entered is kept."""
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    entered, _ = at_once(
        lambda: actions.enter_answer(
            slip,
            by=cast.secretary,
            answers=steps.give(opinion_request, steps.AGREE),
            way=SheetWay.TELEPHONE,
            reason="Đang đi công tác.",
        ),
        answering(slip, "disagree", "Không."),
    )
    assert sheets_of(slip) == (["counts"] if isinstance(entered, Conflict) else ["replaced", "counts"])
    assert OpinionSlip.objects.get(pk=slip.pk).answers[0].position == "disagree"
    assert nothing_contradicts(opinion_request)


def test_an_answer_never_counts_for_an_issue_that_has_been_replaced(cast):
    """Sent while the Office puts another issue before the members: voided with the old one, or refused."""
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    actions.correct_dossier(opinion_request, by=cast.secretary, reason="Sai phụ lục.")
    steps.make_paper(opinion_request.dossier)
    answered, _ = at_once(
        answering(slip, "agree"),
        lambda: actions.reissue_dossier(
            opinion_request,
            by=cast.secretary,
            reason="Sai phụ lục.",
            voids_answers=True,
            questions=["Đồng chí có đồng ý với dự thảo mới không?"],
        ),
    )
    assert sheets_of(slip) == ([] if isinstance(answered, Conflict) else ["voided"])
    assert OpinionSlip.objects.get(pk=slip.pk).status == SlipStatus.PENDING
    assert nothing_contradicts(opinion_request)


def test_a_deadline_moved_at_the_close_either_holds_or_comes_too_late(cast):
    """The clock sees the new deadline, or the chair is told that the answers are being counted."""
    opinion_request = steps.send(cast, deadline=factories.deadline_in(cast.rule_set, 2))
    later, last = factories.deadline_in(cast.rule_set, 5), opinion_request.deadline

    def move():
        with clock.at(last - timedelta(seconds=1)):
            return actions.move_deadline(opinion_request, by=cast.chair, deadline=later, reason="Cần thêm.")

    moved, closed = at_once(move, lambda: steps.close(opinion_request))
    assert isinstance(moved, Conflict) != isinstance(closed, Conflict)
    found = OpinionRequest.objects.get(pk=opinion_request.pk)
    if isinstance(closed, Conflict):
        assert (found.status, found.deadline) == (RequestStatus.OPEN, later)
    else:
        assert (found.status, found.deadline) == (RequestStatus.CLOSED, last)
    assert nothing_contradicts(opinion_request)


def test_a_view_saved_twice_at_once_is_one_view(cast):
    def save():
        actions.save_view(SavedView(owner=cast.chair, name="Của tôi"), by=cast.chair)

    at_once(save, save)
    assert SavedView.objects.count() == 1
