"""Reading and fetching: whole, in parts, and only by those who may."""

from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from audit.models import AuditEvent
from core.actors import WORKER
from documents import actions
from documents.models import ReadingPlace
from documents.refusals import SENTENCES
from people.rules import Role
from tests.conftest import CAST
from tests.documents.samples import make_active_pdf, make_pdf, received

CONTENT = make_pdf().ljust(1000)


@pytest.fixture
def version(cast):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    paper = actions.add_paper(
        dossier, by=cast.secretary, upload=received(CONTENT, "Tờ trình số 12.pdf"), title="Tờ trình số 12"
    )
    return actions.distribute_version(
        paper.version, by=cast.secretary, roles=[(Role.MEMBER, cast.body)], because="Phiếu"
    )


@pytest.fixture
def fetch(cast, version, sign_in):
    """`fetch(Range="bytes=0-1")` as a minister."""
    browser = sign_in(cast.minister)
    url = reverse("documents:download_version", args=[version.pk])
    return lambda query="", **headers: browser.get(
        url + query, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


# The file


def test_the_original_bytes_are_given_out(fetch, version):
    response = fetch()
    assert (response.status_code, body_of(response)) == (200, CONTENT)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == "1000"
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == f'"{version.sha256}"'
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''T%E1%BB%9D")
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_file_can_be_saved(fetch):
    assert fetch("?save")["Content-Disposition"].startswith("attachment")


RANGES = {
    "bytes=0-0": (0, 0),
    "bytes=0-99": (0, 99),
    "bytes=100-": (100, 999),
    "bytes=-100": (900, 999),
    "bytes=-5000": (0, 999),
    "bytes=990-5000": (990, 999),
    "bytes=999-999": (999, 999),
}


@pytest.mark.parametrize("asked", RANGES)
def test_a_part_is_given_out(fetch, asked):
    first, last = RANGES[asked]
    response = fetch(Range=asked)
    assert (response.status_code, body_of(response)) == (206, CONTENT[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/1000"
    assert response["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(fetch, asked):
    response = fetch(Range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */1000")


@pytest.mark.parametrize(
    "asked",
    ["bytes=-", "bytes=9-1", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "bytes=٣-٤", f"bytes={'9' * 5000}-"],
)
def test_what_is_no_range_is_ignored(fetch, asked):
    response = fetch(Range=asked)
    assert (response.status_code, len(body_of(response))) == (200, 1000)


def test_a_part_of_another_version_is_not_mixed_in(fetch, version):
    assert fetch(Range="bytes=0-1", If_Range='"another"').status_code == 200
    assert fetch(Range="bytes=0-1", If_Range=f'"{version.sha256}"').status_code == 206


def test_what_the_reader_has_already_is_not_sent_again(fetch, version):
    response = fetch(If_None_Match=f'"{version.sha256}"')
    assert (response.status_code, response.content) == (304, b"")


def test_a_web_server_in_front_may_send_the_bytes(fetch, settings, version):
    settings.X_ACCEL_PREFIX = "/stored"
    response = fetch(Range="bytes=0-1")
    assert (response.status_code, response.content) == (200, b"")
    assert response["X-Accel-Redirect"] == f"/stored/{version.storage_name}"
    assert response["Content-Type"] == "application/pdf"


def test_a_file_with_scripts_is_only_saved(cast, sign_in):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    paper = actions.add_paper(dossier, by=cast.secretary, upload=received(make_active_pdf()))
    type(paper.version).objects.update(active_content=["open_action"])
    response = sign_in(cast.secretary).get(reverse("documents:download_version", args=[paper.version.pk]))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox"


def test_an_object_store_is_asked_for_the_part_only(fetch, monkeypatch, version):
    asked = []

    def get(Range):
        asked.append(Range)
        return {"Body": SimpleNamespace(iter_chunks=lambda size: iter([CONTENT[5:10]]))}

    bucket = SimpleNamespace(Object=lambda name: SimpleNamespace(get=get))
    monkeypatch.setattr(default_storage._wrapped, "bucket", bucket, raising=False)
    assert body_of(fetch(Range="bytes=5-9")) == CONTENT[5:10]
    assert asked == ["bytes=5-9"]


def test_an_opening_is_in_the_trail_once_however_many_parts_are_asked_for(fetch):
    for start in range(5):
        fetch(Range=f"bytes={start}-{start}")
    assert AuditEvent.objects.filter(action="documents.open_version").count() == 1


@pytest.mark.parametrize("name", ["read_version", "download_version"])
@pytest.mark.parametrize(
    "person", [p for p in CAST if p not in ("minister", "other_minister", "third_minister", "secretary")]
)
def test_for_everyone_else_the_paper_does_not_exist(cast, version, sign_in, person, name):
    response = sign_in(getattr(cast, person)).get(reverse(f"documents:{name}", args=[version.pk]))
    assert response.status_code == 404
    assert not AuditEvent.objects.filter(action="documents.open_version").exists()


def test_who_is_not_signed_in_is_asked_to(client, version):
    response = client.get(reverse("documents:download_version", args=[version.pk]))
    assert response.status_code == 302


def test_a_refused_paper_says_why_it_is_not_there(cast, version, sign_in):
    actions.refuse_version(version, by=WORKER, because="secret")
    response = sign_in(cast.secretary).get(reverse("documents:read_version", args=[version.pk]))
    assert response.status_code == 409
    assert str(SENTENCES["secret"]) in response.content.decode()


# The reader


def test_the_reader_opens_where_one_was_reading(cast, version, sign_in):
    browser = sign_in(cast.minister)
    page = reverse("documents:read_version", args=[version.pk])
    assert browser.get(page).context["place"].page == 1
    type(version).objects.update(pages=9)
    assert browser.post(reverse("documents:save_place", args=[version.pk]), {"page": 7}).status_code == 204
    response = browser.get(page, headers={"Referer": "http://testserver/opinions/3/"})
    assert response.context["place"].page == 7
    assert response.context["back_url"] == "http://testserver/opinions/3/"
    assert response.context["file_url"] == reverse("documents:download_version", args=[version.pk])


def test_the_way_back_leads_nowhere_else(cast, version, sign_in):
    page = reverse("documents:read_version", args=[version.pk])
    response = sign_in(cast.minister).get(page, headers={"Referer": "https://evil.example/"})
    assert response.context["back_url"] == reverse("home")


def test_a_place_beyond_the_end_is_the_end(cast, version, sign_in):
    browser = sign_in(cast.minister)
    browser.get(reverse("documents:read_version", args=[version.pk]))
    browser.post(reverse("documents:save_place", args=[version.pk]), {"page": 900})
    assert ReadingPlace.objects.get().page == 1


@pytest.mark.parametrize("page", ["0", "-1", "zwei", "", "9" * 30])
def test_a_place_that_is_none_is_refused(cast, version, sign_in, page):
    response = sign_in(cast.minister).post(reverse("documents:save_place", args=[version.pk]), {"page": page})
    assert response.status_code in (204, 422)
    assert not ReadingPlace.objects.filter(page__gt=1).exists()


def test_a_stranger_keeps_no_place(cast, version, sign_in):
    response = sign_in(cast.outside_member).post(
        reverse("documents:save_place", args=[version.pk]), {"page": 1}
    )
    assert response.status_code == 404


def test_a_place_is_not_kept_by_looking(cast, version, sign_in):
    assert sign_in(cast.minister).get(reverse("documents:save_place", args=[version.pk])).status_code == 405
