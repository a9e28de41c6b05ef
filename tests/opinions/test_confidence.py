"""What is answered before the deadline, and what was never sent, stays with those whose words it is."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from opinions import actions, rules
from opinions.models import OpinionRequest, OpinionSlip, find_assistants
from opinions.rules import SlipStatus
from people.models import User
from people.rules import Role
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db

SECRET = "Ý kiến kín cho đến hạn."
HTMX = {"HX-Request": "true"}


@pytest.fixture
def opinion_request(cast):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "disagree", SECRET)
    return opinion_request


@pytest.fixture
def slip(opinion_request, cast):
    return steps.slip_of(opinion_request, cast.minister)


def keep_draft(opinion_request, person):
    slip = steps.slip_of(opinion_request, person)
    return actions.keep_draft(slip, by=person, answers=steps.give(opinion_request, ("other", SECRET)))


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize(
    "who, reads", [("minister", True), ("assistant", False), ("secretary", False), ("auditor", False)]
)
def test_the_api_tells_no_answer_before_the_count(cast, slip, client, who, reads):
    client.force_login(getattr(cast, who))
    seen = client.get(f"/api/slips/{slip.pk}/").json()
    assert seen["status"] == SlipStatus.ANSWERED
    assert (SECRET in str(seen)) is reads
    assert bool(seen["receipt"]) is reads, "the receipt is made of the answer"
    steps.close(slip.request)
    assert SECRET in str(client.get(f"/api/slips/{slip.pk}/").json())


def test_a_withdrawn_request_keeps_its_answers_closed(cast, opinion_request, slip, client):
    actions.withdraw_request(opinion_request, by=cast.chair, reason="Rút để hoàn thiện.")
    client.force_login(cast.secretary)
    assert SECRET not in client.get(f"/api/slips/{slip.pk}/").content.decode()


def test_the_auditor_reads_answers_in_the_trail_from_the_deadline_on(cast, opinion_request, client):
    client.force_login(cast.auditor)
    case = reverse("audit:read_case", args=["opinions.opinionrequest", opinion_request.pk])
    pages = [case, reverse("audit:search_trail")]
    for page in pages:
        assert SECRET not in text_of(client.get(page))
    assert SECRET not in text_of(client.post(reverse("audit:export_trail")))
    with steps.after_the_deadline(opinion_request):
        for page in pages:
            assert SECRET in text_of(client.get(page))
        assert SECRET in text_of(client.post(reverse("audit:export_trail")))


def test_the_trail_never_tells_the_words_of_a_draft(cast, client):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    actions.draft_answer(slip, by=cast.assistant, answers=steps.give(opinion_request, ("other", SECRET)))
    actions.submit_answer(slip, by=cast.assistant)
    actions.return_answer(slip, by=cast.minister, reason=SECRET)
    steps.close(opinion_request)
    client.force_login(cast.auditor)
    with steps.after_the_deadline(opinion_request):
        page = client.get(reverse("audit:read_case", args=["opinions.opinionrequest", opinion_request.pk]))
    assert SECRET not in text_of(page)


@pytest.mark.parametrize("end", [steps.close, lambda request: None])
def test_nobody_gets_the_unsent_words_of_another_by_answering_too_late(cast, client, end):
    opinion_request = steps.send(cast)
    slip = keep_draft(opinion_request, cast.minister)
    end(opinion_request)
    late = {f"position_{question.pk}": "agree" for question in opinion_request.questions.all()}
    with steps.after_the_deadline(opinion_request):
        for person in (cast.secretary, cast.auditor, cast.assistant, cast.other_minister):
            client.force_login(person)
            response = client.post(reverse("opinions:answer_slip", args=[slip.pk]), late, headers=HTMX)
            assert response.status_code in (403, 404), person
            assert SECRET not in text_of(response), person


def test_what_no_keyboard_types_breaks_nothing(cast, client):
    opinion_request = steps.draft(cast)
    client.force_login(cast.secretary)
    kept = client.post(reverse("opinions:keep_changes", args=[opinion_request.pk]), {"subject": "a\0b"})
    assert kept.status_code == 204
    assert client.get(reverse("people:list_people"), {"q": "\0"}).status_code == 200
    assert client.get(reverse("archive:search"), {"q": "\0"}).status_code in (200, 422)
    assert client.get(reverse("opinions:list_requests"), {"q": "\0"}).status_code == 200


@pytest.fixture
def two_bodies(cast, opinion_request):
    """The minister is a member of a province too; someone assists her there and not in the Government."""
    office = factories.appoint(cast.minister, Role.MEMBER, cast.province)
    helper = factories.make_officer("Trợ lý ở tỉnh", Role.ASSISTANT, cast.province, assists=office)
    return helper


def test_an_assistant_assists_in_one_body_and_sees_nothing_of_another(two_bodies, opinion_request, slip):
    assert not OpinionRequest.objects.visible_to(two_bodies).exists()
    assert not OpinionSlip.objects.visible_to(two_bodies).exists()
    steps.close(opinion_request)
    assert not OpinionSlip.objects.visible_to(two_bodies).exists()


def test_an_assistant_of_two_bodies_assists_each_member_in_her_own(cast, two_bodies, opinion_request, slip):
    """Also an assistant of somebody else in the Government does not reach the minister's slip."""
    factories.appoint(two_bodies, Role.ASSISTANT, cast.body, assists=cast.other_minister.appointments.get())
    helper = User.objects.get(pk=two_bodies.pk)
    assert not rules.assists_the_member(helper, slip)
    assert rules.assists_the_member(helper, steps.slip_of(opinion_request, cast.other_minister))


def test_who_assisted_a_member_that_has_left_does_so_no_more(cast, slip):
    cast.minister.appointments.update(valid_until=clock.today() - timedelta(days=1))
    helper = User.objects.get(pk=cast.assistant.pk)
    assert helper.holds(Role.ASSISTANT), "the assistant's own appointment was not ended"
    assert not rules.assists_the_member(helper, slip)
    assert not OpinionSlip.objects.visible_to(helper).exists()
    assert not find_assistants(cast.body.pk, [cast.minister]).exists()
