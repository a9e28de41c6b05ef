"""The pictures of the guide: `PICTURES=1 ./run test tests/browser/demonstration/test_pictures.py`."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from decisions.models import Resolution
from documents.models import DossierIssue
from opinions.models import OpinionRequest
from opinions.rules import RequestStatus
from people.models import User
from submissions.models import Submission
from submissions.rules import SubmissionStatus
from tests.browser.conftest import DESK, PHONE, TABLET
from tests.browser.test_notes import highlight, open_notes, set_up

pytestmark = pytest.mark.skipif(not os.environ.get("PICTURES"), reason="pictures are taken with PICTURES=1")
PAPER = (1000, 1330)


@pytest.fixture
def look(page_for, picture):
    """`look("bt.taichinh", "/", "desk")` takes a picture of a page as that person sees it."""

    def take(username, url, name, size=DESK, language="vi", whole=False, at=""):
        person = User.objects.get(username=username) if username else None
        page = page_for(person, size=size, language=language)
        page.goto(url)
        if page.locator("pdf-reader").count():
            expect(page.locator(".textLayer").first).not_to_be_empty()
        if at:
            page.locator(at).evaluate("(it) => it.scrollIntoView()")
        picture(page, name, whole)
        return page

    return take


def newest(status):
    return OpinionRequest.objects.filter(status=status).order_by("-deadline").first()


def test_take_pictures(look, picture):
    opened, closed = newest(RequestStatus.OPEN), newest(RequestStatus.CLOSED)
    submitted, drafted = newest(RequestStatus.SUBMITTED), newest(RequestStatus.DRAFT)
    resolution = Resolution.objects.order_by("number").first()
    paper = opened.dossier.papers.order_by("place").first().version

    look("", "/demo/", "sign-in")
    look("bt.taichinh", "/", "desk")
    look("bt.taichinh", opened.get_absolute_url(), "request-phone", PHONE, at="#answer")
    tablet = look("bt.taichinh", opened.get_absolute_url(), "request-tablet", TABLET, at="#answer")
    tablet.locator("#answer").get_by_label("Đồng ý", exact=True).first.check()
    for other in tablet.locator("#answer").get_by_label("Đồng ý", exact=True).all()[1:]:
        other.check()
    tablet.get_by_role("button", name="Tiếp tục").click()
    expect(tablet.locator("#answer")).to_contain_text("Ý kiến chưa được gửi.")
    tablet.locator("#answer").scroll_into_view_if_needed()
    picture(tablet, "review")
    tablet.get_by_role("button", name="Gửi ý kiến").click()
    expect(tablet.locator(".receipt")).to_be_visible()
    picture(tablet, "receipt")
    look("bt.taichinh", paper.get_absolute_url(), "reader", TABLET)
    look("tk.yte", opened.get_absolute_url(), "assistant", at="section[id^=draft-]")
    look("cv.tonghop", drafted.get_absolute_url(), "draft")
    look("ptt1", submitted.get_absolute_url(), "approve", whole=True)
    look("cv.tonghop", closed.get_absolute_url(), "result")
    look("cv.tonghop", closed.newest_synthesis.version.get_absolute_url(), "synthesis", PAPER)
    look("cv.tonghop", resolution.newest_rendering.version.get_absolute_url(), "resolution", PAPER)
    look("luutru", "/archive/?q=phi+bao+hiem+y+te", "archive")
    look("kiemtra", f"/trail/opinions.opinionrequest/{resolution.opinion_request.pk}/", "trail")
    look("kiemtra", "/trail/log/", "log")
    look("luutru", reverse("archive:read_resolution", args=[resolution.pk]), "evidence", whole=True)
    look("thutuong", "/signatures/keys/", "keys", whole=True)
    look("quantri", "/people/", "people")
    look("bt.yte", "/", "desk-en", language="en")
    look("bt.yte", opened.get_absolute_url(), "request-en", TABLET, language="en", at="#answer")
    look("luutru", "/archive/?q=phi+bao+hiem+y+te", "archive-en", language="en")


def test_take_pictures_of_the_reading_room(look, picture, page_for):
    issue = DossierIssue.objects.filter(number=2).first()
    corrected = issue.papers.filter(version__number=2).select_related("version").first().version
    earlier = corrected.document.versions.get(number=1)
    begun = Submission.objects.filter(status=SubmissionStatus.PREPARED).order_by("pk").first()
    comparison = reverse("reading:compare_versions", args=[earlier.pk, corrected.pk])

    look("bt.yte", reverse("documents:read_dossier", args=[issue.dossier_id]), "dossier", whole=True)
    look("bt.yte", corrected.get_absolute_url(), "reader-en", TABLET, language="en")
    look("bt.yte", comparison, "compare")
    look("bt.yte", comparison, "compare-en", language="en")
    look("cv.taichinh", begun.get_absolute_url(), "submission")
    look("cv.taichinh", begun.get_absolute_url(), "submission-en", language="en")
    page = page_for(User.objects.get(username="bt.yte"), size=DESK)
    open_notes(page, corrected)
    set_up(page)
    highlight(page, 1, "kinh phí do ngân sách trung ương")
    picture(page, "notes")
