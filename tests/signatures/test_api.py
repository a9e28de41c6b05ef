"""Papers for other systems."""

import pytest
from rest_framework.test import APIClient, APIRequestFactory, force_authenticate

from documents import actions as documents
from signatures.api import VersionViewSet
from tests.signatures.papers import add_paper, newest, settle


@pytest.fixture
def ask(cast):
    """`ask("secretary")` lists, `ask("secretary", pk=3)` reads one."""

    def ask(person, **kwargs):
        request = APIRequestFactory().get("/")
        force_authenticate(request, getattr(cast, person))
        view = VersionViewSet.as_view({"get": "retrieve" if kwargs else "list"})
        return view(request, **kwargs)

    return ask


def test_a_paper_is_told_with_its_verdict_and_what_may_be_done(cast, ask):
    version = add_paper(cast)
    assert ask("secretary", pk=version.pk).data["verdict"] == ""
    settle(version)
    told = ask("secretary", pk=version.pk).data
    assert (told["sha256"], told["verdict"]) == (version.sha256, "undecided")
    assert told["allowed"] == ["distribute_version", "open_version"]
    assert told["file"].endswith(f"/versions/{version.pk}/file/")


def test_each_sees_only_what_was_given_to_her(cast, ask):
    version = add_paper(cast)
    add_paper(cast)
    documents.distribute_version(version, by=cast.secretary, to=[cast.minister], because="Phiếu")
    assert len(ask("secretary").data["results"]) == 2
    assert [item["id"] for item in ask("minister").data["results"]] == [version.pk]
    assert ask("outside_secretary").data["results"] == []
    assert ask("outside_secretary", pk=version.pk).status_code == 404


@pytest.fixture
def api(cast):
    """`api("minister", "/api/verifications/")`: by HTTP, with the routes."""

    def get(person, address):
        client = APIClient()
        client.force_authenticate(getattr(cast, person))
        return client.get(address)

    return get


def test_the_looks_at_a_paper_are_told_with_their_evidence(cast, api):
    found = settle(add_paper(cast))
    settle(add_paper(cast))
    (listed,) = api("secretary", f"/api/verifications/?paper={found.version_id}").json()["results"]
    assert (listed["id"], listed["verdict"], listed["cause"]) == (found.pk, "undecided", "added")
    told = api("secretary", f"/api/verifications/{found.pk}/").json()
    assert told["evidence"]["signatures"][0]["signer"] == "CÔNG BÁO"
    assert "CA phục vụ" in told["sentence"] and told["advice"]
    report = api("secretary", f"/api/verifications/{found.pk}/report/")
    assert report["Content-Type"] == "application/xml"
    assert b"urn:etsi:019102:mainindication:indeterminate" in report.content
    assert report.content == api("secretary", f"/api/verifications/{found.pk}/report/").content


def test_looks_at_papers_of_others_are_told_to_nobody(cast, api):
    found = settle(add_paper(cast))
    assert api("minister", "/api/verifications/").json()["results"] == []
    assert api("secretary", "/api/verifications/?paper=x").json()["results"] == []
    for address in (f"/api/verifications/{found.pk}/", f"/api/verifications/{found.pk}/report/"):
        assert api("minister", address).status_code == 404
    waiting = newest(add_paper(cast))
    assert api("secretary", f"/api/verifications/{waiting.pk}/").json()["evidence"] == {}
    assert api("secretary", f"/api/verifications/{waiting.pk}/report/").status_code == 404
