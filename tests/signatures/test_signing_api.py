"""Signing through the API: the same rules, the same reasons."""

import base64

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import User
from signatures import tasks
from signatures.models import SigningRequest
from tests.signatures.signing import ask, sign, step_for


@pytest.fixture
def api(client, house):
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


def test_a_paper_is_signed_by_another_system(house, api):
    signing = ask(house, step_for(house.minister), step_for(house.chair, 2))
    minister, certificate = api(house.minister), house.certificates[house.minister]
    (told,) = minister.get("signings/")["results"]
    assert told["id"] == signing.pk
    told = minister.get(f"signings/{signing.pk}/")
    assert told["allowed"] == []
    mine, later = told["steps"]
    assert "prepare_signature" in mine["allowed"] and later["allowed"] == []
    order = minister.post(f"signing-steps/{mine['id']}/prepare/", {"certificate": certificate.pk})
    assert (order["sha256"], order["digest"]) == (signing.sha256, "sha256")
    path = f"signatures/{order['signature']}"
    for wrong, status in (("%%%", 400), ("", 400), (base64.b64encode(bytes(64)).decode(), 409)):
        minister.post(f"{path}/complete/", {"value": wrong}, status=status)
    value = sign(house.keys[house.minister], base64.b64decode(order["to_sign"]))
    done = minister.post(f"{path}/complete/", {"value": base64.b64encode(value).decode()})
    assert (done["status"], done["request"]) == ("signed", signing.pk)
    tasks.embed_signature(order["signature"])
    assert minister.get(f"{path}/")["status"] == "embedded"
    chair = api(house.chair)
    chair.get(f"{path}/", status=404)  # another's signature
    refused = chair.post(f"signing-steps/{later['id']}/refuse/", {"reason": "Sai số liệu."})
    assert (refused["status"], refused["refused_because"]) == ("refused", "Sai số liệu.")


def test_what_one_may_not_see_is_not_there(house, api):
    signing = ask(house, step_for(house.minister))
    step = signing.steps.get()
    stranger = api(house.third_minister)
    assert stranger.get("signings/")["results"] == []
    stranger.get(f"signings/{signing.pk}/", status=404)
    stranger.post(f"signing-steps/{step.pk}/prepare/", {"certificate": 1}, status=404)
    api(house.secretary).post(f"signing-steps/{step.pk}/refuse/", {"reason": "x"}, status=403)
    others = {"certificate": house.certificates[house.chair].pk}
    api(house.minister).post(f"signing-steps/{step.pk}/prepare/", others, status=400)


def test_whoever_asked_withdraws_and_no_stranger_stands_in(house, api):
    signing = ask(house, step_for(house.minister))
    step, office = signing.steps.get(), api(house.secretary)
    stranger = {"to": house.vice_chair.appointments.get().pk}
    refusal = office.post(f"signing-steps/{step.pk}/pass/", stranger, status=409)
    assert "register" in refusal["detail"]
    office.post(f"signings/{signing.pk}/withdraw/", {}, status=400)
    assert office.post(f"signings/{signing.pk}/withdraw/", {"reason": "Gửi nhầm."})["status"] == "withdrawn"


def test_a_list_costs_the_same_for_one_and_for_many(house, api):
    office = api(house.secretary)
    counts = []
    for number in (1, 4):
        while SigningRequest.objects.count() < number:
            ask(house, step_for(house.minister), step_for(house.chair, 2))
        with CaptureQueriesContext(connection) as queries:
            assert len(office.get("signings/")["results"]) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]
