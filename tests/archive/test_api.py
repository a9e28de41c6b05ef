"""The archive for other systems. The viewsets are asked directly: their addresses are the project's."""

import pytest
from rest_framework.test import APIRequestFactory, force_authenticate

from archive import search as searching
from archive.api import ResolutionViewSet, SearchViewSet

from .conftest import days_ago


def ask(viewset, action, user, asked=None, **where):
    request = APIRequestFactory().get("/", asked or {})
    if user is not None:
        force_authenticate(request, user)
    response = viewset.as_view({"get": action})(request, **where)
    response.render()
    return response


def test_a_search_gives_segments_and_the_next_page(archive, cast, monkeypatch):
    monkeypatch.setattr(searching, "PAGE", 1)
    resolution = archive.add("Về phí bảo hiểm y tế", "Điều 1. Phí bảo hiểm y tế.")
    archive.add("Về bảo hiểm y tế", on=days_ago(3))
    answer = ask(SearchViewSet, "list", cast.archivist, {"q": "bao hiem y te"}).data
    (hit,) = answer["results"]
    assert hit["resolution"] == resolution.pk
    assert hit["is_resolution"] is True
    assert {"text": "bảo hiểm y tế", "is_hit": True} in hit["title_segments"]
    assert hit["snippet"]["page"] == 1
    asked = {"q": "bao hiem y te", "after": answer["next"]}
    answer = ask(SearchViewSet, "list", cast.archivist, asked).data
    assert [hit["title"] for hit in answer["results"]] == ["Về bảo hiểm y tế"]
    assert answer["next"] is None


def test_counts(archive, cast):
    archive.add("Về thuế")
    answer = ask(SearchViewSet, "count", cast.archivist, {"q": "thue"}).data
    assert answer["count"] == 1
    assert answer["years"] == {"2026": 1}


@pytest.mark.parametrize("forged", [{"year": "x"}, {"after": "0-0-0"}, {"kind": "x"}, {"body": "7777"}])
def test_forged_questions_are_refused(cast, forged):
    for action in ("list", "count"):
        response = ask(SearchViewSet, action, cast.archivist, {"q": "thue", **forged})
        assert response.status_code == 400
        assert set(response.data) == set(forged)


def test_the_register_is_what_the_person_may_see(archive, cast):
    own, other = archive.add("Về thuế"), archive.add("Về thuế của tỉnh", body=cast.province)
    answer = ask(ResolutionViewSet, "list", cast.archivist).data
    assert [row["id"] for row in answer["results"]] == [own.pk]
    assert answer["results"][0]["number"] == own.full_number
    assert ask(ResolutionViewSet, "retrieve", cast.archivist, pk=own.pk).status_code == 200
    assert ask(ResolutionViewSet, "retrieve", cast.archivist, pk=other.pk).status_code == 404


def test_without_signing_in_there_is_nothing(db):
    for viewset in (SearchViewSet, ResolutionViewSet):
        assert ask(viewset, "list", None).status_code in (401, 403)
