"""The API: the same rules, the same reasons, and `allowed` for who builds buttons."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from opinions.models import OpinionRequest, OpinionSlip
from opinions.rules import RequestStatus, SlipStatus
from people.models import User
from tests import factories
from tests.documents.samples import make_pdf
from tests.opinions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client, cast):
    """`api(person)` sends and reads JSON as that person."""
    User.objects.update(language="en")

    class Caller:
        def get(self, path, status=200):
            response = client.get(f"/api/{path}")
            assert response.status_code == status, response.content
            return response.json()

        def post(self, path, sent=None, status=200):
            response = client.post(f"/api/{path}", sent or {}, content_type="application/json")
            assert response.status_code == status, response.content
            return response.json() if response.content else None

    def call_as(person):
        client.force_login(person)
        return Caller()

    return call_as


def answers(opinion_request, position="agree", reason=""):
    return {
        "answers": [
            {"question": question.pk, "position": position, "reason": reason}
            for question in opinion_request.questions.all()
        ]
    }


def new_request(cast):
    return {
        "body": cast.body.pk,
        "subject": "Về phí bảo hiểm y tế",
        "lead_agency": cast.finance.pk,
        "deadline": factories.deadline_in(cast.rule_set).isoformat(),
        "questions": ["Đồng ý?"],
    }


def test_a_request_from_the_draft_to_the_sending(cast, api, client):
    office = api(cast.secretary)
    made = office.post("opinion-requests/", new_request(cast), status=201)
    path = f"opinion-requests/{made['id']}"
    assert made["allowed"] == ["draft_request", "edit_request", "keep_changes"]
    edited = new_request(cast) | {"subject": "Mới", "revision": made["revision"]}
    del edited["body"]
    assert office.post(f"{path}/edit/", edited)["subject"] == "Mới"
    assert (
        "has just changed" in office.post(f"{path}/edit/", edited | {"subject": "Cũ"}, status=409)["detail"]
    )
    content = make_pdf()
    for status in (201, 400):  # the same file a second time
        upload = SimpleUploadedFile("a.pdf", content, "application/pdf")
        papers = f"/api/dossiers/{made['dossier']}/papers/"
        response = client.post(papers, {"upload": upload, "kind": "submission"})
        assert response.status_code == status, response.content
    OpinionRequest.objects.get().dossier.papers.get().version.document.versions.update(work_state="done")
    assert office.post(f"{path}/submit/")["status"] == "submitted"
    sent = api(cast.vice_chair).post(f"{path}/approve/")
    assert (sent["status"], sent["asked_count"], sent["answered_count"]) == ("open", 5, 0)
    assert sent["allowed"] == ["withdraw_request", "move_deadline"]


def test_a_member_answers(cast, api):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    member, path = api(cast.minister), f"slips/{slip.pk}/answer/"
    assert [found["id"] for found in member.get("slips/")["results"]] == [slip.pk]
    given = member.post(path, answers(opinion_request, "other", "Cần lộ trình."))
    assert given["status"] == "answered"
    assert given["receipt"]
    assert given["answers"][0]["reason"] == "Cần lộ trình."
    assert {"keep_draft", "answer_slip"} <= set(given["allowed"])


def test_an_answer_in_the_wrong_shape_is_400_and_in_the_wrong_moment_409(cast, api):
    opinion_request = steps.send(cast)
    path = f"slips/{steps.slip_of(opinion_request, cast.minister).pk}/answer/"
    member = api(cast.minister)
    for wrong in (
        answers(opinion_request, "disagree"),
        answers(opinion_request, "abstain", "x"),
        {"answers": []},
        {},
    ):
        member.post(path, wrong, status=400)
    with steps.after_the_deadline(opinion_request):
        assert "deadline" in member.post(path, answers(opinion_request), status=409)["detail"]


def test_the_assistant_prepares_and_may_not_send(cast, api):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    assistant = api(cast.assistant)
    assistant.post(f"slips/{slip.pk}/draft/", answers(opinion_request, "other", "Dự thảo."))
    assert assistant.post(f"slips/{slip.pk}/submit/")["status"] == "submitted"
    assistant.post(f"slips/{slip.pk}/answer/", answers(opinion_request), status=403)
    seen = api(cast.minister).get(f"slips/{slip.pk}/")
    assert (seen["draft"][0]["position"], seen["draft"][0]["reason"]) == ("other", "Dự thảo.")
    assert api(cast.secretary).get(f"slips/{slip.pk}/")["draft"] == [], "between the two of them"
    returned = api(cast.minister).post(f"slips/{slip.pk}/return/", {"reason": "Sửa."})
    assert returned["status"] == "returned"
    member = api(cast.minister)
    member.post(f"slips/{slip.pk}/keep/", answers(opinion_request, "other", "Viết dở."))
    (kept,) = slip.find_unsent(cast.minister).content.values()
    assert kept == {"position": "other", "reason": "Viết dở."}
    member.post(f"slips/{slip.pk}/keep/", {"answers": []})
    assert OpinionSlip.objects.get(pk=slip.pk).status == SlipStatus.RETURNED


def test_strangers_find_nothing(cast, api):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    for person in (cast.outside_member, cast.outside_secretary, cast.archivist, cast.nobody):
        stranger = api(person)
        assert stranger.get("opinion-requests/")["results"] == []
        assert stranger.get("slips/")["results"] == []
        stranger.get(f"opinion-requests/{opinion_request.pk}/", status=404)
        stranger.post(f"opinion-requests/{opinion_request.pk}/approve/", status=404)
        stranger.post(f"slips/{slip.pk}/answer/", answers(opinion_request), status=404)


def test_without_signing_in_nothing_is_given(client, cast):
    assert client.get("/api/opinion-requests/").status_code in (401, 403)
    assert client.post("/api/slips/1/answer/").status_code in (401, 403)


def test_only_the_office_drafts_and_for_its_own_body(cast, api):
    api(cast.minister).post("opinion-requests/", new_request(cast), status=403)
    api(cast.outside_secretary).post("opinion-requests/", new_request(cast), status=403)
    elsewhere = {**new_request(cast), "follower": cast.outside_secretary.pk}
    api(cast.secretary).post("opinion-requests/", elsewhere, status=400)
    assert not OpinionRequest.objects.exists()


def test_returning_withdrawing_referring_and_deciding(cast, api):
    submitted = steps.submit(cast)
    api(cast.chair).post(f"opinion-requests/{submitted.pk}/return/", {"reason": "Thiếu."}, status=204)
    assert OpinionRequest.objects.get(pk=submitted.pk).status == RequestStatus.DRAFT
    opened = steps.send(cast)
    gone = api(cast.chair).post(f"opinion-requests/{opened.pk}/withdraw/", {"reason": "Rút."})
    assert gone["status"] == "withdrawn"
    closed = steps.close_with_opinions(cast)
    seen = api(cast.minister).get(f"opinion-requests/{closed.pk}/")
    assert (seen["branch"], seen["questions"][0]["result"]["in_favour"]) == ("c", 4)
    referred = api(cast.chair).post(f"opinion-requests/{closed.pk}/refer/", {"note": "Báo cáo."})
    assert referred["status"] == "referred"
    decision = {
        "subject": "Về phí bảo hiểm y tế",
        "bases": ["Căn cứ Luật Tổ chức Chính phủ"],
        "articles": ["Thông qua."],
        "signer": cast.chair.appointments.get().pk,
    }
    assert (
        api(cast.secretary).post(f"opinion-requests/{closed.pk}/decision/", decision)["status"] == "decided"
    )


@pytest.mark.parametrize("path", ["opinion-requests/", "slips/"])
def test_lists_cost_the_same_for_one_row_and_for_nine(cast, api, path, django_assert_max_num_queries):
    office = api(cast.secretary)

    def count():
        with django_assert_max_num_queries(20) as counted:
            office.get(path)
        return len(counted)

    steps.send(cast)
    one = count()
    for _ in range(8):
        steps.send(cast)
    assert count() == one
