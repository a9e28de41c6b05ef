"""Kinds of request: entered, put in use for good, taken out of use; four known forms to begin from."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import AuditEvent
from core.workflow import Conflict
from opinions import actions, rules
from opinions.models import AnswerClass, RequestKind
from opinions.standard_forms import STANDARD_FORMS, find_form
from people.models import User
from tests import factories
from tests.conftest import CAST
from tests.opinions import steps

pytestmark = pytest.mark.django_db

MOMENTS = {
    "not in use": {"administrator": {"draft_kind", "edit_kind", "confirm_kind"}},
    "in use": {"administrator": {"draft_kind", "retire_kind"}},
    "retired": {"administrator": {"draft_kind"}},
}


def enter(cast, key="government", **rules_of_it):
    form = find_form(key)
    kind = form.begin(cast.body)
    for name, value in rules_of_it.items():
        setattr(kind, name, value)
    return actions.draft_kind(kind, by=cast.administrator, classes=form.offer())


def reach(cast, moment):
    kind = enter(cast)
    if moment != "not in use":
        kind = actions.confirm_kind(kind, by=cast.administrator)
    return actions.retire_kind(kind, by=cast.administrator) if moment == "retired" else kind


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_may_do_what_with_a_kind(cast, moment):
    kind = reach(cast, moment)
    for name in CAST:
        allowed = set(rules.KIND.allowed(getattr(cast, name), kind))
        assert allowed == MOMENTS[moment].get(name, set()), name


@pytest.mark.parametrize("form", STANDARD_FORMS, ids=lambda form: form.key)
def test_each_known_form_can_be_put_in_use_as_it_is(cast, form):
    kind = actions.confirm_kind(enter(cast, form.key), by=cast.administrator)
    assert kind.is_in_use
    assert [offered.code for offered in kind.answer_classes.all()] == [a.code for a in form.answers]
    assert all(offered.label_en for offered in kind.answer_classes.all())


def test_a_kind_in_use_is_never_changed(cast):
    kind = actions.confirm_kind(enter(cast), by=cast.administrator)
    with pytest.raises(Conflict, match="in use"):
        actions.edit_kind(kind, by=cast.administrator, fields={"silence": "agrees"}, classes=[])
    assert kind.answer_classes.count() == 3


def test_the_trail_has_what_a_request_will_be_judged_by(cast):
    kind = enter(cast)
    fewer = [offered for offered in find_form("government").offer() if offered.code != "other"]
    actions.edit_kind(kind, by=cast.administrator, fields={"silence": "nothing"}, classes=fewer)
    event = AuditEvent.objects.get(action="opinions.edit_kind")
    assert (event.details["before"]["silence"], event.details["after"]["silence"]) == ("", "nothing")
    assert [answer["code"] for answer in event.details["after"]["answers"]] == ["agree", "disagree"]


@pytest.mark.parametrize(
    ("change", "classes", "reason"),
    [
        ({}, ["disagree"], "counts as agreement"),
        ({}, ["agree"], "counts as disagreement"),
        ({"secrecy": "secret"}, ["agree", "disagree"], "asks for no reasons"),
        ({"secrecy": "either", "signing": "required"}, ["agree", "disagree"], "cannot have to be signed"),
    ],
)
def test_what_contradicts_itself_is_not_put_in_use(cast, change, classes, reason):
    kind = enter(cast, **change)
    offered = [one for one in find_form("government").offer() if one.code in classes]
    kind = actions.edit_kind(kind, by=cast.administrator, fields={}, classes=offered)
    with pytest.raises(Conflict, match=reason):
        actions.confirm_kind(kind, by=cast.administrator)


def test_two_answers_of_one_code_are_refused(cast):
    twins = [AnswerClass(code="agree", label=words, counts_as="agree") for words in ("Đồng ý", "Nhất trí")]
    with pytest.raises(Conflict, match="same code"):
        actions.draft_kind(find_form("government").begin(cast.body), by=cast.administrator, classes=twins)


def test_the_administrator_of_another_body_enters_nothing_here(cast):
    with pytest.raises(PermissionDenied):
        actions.draft_kind(find_form("european").begin(cast.province), by=cast.administrator, classes=[])


def test_a_request_keeps_the_kind_it_was_sent_in(cast):
    opinion_request = steps.send(cast)
    actions.retire_kind(cast.kind, by=cast.administrator)
    steps.answer(opinion_request, cast.minister, "agree")
    assert steps.close(opinion_request).branch == "b"


# The pages


@pytest.fixture
def visit(client, cast):
    User.objects.update(language="en")

    def visit_as(person):
        client.force_login(person)
        return client

    return visit_as


def url(name, *args):
    return reverse(f"opinions:{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def fields_of(form):
    """What a browser would send of the form on the page."""
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    sent["remind_before"] = "48, 24, 24, 72"
    for row in form.rows:
        values = {row.add_prefix(name): row[name].value() for name in row.fields}
        sent |= {name: value for name, value in values.items() if value not in (None, False)}
    return sent


def test_from_a_known_form_to_a_kind_in_use(cast, visit):
    browser, new = visit(cast.administrator), url("draft_kind", cast.body.pk)
    assert "Write-round of the British Cabinet" in text_of(browser.get(new))
    page = browser.get(f"{new}?form=write_round")
    sent = fields_of(page.context["form"]) | {"name": "Vòng văn bản", "answer_1-label": "Nhất trí hoàn toàn"}
    response = browser.post(f"{new}?form=write_round", sent)
    kind = RequestKind.objects.get(name="Vòng văn bản")
    assert response.url == url("confirm_kind", kind.pk)
    assert kind.remind_before == [72, 48, 24]
    assert kind.answer_classes.first().label == "Nhất trí hoàn toàn"
    browser.post(url("confirm_kind", kind.pk))
    assert list(RequestKind.objects.in_use(cast.body)) == [cast.kind, kind]
    assert "Vòng văn bản" in text_of(visit(cast.minister).get(url("list_kinds")))


def test_a_kind_is_changed_before_it_is_used(cast, visit):
    kind = enter(cast, "european")
    browser, edit = visit(cast.administrator), url("edit_kind", kind.pk)
    sent = fields_of(browser.get(edit).context["form"])
    more = text_of(browser.post(edit, sent | {"add_answer": "1"}))
    assert 'name="answer_4-label"' in more
    fewer = text_of(browser.post(edit, sent | {"remove_answer": "1"}))
    assert 'value="Phản đối"' in fewer and 'name="answer_3-label"' not in fewer
    assert kind.answer_classes.count() == 3, "nothing was saved"
    wrong = browser.post(edit, sent | {"answer_2-code": "agree"})
    assert wrong.status_code == 422
    assert "Two answers have the same code." in text_of(wrong)
    wrong = browser.post(edit, sent | {"answer_2-reason": "none"})
    assert "A remark needs words" in text_of(wrong)
    assert browser.post(edit, sent | {"silence": "nothing"}).status_code == 302
    kind.refresh_from_db()
    assert kind.silence == "nothing"


def test_a_kind_like_another_and_the_last_one_out_of_use(cast, visit):
    browser = visit(cast.administrator)
    form = browser.get(f"{url('draft_kind', cast.body.pk)}?like={cast.kind.pk}").context["form"]
    assert [row["code"].value() for row in form.rows] == ["agree", "disagree", "other"]
    assert form.instance.pk is None
    assert "the last kind of this body" in text_of(browser.get(url("retire_kind", cast.kind.pk)))
    browser.post(url("retire_kind", cast.kind.pk))
    assert "Kinds out of use" in text_of(browser.get(url("list_kinds")))


def test_nobody_else_gets_in(cast, visit):
    kind = enter(cast, "european", name="Chưa dùng")
    assert "Chưa dùng" not in text_of(visit(cast.secretary).get(url("list_kinds")))
    for name in ("edit_kind", "confirm_kind"):
        assert visit(cast.secretary).get(url(name, kind.pk)).status_code == 404
    assert visit(cast.secretary).post(url("retire_kind", cast.kind.pk)).status_code == 403
    assert visit(cast.secretary).get(url("draft_kind", cast.body.pk)).status_code == 403
    assert visit(cast.outside_secretary).get(url("retire_kind", cast.kind.pk)).status_code == 404


# For other systems


def test_other_systems_read_kinds_and_design_requests(cast, client):
    client.force_login(cast.secretary)
    kind = actions.confirm_kind(enter(cast, "province"), by=cast.administrator)
    listed = client.get("/api/request-kinds/").json()["results"]
    assert [found["name"] for found in listed] == ["Phiếu lấy ý kiến", "Phiếu ghi ý kiến"]
    assert listed[1]["answers"][3] == {
        "code": "not_voting",
        "label": "Không biểu quyết",
        "label_en": "Not voting",
        "counts_as": "abstain",
        "reason": "none",
        "raises_remark": False,
        "calls_session": False,
    }
    parts = [{"text": "thêm 10%", "is_proposed": True}, {"text": "thêm 20%"}]
    choice = {
        "text": "Chọn phương án nào?",
        "form": "options",
        "max_choices": 1,
        "options": [{"text": "Giữ nguyên"}, {"text": "Tăng mức hỗ trợ", "parts": parts}],
    }
    new = {
        "body": cast.body.pk,
        "kind": kind.pk,
        "is_secret": True,
        "subject": steps.SUBJECT,
        "lead_agency": cast.finance.pk,
        "adviser": cast.office.pk,
        "adviser_opinion": "Nhất trí.",
        "follower": cast.secretary.pk,
        "deadline": factories.deadline_in(cast.rule_set).isoformat(),
        "exception_order": "Công văn 512/VPCP-TH",
        "exception_reason": "Khẩn cấp.",
        "questions": ["Đồng ý không?", choice],
    }

    def post(address, sent):
        return client.post(f"/api/opinion-requests/{address}", sent, content_type="application/json")

    made = post("", new).json()
    same = ("kind", "is_secret", "adviser", "adviser_opinion", "follower", "exception_order")
    assert {name: made[name] for name in same} == {name: new[name] for name in same}
    options = made["questions"][1]["options"]
    assert [(option["text"], option["parent"] is not None) for option in options] == [
        ("Giữ nguyên", False),
        ("Tăng mức hỗ trợ", False),
        ("thêm 10%", True),
        ("thêm 20%", True),
    ]
    edited = {name: value for name, value in new.items() if name not in ("body", "kind", "adviser_opinion")}
    changed = post(f"{made['id']}/edit/", edited | {"revision": 1, "is_secret": False}).json()
    assert (changed["is_secret"], changed["kind"], changed["adviser_opinion"]) == (
        False,
        kind.pk,
        "Nhất trí.",
    )
    foreign = factories.make_kind(cast.province)
    assert post("", new | {"kind": foreign.pk}).status_code == 400
    assert post("", new | {"questions": [{"text": "?", "max_choices": 0}]}).status_code == 400
