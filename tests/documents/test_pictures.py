"""Pages as pictures: drawn by a worker when asked for, some at a time, and shown to those who may read."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from PIL import Image
from weasyprint import HTML

from documents import actions, pictures, storage, tasks
from documents.models import DerivedCopy, Document, DocumentText, DocumentVersion, ReadingPlace
from documents.rules import CopyKind

PAGE = "<p style='break-after: page'>Điều {0}</p>"
PAGES = 12
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def pdf():
    return HTML(string="".join(PAGE.format(number) for number in range(1, PAGES + 1))).write_pdf()


@pytest.fixture
def version(cast, pdf):
    version = DocumentVersion.objects.create(
        document=Document.objects.create(body=cast.body, title="Tờ trình"),
        file_name="a.pdf",
        sha256=storage.keep_content(pdf),
        size=len(pdf),
        pages=PAGES,
        work_state="done",
    )
    DocumentText.objects.create(version=version, pages=[f"Điều {n}" for n in range(1, PAGES + 1)])
    with transaction.atomic():
        actions.distribute_version(version, by=cast.secretary, to=[cast.minister], because="Phiếu")
    return version


@pytest.fixture
def work(django_capture_on_commit_callbacks):
    """`work(page)`: order it, and let the worker do what it was handed."""

    def order(version, page):
        with django_capture_on_commit_callbacks(execute=True):
            copy = pictures.order_pictures(version, page)
        copy.refresh_from_db()
        return copy

    return order


def drawn(version):
    return [page for page in range(1, PAGES + 1) if pictures.find_picture(version, page)]


def test_the_page_asked_for_is_drawn_and_those_that_are_read_next(version, work):
    copy = work(version, 3)

    assert (copy.work_state, drawn(version)) == ("done", [2, 3, 4, 5, 6, 7, 8, 9])
    name = pictures.find_picture(version, 3)
    assert name == f"pictures/{version.sha256}/3.webp"
    with default_storage.open(name) as file:
        picture = Image.open(BytesIO(file.read()))
    assert (picture.format, picture.width) == ("WEBP", 1000)


def test_what_is_drawn_is_not_drawn_again(version, work, monkeypatch):
    work(version, 3)
    asked = []
    draw = pictures._draw
    monkeypatch.setattr(pictures, "_draw", lambda version, pages: asked.append(pages) or draw(version, pages))

    copy = work(version, 8)

    assert (asked, copy.work_state) == ([[10, 11, 12]], "done")
    assert drawn(version) == list(range(2, 13))


def test_asking_while_it_is_at_work_hands_in_nothing_more(version, no_workers):
    assert pictures.order_pictures(version, 2).work_state == "queued"
    DerivedCopy.objects.update(work_state="running", work_attempts=1)

    copy = pictures.order_pictures(version, 9)

    assert (copy.work_state, copy.work_attempts, copy.wanted_page) == ("running", 1, 9)
    assert DerivedCopy.objects.filter(kind=CopyKind.PICTURES).count() == 1


def test_what_cannot_be_drawn_says_so_once(version, work):
    default_storage.delete(version.storage_name)
    storage.keep(BytesIO(b"%PDF no pages"), version.sha256)

    copy = work(version, 1)
    assert (copy.work_state, copy.work_error) == ("failed", "damaged")
    assert pictures.order_pictures(version, 1).work_state == "failed"
    assert pictures.order_pictures(version, 5).work_state == "queued"


def test_lost_work_is_handed_in_again(version, no_workers, monkeypatch):
    copy = pictures.order_pictures(version, 1)
    DerivedCopy.objects.update(queued_at="2020-01-01T00:00Z")
    handed_in = []
    monkeypatch.setattr(tasks, "enqueue", lambda task, pk: handed_in.append((task, pk)))
    tasks.hand_in_pictures()
    assert handed_in == [("documents.tasks.draw_pictures", copy.pk)]


# The page


def test_the_page_waits_and_then_shows_picture_and_text(version, cast, sign_in, no_workers):
    browser = sign_in(cast.minister)
    url = reverse("documents:read_page", args=[version.pk, 3])
    waiting = browser.get(url).content.decode()
    assert "Đang vẽ trang" in waiting or "being drawn" in waiting
    assert "Xem lại" in waiting

    tasks.draw_pictures(DerivedCopy.objects.get(kind=CopyKind.PICTURES).pk)

    page = browser.get(url).content.decode()
    picture = reverse("documents:show_picture", args=[version.pk, 3])
    assert picture in page
    assert "Xem lại" not in page
    assert "Điều 3</div>" in page
    assert reverse("documents:read_page", args=[version.pk, 2]) in page
    assert reverse("documents:read_page", args=[version.pk, 4]) in page
    answer = browser.get(picture)
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/webp", "private, max-age=600")
    assert ReadingPlace.objects.get(user=cast.minister).furthest_page == 3


@pytest.mark.parametrize("number", [0, PAGES + 1])
def test_a_page_that_is_none_is_not_there(version, cast, sign_in, no_workers, number):
    browser = sign_in(cast.minister)
    assert browser.get(reverse("documents:read_page", args=[version.pk, number])).status_code == 404
    assert browser.get(reverse("documents:show_picture", args=[version.pk, number])).status_code == 404
