"""Each step of a dossier lies on the desk of whoever must take it, the most urgent first."""

from datetime import timedelta

import pytest

from core.actors import CLOCK
from documents import actions as documents
from documents.models import Dossier
from ecabinet.desk import list_tasks
from people.models import User
from submissions import actions
from tests.conftest import CAST
from tests.opinions.steps import make_paper
from tests.submissions import steps
from tests.submissions.test_actions import draft_from

pytestmark = pytest.mark.django_db


def everyones(cast):
    people = {name: User.objects.get(pk=getattr(cast, name).pk) for name in CAST}
    desks = {name: [task.verb for task in list_tasks(person).tasks] for name, person in people.items()}
    return {name: verbs for name, verbs in desks.items() if verbs}


def test_each_step_lies_on_one_desk(cast):
    submission = steps.complete(cast)
    assert everyones(cast) == {"submitter": ["Finish and hand in the dossier"]}
    actions.hand_in_submission(submission, by=cast.submitter)
    assert everyones(cast) == {"secretary": ["Check the dossier handed in"]}
    actions.return_submission(submission, by=cast.secretary, reason="Thiếu.")
    assert everyones(cast) == {"submitter": ["Complete the returned dossier"]}
    actions.hand_in_submission(submission, by=cast.submitter)
    actions.accept_submission(submission, by=cast.secretary)
    assert everyones(cast) == {"secretary": ["Submit the accepted dossier"]}
    draft_from(cast, submission)
    assert everyones(cast) == {"secretary": ["Finish the draft request"]}


def test_a_dossier_for_an_agency_without_officers_lies_with_the_office(cast):
    steps.complete(cast, by=cast.secretary, agency=cast.home)
    assert everyones(cast) == {"secretary": ["Finish and hand in the dossier"]}


def test_the_day_of_each_step_is_its_deadline(cast):
    with steps.on(steps.MONDAY):
        sooner = steps.complete(cast, title="Trước", wanted_on=steps.FRIDAY)
        steps.prepare(cast, title="Không có ngày")
        steps.prepare(cast, title="Sau", wanted_on=steps.FRIDAY + timedelta(days=7))
        tasks = list_tasks(cast.submitter).tasks
        assert [task.subject for task in tasks] == ["Trước", "Sau", "Không có ngày"]
        assert tasks[0].deadline.date() == sooner.due_on
        actions.hand_in_submission(sooner, by=cast.submitter)
        assert list_tasks(cast.secretary).tasks[0].deadline.date() == steps.fresh(sooner).check_by


def test_copies_that_are_out_when_the_matter_is_closed_are_collected(cast):
    dossier = documents.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    slot = documents.add_slot(dossier, by=cast.secretary)
    copies = [
        documents.hand_out_copy(slot, by=cast.secretary, receiver=person)
        for person in (cast.chair, cast.minister)
    ]
    assert everyones(cast) == {}
    make_paper(dossier)
    documents.close_dossier(documents.seal_dossier(dossier, by=cast.chair), by=CLOCK)
    task = list_tasks(cast.secretary).tasks[0]
    assert (task.verb, task.note) == ("Collect the copies handed out on paper", "2 copies are out")
    assert Dossier.objects.get().closed_at == task.deadline
    for copy in copies:
        documents.take_back_copy(copy, by=cast.secretary)
    assert everyones(cast) == {}
