"""The form in which a specialist designs a request: every field, with and without a script."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from core import clock
from core.workflow import Conflict
from opinions import actions, rules
from opinions.actions._questions import AskedQuestion, OfferedOption, read_questions
from opinions.models import OpinionRequest, RequestBeginning
from opinions.rules import RequestStatus
from people.models import User
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, cast):
    """The browser of the specialist, in English."""
    User.objects.update(language="en")
    client.force_login(cast.secretary)
    return client


@pytest.fixture
def round_kind(cast):
    """A second kind in which nobody's objection decides, open or secret."""
    kind = factories.make_kind(cast.body, name="Vòng văn bản", secrecy="either", place=2)
    kind.first_question = "Có nhất trí không?"
    kind.save()
    return kind


def url(name, *args):
    return reverse(f"opinions:{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def typed(cast, **more):
    return {
        "kind": cast.kind.pk,
        "subject": steps.SUBJECT,
        "lead_agency": cast.finance.pk,
        "deadline": factories.deadline_in(cast.rule_set).strftime("%Y-%m-%dT%H:%M"),
        "question_1": steps.QUESTION,
        **more,
    }


CHOICE = {
    "question_1": "Chọn phương án nào?",
    "form_1": "options",
    "most_1": "2",
    "option_1_1": "Giữ nguyên",
    "level_1_1": "1",
    "option_1_2": "Sửa đổi",
    "level_1_2": "1",
    "option_1_3": "một phần",
    "level_1_3": "2",
    "proposed_1_3": "on",
    "option_1_4": "toàn bộ",
    "level_1_4": "2",
}
ASKED = AskedQuestion(
    "Chọn phương án nào?",
    "options",
    2,
    (
        OfferedOption("Giữ nguyên"),
        OfferedOption(
            "Sửa đổi", parts=(OfferedOption("một phần", is_proposed=True), OfferedOption("toàn bộ"))
        ),
    ),
)


def test_everything_that_is_typed_is_stored_and_shown(cast, office, round_kind):
    more = {
        "kind": round_kind.pk,
        "is_secret": "on",
        "adviser": cast.office.pk,
        "adviser_opinion": "Vụ Tổng hợp nhất trí với đề xuất.",
        "follower": cast.secretary.pk,
    }
    response = office.post(url("draft_request"), typed(cast, **CHOICE, **more))
    opinion_request = OpinionRequest.objects.get()
    assert response.url == opinion_request.get_absolute_url()
    assert (opinion_request.kind, opinion_request.is_secret) == (round_kind, True)
    assert (opinion_request.adviser, opinion_request.follower) == (cast.office, cast.secretary)
    assert read_questions(opinion_request) == [ASKED]
    page = text_of(office.get(response.url))
    assert "Vụ Tổng hợp nhất trí" in page
    assert page.count('name="option_1_') == 4
    assert re.search(r'name="proposed_1_3"[^>]* checked', page)
    assert 'name="proposed_1_2"' not in page, "one of its parts is chosen instead"
    described = AuditEvent.objects.get(action="opinions.draft_request").details["after"]
    assert (described["kind"], described["is_secret"]) == ("Vòng văn bản", True)
    assert described["questions"][0]["options"][1]["parts"][0] == {"option": "một phần", "proposed": True}


def test_options_come_and_go_without_a_script(cast, office):
    new, sent = url("draft_request"), typed(cast)
    offered = text_of(office.post(new, sent | {"offer_options": "1"}))
    assert offered.count('name="option_1_') == 2
    part = text_of(office.post(new, sent | CHOICE | {"add_part": "1.1"}))
    levels = re.findall(r'name="level_1_\d" value="(\d)"', part)
    assert levels == ["1", "2", "1", "2", "2"]
    fewer = text_of(office.post(new, sent | CHOICE | {"remove_option": "1.2"}))
    assert re.findall(r'name="option_1_\d" value="([^"]*)"', fewer) == ["Giữ nguyên"]
    more = text_of(office.post(new, sent | CHOICE | {"add_option": "1"}))
    assert re.findall(r'name="level_1_\d" value="(\d)"', more)[-1] == "1"
    plain = text_of(office.post(new, sent | CHOICE | {"ask_positions": "1"}))
    assert 'name="option_1_1"' not in plain and "Chọn phương án nào?" in plain
    odd = office.post(new, sent | CHOICE | {"remove_option": "9.x"})
    assert text_of(odd).count('name="option_1_') == 4
    assert not OpinionRequest.objects.exists()


def test_another_kind_brings_its_own_first_question(cast, office, round_kind):
    new = url("draft_request")
    assert office.get(new).context["form"].chosen_kind == cast.kind
    looked = text_of(office.post(new, typed(cast, kind=round_kind.pk, question_1="", look="1")))
    assert "Có nhất trí không?" in looked and 'name="is_secret"' in looked
    kept = text_of(office.post(new, typed(cast, kind=round_kind.pk, look="1")))
    assert steps.QUESTION in kept and "Có nhất trí không?" not in kept
    assert 'name="is_secret"' not in text_of(office.post(new, typed(cast, look="1")))


def test_what_is_no_choice_is_not_sent(cast, office):
    one = {name: value for name, value in CHOICE.items() if not name.endswith(("_2", "_3", "_4"))}
    office.post(url("draft_request"), typed(cast, **one))
    opinion_request = OpinionRequest.objects.get()
    assert "Question 1: offer at least two options." in text_of(
        office.get(opinion_request.get_absolute_url())
    )
    office.post(
        url("edit_request", opinion_request.pk), typed(cast, **CHOICE | {"most_1": "4"}, revision="1")
    )
    page = text_of(office.get(opinion_request.get_absolute_url()))
    assert "no more than 3 options can be chosen" in page
    nameless = typed(cast, **CHOICE | {"option_1_2": ""}, revision="2")
    refused = office.post(url("edit_request", opinion_request.pk), nameless)
    assert refused.status_code == 422
    assert "Name the option that these are the parts of." in text_of(refused)


def test_among_options_nobody_can_object(cast):
    kind = factories.make_kind(cast.body, name="Thủ tục văn bản", decided_by="no_objection")
    opinion_request = steps.draft(cast, questions=[ASKED], kind=kind)
    with pytest.raises(Conflict, match="nobody can object"):
        actions.submit_request(opinion_request, by=cast.secretary)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"adviser_opinion": "Nhất trí."}, "whose the independent opinion is"),
        ({"adviser": "finance"}, "cannot be that of the lead agency"),
        ({"follower": "minister"}, "does not work in the Office"),
    ],
)
def test_those_named_in_it_are_who_they_should_be(cast, fields, reason):
    named = {key: getattr(cast, value, value) for key, value in fields.items()}
    with pytest.raises(Conflict, match=reason):
        actions.submit_request(steps.draft(cast, **named), by=cast.secretary)


def test_a_kind_out_of_use_sends_nothing_more(cast):
    submitted = steps.submit(cast)
    draft = steps.draft(cast)
    actions.retire_kind(cast.kind, by=cast.administrator)
    with pytest.raises(Conflict, match="out of use"):
        actions.approve_request(submitted, by=cast.chair)
    with pytest.raises(Conflict, match="out of use"):
        actions.submit_request(draft, by=cast.secretary)
    with pytest.raises(Conflict, match="No kind of request is in use"):
        steps.draft(cast)


def test_no_kind_of_another_body(cast):
    foreign = factories.make_kind(cast.province)
    with pytest.raises(Conflict, match="another body"):
        steps.draft(cast, kind=foreign)


def test_an_open_kind_is_never_secret(cast):
    assert not steps.draft(cast, is_secret=True).is_secret


# Another deadline than the rules allow


ORDER = {"exception_order": "Công văn 512/VPCP-TH, 20/11/2026", "exception_reason": "Khẩn cấp vì mưa lũ."}


def test_another_deadline_needs_an_order_and_the_approver_sees_it(cast, office):
    tomorrow = clock.now() + timedelta(hours=30)
    opinion_request = steps.draft(cast, deadline=tomorrow)
    with pytest.raises(Conflict, match="must lie between"):
        actions.submit_request(opinion_request, by=cast.secretary)
    sent = typed(cast, deadline=tomorrow.strftime("%Y-%m-%dT%H:%M"), revision="1")
    half = office.post(url("edit_request", opinion_request.pk), sent | {"exception_order": "Công văn 512"})
    assert half.status_code == 422
    assert "Give the reason for another deadline." in text_of(half)
    office.post(url("edit_request", opinion_request.pk), sent | ORDER | {"submit": "1"})
    opinion_request.refresh_from_db()
    assert opinion_request.status == RequestStatus.SUBMITTED
    office.force_login(cast.chair)
    page = text_of(office.get(opinion_request.get_absolute_url()))
    assert "Another deadline than the rules allow" in page and "Công văn 512/VPCP-TH" in page
    opened = actions.approve_request(opinion_request, by=cast.chair)
    assert opened.status == RequestStatus.OPEN
    recorded = AuditEvent.objects.get(action="opinions.approve_request").details["exception"]
    assert recorded == "Công văn 512/VPCP-TH, 20/11/2026: Khẩn cấp vì mưa lũ."


def test_no_order_makes_a_deadline_that_nobody_can_keep(cast):
    opinion_request = steps.draft(cast, deadline=clock.now() + timedelta(minutes=50), **ORDER)
    assert "at least one hour ahead" in rules.deadline_is_within_the_rule(opinion_request)
    assert not rules.REQUEST.allows("submit_request", cast.secretary, opinion_request)


# Before it is saved for the first time


def test_what_is_typed_into_a_new_request_is_kept_for_its_writer_alone(cast, office, client):
    keep, new = url("keep_beginning"), url("draft_request")
    for subject in ("Đang", "Đang gõ dở"):
        assert office.post(keep, typed(cast, **CHOICE | {"subject": subject})).status_code == 204
    page = text_of(office.get(new))
    assert "Đang gõ dở" in page and "một phần" in page and "and not saved" in page
    assert AuditEvent.objects.filter(action="opinions.keep_beginning").count() == 1
    colleague = factories.make_officer("Lê Văn Hai", "secretary", cast.body)
    client.force_login(colleague)
    assert "Đang gõ dở" not in text_of(client.get(new))
    client.force_login(cast.secretary)
    client.post(new, typed(cast))
    assert not RequestBeginning.objects.exists(), "saved: what was kept is gone"


def test_one_can_begin_anew(cast, office):
    office.post(url("keep_beginning"), typed(cast, subject="Nhầm"))
    assert office.post(url("keep_beginning"), {"blank": "1"}).url == url("draft_request")
    assert "Nhầm" not in text_of(office.get(url("draft_request")))


def test_nobody_else_keeps_a_beginning(cast, client):
    client.force_login(cast.minister)
    assert client.post(url("keep_beginning"), typed(cast)).status_code == 403
    assert not RequestBeginning.objects.exists()
