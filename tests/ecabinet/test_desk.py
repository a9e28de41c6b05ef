"""My desk: what waits for each office, the most urgent first, and what it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from core import clock
from decisions import actions as decisions
from documents.models import Rendering
from ecabinet.desk import SIZE, list_followed, list_tasks
from opinions import actions
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def speak_english():
    with translation.override("en"):
        yield


def desk(person):
    """The verbs on the desk of a person, read anew."""
    person = type(person).objects.get(pk=person.pk)
    return [task.verb for task in list_tasks(person).tasks]


def everyones(cast):
    names = (
        "chair vice_chair minister other_minister assistant secretary archivist administrator auditor nobody"
    )
    return {name: found for name in names.split() if (found := desk(getattr(cast, name)))}


def test_an_empty_desk_says_what_will_appear(cast, sign_in):
    type(cast.nobody).objects.update(language="en")
    page = sign_in(cast.nobody).get(reverse("home")).content.decode()
    assert "Nothing waits for you." in page


def test_each_step_lies_on_the_desk_of_who_must_take_it(cast):
    opinion_request = steps.draft(cast)
    assert everyones(cast) == {"secretary": ["Finish the draft request"]}
    actions.submit_request(opinion_request, by=cast.secretary)
    assert everyones(cast) == {"chair": ["Approve the sending"], "vice_chair": ["Approve the sending"]}
    actions.return_request(opinion_request, by=cast.chair, reason="Thiếu.")
    assert everyones(cast) == {"secretary": ["Revise the returned request"]}
    actions.submit_request(opinion_request, by=cast.secretary)
    actions.approve_request(opinion_request, by=cast.chair)
    asked = ["Give your opinion"]
    assert everyones(cast) == {
        "chair": asked,
        "vice_chair": asked,
        "minister": asked,
        "other_minister": asked,
        "assistant": ["Prepare an answer for Bộ trưởng Bộ Tài chính Nguyễn Hữu Đức"],
    }


def test_the_slip_goes_to_and_fro_between_assistant_and_member(cast):
    slip = steps.slip_of(steps.send(cast), cast.minister)
    answers = steps.give(slip.request, steps.AGREE)
    member = "Bộ trưởng Bộ Tài chính Nguyễn Hữu Đức"
    actions.draft_answer(slip, by=cast.assistant, answers=answers)
    assert desk(cast.assistant) == [f"Put your draft before {member}"]
    actions.submit_answer(slip, by=cast.assistant)
    assert desk(cast.assistant) == []
    assert "Vũ Thu Trang has prepared an answer" in list_tasks(cast.minister).tasks[0].note
    actions.return_answer(slip, by=cast.minister, reason="Sửa.")
    assert desk(cast.assistant) == [f"Revise the draft that {member} gave back"]
    actions.keep_draft(slip, by=cast.minister, answers=answers)
    assert list_tasks(cast.minister).tasks[0].note == "You have begun to write."
    actions.answer_slip(slip, by=cast.minister, answers=answers)
    assert desk(cast.minister) == desk(cast.assistant) == []


def test_after_the_close_the_result_waits_with_its_own_deadline(cast):
    opinion_request = steps.close_with_opinions(cast)
    task = list_tasks(cast.secretary).tasks[0]
    assert task.verb == "Process the result"
    assert task.deadline.date() == opinion_request.process_by
    assert desk(cast.chair) == ["Decide on the opinions collected"]
    actions.refer_request(opinion_request, by=cast.chair)
    task = list_tasks(cast.secretary).tasks[0]
    assert task.verb == "Draft the resolution after the lead agency's report"
    assert task.deadline.date() == opinion_request.report_by
    assert desk(cast.chair) == []


def test_without_a_majority_the_lead_agency_alone_has_work_once_the_opinions_are_passed_on(cast):
    opinion_request = steps.close_without_majority(cast)
    assert desk(cast.secretary) == ["Process the result"]
    actions.refer_request(opinion_request, by=cast.secretary)
    assert everyones(cast) == {"minister": ["Explain the members' remarks"]}, "she heads it"
    assert desk(cast.submitter) == ["Explain the members' remarks"]


def test_a_resolution_goes_from_desk_to_desk_until_it_is_issued(cast):
    resolution = steps.decide(cast, steps.close_agreed(cast)).resolution
    assert desk(cast.vice_chair) == ["Approve the resolution"]
    version = steps.make_paper(resolution.dossier).version
    Rendering.objects.filter(document=resolution.document).update(version=version)
    decisions.approve_resolution(resolution, by=cast.vice_chair)
    assert desk(cast.secretary) == ["Give a number and issue"]
    decisions.issue_resolution(resolution, by=cast.secretary)
    assert everyones(cast) == {}


def test_what_the_deadline_has_overtaken_waits_for_nobody(cast):
    opinion_request = steps.send(cast)
    with steps.after_the_deadline(opinion_request):
        assert desk(cast.minister) == desk(cast.assistant) == []


def test_the_most_urgent_comes_first_whatever_it_is(cast):
    later = steps.send(cast, subject="Sau", deadline=factories.deadline_in(cast.rule_set, 5))
    sooner = steps.submit(cast, subject="Trước", deadline=factories.deadline_in(cast.rule_set, 2))
    assert [task.subject for task in list_tasks(cast.chair).tasks] == [sooner.subject, later.subject]


def test_each_entry_leads_to_a_page_that_opens(cast, sign_in):
    steps.draft(cast), steps.submit(cast), steps.send(cast), steps.close_with_opinions(cast)
    for person in (cast.secretary, cast.chair, cast.minister, cast.assistant):
        for task in list_tasks(person).tasks:
            assert sign_in(person).get(task.url).status_code == 200


def test_a_long_desk_is_read_page_by_page(cast, sign_in):
    for number in range(SIZE + 3):
        actions.draft_request(steps.begin(cast, subject=f"Việc {number}"), by=cast.secretary)
    first, second = list_tasks(cast.secretary), list_tasks(cast.secretary, page=2)
    assert (len(first.tasks), first.older, first.newer) == (SIZE, "?page=2", "")
    assert (len(second.tasks), second.older, second.newer) == (3, "", "?page=1")
    assert not {task.url for task in first.tasks} & {task.url for task in second.tasks}
    assert sign_in(cast.secretary).get(reverse("home"), {"page": "x"}).status_code == 200


def test_what_collects_opinions_without_me_is_below(cast):
    steps.draft(cast), steps.close_agreed(cast)
    opinion_request = steps.send(cast)
    assert list_followed(cast.secretary) == [opinion_request]
    assert list_followed(cast.secretary)[0].asked_count == 5
    assert list_followed(cast.minister) == [], "it is above, as a task"
    steps.answer(opinion_request, cast.minister)
    assert list_followed(cast.minister) == [opinion_request]
    for person in (cast.outside_member, cast.archivist, cast.nobody):
        assert list_followed(person) == []


def test_the_desk_costs_the_same_for_one_task_and_for_many(cast, sign_in, django_assert_max_num_queries):
    def count(person):
        browser = sign_in(person)
        with django_assert_max_num_queries(30) as counted:
            browser.get(reverse("home"))
        return len(counted)

    people = (cast.secretary, cast.chair, cast.minister, cast.assistant)
    steps.draft(cast), steps.submit(cast), steps.send(cast)
    with clock.at(clock.now() - timedelta(days=30)):
        closed = steps.send(cast)
    steps.close(closed)
    few = [count(person) for person in people]
    for _ in range(7):
        steps.draft(cast), steps.submit(cast), steps.send(cast)
    assert [count(person) for person in people] == few
