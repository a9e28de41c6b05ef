"""The evidence on a paper, and how it came about."""

import pytest
from django.template import Context, Template
from django.urls import reverse

from core.actors import WORKER
from documents import actions as documents
from documents.models import DossierPaper
from people.rules import Role
from signatures.models import Verification
from tests.documents.samples import received
from tests.signatures.papers import add_paper, make_report, newest, settle


def text_of(response) -> str:
    return response.content.decode()


# Papers


@pytest.fixture
def version(cast):
    version = add_paper(cast)
    return documents.distribute_version(
        version, by=cast.secretary, roles=[(Role.MEMBER, cast.body)], because="Phiếu"
    )


@pytest.fixture
def state(cast, version, sign_in):
    """The fragment that the page asks for each second."""
    url = reverse("signatures:paper_state", args=[DossierPaper.objects.get().pk])
    return lambda person="secretary": sign_in(getattr(cast, person)).get(url)


def test_while_a_paper_is_checked_the_page_asks_again(state):
    response = state()
    assert 'hx-trigger="every 1s"' in text_of(response)
    assert "HX-Trigger" not in response


def test_once_a_paper_is_checked_the_page_asks_no_more(state, version):
    documents.record_text(version, by=WORKER, pages=["Một"])
    settle(version)
    response = state()
    assert "hx-trigger" not in text_of(response)
    assert response["HX-Trigger"] == "papers-settled"
    assert reverse("signatures:read_verification", args=[version.pk]) in text_of(response)


def test_a_refused_paper_says_why(state, version):
    documents.refuse_version(version, by=WORKER, because="secret")
    assert "Tuyệt mật" in text_of(state())


def test_active_content_is_shown(state, version):
    type(version).objects.update(active_content=["javascript"], work_state="done")
    settle(version)
    assert "tag-amber" in text_of(state())


@pytest.mark.parametrize("name", ["paper_state", "read_verification", "order_verification"])
@pytest.mark.parametrize("person", ["archivist", "outside_secretary", "outside_member", "nobody"])
def test_for_strangers_the_paper_does_not_exist(cast, version, sign_in, person, name):
    pk = DossierPaper.objects.get().pk if name == "paper_state" else version.pk
    browser, url = sign_in(getattr(cast, person)), reverse(f"signatures:{name}", args=[pk])
    response = browser.post(url) if name == "order_verification" else browser.get(url)
    assert response.status_code == 404


REPORTS = {
    "undecided": make_report,
    "valid": lambda: make_report("ok"),
    "unsigned": lambda: make_report(signatures=()),
    "destroyed": lambda: make_report(destroyed=True, deviations=("signature_destroyed",)),
    "unverifiable": lambda: make_report(signatures=(), error="empty"),
}


@pytest.mark.parametrize("verdict", REPORTS)
def test_the_evidence_is_read(cast, version, sign_in, verdict):
    settle(version, REPORTS[verdict]())
    response = sign_in(cast.minister).get(reverse("signatures:read_verification", args=[version.pk]))
    assert response.status_code == 200
    assert version.sha256 in text_of(response)
    assert response.context["allowed"] == []


def test_the_evidence_on_a_paper_still_being_checked(cast, version, sign_in):
    response = sign_in(cast.secretary).get(reverse("signatures:read_verification", args=[version.pk]))
    assert response.status_code == 200


def test_a_paper_that_was_never_checked_says_so(cast, version, sign_in):
    Verification.objects.all().delete()
    response = sign_in(cast.secretary).get(reverse("signatures:read_verification", args=[version.pk]))
    assert response.context["allowed"] == ["order_verification"]


def test_the_office_has_it_checked_once_more(cast, version, sign_in):
    settle(version)
    browser = sign_in(cast.secretary)
    page = reverse("signatures:read_verification", args=[version.pk])
    assert browser.get(page).context["allowed"] == ["order_verification"]
    response = browser.post(reverse("signatures:order_verification", args=[version.pk]))
    assert (response.status_code, response.url) == (302, page)
    assert newest(version).is_waiting
    assert len(browser.get(page).context["history"]) == 2


def test_a_member_has_nothing_checked(cast, version, sign_in):
    settle(version)
    response = sign_in(cast.minister).post(reverse("signatures:order_verification", args=[version.pk]))
    assert response.status_code == 403


def test_a_second_order_is_refused_with_the_reason(cast, version, sign_in):
    response = sign_in(cast.secretary).post(reverse("signatures:order_verification", args=[version.pk]))
    assert response.status_code == 409


def test_a_dossier_of_many_papers_costs_no_more_queries(cast, django_assert_num_queries):
    dossier = documents.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    for _ in range(6):
        documents.add_paper(dossier, by=cast.secretary, upload=received())
    papers = dossier.papers.select_related("version__document")
    with django_assert_num_queries(4):  # the papers, their newest verifications, their copies, their scans
        shown = Template('{% include "documents/_papers.html" %}').render(Context({"papers": papers}))
    assert shown.count('id="paper-') == 12
