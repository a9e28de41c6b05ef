"""Asking what changed: who may, what the worker finds, and what the page shows."""

import json
from copy import deepcopy
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from weasyprint import HTML

from audit.models import AuditEvent
from core.actors import WORKER
from core.work import WorkState
from core.workflow import Conflict
from documents import storage
from documents.actions import distribute_version, refuse_version
from documents.files.inspection import extract_words
from documents.models import Document, DocumentVersion
from people.rules import Role
from reading import tasks
from reading.actions.comparisons import compare_versions, record_comparison
from reading.comparing import compare
from reading.models import Comparison
from reading.results import FORM, write_result
from reading.texts import read_text
from tests.conftest import CAST
from tests.reading.test_comparing import lay_out

CLAUSES = (
    "Điều 1. Giao Bộ Tài chính bố trí kinh phí quản lý rừng ngập mặn trong dự toán ngân sách hằng năm.",
    "Điều 2. Ủy ban nhân dân các tỉnh chịu trách nhiệm bảo vệ diện tích rừng được giao.",
    "Điều 3. Nghị quyết này có hiệu lực thi hành kể từ ngày 15 tháng 6 năm 2026.",
)
CHANGED = (
    CLAUSES[0].replace("bố trí kinh phí", "bố trí đủ kinh phí"),
    CLAUSES[1],
    CLAUSES[2].replace("15 tháng 6", "30 tháng 6"),
    "Điều 4. Các Bộ trưởng chịu trách nhiệm thi hành Nghị quyết này.",
)
READERS = ("chair", "vice_chair", "minister", "other_minister", "third_minister", "secretary")


@cache
def typeset(paragraphs):
    return HTML(string="<html lang=vi>" + "".join(f"<p>{words}</p>" for words in paragraphs)).write_pdf()


@pytest.fixture
def add_version(cast):
    """`add_version(paragraphs)`: one more version of the same draft, given to the members."""
    document = Document.objects.create(body=cast.body, title="Dự thảo Nghị quyết về rừng ngập mặn")

    def add(paragraphs, given=(Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER), **fields):
        content = typeset(tuple(paragraphs))
        version = DocumentVersion.objects.create(
            document=document,
            number=document.versions.count() + 1,
            file_name="du-thao.pdf",
            sha256=storage.keep_content(content),
            size=len(content),
            pages=len(pikepdf.open(BytesIO(content)).pages),
            added_by_name="test",
            work_state=WorkState.DONE,
            **fields,
        )
        roles = [(role, cast.body) for role in given]
        return (
            distribute_version(version, by=cast.secretary, roles=roles, because="Phiếu") if roles else version
        )

    return add


@pytest.fixture
def pair(add_version):
    return add_version(CLAUSES), add_version(CHANGED, reason="Tiếp thu ý kiến của Bộ Tài chính")


@pytest.fixture
def worked_out(pair, cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        comparison = compare_versions(*pair, by=cast.minister)
    comparison.refresh_from_db()
    return comparison


@cache
def find_result():
    """What the worker finds, found once for all tests of what is shown of it."""
    texts = []
    for paragraphs in (CLAUSES, CHANGED):
        with NamedTemporaryFile(suffix=".pdf") as file:
            file.write(typeset(paragraphs))
            file.flush()
            texts.append(read_text(extract_words(Path(file.name))))
    return write_result(*texts, compare(*texts))


@pytest.fixture
def compared(pair):
    return Comparison.objects.create(
        older=pair[0], newer=pair[1], result=deepcopy(find_result()), work_state="done"
    )


def address(older, newer):
    return reverse("reading:compare_versions", args=[older.pk, newer.pk])


def test_the_worker_finds_what_changed(worked_out):
    assert worked_out.work_state == WorkState.DONE
    assert worked_out.result["changes"] == json.loads(json.dumps(find_result()))["changes"]
    compared = worked_out
    assert compared.result["counts"] == {"added": 2, "removed": 0, "replaced": 1, "moved": 0}
    assert [change["after"] for change in compared.result["changes"]] == ["đủ", "30", CHANGED[3]]
    assert [change["figures"] for change in compared.result["changes"]] == [False, True, True]


def test_the_changed_words_have_places_on_their_pages(compared):
    (page, left, top, right, bottom), *_ = compared.result["changes"][0]["newer"]
    width, height = compared.result["sizes"][1][0]
    assert page == 1
    assert 0 < left < right < width
    assert 0 < top < bottom < height


def test_asking_again_changes_nothing(pair, cast, worked_out):
    assert compare_versions(*pair, by=cast.chair) == worked_out
    assert AuditEvent.objects.filter(action="reading.compare_versions").count() == 1
    assert AuditEvent.objects.filter(action="reading.record_comparison").count() == 1


def test_only_who_may_read_both_compares(pair, cast, no_workers):
    for person in READERS:
        assert compare_versions(*pair, by=getattr(cast, person)).is_waiting
    for person in set(CAST) - set(READERS):
        with pytest.raises(PermissionDenied):
            compare_versions(*pair, by=getattr(cast, person))


def test_the_page_is_there_for_who_may_read_both(pair, cast, sign_in, no_workers):
    for person in CAST:
        status = sign_in(getattr(cast, person)).get(address(*pair)).status_code
        assert status == (200 if person in READERS else 404), person


def test_one_paper_that_may_not_be_read_is_enough_to_see_nothing(add_version, cast, sign_in, compared):
    hidden = add_version(CLAUSES, given=())
    browser = sign_in(cast.minister)
    assert browser.get(address(compared.newer, hidden)).status_code == 404
    assert browser.get(address(hidden, compared.newer)).status_code == 404
    assert browser.post(address(hidden, compared.newer)).status_code == 404


def test_only_the_worker_records_a_result(compared, cast):
    with pytest.raises(PermissionDenied):
        record_comparison(compared, by=cast.secretary, result={"changes": []})


def test_a_paper_is_not_compared_with_itself(pair, cast):
    with pytest.raises(Conflict):
        compare_versions(pair[0], pair[0], by=cast.minister)


def test_film_is_not_compared(pair, cast):
    pair[1].format = "mp4"
    pair[1].save(update_fields=["format"])
    with pytest.raises(Conflict):
        compare_versions(*pair, by=cast.minister)


def test_a_paper_that_was_refused_is_not_compared(pair, cast, sign_in):
    DocumentVersion.objects.filter(pk=pair[1].pk).update(refused_because="secret")
    pair[1].refresh_from_db()
    with pytest.raises(Conflict):
        compare_versions(*pair, by=cast.minister)
    assert sign_in(cast.minister).get(address(*pair)).status_code == 404


def test_what_was_erased_is_in_no_comparison_either(compared):
    assert "kinh phí" in json.dumps(compared.result, ensure_ascii=False)
    refuse_version(compared.newer, by=WORKER, because="secret")
    compared.refresh_from_db()
    assert (compared.result, compared.work_state) == ({}, WorkState.FAILED)


def test_what_is_erased_while_the_worker_compares_is_not_written_down(pair, monkeypatch):
    comparison = Comparison.objects.create(older=pair[0], newer=pair[1])

    def erase_and_compare(*texts):
        refuse_version(DocumentVersion.objects.get(pk=pair[1].pk), by=WORKER, because="secret")
        return compare(*texts)

    monkeypatch.setattr(tasks, "compare", erase_and_compare)
    tasks.compare_texts(comparison.pk)
    comparison.refresh_from_db()
    assert (comparison.result, comparison.work_error) == ({}, "file_missing")


# Failing, and being tried again


def test_a_scan_without_text_fails_visibly_and_can_be_tried_again(add_version, cast, sign_in):
    pair = add_version(CLAUSES), add_version(())
    browser = sign_in(cast.minister)
    comparison = Comparison.objects.create(older=pair[0], newer=pair[1])
    tasks.compare_texts(comparison.pk)

    page = browser.get(address(*pair))
    assert "chỉ có hình ảnh" in page.content.decode()
    comparison.refresh_from_db()
    assert (comparison.work_state, comparison.work_error) == (WorkState.FAILED, "no_text")

    assert browser.post(address(*pair)).status_code == 302
    comparison.refresh_from_db()
    assert (comparison.work_state, comparison.work_attempts) == (WorkState.QUEUED, 0)


def test_looking_at_a_failure_does_not_try_again(add_version, cast, sign_in):
    pair = add_version(CLAUSES), add_version(())
    comparison = Comparison.objects.create(older=pair[0], newer=pair[1], work_state="failed", work_error="x")
    sign_in(cast.minister).get(address(*pair))
    comparison.refresh_from_db()
    assert comparison.work_state == WorkState.FAILED


def test_lost_bytes_are_told(pair):
    comparison = Comparison.objects.create(older=pair[0], newer=pair[1])
    pair[1].sha256 = "0" * 64
    pair[1].save(update_fields=["sha256"])
    tasks.compare_texts(comparison.pk)
    comparison.refresh_from_db()
    assert (comparison.work_state, comparison.work_error) == (WorkState.FAILED, "file_missing")


def test_a_lost_comparison_is_handed_in_again(pair, cast, no_workers, monkeypatch):
    comparison = compare_versions(*pair, by=cast.minister)
    sent = []
    monkeypatch.setattr(tasks, "enqueue", lambda task, pk: sent.append((task, pk)))
    tasks.hand_in_comparisons()
    assert sent == []
    Comparison.objects.update(queued_at="2026-01-01T00:00:00Z")
    tasks.hand_in_comparisons()
    assert sent == [("reading.tasks.compare_texts", comparison.pk)]


def test_a_result_of_an_earlier_form_is_worked_out_anew(pair, cast, compared, no_workers):
    compared.result["form"] = FORM - 1
    compared.save(update_fields=["result"])
    assert compare_versions(*pair, by=cast.minister).work_state == WorkState.QUEUED


# The page


def test_the_page_waits_and_asks_again(pair, cast, sign_in, no_workers):
    page = sign_in(cast.minister).get(address(*pair)).content.decode()
    assert 'hx-trigger="load delay:1s"' in page
    fragment = sign_in(cast.minister).get(address(*pair), headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="comparison"')


@pytest.mark.parametrize("way", ["changes", "text", "pages", "nonsense"])
def test_each_way_of_looking_tells_the_same_changes(pair, cast, sign_in, compared, way):
    page = sign_in(cast.minister).get(f"{address(*pair)}?view={way}").content.decode()
    assert "3 thay đổi: 2 thêm, 1 sửa" in page
    for number in (1, 2, 3):
        assert f'id="listed-{number}"' in page
        assert page.count(f'id="change-{number}"') == 1


def test_put_in_and_taken_out_are_marked_and_said(pair, cast, sign_in, compared):
    page = sign_in(cast.minister).get(address(*pair)).content.decode()
    assert '<del id="change-2" tabindex="-1" data-change="2" class="has-figures">' in page
    assert "(thêm) </span>đủ" in page
    assert "Tiếp thu ý kiến của Bộ Tài chính" in page


def test_the_marks_lie_where_the_words_stand(pair, cast, sign_in, compared):
    page = sign_in(cast.minister).get(f"{address(*pair)}?view=pages").content.decode()
    _, left, top, *_ = compared.result["changes"][0]["newer"][0]
    assert f'data-change="1" x="{left - 10}" y="{top - 6}"' in page
    assert "style=" not in page.partition("<main")[2]


def test_a_page_picture_comes_when_it_is_drawn(
    pair, cast, sign_in, compared, django_capture_on_commit_callbacks
):
    browser = sign_in(cast.minister)
    with django_capture_on_commit_callbacks(execute=True):
        browser.get(f"{address(*pair)}?view=pages")
    url = reverse("reading:read_sheet", args=[pair[0].pk, pair[1].pk, 0, "newer"])
    sheet = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert f'<image href="{reverse("documents:show_picture", args=[pair[1].pk, 1])}"' in sheet
    assert "hx-get" not in sheet


@pytest.mark.parametrize("place", ["9/newer", "0/left"])
def test_there_are_no_other_sheets(pair, cast, sign_in, compared, place):
    assert sign_in(cast.minister).get(f"{address(*pair)}pairs/{place}/").status_code == 404


def test_a_stranger_to_the_papers_gets_no_sheet(pair, cast, sign_in, compared):
    url = reverse("reading:read_sheet", args=[pair[0].pk, pair[1].pk, 0, "newer"])
    assert sign_in(cast.auditor).get(url).status_code == 404


def test_equal_texts_are_said_to_be_equal(add_version, cast, sign_in, django_capture_on_commit_callbacks):
    pair = add_version(CLAUSES), add_version([CLAUSES[0] + " " + CLAUSES[1], CLAUSES[2]])
    browser = sign_in(cast.minister)
    with django_capture_on_commit_callbacks(execute=True):
        browser.get(address(*pair))
    assert "Lời văn giống nhau" in browser.get(address(*pair)).content.decode()


def test_who_sees_the_comparison_has_opened_both_papers(pair, cast, sign_in, compared):
    sign_in(cast.minister).get(address(*pair))
    opened = AuditEvent.objects.filter(action="documents.open_version", actor_id=cast.minister.pk)
    assert set(opened.values_list("target_id", flat=True)) == {version.pk for version in pair}


def test_a_long_comparison_is_shown_in_portions_by_as_few_queries(pair, compared, cast, sign_in):
    long = [f"Khoản {n}. Giao cơ quan thứ {n} thực hiện nhiệm vụ được phân công." for n in range(300)]
    edited = [
        words.replace("thực hiện", "hoàn thành") if n % 3 == 0 else words for n, words in enumerate(long)
    ]
    browser = sign_in(cast.minister)
    browser.get(address(*pair))
    counts = []
    for older, newer in ((CLAUSES, CHANGED), (long, edited)):
        texts = [read_text(lay_out(*paragraphs, characters=90)) for paragraphs in (older, newer)]
        compared.result = write_result(*texts, compare(*texts))
        compared.save(update_fields=["result"])
        with CaptureQueriesContext(connection) as count:
            page = browser.get(address(*pair)).content.decode()
        counts.append(len(count))
    assert counts[0] == counts[1]
    assert "100 thay đổi: 100 sửa" in page
    assert page.count("data-listed=") == 40
    assert "?view=changes&amp;page=2" in page
    last = browser.get(f"{address(*pair)}?page=3").content.decode()
    assert 'id="listed-100"' in last
    assert 'id="listed-80"' not in last
