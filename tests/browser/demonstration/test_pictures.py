"""The pictures of the guide: `PICTURES=1 ./run test tests/browser/demonstration/test_pictures.py`."""

import os

import pytest
from playwright.sync_api import expect

from decisions.models import Resolution
from opinions.models import OpinionRequest
from opinions.rules import RequestStatus
from people.models import User
from tests.browser.conftest import DESK, PHONE, TABLET

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
    look("quantri", "/people/", "people")
    look("bt.yte", "/", "desk-en", language="en")
    look("bt.yte", opened.get_absolute_url(), "request-en", TABLET, language="en", at="#answer")
    look("luutru", "/archive/?q=phi+bao+hiem+y+te", "archive-en", language="en")
