"""Papers for other systems."""

import pytest
from rest_framework.test import APIRequestFactory, force_authenticate

from documents import actions as documents
from signatures.api import VersionViewSet
from tests.signatures.papers import add_paper, settle


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
