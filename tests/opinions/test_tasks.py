"""The clock to the second, and the synthesis that is made once however often a worker tries."""

from datetime import timedelta

import pytest

from core import clock
from core.work import WorkState
from documents.models import DocumentVersion, Rendering
from opinions import actions, tasks
from opinions.models import OpinionRequest
from opinions.rendering import write_synthesis
from opinions.rules import RequestStatus
from people.rules import Role
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick_pdf(monkeypatch):
    """WeasyPrint has its own tests; here a page of bytes will do."""
    made = []

    def render(document):
        made.append(document)
        return b"%PDF-1.7 " + str(len(made)).encode()

    monkeypatch.setattr(tasks, "render_official", render)
    return made


def test_nothing_closes_before_its_second(cast):
    opinion_request = steps.send(cast)
    with clock.at(opinion_request.deadline - timedelta(seconds=1)):
        tasks.close_overdue_requests()
    assert OpinionRequest.objects.get().status == RequestStatus.OPEN
    with clock.at(opinion_request.deadline):
        tasks.close_overdue_requests()
    assert OpinionRequest.objects.get().status == RequestStatus.CLOSED


def test_a_second_round_changes_nothing(cast):
    opinion_request = steps.send(cast)
    with steps.after_the_deadline(opinion_request):
        tasks.close_overdue_requests()
        tasks.close_overdue_requests()
    assert Rendering.objects.count() == 1


def test_one_that_fails_holds_up_no_other(cast, monkeypatch, caplog):
    broken, sound = steps.send(cast), steps.send(cast, subject="Việc khác")
    close = actions.close_request

    def fail_on_the_first(opinion_request, *, by):
        if opinion_request.pk == broken.pk:
            raise RuntimeError("broken")
        return close(opinion_request, by=by)

    monkeypatch.setattr(actions, "close_request", fail_on_the_first)
    with steps.after_the_deadline(broken):
        tasks.close_overdue_requests()
    assert OpinionRequest.objects.get(pk=broken.pk).status == RequestStatus.OPEN
    assert OpinionRequest.objects.get(pk=sound.pk).status == RequestStatus.CLOSED
    assert "could not be closed" in caplog.text


def test_a_clock_that_comes_second_is_quiet(cast, monkeypatch, caplog):
    opinion_request = steps.close_agreed(cast)
    monkeypatch.setattr(OpinionRequest.objects, "overdue", lambda: OpinionRequest.objects.all())
    with steps.after_the_deadline(opinion_request):
        tasks.close_overdue_requests()
    assert "could not be closed" not in caplog.text


def test_the_synthesis_is_made_and_given_to_its_readers(cast, quick_pdf):
    opinion_request = steps.close_with_opinions(cast)
    tasks.render_synthesis(Rendering.objects.get().pk)
    version = opinion_request.newest_synthesis.version
    assert opinion_request.newest_synthesis.work_state == WorkState.DONE
    for person in (cast.chair, cast.minister, cast.assistant, cast.auditor, cast.secretary):
        assert DocumentVersion.objects.visible_to(person).filter(pk=version.pk).exists(), person
    for person in (cast.archivist, cast.outside_member, cast.nobody):
        assert not DocumentVersion.objects.visible_to(person).filter(pk=version.pk).exists(), person


def test_a_second_run_makes_no_second_version(cast, quick_pdf):
    opinion_request = steps.close_agreed(cast)
    rendering = Rendering.objects.get()
    tasks.render_synthesis(rendering.pk)
    tasks.render_synthesis(rendering.pk)
    assert opinion_request.synthesis.versions.count() == 1
    assert len(quick_pdf) == 1


def test_a_worker_killed_in_the_middle_is_followed_by_another(cast, quick_pdf):
    opinion_request = steps.close_agreed(cast)
    rendering = Rendering.objects.get()
    long_ago = clock.now() - timedelta(hours=1)
    Rendering.objects.update(work_state=WorkState.RUNNING, started_at=clock.now(), work_attempts=1)
    tasks.render_synthesis(rendering.pk)
    assert not opinion_request.synthesis.versions.exists(), "the first one may still be at it"
    Rendering.objects.update(started_at=long_ago)
    tasks.render_synthesis(rendering.pk)
    assert opinion_request.synthesis.versions.count() == 1


def test_what_fails_is_put_back_and_in_the_end_given_up_visibly(cast, monkeypatch):
    opinion_request = steps.close_agreed(cast)

    def fail(document):
        raise RuntimeError("no fonts")

    monkeypatch.setattr(tasks, "render_official", fail)
    rendering = Rendering.objects.get()
    for expected in (WorkState.QUEUED, WorkState.QUEUED, WorkState.FAILED):
        tasks.render_synthesis(rendering.pk)
        assert opinion_request.newest_synthesis.work_state == expected


def test_the_synthesis_says_what_was_counted(cast):
    opinion_request = steps.close_with_opinions(cast)
    paper = write_synthesis(opinion_request)
    assert paper.letterhead.body == "VĂN PHÒNG CHÍNH PHỦ"
    assert paper.subject == "Tổng hợp ý kiến thành viên Chính phủ về dự thảo Nghị định về phí bảo hiểm y tế"
    assert paper.results[0].share == "4/5 (80,0%)"
    assert paper.results[0].carried
    assert [opinion.name for opinion in paper.differing] == ["Nguyễn Hữu Đức"]
    assert len(paper.silent) == 4
    assert paper.outcome.branch == "c"
    assert paper.outcome.next_deadline == opinion_request.report_by
    assert paper.dossier[0].sha256 == opinion_request.dossier.papers.get().version.sha256
    assert "Nghị định 191/2026/NĐ-CP" in paper.rule_set


def test_the_synthesis_of_a_province_has_its_own_letterhead(cast):
    opinion_request = steps.close_agreed(cast)
    body = opinion_request.body
    body.kind, body.notation, body.name = "province", "UBND", "Ủy ban nhân dân tỉnh Lâm Đồng"
    paper = write_synthesis(opinion_request)
    assert paper.addressees == ("Chủ tịch Ủy ban nhân dân tỉnh Lâm Đồng",)
    assert paper.notation == "BC-VPUBND"
    assert paper.signature.title == "CHÁNH VĂN PHÒNG"
    assert "Nghị định 191/2026/NĐ-CP" in paper.outcome.source


def test_the_head_of_the_office_signs_the_synthesis(cast):
    factories.make_officer(
        "Thái Thanh Tùng", Role.MEMBER, cast.body, title="Bộ trưởng, Chủ nhiệm", protocol_order=9
    )
    assert write_synthesis(steps.close_agreed(cast)).signature.name == "Thái Thanh Tùng"


def test_the_synthesis_names_the_rules_under_which_it_was_opened(cast):
    opinion_request = steps.close_agreed(cast)
    factories.make_rule_set(cast.body, name="Quy chế mới", valid_from=factories.LONG_AGO + timedelta(days=30))
    paper = write_synthesis(OpinionRequest.objects.get(pk=opinion_request.pk))
    assert paper.rule_set.startswith("Quy chế làm việc của Chính phủ (")
