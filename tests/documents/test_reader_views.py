"""The reading room: a paper in its dossier, what is read and what is not, and papers that are no PDF."""

from io import BytesIO

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from weasyprint import HTML

from documents import actions, storage, tasks
from documents.files import preparation
from documents.models import DerivedCopy, Document, DocumentVersion, DossierPaper, ReadingPlace, Section
from documents.queries import find_reading_list
from documents.rules import CopyKind, Format
from people.rules import Role
from tests.documents.samples import put_before_readers, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_version(cast):
    """`make_version("Tờ trình", pages=3)`: stored, read, and given to all members."""

    def make(title="Tờ trình", *, document=None, to=None, **facts):
        document = document or Document.objects.create(body=cast.body, title=title)
        content = f"{title} {document.pk} {facts.get('number', 1)}".encode()
        facts = {"pages": 3, "file_name": f"{title}.pdf", "size": len(content), "work_state": "done"} | facts
        version = DocumentVersion.objects.create(
            document=document, sha256=storage.keep_content(content), **facts
        )
        actions.distribute_version(
            version,
            by=cast.secretary,
            to=to or (),
            roles=() if to else [(Role.MEMBER, cast.body)],
            because="Phiếu",
        )
        return version

    return make


@pytest.fixture
def dossier(cast, make_version):
    """A (pages 1 to 3), B (4 to 6, for the other minister only), C (7 to 9), in a second section D (10)."""
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ phí bảo hiểm")
    annex = Section.objects.create(dossier=dossier, title="Phụ lục", place=1)
    versions = [
        make_version("A"),
        make_version("B", to=[cast.other_minister]),
        make_version("C"),
        make_version("D", pages=1),
    ]
    for place, version in enumerate(versions, start=1):
        section = annex if place == 4 else None
        DossierPaper.objects.create(dossier=dossier, version=version, place=place, section=section)
    put_before_readers(dossier)
    dossier.versions = dict(zip("ABCD", versions, strict=True))
    return dossier


@pytest.fixture
def minister(cast, sign_in):
    return sign_in(cast.minister)


def read(browser, version, **query):
    return browser.get(reverse("documents:read_version", args=[version.pk]), query)


def marks(user, dossier):
    return {str(paper.version): str(paper.mark) for paper in find_reading_list(user, dossier)}


# The list


def test_the_list_has_what_the_person_may_read_with_the_page_numbers_of_all(cast, dossier):
    papers = find_reading_list(cast.minister, dossier)

    assert [(str(paper.version), paper.first_page, paper.last_page) for paper in papers] == [
        ("A", 1, 3),
        ("C", 7, 9),
        ("D", 10, 10),
    ]
    assert [title for title, _ in papers.sections] == ["", "Phụ lục"]
    assert len(find_reading_list(cast.other_minister, dossier).papers) == 4


def test_after_the_sealing_members_have_the_issue_and_not_what_is_changed_since(cast, dossier, make_version):
    actions.seal_dossier(dossier, by=cast.secretary)
    DossierPaper.objects.filter(version=dossier.versions["A"]).delete()
    DossierPaper.objects.create(dossier=dossier, version=make_version("E"), place=9)

    papers = find_reading_list(cast.minister, dossier)

    assert [str(paper.version) for paper in papers] == ["A", "C", "D"]
    assert papers.issue.number == 1
    assert papers.find(dossier.versions["C"]).first_page == 7


def test_the_office_reads_what_was_put_in_since_among_the_papers_in_work(cast, dossier, sign_in):
    actions.seal_dossier(dossier, by=cast.secretary)
    DossierPaper.objects.filter(version=dossier.versions["A"]).delete()
    document = Document.objects.create(body=cast.body, title="E")
    version = DocumentVersion.objects.create(
        document=document, sha256=storage.keep_content(b"E"), size=1, pages=2, work_state="done"
    )
    DossierPaper.objects.create(dossier=dossier, version=version, place=9)

    office = sign_in(cast.secretary)

    assert [str(paper.version) for paper in read(office, version).context["papers"]] == ["B", "C", "D", "E"]
    assert len(read(office, dossier.versions["A"]).context["papers"].papers) == 4  # the issue still has it
    assert read(office, dossier.versions["A"]).context["here"].first_page == 1


def test_reading_marks_are_ones_own(cast, dossier, minister):
    a, c = dossier.versions["A"], dossier.versions["C"]
    read(minister, a)
    minister.post(reverse("documents:save_place", args=[a.pk]), {"page": 2, "last_seen": 3})
    read(minister, c)
    minister.post(reverse("documents:save_place", args=[c.pk]), {"page": 2, "scale": "1.25+"})

    assert marks(cast.minister, dossier) == {"A": "read", "C": "begun", "D": "unread"}
    assert set(marks(cast.third_minister, dossier).values()) == {"unread"}
    page = read(minister, dossier.versions["D"]).content.decode()
    assert "đã đọc đến trang 2/3" in page


def test_going_back_in_a_paper_does_not_unread_it(cast, dossier, minister):
    a = dossier.versions["A"]
    read(minister, a)
    for page in (3, 1):
        minister.post(reverse("documents:save_place", args=[a.pk]), {"page": page})

    place = ReadingPlace.objects.get(user=cast.minister, version=a)
    assert (place.page, place.furthest_page) == (1, 3)


def test_a_paper_replaced_after_it_was_opened_is_marked(cast, dossier, minister, make_version):
    old = dossier.versions["A"]
    read(minister, old)
    new = make_version("A", document=old.document, number=2)
    DossierPaper.objects.filter(version=old).update(version=new)

    assert marks(cast.minister, dossier)["A"] == "changed"
    assert marks(cast.third_minister, dossier)["A"] == "unread"
    page = read(minister, old).content.decode()
    assert "Đây là bản cũ" in page
    assert f"{reverse('documents:read_version', args=[new.pk])}?dossier={dossier.pk}" in page


# From paper to paper


def test_the_next_unread_is_below_then_above(cast, dossier, minister):
    a, c, d = (dossier.versions[name] for name in "ACD")
    assert read(minister, c).context["unread"].version == d
    assert read(minister, d).context["unread"].version == a
    assert read(minister, a).context["unread"] is None


def test_neighbours_leave_out_what_one_may_not_read(dossier, minister):
    context = read(minister, dossier.versions["C"]).context
    assert context["paper_before"].version == dossier.versions["A"]
    assert context["paper_after"].version == dossier.versions["D"]
    assert context["here"].first_page == 7


def test_the_next_unread_has_an_address_of_its_own(dossier, minister):
    read(minister, dossier.versions["A"])
    answer = minister.get(reverse("documents:open_next_unread", args=[dossier.pk]))
    assert answer.url.startswith(dossier.versions["C"].get_absolute_url())


def test_a_paper_in_two_dossiers_opens_in_the_newest_or_in_the_one_asked_for(cast, dossier, minister):
    newer = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ mới")
    DossierPaper.objects.create(dossier=newer, version=dossier.versions["A"], place=1)
    put_before_readers(newer)

    assert read(minister, dossier.versions["A"]).context["dossier"] == newer
    assert read(minister, dossier.versions["A"], dossier=dossier.pk).context["dossier"] == dossier
    for odd in ("", "x", "9" * 40, "-1", "²"):
        assert read(minister, dossier.versions["A"], dossier=odd).context["dossier"] == newer


def test_another_dossier_is_not_named_by_its_number(cast, dossier, minister):
    hidden = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ kín")
    DossierPaper.objects.create(dossier=hidden, version=dossier.versions["B"], place=1)

    response = read(minister, dossier.versions["A"], dossier=hidden.pk)

    assert response.context["dossier"] == dossier
    assert "Hồ sơ kín" not in response.content.decode()


def test_a_paper_in_no_dossier_can_be_read(minister, make_version):
    response = read(minister, make_version())
    assert (response.status_code, response.context["dossier"]) == (200, None)


@pytest.mark.parametrize(
    ("asked", "name", "page"), [("8", "C", 2), ("h8", "C", 2), (" H1 ", "A", 1), ("10", "D", 1)]
)
def test_a_page_of_the_dossier_opens_the_paper_that_it_stands_in(dossier, minister, asked, name, page):
    answer = minister.get(reverse("documents:open_dossier_page", args=[dossier.pk]), {"page": asked})
    where = dossier.versions[name].get_absolute_url()
    assert answer.url == f"{where}?dossier={dossier.pk}#page={page}"


@pytest.mark.parametrize("asked", ["5", "99", "0", "", "x", "٣", "h"])
def test_a_page_that_is_in_no_paper_of_hers_is_told(dossier, minister, asked):
    url = reverse("documents:open_dossier_page", args=[dossier.pk])
    back = f"http://testserver{dossier.versions['A'].get_absolute_url()}"
    answer = minister.get(url, {"page": asked}, headers={"Referer": back}, follow=True)
    assert "không thuộc tài liệu nào" in answer.content.decode()


def test_back_from_the_third_paper_is_back_to_the_dossier(dossier, minister):
    url = dossier.versions["C"].get_absolute_url()
    for origin, back in {
        "/opinions/3/": "http://testserver/opinions/3/",
        dossier.versions["A"].get_absolute_url() + "?dossier=1": dossier.get_absolute_url(),
    }.items():
        page = minister.get(url, headers={"Referer": f"http://testserver{origin}"})
        assert page.context["back_url"] == back
    assert minister.get(url).context["back_url"] == dossier.get_absolute_url()  # from a mail


# What is kept of the place


@pytest.mark.parametrize("scale", ["page-width", "page-fit", "1.25", "0.5", "2+", ""])
def test_the_size_is_kept_for_each_person_and_paper(cast, dossier, minister, scale):
    a = dossier.versions["A"]
    read(minister, a)
    minister.post(reverse("documents:save_place", args=[a.pk]), {"page": 2, "scale": scale})
    assert f'data-scale="{scale}"' in read(minister, a).content.decode()


@pytest.mark.parametrize("scale", ["auto", "1.25\n", "100", "<", "page-width page-fit"])
def test_a_size_that_is_none_is_refused(dossier, minister, scale):
    url = reverse("documents:save_place", args=[dossier.versions["A"].pk])
    assert minister.post(url, {"page": 1, "scale": scale}).status_code == 422


# What is no PDF


@pytest.fixture
def office_file(make_version):
    return make_version("Bảng", format=Format.XLSX, file_name="bang.xlsx", pages=None)


def test_an_office_file_waits_for_its_copy_and_then_opens(office_file, minister):
    url = reverse("documents:read_version", args=[office_file.pk])
    assert "Đang tạo bản để đọc" in minister.get(url).content.decode()
    assert minister.get(url, headers={"HX-Request": "true"}).status_code == 200

    sha256 = storage.keep_content(b"%PDF the copy")
    DerivedCopy.objects.create(
        version=office_file, kind=CopyKind.VIEW, work_state="done", sha256=sha256, size=13, pages=4
    )

    assert minister.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "/ 4" in minister.get(url).content.decode()
    view = minister.get(reverse("documents:view_version", args=[office_file.pk]))
    assert (b"".join(view.streaming_content), view["Content-Type"]) == (b"%PDF the copy", "application/pdf")
    original = minister.get(reverse("documents:download_version", args=[office_file.pk]) + "?save")
    assert b"".join(original.streaming_content).startswith("Bảng".encode())
    assert original["Content-Type"].endswith("spreadsheetml.sheet")


def test_what_could_not_be_shown_is_not_read(cast, dossier, office_file, make_version, minister):
    sound = make_version("Ghi âm", format=Format.MP3, file_name="a.mp3", pages=None)
    for place, version in enumerate((office_file, sound), start=8):
        DossierPaper.objects.create(dossier=dossier, version=version, place=place)
        read(minister, version)
    found = marks(cast.minister, dossier)
    assert (found["Bảng"], found["Ghi âm"]) == ("unread", "read")


def test_where_no_copy_could_be_made_the_original_can_be_fetched(office_file, minister):
    DerivedCopy.objects.create(
        version=office_file, kind=CopyKind.VIEW, work_state="failed", work_error="damaged"
    )
    page = read(minister, office_file).content.decode()
    assert "Không tạo được bản để đọc" in page
    assert reverse("documents:download_version", args=[office_file.pk]) + "?save" in page


@pytest.mark.parametrize(
    ("format", "element", "media"), [("mp4", "<video", "video/mp4"), ("mp3", "<audio", "audio/mpeg")]
)
def test_sound_and_film_are_played_in_parts(make_version, minister, format, element, media):
    version = make_version("Ghi âm", format=format, file_name=f"a.{format}", pages=None)
    assert element in read(minister, version).content.decode()
    part = minister.get(
        reverse("documents:download_version", args=[version.pk]), headers={"Range": "bytes=0-3"}
    )
    assert (part.status_code, part["Content-Type"]) == (206, media)


def test_a_scan_is_read_by_the_copy_with_text_once_it_is_made(make_version, minister):
    version = make_version("Bản quét")
    url = reverse("documents:view_version", args=[version.pk])
    assert b"".join(minister.get(url).streaming_content).startswith("Bản quét".encode())

    sha256 = storage.keep_content(b"%PDF with text")
    DerivedCopy.objects.create(
        version=version, kind=CopyKind.VIEW, work_state="done", sha256=sha256, size=14, pages=3
    )

    assert b"".join(minister.get(url).streaming_content) == b"%PDF with text"
    assert default_storage.exists(version.storage_name)


def test_a_large_file_is_read_by_a_copy_that_can_be_fetched_in_parts(cast, monkeypatch):
    monkeypatch.setattr(preparation, "LARGE_BYTES", 1000)
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    loose, pages = BytesIO(), "<p style='break-after: page'>Điều 1. Mức phí</p>" * 9
    with pikepdf.open(BytesIO(HTML(string=pages).write_pdf())) as pdf:
        pdf.save(loose, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    paper = actions.add_paper(dossier, by=cast.secretary, upload=received(loose.getvalue()))

    tasks.read_version(paper.version.pk)
    tasks.make_view(paper.version.copies.get(kind=CopyKind.VIEW).pk)

    version = DocumentVersion.objects.get(pk=paper.version.pk)
    assert (version.view_copy.is_made, version.view_copy.pages, version.pages) == (True, 9, 9)
    with version.open_view() as view, version.open_file() as original:
        assert b"/ObjStm" in view.read()
        assert b"/ObjStm" not in original.read()


@pytest.mark.parametrize("name", ["open_dossier_page", "open_next_unread", "search_dossier"])
def test_a_dossier_that_one_may_not_read_is_not_there(cast, dossier, sign_in, name):
    for person in (cast.outside_member, cast.nobody, cast.administrator):
        assert sign_in(person).get(reverse(f"documents:{name}", args=[dossier.pk])).status_code == 404


@pytest.mark.parametrize("name", ["view_version", "read_page", "show_picture"])
def test_a_paper_that_one_may_not_read_is_not_there(dossier, minister, name):
    args = [dossier.versions["B"].pk] + ([] if name == "view_version" else [1])
    assert minister.get(reverse(f"documents:{name}", args=args)).status_code == 404
