"""The doors of the pages: strangers, other bodies, forged requests, the number of queries."""

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from opinions import actions
from tests.opinions import steps

pytestmark = pytest.mark.django_db

STRANGERS = ["archivist", "administrator", "outside_secretary", "outside_member", "outside_auditor", "nobody"]


def url(name, *args):
    return reverse(f"opinions:{name}", args=args)


def everything_of(opinion_request, slip):
    """Each address of a request and its slip, with what is asked for by GET and by POST."""
    reads = ["read_request", "read_checklist", "watch_state", "read_progress", "read_synthesis"]
    deeds = [
        "edit_request",
        "keep_changes",
        "approve_request",
        "return_request",
        "withdraw_request",
        "refer_request",
        "draft_decision",
    ]
    on_slips = ["answer_slip", "keep_draft", "draft_answer", "return_answer"]
    return (
        [url(name, opinion_request.pk) for name in reads],
        [url(name, opinion_request.pk) for name in deeds] + [url(name, slip.pk) for name in on_slips],
    )


@pytest.mark.parametrize("name", STRANGERS)
def test_for_strangers_it_does_not_exist(cast, sign_in, name):
    opinion_request = steps.send(cast)
    reads, deeds = everything_of(opinion_request, steps.slip_of(opinion_request, cast.minister))
    browser = sign_in(getattr(cast, name))
    before = AuditEvent.objects.count()
    for address in reads:
        assert browser.get(address).status_code == 404, address
    for address in deeds:
        assert browser.post(address, {"reason": "x"}).status_code == 404, address
    assert AuditEvent.objects.count() == before


def test_nobody_gets_in_without_signing_in(client, cast):
    opinion_request = steps.send(cast)
    reads, deeds = everything_of(opinion_request, steps.slip_of(opinion_request, cast.minister))
    for address in [*reads, url("list_requests"), url("draft_request"), reverse("home")]:
        assert client.get(address).status_code == 302, address
    for address in deeds:
        response = client.post(address)
        assert response.status_code == 302, address
        assert "login" in response.url


def test_other_members_do_not_see_a_slip_before_the_close(cast, sign_in):
    slip = steps.slip_of(steps.send(cast), cast.minister)
    browser = sign_in(cast.other_minister)
    for name in ("answer_slip", "keep_draft", "draft_answer", "return_answer"):
        assert browser.post(url(name, slip.pk)).status_code == 404


@pytest.mark.parametrize(
    ("name", "deed"),
    [
        ("minister", "approve_request"),
        ("minister", "withdraw_request"),
        ("secretary", "withdraw_request"),
        ("minister", "edit_request"),
        ("minister", "keep_changes"),
        ("auditor", "refer_request"),
        ("minister", "draft_decision"),
        ("assistant", "approve_request"),
    ],
)
def test_forged_deeds_on_a_request_are_forbidden(cast, sign_in, name, deed):
    opinion_request = steps.send(cast)
    assert (
        sign_in(getattr(cast, name)).post(url(deed, opinion_request.pk), {"reason": "x"}).status_code == 403
    )


@pytest.mark.parametrize(
    ("name", "deed"),
    [
        ("assistant", "answer_slip"),
        ("secretary", "answer_slip"),
        ("auditor", "answer_slip"),
        ("secretary", "draft_answer"),
        ("minister", "draft_answer"),
        ("assistant", "keep_draft"),
        ("assistant", "return_answer"),
    ],
)
def test_forged_deeds_on_a_slip_are_forbidden(cast, sign_in, name, deed):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    question = opinion_request.questions.get()
    fields = {f"position_{question.pk}": "agree", f"reason_{question.pk}": "", "step": "send", "reason": "x"}
    assert sign_in(getattr(cast, name)).post(url(deed, slip.pk), fields).status_code == 403
    slip.refresh_from_db()
    assert slip.status == "pending"


def test_only_the_office_reaches_the_form_of_a_new_request(cast, sign_in):
    assert sign_in(cast.secretary).get(url("draft_request")).status_code == 200
    for person in (cast.minister, cast.chair, cast.assistant, cast.archivist, cast.nobody):
        assert sign_in(person).get(url("draft_request")).status_code == 403, person
        assert sign_in(person).post(url("draft_request"), {"subject": "x"}).status_code == 403, person


def test_the_approver_who_comes_second_is_told(cast, sign_in):
    opinion_request = steps.send(cast)
    assert sign_in(cast.chair).post(url("approve_request", opinion_request.pk)).status_code == 409


# As many queries for 21 rows as for 1


def count_queries(client, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize("name", ["secretary", "minister", "chair", "assistant"])
@pytest.mark.parametrize("page", ["home", "opinions:list_requests"])
def test_lists_cost_the_same_for_one_row_and_for_twenty(
    cast, sign_in, name, page, django_assert_max_num_queries
):
    browser = sign_in(getattr(cast, name))
    steps.send(cast)
    actions.draft_request(steps.begin(cast), by=cast.secretary)
    steps.submit(cast)
    one = count_queries(browser, reverse(page), django_assert_max_num_queries)
    for _ in range(7):
        steps.send(cast)
        steps.submit(cast)
        actions.draft_request(steps.begin(cast), by=cast.secretary)
    assert count_queries(browser, reverse(page), django_assert_max_num_queries) == one


@pytest.mark.parametrize("name", ["secretary", "chair", "assistant", "auditor"])
def test_a_result_costs_the_same_for_one_opinion_and_for_four(
    cast, sign_in, name, django_assert_max_num_queries
):
    browser = sign_in(getattr(cast, name))
    first, second = steps.send(cast), steps.send(cast)
    steps.answer(first, cast.minister, "other", "Một ý kiến.")
    for person in (cast.minister, cast.other_minister, cast.third_minister, cast.vice_chair):
        steps.answer(second, person, "other", "Nhiều ý kiến.")
    for opinion_request in (first, second):
        steps.close(opinion_request)
    one = count_queries(browser, first.get_absolute_url(), django_assert_max_num_queries)
    assert count_queries(browser, second.get_absolute_url(), django_assert_max_num_queries) == one
