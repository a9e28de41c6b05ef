"""The pages of the archive, as a browser asks for them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive import actions
from archive import search as searching
from core import clock
from core.actors import WORKER
from decisions.models import Resolution
from decisions.rules import ResolutionStatus
from documents.models import Document, DocumentVersion
from documents.rules import DocumentKind
from opinions.models import OpinionRequest, Question
from opinions.rules import BranchChoice, RequestStatus
from people.rules import Role

from .conftest import days_ago


def page(client, address="/archive/", status=200, **asked):
    response = client.get(address, asked)
    assert response.status_code == status
    return response.content.decode()


def test_an_archivist_finds_a_resolution_without_typing_accents(archive, cast, sign_in):
    resolution = archive.add("Về mức phí bảo hiểm y tế năm 2026", "Điều 1. Mức phí bảo hiểm y tế là 4,5%.")
    html = page(sign_in(cast.archivist), q="phi bao hiem y te")
    assert "Về mức <mark>phí bảo hiểm y tế</mark> năm 2026" in html
    assert "Mức <mark>phí bảo hiểm y tế</mark> là 4,5%" in html
    assert f'href="/archive/resolutions/{resolution.pk}/"' in html


def test_a_paper_is_opened_at_its_page(archive, cast, sign_in):
    archive.add("Về thí điểm", papers=[("Tờ trình", ["x", "mức phí bảo hiểm y tế"], [Role.ARCHIVIST])])
    html = page(sign_in(cast.archivist), q="bao hiem y te")
    version = archive.cast.body.documents.get(title="Tờ trình").versions.get()
    assert f'href="/papers/versions/{version.pk}/#page=2"' in html


def test_what_is_typed_and_what_is_written_is_escaped(archive, cast, sign_in):
    archive.add("Về <b>thuế</b> & phí")
    client = sign_in(cast.archivist)
    html = page(client, q="thue & <script>alert(1)</script>")
    assert "<script>alert" not in html
    html = page(client, q="thue")
    assert "Về &lt;b&gt;<mark>thuế</mark>&lt;/b&gt; &amp; phí" in html
    assert "<script>alert" not in page(client, q='zz"><script>alert(1)</script>')


def test_without_a_question_the_register_stands_there(archive, cast, sign_in):
    archive.add("Về đầu tư công", on=days_ago(1))
    archive.add("Về bảo hiểm", on=days_ago(400))
    html = page(sign_in(cast.archivist))
    assert html.index("Về đầu tư công") < html.index("Về bảo hiểm")
    assert "Về bảo hiểm" not in page(sign_in(cast.archivist), year=2026)


def test_the_register_goes_on(archive, cast, sign_in, monkeypatch):
    monkeypatch.setattr("archive.queries.PAGE", 2)
    for number in range(5):
        archive.add(f"Về việc thứ {number}", on=days_ago(number // 2))
    client, seen, address = sign_in(cast.archivist), [], "/archive/"
    while address:
        response = client.get(address)
        seen += [resolution.subject for resolution in response.context["register"]]
        address = response.context["next_url"]
    assert sorted(seen) == [f"Về việc thứ {number}" for number in range(5)]


def test_pages_of_hits_follow_each_other(archive, cast, sign_in, monkeypatch):
    monkeypatch.setattr(searching, "PAGE", 2)
    for number in range(5):
        archive.add(f"Về đầu tư công {number}", on=days_ago(number))
    client, seen, address = sign_in(cast.archivist), [], "/archive/?q=dau+tu+cong"
    while address:
        response = client.get(address)
        seen += [hit.entry.title for hit in response.context["page"].hits]
        address = response.context["next_url"]
    assert seen == [f"Về đầu tư công {number}" for number in range(5)]


def test_counts_come_after_the_page_and_without_javascript_by_a_link(archive, cast, sign_in):
    archive.add("Về đầu tư công")
    archive.add("Về đầu tư công", on=days_ago(400))
    client = sign_in(cast.archivist)
    html = page(client, q="dau tu cong")
    assert 'hx-get="/archive/count/?q=dau+tu+cong"' in html
    assert 'href="/archive/?q=dau+tu+cong&amp;counts=1"' in html
    assert "year=2025" not in html
    for counted in (
        page(client, q="dau tu cong", counts=1),
        page(client, "/archive/count/", q="dau tu cong"),
    ):
        assert "/archive/?q=dau+tu+cong&amp;year=2025" in counted
    assert "<html" not in page(client, "/archive/count/", q="dau tu cong")


def test_a_chosen_year_leads_back_to_all(archive, cast, sign_in):
    archive.add("Về đầu tư công")
    html = page(sign_in(cast.archivist), q="dau tu cong", year=2026, counts=1)
    assert 'href="/archive/?q=dau+tu+cong" aria-current="true"' in html


def test_nothing_found_says_what_to_try(archive, cast, sign_in):
    archive.add("Về đầu tư công")
    html = page(sign_in(cast.archivist), q='"zz yy"', year=2026)
    assert 'href="/archive/?q=%22zz+yy%22"' in html
    assert "<mark>" not in html


def test_words_that_begin_so_are_announced(archive, cast, sign_in):
    archive.add("Về bảo hiểm y tế")
    html = page(sign_in(cast.archivist), q="bảo hiể")
    assert "<mark>bảo hiểm</mark>" in html
    assert 'hx-get="/archive/count/?q=b%E1%BA%A3o+hi%E1%BB%83&amp;begun=1"' in html


@pytest.mark.parametrize(
    "forged",
    [
        {"year": "abc"},
        {"year": "99999999999999999999"},
        {"kind": "secret"},
        {"body": "99999"},
        {"body": "x"},
        {"after": "1-2-3"},
        {"q": "a\x00b"},
        {"q": "a" * 301},
    ],
)
def test_forged_filters_are_refused_in_words(cast, sign_in, forged):
    client = sign_in(cast.archivist)
    html = page(client, status=422, **{"q": "thue", **forged})
    assert "error-summary" in html
    page(client, "/archive/count/", status=422, **{"q": "thue", **forged})


def test_another_body_is_no_choice(archive, cast, sign_in):
    archive.add("Về đầu tư công của tỉnh", body=cast.province)
    page(sign_in(cast.archivist), status=422, q="dau tu", body=cast.province.pk)
    assert "Về đầu tư công của tỉnh" not in page(sign_in(cast.archivist), q="dau tu cong cua tinh")


def test_the_page_costs_the_same_with_one_hit_and_with_twenty(archive, cast, sign_in):
    client = sign_in(cast.archivist)
    archive.add("Về đầu tư công", papers=[("Tờ trình đầu tư công", ["x"], [Role.ARCHIVIST])])
    counts = []
    for _ in range(2):
        client.get("/archive/?q=dau+tu+cong")
        with CaptureQueriesContext(connection) as queries:
            client.get("/archive/?q=dau+tu+cong")
        counts.append(len(queries))
        for _ in range(20):
            archive.add("Về đầu tư công", papers=[("Tờ trình đầu tư công", ["x"], [Role.ARCHIVIST])])
    assert counts[1] <= counts[0]


# ---- the entry of the register


def test_the_entry_shows_the_case(archive, cast, sign_in):
    resolution = archive.add(
        "Về đầu tư công",
        papers=[("Tờ trình", ["x"], [Role.ARCHIVIST]), ("Ý kiến riêng", ["x"], [cast.minister])],
    )
    html = page(sign_in(cast.archivist), f"/archive/resolutions/{resolution.pk}/")
    for words in (resolution.full_number, "Về đầu tư công", "Phạm Quang Minh", "Nghị định 191/2026/NĐ-CP"):
        assert words in html
    readable = cast.body.documents.get(title="Tờ trình").versions.get()
    private = cast.body.documents.get(title="Ý kiến riêng").versions.get()
    assert f"/papers/versions/{readable.pk}/" in html
    assert f"/papers/versions/{private.pk}/" not in html


@pytest.mark.parametrize("person", ["nobody", "administrator", "outside_member", "outside_secretary"])
def test_for_others_the_entry_does_not_exist(archive, cast, sign_in, person):
    resolution = archive.add("Về đầu tư công")
    page(sign_in(getattr(cast, person)), f"/archive/resolutions/{resolution.pk}/", status=404)


def test_a_draft_is_not_in_the_archive(archive, cast, sign_in):
    resolution = archive.add("Về đầu tư công")
    Resolution.objects.filter(pk=resolution.pk).update(status=ResolutionStatus.APPROVED)
    for person in (cast.archivist, cast.secretary, cast.chair):
        page(sign_in(person), f"/archive/resolutions/{resolution.pk}/", status=404)
        assert "Về đầu tư công" not in page(sign_in(person))


def test_the_entry_costs_the_same_with_one_paper_and_with_ten(archive, cast, sign_in):
    client = sign_in(cast.archivist)
    counts = []
    for papers in (1, 10):
        resolution = archive.add(
            "Về thuế", papers=[(f"Tờ {n}", ["x"], [Role.ARCHIVIST]) for n in range(papers)]
        )
        client.get(f"/archive/resolutions/{resolution.pk}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/archive/resolutions/{resolution.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_strangers_are_asked_to_sign_in(client, db):
    assert client.get("/archive/?q=thue").status_code == 302


RESULT = {
    "agree": 17,
    "disagree": 1,
    "other": 2,
    "silent": 5,
    "silent_agree": True,
    "in_favour": 22,
    "members": 25,
    "basis": 25,
    "needed": 13,
    "chair_decided": False,
}


def test_the_entry_tells_how_it_was_decided(archive, cast, sign_in):
    resolution = archive.add("Về đầu tư công", papers=[("Tờ trình", ["x"], [Role.ARCHIVIST])])
    synthesis = Document.objects.create(body=cast.body, title="Báo cáo tổng hợp", kind=DocumentKind.SYNTHESIS)
    DocumentVersion.objects.create(document=synthesis, sha256="c" * 64, size=1, file_name="b.pdf")
    opinion_request = OpinionRequest.objects.create(
        body=cast.body,
        kind=cast.kind,
        status=RequestStatus.DECIDED,
        subject="Về đầu tư công",
        lead_agency=cast.finance,
        dossier=resolution.dossier,
        deadline=clock.now(),
        drafted_by=cast.secretary,
        approved_by=cast.vice_chair,
        opened_at=clock.now(),
        closed_at=clock.now(),
        process_by=clock.today(),
        rule_set=cast.rule_set,
        branch=BranchChoice.AGREED_WITH_OPINIONS,
        synthesis=synthesis,
        resolution=resolution,
    )
    Question.objects.create(request=opinion_request, place=1, text="Đồng ý với dự thảo?", result=RESULT)
    actions.file_resolution(resolution, by=WORKER)

    html = page(sign_in(cast.archivist), f"/archive/resolutions/{resolution.pk}/")
    assert "Báo cáo tổng hợp" in html
    assert "Đồng ý với dự thảo?" in html
    assert "17/25" in html
    assert "<strong>22</strong>" in html
    assert "/trail/" not in html
    audited = page(sign_in(cast.auditor), f"/archive/resolutions/{resolution.pk}/")
    assert f"/trail/opinions.opinionrequest/{opinion_request.pk}/" in audited


def test_an_officer_of_the_lead_agency_finds_her_papers_and_the_resolution_on_them(archive, cast, sign_in):
    resolution = archive.add(
        "Về vốn đầu tư công",
        papers=[("Tờ trình vốn đầu tư công", ["vốn đầu tư công"], [])],
        prepared_by=cast.finance,
    )
    address = reverse("archive:read_resolution", args=[resolution.pk])
    found = sign_in(cast.submitter).get(reverse("archive:search"), {"q": "von dau tu cong"})
    assert address in found.content.decode()
    assert sign_in(cast.submitter).get(address).status_code == 200
    other = sign_in(cast.other_submitter)
    assert address not in other.get(reverse("archive:search"), {"q": "von dau tu cong"}).content.decode()
    assert other.get(address).status_code == 404
