"""Deadlines, issues and progress for other systems: the same rules as on the pages."""

import json
from datetime import timedelta

import pytest

from core import clock
from opinions import actions, tasks
from people.models import User
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client, cast):
    User.objects.update(language="en")

    def call_as(person, path, sent=None, status=200):
        client.force_login(person)
        address = f"/api/opinion-requests/{path}/"
        answer = (
            client.get(address)
            if sent is None
            else client.post(address, sent, content_type="application/json")
        )
        assert answer.status_code == status, answer.content
        return json.loads(answer.content)

    return call_as


def test_the_deadline_is_moved_under_the_same_rules(cast, call):
    opinion_request = steps.send(cast)
    later = factories.deadline_in(cast.rule_set, 5)
    sent = {"deadline": later.isoformat(), "reason": "Lũ lụt"}
    call(cast.secretary, f"{opinion_request.pk}/move-deadline", sent, status=403)
    call(cast.chair, f"{opinion_request.pk}/move-deadline", {"reason": "Lũ lụt"}, status=400)
    call(cast.chair, f"{opinion_request.pk}/move-deadline", sent)
    far = {**sent, "deadline": factories.deadline_in(cast.rule_set, 9).isoformat()}
    refused = call(cast.chair, f"{opinion_request.pk}/move-deadline", far, status=409)
    assert "Without an order" in refused["detail"]
    told = call(cast.minister, f"{opinion_request.pk}/deadlines")
    assert [change["reason"] for change in told["changes"]] == ["Lũ lụt"]
    assert told["ladder"] == [], "for those who follow it"
    ladder = call(cast.secretary, f"{opinion_request.pk}/deadlines")["ladder"]
    assert {rung["kind"] for rung in ladder} == {"reminder", "escalation", "missed"}


def test_the_ladder_says_what_was_told(cast, call):
    opinion_request = steps.send(cast)
    with clock.at(opinion_request.deadline - timedelta(hours=24)):
        tasks.climb_ladders()
        ladder = call(cast.secretary, f"{opinion_request.pk}/deadlines")["ladder"]
    told = {rung["hours"]: rung["told"] for rung in ladder if rung["told_at"]}
    assert told == {24: 5}
    assert 48 not in {rung["hours"] for rung in ladder}, "it was overtaken"


def test_progress_is_for_those_who_follow(cast, call):
    opinion_request = steps.send(cast)
    actions.open_slip(steps.slip_of(opinion_request, cast.minister), by=cast.minister)
    steps.answer(opinion_request, cast.chair)
    told = call(cast.secretary, f"{opinion_request.pk}/progress")
    counts = [told[name] for name in ("asked_count", "answered_count", "opened_count", "unopened_count")]
    assert counts == [5, 1, 1, 3]
    assert len(told["members"]) == 5
    assert "answers" not in told["members"][0]
    assert call(cast.vice_chair, f"{opinion_request.pk}/progress")["members"] == []
    call(cast.minister, f"{opinion_request.pk}/progress", status=404)
    call(cast.secretary, f"{steps.draft(cast).pk}/progress", status=404)


def test_the_members_are_asked_anew(cast, call):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "disagree", "Mức phí quá cao")
    address = f"{opinion_request.pk}/reissue-dossier"
    call(cast.secretary, f"{opinion_request.pk}/correct-dossier", {"reason": "Sai câu hỏi"})
    other = [{"text": "Chọn phương án?", "form": "options", "options": [{"text": "A"}, {"text": "B"}]}]
    call(cast.secretary, address, {"questions": other}, status=400)
    call(cast.minister, address, {"voids_answers": True, "questions": other}, status=403)
    call(cast.secretary, address, {"voids_answers": True, "questions": other})
    told = call(cast.minister, f"{opinion_request.pk}/issues")
    assert [issue["questions"] for issue in told["issues"]] == [[steps.QUESTION], ["Chọn phương án?"]]
    (own,) = told["members"]
    assert [(answer["issue"], answer["standing"]) for answer in own["answers"]] == [(1, "voided"), (2, "")]
    assert own["answers"][0]["answers"][0]["reason"] == "Mức phí quá cao"
    assert call(cast.secretary, f"{opinion_request.pk}/issues")["members"] == []
