"""Folders of one's own, and the common library."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from core.workflow import Conflict
from documents.actions import distribute_version
from documents.models import Document, DocumentVersion, Dossier, DossierPaper, NeedToKnow
from people.rules import Role
from reading import rules
from reading.actions import folders as actions
from reading.models import Folder, FolderPaper
from tests.conftest import CAST

KEEPERS = {"secretary", "archivist"}
OUTSIDE = {"outside_secretary", "outside_member", "outside_auditor", "nobody"}
EVERYTHING = {"make_folder", "rename_folder", "remove_folder"}
LEAD_AGENCY = {"submitter", "other_submitter"}


@pytest.fixture
def make_paper(cast):
    numbers = iter(range(1000))

    def make(to=(), roles=(), body=None):
        number = next(numbers)
        document = Document.objects.create(body=body or cast.body, title=f"Quy chế số {number}")
        version = DocumentVersion.objects.create(
            document=document, file_name="a.pdf", sha256=f"{number:064x}", size=1, pages=1, work_state="done"
        )
        if to or roles:
            distribute_version(version, by=cast.secretary, to=to, roles=roles, because="Phiếu")
        return version

    return make


@pytest.fixture
def folder(cast):
    return actions.make_folder(Folder(owner=cast.minister, title="Việc riêng"), by=cast.minister)


@pytest.fixture
def library(cast):
    return actions.make_folder(Folder(body=cast.body, title="Quy chế"), by=cast.archivist)


def test_a_folder_is_its_owner_s_alone(cast, folder, sign_in):
    for person in CAST:
        user, is_owner = getattr(cast, person), person == "minister"
        assert set(rules.FOLDER.allowed(user, folder)) == (EVERYTHING if is_owner else set()), person
        status = sign_in(user).get(folder.get_absolute_url()).status_code
        assert status == (200 if is_owner else 404), person


def test_the_library_is_read_by_the_body_and_kept_by_office_and_archivist(cast, library, sign_in):
    for person in CAST:
        user = getattr(cast, person)
        allowed = set(rules.FOLDER.allowed(user, library))
        assert allowed == (EVERYTHING if person in KEEPERS else set()), person
        status = sign_in(user).get(library.get_absolute_url()).status_code
        assert status == (404 if person in OUTSIDE | LEAD_AGENCY else 200), person


def test_what_lies_in_the_library_is_given_to_the_body(cast, library, make_paper, sign_in):
    version = make_paper()
    actions.put_into_folder(library, by=cast.secretary, version=version)
    for person in CAST:
        may_read, user = person not in OUTSIDE | LEAD_AGENCY, getattr(cast, person)
        assert DocumentVersion.objects.visible_to(user).exists() == may_read, person
    assert str(version) in sign_in(cast.auditor).get(library.get_absolute_url()).content.decode()


def test_the_archivist_lays_in_what_she_was_given_and_nothing_else(cast, library, make_paper):
    given, other = make_paper(to=[cast.archivist]), make_paper()
    actions.put_into_folder(library, by=cast.archivist, version=given)
    with pytest.raises(PermissionDenied):
        actions.put_into_folder(library, by=cast.archivist, version=other)
    assert DocumentVersion.objects.visible_to(cast.chair).get() == given


def test_a_member_lays_nothing_into_the_library(cast, library, make_paper):
    with pytest.raises(PermissionDenied):
        actions.put_into_folder(library, by=cast.minister, version=make_paper(to=[cast.minister]))


def test_a_paper_for_few_does_not_become_one_for_all(cast, library, make_paper):
    version = make_paper(to=[cast.chair])
    dossier = Dossier.objects.create(body=cast.body, title="Hồ sơ")
    paper = DossierPaper.objects.create(dossier=dossier, version=version, place=1)
    NeedToKnow.objects.create(paper=paper, reader=cast.chair)
    with pytest.raises(Conflict):
        actions.put_into_folder(library, by=cast.secretary, version=version)
    assert not DocumentVersion.objects.visible_to(cast.minister).exists()


def test_a_paper_of_another_body_does_not_come_into_the_library(cast, library, make_paper):
    version = make_paper(body=cast.province)
    distribute_version(version, by=cast.outside_secretary, to=[cast.secretary], because="Gửi")
    with pytest.raises(Conflict):
        actions.put_into_folder(library, by=cast.secretary, version=version)


def test_a_paper_lies_in_a_folder_once(cast, folder, make_paper):
    version = make_paper(to=[cast.minister])
    first = actions.put_into_folder(folder, by=cast.minister, version=version)
    assert actions.put_into_folder(folder, by=cast.minister, version=version) == first
    assert AuditEvent.objects.filter(action="reading.put_into_folder").count() == 1


def test_what_one_may_not_read_does_not_come_into_a_folder(cast, folder, make_paper, sign_in):
    version = make_paper()
    with pytest.raises(PermissionDenied):
        actions.put_into_folder(folder, by=cast.minister, version=version)
    url = reverse("reading:put_into_folder", args=[version.pk])
    assert sign_in(cast.minister).post(url, {"folder": folder.pk}).status_code == 404


def test_what_one_may_read_no_more_is_not_shown_there(cast, folder, make_paper, sign_in):
    version = make_paper(roles=[(Role.MEMBER, cast.body)])
    actions.put_into_folder(folder, by=cast.minister, version=version)
    cast.minister.appointments.update(valid_until="2026-02-01")
    page = sign_in(cast.minister).get(folder.get_absolute_url()).content.decode()
    assert str(version) not in page
    assert "Ngăn đang trống" in page


def test_a_paper_is_taken_out_and_stays_where_else_it_is(cast, folder, make_paper, sign_in):
    version = make_paper(to=[cast.minister])
    place = actions.put_into_folder(folder, by=cast.minister, version=version)
    url = reverse("reading:take_out_of_folder", args=[place.pk])
    assert sign_in(cast.chair).post(url).status_code == 404
    assert sign_in(cast.minister).post(url).status_code == 302
    assert not folder.papers.exists()
    assert DocumentVersion.objects.visible_to(cast.minister).get() == version


def test_a_folder_is_renamed_and_removed(cast, folder, make_paper):
    actions.put_into_folder(folder, by=cast.minister, version=make_paper(to=[cast.minister]))
    assert actions.rename_folder(folder, by=cast.minister, title="Việc chung").title == "Việc chung"
    actions.remove_folder(folder, by=cast.minister)
    assert not Folder.objects.exists()
    assert not FolderPaper.objects.exists()


@pytest.mark.parametrize("person", ["chair", "secretary", "administrator"])
def test_nobody_else_touches_a_folder(cast, folder, make_paper, person):
    user = getattr(cast, person)
    place = actions.put_into_folder(folder, by=cast.minister, version=make_paper(to=[cast.minister]))
    for act in (
        lambda: actions.make_folder(Folder(owner=cast.minister, title="Của người khác"), by=user),
        lambda: actions.rename_folder(folder, by=user, title="x"),
        lambda: actions.remove_folder(folder, by=user),
        lambda: actions.take_out_of_folder(place, by=user),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_trail_names_neither_one_s_folders_nor_what_lies_in_them(cast, folder, make_paper):
    actions.put_into_folder(folder, by=cast.minister, version=make_paper(to=[cast.minister]))
    actions.rename_folder(folder, by=cast.minister, title="Chuyện riêng khác")
    entries = AuditEvent.objects.filter(action__startswith="reading.", target_type="reading.folder")
    assert entries.count() == 3
    assert {(entry.target_name, str(entry.details)) for entry in entries} == {("Tài liệu riêng", "{}")}
    assert {entry.body_id for entry in entries} == {cast.body.pk}


def test_the_trail_names_what_is_laid_into_the_library(cast, library, make_paper):
    version = make_paper()
    actions.put_into_folder(library, by=cast.secretary, version=version)
    entry = AuditEvent.objects.get(action="reading.put_into_folder")
    assert (entry.target_name, entry.details) == ("Quy chế", {"paper": str(version)})


# Through the pages


def test_a_folder_is_made_filled_and_removed_through_the_pages(cast, make_paper, sign_in):
    version, browser = make_paper(to=[cast.minister]), sign_in(cast.minister)
    assert browser.post(reverse("reading:make_folder"), {"title": ""}).status_code == 422
    made = browser.post(reverse("reading:make_folder"), {"title": "Phiên họp tháng 12"})
    folder = Folder.objects.get()
    assert (made.status_code, folder.owner) == (302, cast.minister)
    choice = reverse("reading:put_into_folder", args=[version.pk])
    assert "Phiên họp tháng 12" in browser.get(choice).content.decode()
    assert browser.post(choice, {"folder": folder.pk}).status_code == 302
    assert "Đã có trong ngăn" in browser.get(choice).content.decode()
    assert "1 tài liệu" in browser.get(reverse("reading:list_folders")).content.decode()
    assert browser.get(reverse("reading:rename_folder", args=[folder.pk])).status_code == 200
    renamed = browser.post(reverse("reading:rename_folder", args=[folder.pk]), {"title": "Tháng 12"})
    assert renamed.status_code == 302
    assert "Tháng 12" in browser.get(reverse("reading:remove_folder", args=[folder.pk])).content.decode()
    assert browser.post(reverse("reading:remove_folder", args=[folder.pk])).status_code == 302
    assert not Folder.objects.exists()


def test_the_library_asks_before_it_gives_a_paper_to_all(cast, library, make_paper, sign_in):
    version, browser = make_paper(), sign_in(cast.secretary)
    choice = reverse("reading:put_into_folder", args=[version.pk])
    assert "Thư viện chung: Chính phủ" in browser.get(choice).content.decode()
    asked = browser.post(choice, {"folder": library.pk})
    assert "Mọi người giữ chức danh tại Chính phủ" in asked.content.decode()
    assert not version.distributions.exists()
    assert browser.post(choice, {"folder": library.pk, "sure": "yes"}).status_code == 302
    assert version.distributions.count() == len(rules.LIBRARY_ROLES)


def test_a_folder_of_the_library_is_made_by_who_keeps_it(cast, sign_in):
    url = reverse("reading:make_folder") + f"?body={cast.body.pk}"
    assert sign_in(cast.minister).get(url).status_code == 403
    assert sign_in(cast.outside_secretary).get(url).status_code == 404
    assert sign_in(cast.secretary).post(url, {"title": "Chương trình công tác"}).status_code == 302
    assert Folder.objects.get().body == cast.body
    assert (
        "Chương trình công tác" in sign_in(cast.chair).get(reverse("reading:read_library")).content.decode()
    )


@pytest.mark.parametrize("typed", ["0", "x", "9" * 30])
def test_there_is_no_other_folder(cast, make_paper, sign_in, typed):
    choice = reverse("reading:put_into_folder", args=[make_paper(to=[cast.minister]).pk])
    assert sign_in(cast.minister).post(choice, {"folder": typed}).status_code == 404


def test_what_was_given_is_listed_with_who_why_and_when_and_turned_by_key(cast, make_paper, sign_in):
    for _ in range(35):
        make_paper(to=[cast.minister])
    browser, url = sign_in(cast.minister), reverse("reading:given_papers")
    first = browser.get(url).content.decode()
    assert first.count("Hoàng Minh Khôi chuyển,") == 30
    assert "Quy chế số 34" in first
    second = browser.get(url + first.partition('href="?before=')[2].partition('"')[0].join(["?before=", ""]))
    page = second.content.decode()
    assert page.count("Hoàng Minh Khôi chuyển,") == 5
    newer = browser.get(url + "?after=" + page.partition('href="?after=')[2].partition('"')[0])
    assert newer.content.decode().count("Hoàng Minh Khôi chuyển,") == 30


@pytest.mark.parametrize("name", ["given_papers", "list_folders", "read_folder"])
def test_lists_ask_as_often_for_many_as_for_one(cast, folder, make_paper, sign_in, name):
    browser = sign_in(cast.minister)
    url = folder.get_absolute_url() if name == "read_folder" else reverse(f"reading:{name}")
    counts = []
    for more in (1, 20):
        for _ in range(more):
            actions.put_into_folder(folder, by=cast.minister, version=make_paper(to=[cast.minister]))
            actions.make_folder(Folder(owner=cast.minister, title="Ngăn"), by=cast.minister)
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]
