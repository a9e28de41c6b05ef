"""The reading room for other systems."""

from django.urls import reverse

from reading.actions.comparisons import compare_versions
from reading.actions.folders import make_folder, put_into_folder
from reading.models import Comparison, Folder
from tests.conftest import CAST
from tests.reading.test_comparisons import CHANGED, READERS, add_version, compared, pair

__all__ = ["add_version", "compared", "pair"]


def test_a_comparison_is_read_by_who_may_read_both(pair, cast, sign_in):
    compared = Comparison.objects.create(older=pair[0], newer=pair[1])
    for person in CAST:
        answer = sign_in(getattr(cast, person)).get(f"/api/comparisons/{compared.pk}/")
        assert answer.status_code == (200 if person in READERS else 404), person


def test_it_tells_the_changes_and_where_they_stand(compared, cast, sign_in):
    told = sign_in(cast.minister).get(f"/api/comparisons/{compared.pk}/").json()
    assert (told["state"], told["counts"]["added"], told["counts"]["replaced"]) == ("done", 2, 1)
    assert [change["after"] for change in told["changes"]] == ["đủ", "30", CHANGED[3]]
    assert len(told["changes"][0]["newer"][0]) == 5


def test_a_comparison_is_asked_for(pair, cast, sign_in, no_workers):
    order = {"older": pair[0].pk, "newer": pair[1].pk}
    refused = sign_in(cast.auditor).post("/api/comparisons/", order, content_type="application/json")
    assert refused.status_code == 404
    asked = sign_in(cast.minister).post("/api/comparisons/", order, content_type="application/json")
    assert (asked.status_code, asked.json()["state"], asked.json()["counts"]) == (202, "queued", None)
    assert Comparison.objects.get() == compare_versions(*pair, by=cast.minister)


def test_folders_tell_what_one_may_read(pair, cast, sign_in):
    folder = make_folder(Folder(owner=cast.minister, title="Việc riêng"), by=cast.minister)
    put_into_folder(folder, by=cast.minister, version=pair[0])
    (told,) = sign_in(cast.minister).get("/api/folders/").json()["results"]
    assert (told["title"], [paper["version"] for paper in told["papers"]]) == ("Việc riêng", [pair[0].pk])
    assert sign_in(cast.chair).get("/api/folders/").json()["results"] == []
    assert sign_in(cast.chair).get(reverse("folder-detail", args=[folder.pk])).status_code == 404
