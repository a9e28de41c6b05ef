"""An auditor reads a whole decision in order: from the draft to the close."""

import re

import pytest
from django.template import engines
from django.urls import reverse

from audit.models import AuditEvent
from tests.conftest import CAST
from tests.opinions import steps

pytestmark = pytest.mark.django_db

EXPECTED = (
    "Hoàng Minh Khôi: lập dự thảo phiếu lấy ý kiến",
    "Hoàng Minh Khôi: trình duyệt phiếu lấy ý kiến",
    "Lê Thị Thanh Hà: duyệt gửi; phiếu bắt đầu lấy ý kiến",
    "Nguyễn Hữu Đức: gửi ý kiến",
    "Nguyễn Hữu Đức: gửi ý kiến",
    "Đồng hồ của hệ thống: ghi nhận thành viên không trả lời theo quy tắc",
    "Đồng hồ của hệ thống: kết thúc lấy ý kiến khi hết thời hạn",
)


@pytest.fixture
def opinion_request(cast):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "disagree", "Chưa đánh giá đủ tác động.")
    steps.answer(opinion_request, cast.minister, "agree")
    return steps.close(opinion_request)


def read(client, opinion_request):
    return client.get(reverse("audit:read_case", args=["opinions.opinionrequest", opinion_request.pk]))


def test_the_whole_case_in_order(cast, sign_in, opinion_request):
    with steps.after_the_deadline(opinion_request):
        answer = read(sign_in(cast.auditor), opinion_request)
    page = answer.content.decode()
    rows = re.findall(r'<tr id="entry.*?<th[^>]*>(.*?)</th>.*?<td[^>]*>\s*(.*?)(?::| <|\n)', page, re.S)
    told = [f"{person.strip()}: {deed.strip()}" for person, deed in rows]

    place = 0
    for line in EXPECTED:
        assert line in told[place:], f"{line} does not come after entry {place}: {told}"
        place = told.index(line, place) + 1
    assert "Chưa đánh giá đủ tác động." in page  # the answer that was replaced is kept
    assert opinion_request.get_absolute_url() in page
    types = set(answer.context["entries"][n].case_type for n in range(len(rows)))
    assert {"opinions.opinionrequest", "documents.dossier"} <= types


def test_nothing_on_the_page_is_a_bare_code(cast, sign_in, opinion_request):
    page = read(sign_in(cast.auditor), opinion_request).content.decode()
    words = re.sub(r"<[^>]+>", " ", page.partition("<main")[2])

    assert not re.findall(r"\b(opinions|documents|decisions)\.\w+", words)
    assert not re.findall(r"\b(agree|disagree|silent|chair|branch|basis|True|False|None)\b", words)


def test_everyone_else_finds_no_such_page(cast, sign_in, opinion_request):
    for who in CAST:
        if who != "auditor":
            assert read(sign_in(getattr(cast, who)), opinion_request).status_code == 404


@pytest.mark.parametrize("who", CAST)
def test_the_way_to_the_trail_is_shown_to_auditors_alone(cast, rf, who, opinion_request):
    request = rf.get("/")
    request.user = getattr(cast, who)
    template = engines["django"].from_string("{% load trail %}{% trail_of case as address %}{{ address }}")

    shown = template.render({"case": opinion_request}, request)
    assert shown == (f"/trail/opinions.opinionrequest/{opinion_request.pk}/" if who == "auditor" else "")


def test_the_case_is_read_in_few_questions(cast, sign_in, opinion_request, django_assert_max_num_queries):
    client = sign_in(cast.auditor)
    assert AuditEvent.objects.count() > 10
    with django_assert_max_num_queries(16):
        read(client, opinion_request)
