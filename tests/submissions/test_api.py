"""The API: the same rules, the same reasons, and what is missing line by line."""

import pytest

from people.models import User
from submissions.models import MatterKind, Submission
from tests.submissions import steps

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
            return response.json()

    def call_as(person):
        client.force_login(person)
        return Caller()

    return call_as


def test_a_dossier_from_the_first_line_to_the_acceptance(cast, api):
    kind = steps.make_kind(cast)
    agency = api(cast.submitter)
    new = {"title": "Về phí", "kind": kind.pk, "agency": cast.finance.pk}
    made = agency.post("submissions/", new, status=201)
    path = f"submissions/{made['id']}"
    assert made["allowed"] == ["prepare_submission", "edit_submission"]
    assert made["checks"][0]["missing"] == "“Submission” is missing: add it."
    edited = agency.post(f"{path}/edit/", {"title": "Về lệ phí", "kind": kind.pk})
    assert edited["title"] == "Về lệ phí"
    assert "“Appraisal” is missing" in agency.post(f"{path}/hand-in/", status=409)["detail"]
    for paper in kind.required:
        steps.add(Submission.objects.get(), paper)
    assert [paper["kind"] for paper in agency.get(f"{path}/")["papers"]] == kind.required
    assert agency.post(f"{path}/hand-in/")["status"] == "handed_in"
    agency.post(f"{path}/accept/", status=403)
    office = api(cast.secretary)
    assert office.post(f"{path}/return/", {"reason": "Thiếu."})["return_reason"] == "Thiếu."
    office.post(f"{path}/return/", {}, status=400)
    api(cast.submitter).post(f"{path}/hand-in/")
    assert api(cast.secretary).post(f"{path}/accept/")["submit_by"]


def test_a_late_one_is_proposed_for_removal(cast, api):
    path = f"submissions/{steps.hand_in_late(cast).pk}"
    assert api(cast.secretary).post(f"{path}/removal/", {"reason": "Chậm."})["removal_reason"] == "Chậm."


def test_what_one_does_not_see_does_not_exist(cast, api):
    submission = steps.complete(cast)
    for person in (cast.other_submitter, cast.chair, cast.outside_secretary, cast.nobody):
        api(person).get(f"submissions/{submission.pk}/", status=404)
        assert api(person).get("submissions/")["count"] == 0
    other = {"title": "A", "kind": submission.kind_id, "agency": cast.health.pk}
    api(cast.submitter).post("submissions/", other, status=403)


def test_those_who_preside_see_no_paper_of_it(cast, api):
    submission = steps.hand_in(cast)
    assert api(cast.chair).get(f"submissions/{submission.pk}/")["papers"] == []


def test_the_list_costs_the_same_for_one_and_for_many(cast, api, django_assert_max_num_queries):
    steps.prepare(cast)
    office = api(cast.secretary)
    with django_assert_max_num_queries(10) as few:
        office.get("submissions/")
    for number in range(8):
        steps.prepare(cast, title=f"Việc {number}")
    with django_assert_max_num_queries(len(few)):
        assert office.get("submissions/")["count"] == 9


def test_kinds_are_entered_and_ended(cast, api):
    wanted = {
        "body": cast.body.pk,
        "name": "Việc khác",
        "source": "Quy chế",
        "required": ["submission"],
        "valid_from": "2026-01-01",
    }
    office = api(cast.administrator)
    made = office.post("matter-kinds/", wanted, status=201)
    assert made["lead_days"] == 3 and made["is_in_force"]
    office.post("matter-kinds/", {**wanted, "required": ["synthesis"]}, status=400)
    assert office.post(f"matter-kinds/{made['id']}/end/", {"last_day": "2026-12-31"})["valid_until"]
    assert api(cast.minister).get("matter-kinds/")["results"][0]["allowed"] == []
    api(cast.minister).post("matter-kinds/", wanted, status=403)
    assert MatterKind.objects.count() == 1
