"""The dossier before the members: sealed, given as need to know says, corrected, closed with the count."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import AuditEvent
from core import clock
from core.workflow import Conflict
from documents import actions as documents
from documents.models import DocumentVersion, IssuedPaper, NeedToKnow
from documents.rules import DossierStatus
from notifications.models import Notification
from opinions import actions, rules
from opinions.rendering import RESTRICTED, write_synthesis
from tests.conftest import CAST
from tests.opinions import steps

MEMBERS = ("chair", "vice_chair", "minister", "other_minister", "third_minister")


def send_with_named_reader(cast, *people):
    """Two papers, the second for these people only."""
    opinion_request = steps.submit(cast, papers=2)
    own = opinion_request.dossier.papers.get(place=2)
    for person in people:
        NeedToKnow.objects.create(paper=own, reader=person)
    return actions.approve_request(opinion_request, by=cast.vice_chair), own.version


def correct(cast, opinion_request, reason="Sai số liệu bảng 2"):
    opinion_request = actions.correct_dossier(opinion_request, by=cast.secretary, reason=reason)
    steps.make_paper(opinion_request.dossier, title="Dự thảo sửa đổi")
    return opinion_request


def reissue(cast, opinion_request, **given):
    return actions.reissue_dossier(correct(cast, opinion_request), by=cast.secretary, **given)


def readers_of(cast, version):
    visible = DocumentVersion.objects.visible_to
    return {p for p in CAST if visible(getattr(cast, p)).filter(pk=version.pk).exists()}


def test_the_sending_seals_the_first_issue(cast):
    opinion_request = steps.send(cast, papers=2)
    issue = opinion_request.dossier.current_issue
    assert (issue.number, issue.papers.count(), issue.sealed_by_name) == (1, 2, str(cast.vice_chair))
    assert opinion_request.dossier.status == DossierStatus.SEALED


def test_a_paper_for_named_readers_goes_to_them_alone(cast):
    opinion_request, own = send_with_named_reader(cast, cast.minister)
    common = opinion_request.dossier.current_issue.papers.get(place=1)
    assert readers_of(cast, common.version) == {*MEMBERS, "assistant", "secretary", "auditor"}
    assert readers_of(cast, own) == {"minister", "chair", "vice_chair", "secretary"}
    for person, places in (
        ("minister", [1, 2]),
        ("assistant", [1]),
        ("third_minister", [1]),
        ("auditor", [1]),
    ):
        given = IssuedPaper.objects.visible_to(getattr(cast, person))
        assert list(given.values_list("place", flat=True)) == places, person


def test_an_assistant_gets_it_only_if_named(cast):
    _request, own = send_with_named_reader(cast, cast.assistant)
    assert readers_of(cast, own) == {"assistant", "chair", "vice_chair", "secretary"}


def test_of_a_paper_for_named_readers_the_others_learn_nothing(cast, sign_in):
    opinion_request, own = send_with_named_reader(cast, cast.minister)
    title = own.document.title
    addresses = [opinion_request.get_absolute_url(), opinion_request.dossier.get_absolute_url()]
    for person, sees in (
        ("minister", True),
        ("other_minister", False),
        ("assistant", False),
        ("auditor", False),
    ):
        for address in addresses:
            page = sign_in(getattr(cast, person)).get(address)
            assert (title in page.content.decode()) is sees, (person, address)
    listed = [item.title for item in write_synthesis(steps.close(opinion_request)).dossier]
    assert listed[1] == RESTRICTED


def test_the_office_corrects_and_puts_it_before_the_members_anew(cast):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister)
    opinion_request = reissue(cast, opinion_request)

    issue = opinion_request.dossier.current_issue
    assert (issue.number, issue.reason, issue.papers.count()) == (2, "Sai số liệu bảng 2", 2)
    new = issue.papers.get(place=2).version
    assert readers_of(cast, new) == {*MEMBERS, "assistant", "secretary", "auditor"}
    told = Notification.objects.filter(kind="documents/dossier_changed")
    assert sorted(told.values_list("recipient", flat=True)) == sorted(
        getattr(cast, p).pk for p in (*MEMBERS, "assistant")
    ), "one notice each"
    slip = steps.slip_of(opinion_request, cast.minister)
    assert slip.is_answered, "answers stay"
    steps.answer(opinion_request, cast.minister, "disagree", "Đã đọc bản mới.")


def test_while_it_is_corrected_the_members_read_the_last_issue(cast, sign_in):
    opinion_request = correct(cast, steps.send(cast))
    new = opinion_request.dossier.papers.get(place=2).version
    assert readers_of(cast, new) == {"secretary"}
    page = sign_in(cast.minister).get(opinion_request.dossier.get_absolute_url())
    assert [row.paper.place for row in page.context["rows"]] == [1]


def test_what_was_given_before_is_not_given_again(cast):
    opinion_request = steps.send(cast)
    before = AuditEvent.objects.filter(action="documents.distribute_version").count()
    reissue(cast, opinion_request)
    assert AuditEvent.objects.filter(action="documents.distribute_version").count() == before + 1


def test_who_answered_before_sees_that_the_dossier_changed(cast, sign_in):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister)
    with clock.at(clock.now() + timedelta(minutes=5)):
        reissue(cast, opinion_request, reason="Thay dự thảo")
        steps.answer(opinion_request, cast.other_minister)
    address = opinion_request.get_absolute_url()
    first = sign_in(cast.minister).get(address)
    assert first.context["answer_cards"][0]["changed_issue"].number == 2
    assert "Thay dự thảo" in first.content.decode()
    assert sign_in(cast.other_minister).get(address).context["answer_cards"][0]["changed_issue"] is None


def test_only_the_office_and_only_until_the_deadline(cast):
    opinion_request = steps.send(cast)
    may = {p for p in CAST if rules.REQUEST.allows("correct_dossier", getattr(cast, p), opinion_request)}
    assert may == {"secretary"}
    with pytest.raises(PermissionDenied):
        actions.correct_dossier(opinion_request, by=cast.vice_chair, reason="Vì")
    with steps.after_the_deadline(opinion_request), pytest.raises(Conflict, match="deadline has passed"):
        actions.correct_dossier(opinion_request, by=cast.secretary, reason="Vì")
    corrected = correct(cast, opinion_request)
    with pytest.raises(Conflict, match="being corrected already"):
        actions.correct_dossier(corrected, by=cast.secretary, reason="Vì")
    with steps.after_the_deadline(opinion_request), pytest.raises(Conflict, match="deadline has passed"):
        actions.reissue_dossier(corrected, by=cast.secretary)


def test_without_a_correction_nothing_is_put_before_them_anew(cast):
    with pytest.raises(Conflict, match="not being corrected"):
        actions.reissue_dossier(steps.send(cast), by=cast.secretary, reason="Vì")


def test_after_the_count_nothing_is_changed(cast):
    opinion_request = correct(cast, steps.send(cast))
    closed = steps.close(opinion_request)
    dossier = type(closed.dossier).objects.get(pk=closed.dossier_id)
    assert dossier.status == DossierStatus.CLOSED
    assert dossier.current_issue.number == 1, "what was not sealed by then was before nobody"
    with pytest.raises(Conflict):
        documents.reopen_dossier(dossier, by=cast.secretary, reason="Vì")
    with pytest.raises(Conflict):
        actions.reissue_dossier(closed, by=cast.secretary, reason="Vì")
    assert len(write_synthesis(closed).dossier) == 1


def test_a_withdrawn_request_closes_its_dossier(cast):
    opinion_request = actions.withdraw_request(steps.send(cast), by=cast.vice_chair, reason="Vì")
    opinion_request.dossier.refresh_from_db()
    assert opinion_request.dossier.status == DossierStatus.CLOSED


def test_the_way_through_the_pages(cast, sign_in):
    opinion_request = steps.send(cast)
    client, address = sign_in(cast.secretary), opinion_request.get_absolute_url()
    begin = reverse("opinions:correct_dossier", args=[opinion_request.pk])
    assert begin in client.get(address).content.decode()
    assert client.get(begin).status_code == 200
    assert client.post(begin, {"reason": ""}).status_code == 422
    assert client.post(begin, {"reason": "Sai số liệu"}).url == address
    page = client.get(address)
    again = reverse("opinions:reissue_dossier", args=[opinion_request.pk])
    form = page.context["reissue_form"]
    assert form.initial == {"reason": "Sai số liệu"}
    given = {field.html_name: field.initial for field in form if field.initial}
    assert again in page.content.decode()
    assert begin not in page.content.decode()
    assert client.post(again, {**given, "reason": ""}).status_code == 422
    assert client.post(again, given).status_code == 409, "nothing has changed"
    steps.make_paper(opinion_request.dossier)
    assert client.post(again, given).url == address
    assert "reissue_form" not in client.get(address).context
    assert again not in sign_in(cast.minister).get(address).content.decode()


def test_each_step_is_in_the_trail_and_in_the_course(cast, sign_in):
    opinion_request = reissue(cast, steps.send(cast), reason="Thay dự thảo")
    names = ["opinions.correct_dossier", "opinions.reissue_dossier"]
    traces = AuditEvent.objects.filter(action__in=names).order_by("pk")
    assert [(t.action, t.actor_id) for t in traces] == [(name, cast.secretary.pk) for name in names]
    history = sign_in(cast.minister).get(opinion_request.get_absolute_url()).context["history"]
    assert ("Thay dự thảo", str(cast.secretary)) in [(step.note, step.who) for step in history]


def test_a_dossier_of_the_last_release_has_no_issue_and_is_read_as_before(cast, sign_in):
    opinion_request = steps.submit(cast)
    page = sign_in(cast.vice_chair).get(opinion_request.get_absolute_url())
    assert page.context["issue"] is None
    assert len(page.context["papers"]) == 1
