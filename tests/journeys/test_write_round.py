"""A matter is cleared by write-round, as in the British Cabinet: on condition, with a nil return, or not.

1. The administrator puts the known form in use; the Office sends a request in it.
2. A minister clears it on condition, another returns nil, one does not answer: nobody objects.
3. It is cleared; the condition is explained by the lead agency, settled by the Office, which decides.
4. With one “not clear” the same matter is not cleared, whatever the number of those who clear it.
"""

import pytest
from django.urls import reverse

from opinions import actions
from opinions.models import OpinionRequest, Remark
from opinions.rules import RequestStatus
from tests.journeys.kinds import Traveller, close, url
from tests.opinions import steps

pytestmark = pytest.mark.django_db

CONDITION = "Nhất trí nếu bổ sung quy định chuyển tiếp 12 tháng."


@pytest.fixture
def opened(client, cast):
    traveller = Traveller(client)
    kind = traveller.put_in_use(cast.administrator, cast.body, "write_round")
    opinion_request = traveller.open_request(
        kind, by=cast.secretary, approver=cast.vice_chair, agency=cast.finance, rule_set=cast.rule_set
    )
    return traveller, opinion_request


def test_cleared_on_condition(cast, opened):
    traveller, opinion_request = opened
    page = traveller.be(cast.minister).read(opinion_request.get_absolute_url())
    assert "Clear on condition" in page and "Nil return" in page
    slip = steps.slip_of(opinion_request, cast.other_minister)
    question = opinion_request.questions.get()
    traveller.be(cast.other_minister).send(  # a condition without words is none
        url("answer_slip", slip.pk), 422, **{f"position_{question.pk}": "condition"}, step="send"
    )
    traveller.answer(opinion_request, cast.other_minister, "condition", CONDITION)
    traveller.answer(opinion_request, cast.third_minister, "nil")
    traveller.answer(opinion_request, cast.chair, "clear")

    counted = close(opinion_request)
    assert (counted.status, counted.branch) == (RequestStatus.CLOSED, "c")
    result = counted.questions.get().result
    assert result["classes"] == {"condition": 1, "nil": 1, "clear": 1}
    assert (result["silent"], result["in_favour"], result["is_adopted"]) == (2, 1, True)
    page = traveller.be(cast.chair).read(counted.get_absolute_url())
    assert CONDITION in page and "Clear on condition" in page

    remark = Remark.objects.get()
    assert remark.slip.member == cast.other_minister
    counted = actions.refer_request(counted, by=cast.secretary)
    actions.explain_remark(
        remark, by=cast.submitter, verdict="accepted", explanation="Đã bổ sung khoản 3 Điều 5."
    )
    remark.refresh_from_db()
    actions.settle_remark(remark, by=cast.secretary)
    decided = steps.decide(cast, OpinionRequest.objects.get())
    assert decided.status == RequestStatus.DECIDED
    assert "Đã bổ sung khoản 3 Điều 5." in traveller.be(cast.other_minister).read(decided.get_absolute_url())


def test_one_who_does_not_clear_it_is_enough(cast, opened):
    traveller, opinion_request = opened
    for person in (cast.chair, cast.vice_chair, cast.minister, cast.third_minister):
        traveller.answer(opinion_request, person, "clear")
    traveller.answer(opinion_request, cast.other_minister, "not_clear", "Chưa có đánh giá tác động.")
    counted = close(opinion_request)
    assert counted.branch == "a"
    assert counted.questions.get().result["agree"] == 4
    refused = traveller.be(cast.secretary).client.get(reverse("opinions:draft_decision", args=[counted.pk]))
    assert refused.status_code == 409
