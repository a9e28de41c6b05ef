"""The pages after the count, what stands on whose desk, and the doors for other systems."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ecabinet.desk import list_tasks
from opinions import actions
from opinions.models import OpinionRequest, Remark
from people.models import User
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db


def url(name, row):
    return reverse(f"opinions:{name}", args=[row.pk])


def desk(person):
    return [task.verb for task in list_tasks(User.objects.get(pk=person.pk)).tasks]


def test_a_remark_is_settled_through_the_pages(cast, sign_in):
    """The ministry explains and reports, the office settles and adds its opinion, the member answers."""
    opinion_request = steps.refer_with_a_remark(cast)
    remark = opinion_request.remarks.get()
    page = opinion_request.get_absolute_url()

    client = sign_in(cast.submitter)
    assert "còn 1 ý kiến" in client.get(page).content.decode()
    assert client.get(url("report_on_opinions", opinion_request)).status_code == 409
    explain = url("explain_remark", remark)
    assert client.post(explain, {"verdict": "", "explanation": "x"}).status_code == 422
    answer = client.post(explain, {"verdict": "partly", "explanation": "Đã bổ sung mức hỗ trợ."})
    assert answer.url == f"{page}#remark-{remark.pk}"
    report = url("report_on_opinions", opinion_request)
    assert client.post(report, {"report": "Đã tiếp thu."}).status_code == 422, "says plainly: again or not"
    assert client.post(report, {"report": "Đã tiếp thu.", "repeats": "no"}).status_code == 302

    client = sign_in(cast.secretary)
    assert client.post(url("settle_remark", remark), {"note": ""}).status_code == 302
    client.post(url("record_office_opinion", opinion_request), {"opinion": "Đề nghị thông qua."})
    client = sign_in(cast.other_minister)
    assert client.post(url("answer_settlement", remark), {"stance": "maintained"}).status_code == 302

    words = sign_in(cast.chair).get(page).content.decode()
    for said in ("Đã bổ sung mức hỗ trợ.", "tiếp thu một phần", "giữ nguyên ý kiến", "Đề nghị thông qua."):
        assert said in words
    opinion_request.refresh_from_db()
    assert opinion_request.report_repeats is False


@pytest.mark.parametrize(
    ("name", "expected"), [("nobody", 404), ("outside_secretary", 404), ("third_minister", 403)]
)
def test_for_others_there_is_nothing_to_settle(cast, sign_in, name, expected):
    remark = steps.reach_remark(cast, "explained")
    client = sign_in(getattr(cast, name))
    for deed in ("explain_remark", "settle_remark", "answer_settlement"):
        assert client.get(url(deed, remark)).status_code == expected
        assert client.post(url(deed, remark), {}).status_code == expected
    if expected == 404:
        for deed in ("report_on_opinions", "record_office_opinion", "collect_again", "refer_to_session"):
            assert client.get(url(deed, remark.request)).status_code == 404


def test_collecting_again_leads_to_the_draft_and_back(cast, sign_in):
    opinion_request = steps.report(cast)
    client = sign_in(cast.secretary)
    assert client.get(url("collect_again", opinion_request)).status_code == 200
    answer = client.post(url("collect_again", opinion_request))
    repeat = OpinionRequest.objects.get(previous=opinion_request)
    assert answer.url == repeat.get_absolute_url()
    assert repeat.get_absolute_url() in client.get(opinion_request.get_absolute_url()).content.decode()
    actions.submit_request(repeat, by=cast.secretary)
    assert opinion_request.get_absolute_url() in client.get(answer.url).content.decode()


def test_options_are_drawn_with_what_was_proposed_and_what_was_adopted(cast, sign_in):
    from opinions.actions._questions import AskedQuestion, OfferedOption

    asked = AskedQuestion(
        "Chọn mức hỗ trợ",
        form="options",
        options=(
            OfferedOption("Một", is_proposed=True),
            OfferedOption("Hai", parts=(OfferedOption("Hai a"), OfferedOption("Hai b"))),
        ),
    )
    opinion_request = steps.send(cast, questions=(asked,))
    question = opinion_request.questions.get()
    second = next(option for option in question.offered if option.text == "Hai a")
    slip = steps.slip_of(opinion_request, cast.minister)
    actions.answer_slip(
        slip, by=cast.minister, answers={question.pk: {"options": [second.pk], "reason": "Đủ nguồn."}}
    )
    steps.close(opinion_request)
    page = " ".join(sign_in(cast.chair).get(opinion_request.get_absolute_url()).content.decode().split())
    assert "Một (cơ quan chủ trì đề xuất)" in page
    assert "Hai: Hai a" in page
    assert "<span>Hai</span>" not in page, "an option with parts is not chosen itself"
    assert "Đủ nguồn." in page


def test_nobody_objects_is_said_so(cast, sign_in):
    kind = factories.make_kind(cast.body, name="Không phản đối", decided_by="no_objection")
    opinion_request = steps.send(cast, kind=kind)
    steps.answer(opinion_request, cast.minister, "disagree", "Trái luật.")
    steps.close(opinion_request)
    page = sign_in(cast.chair).get(opinion_request.get_absolute_url()).content.decode()
    assert "1 thành viên phản đối" in page
    assert "không thông qua" in page


def test_the_result_costs_the_same_for_one_remark_and_for_many(cast, sign_in):
    def count(people):
        opinion_request = steps.send(cast)
        for person in people:
            steps.answer(opinion_request, person, "other", "Sửa Điều 3.")
        page = steps.close(opinion_request).get_absolute_url()
        client = sign_in(cast.secretary)
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        return len(queries)

    assert count([cast.minister]) == count([cast.minister, cast.other_minister, cast.vice_chair])


def test_what_waits_stands_on_the_right_desk(cast):
    remark = steps.reach_remark(cast, "referred")
    explaining = "Explain the members' remarks"
    assert explaining in desk(cast.submitter)
    assert explaining in desk(cast.minister)
    assert desk(cast.other_submitter) == []
    steps.explain_all(cast, remark.request)
    assert "Report on the members' opinions" in desk(cast.submitter)
    actions.report_on_opinions(remark.request, by=cast.submitter, report="Xong.", repeats=False)
    assert desk(cast.submitter) == []
    assert "Process the lead agency's report" in desk(cast.secretary)
    actions.settle_remark(Remark.objects.get(), by=cast.secretary)
    said = "Say whether your remark is settled"
    assert said in desk(cast.other_minister)
    assert said not in desk(cast.minister)
    actions.refer_to_session(remark.request, by=cast.chair, reason="Cần thảo luận.")
    assert "Plan a session" in desk(cast.secretary)


# Other systems


def test_other_systems_settle_remarks(cast, sign_in):
    opinion_request = steps.refer_with_a_remark(cast)
    remark = opinion_request.remarks.get()
    here = f"/api/remarks/{remark.pk}/"

    def post(person, address, **fields):
        return sign_in(person).post(address, fields, content_type="application/json")

    listed = sign_in(cast.submitter).get(f"/api/remarks/?request={opinion_request.pk}").json()
    assert [row["words"] for row in listed["results"]] == [remark.words]
    assert listed["results"][0]["allowed"] == ["explain_remark"]
    assert post(cast.submitter, f"{here}explain/", verdict="no", explanation="x").status_code == 400
    assert (
        post(cast.other_submitter, f"{here}explain/", verdict="rejected", explanation="x").status_code == 404
    )
    assert (
        post(cast.third_minister, f"{here}explain/", verdict="rejected", explanation="x").status_code == 403
    )
    answer = post(cast.submitter, f"{here}explain/", verdict="rejected", explanation="Trái luật.")
    assert (answer.json()["status"], answer.json()["verdict"]) == ("explained", "rejected")
    request = f"/api/opinion-requests/{opinion_request.pk}/"
    assert post(cast.submitter, f"{request}report/", report="Đã rà soát.", repeats=True).status_code == 200
    assert post(cast.secretary, f"{here}settle/").json()["status"] == "settled"
    assert post(cast.other_minister, f"{here}answer/", stance="satisfied").json()["stance"] == "satisfied"
    assert post(cast.secretary, f"{request}office-opinion/", opinion="Nên lấy lại.").status_code == 200
    repeat = post(cast.secretary, f"{request}again/")
    assert (repeat.status_code, repeat.json()["status"]) == (201, "draft")
    assert post(cast.secretary, f"{request}session/", reason="Muộn rồi.").status_code == 409
