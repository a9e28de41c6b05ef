"""A Government decides in writing: one matter from the draft to the archive, through the pages.

1. A specialist drafts an opinion request and uploads the papers; workers read and verify them.
2. A Deputy Prime Minister approves the sending; each member finds the request on her desk.
3. An assistant prepares, a minister answers and answers again; a stranger sees nothing.
4. The clock closes the request, silence agrees, and the synthesis is laid out.
5. The Office drafts the resolution, the Deputy approves it, the Office registers it.
6. The archivist finds it without accents, with its papers; the auditor reads the whole case in order.
"""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import AuditEvent
from core import clock
from decisions.models import Resolution
from documents.models import DocumentVersion, Rendering
from opinions.models import OpinionRequest
from opinions.rules import RequestStatus, SlipStatus
from opinions.tasks import close_overdue_requests
from signatures.models import Verification
from tests import factories
from tests.documents.samples import make_pdf

pytestmark = pytest.mark.django_db(transaction=True)

SUBJECT = "Về thanh toán chi phí bảo hiểm y tế vùng biên giới, hải đảo"


@pytest.fixture
def paper(request):
    """A real resolution of the gazette where the corpus is; else a PDF of our own."""
    try:
        folder = request.getfixturevalue("corpus")
    except pytest.skip.Exception:
        return make_pdf(), "unsigned"
    path = next((folder / "gazette" / "signed").glob("nghi-quyet-so-113-*.pdf"))
    return path.read_bytes(), "undecided"


class Visitor:
    """One browser, one person at a time."""

    def __init__(self, client):
        self.client = client

    def be(self, person):
        self.client.force_login(person)
        return self

    def read(self, url, status=200):
        answer = self.client.get(url, follow=True)
        assert answer.status_code == status, f"{url}: {answer.status_code}"
        return answer.content.decode()

    def send(self, url, status=302, **fields):
        answer = self.client.post(url, fields)
        assert answer.status_code == status, answer.content.decode()
        return answer


@pytest.fixture
def visitor(client):
    return Visitor(client)


def draft(visitor, cast, content):
    form = {
        "subject": SUBJECT,
        "lead_agency": cast.health.pk,
        "deadline": factories.deadline_in(cast.rule_set).strftime("%Y-%m-%dT%H:%M"),
        "proposal": "Thanh toán chi phí vượt dự toán đã thẩm định.",
        "question_1": "Đồng ý với dự thảo Nghị quyết.",
    }
    visitor.be(cast.secretary).send(reverse("opinions:draft_request"), **form)
    opinion_request = OpinionRequest.objects.get()
    edit = reverse("opinions:edit_request", args=[opinion_request.pk])
    file = SimpleUploadedFile("dự thảo.pdf", content, "application/pdf")
    visitor.send(reverse("documents:add_paper", args=[opinion_request.dossier_id]), upload=file)
    return opinion_request, edit, {**form, "revision": opinion_request.revision}


def test_from_the_draft_to_the_archive(visitor, cast, paper):
    content, verdict = paper
    opinion_request, edit, form = draft(visitor, cast, content)
    page = opinion_request.get_absolute_url()
    version = DocumentVersion.objects.get()
    assert Verification.objects.get(version=version).verdict == verdict
    visitor.send(edit, **form, submit="1")

    visitor.be(cast.minister).read(page, status=404)
    assert SUBJECT in visitor.be(cast.vice_chair).read(reverse("home"))
    visitor.send(reverse("opinions:approve_request", args=[opinion_request.pk]))
    assert SUBJECT in visitor.be(cast.minister).read(reverse("home"))
    visitor.read(version.get_absolute_url())
    visitor.be(cast.outside_member).read(page, status=404)
    visitor.read(version.get_absolute_url(), status=404)

    question = opinion_request.questions.get()
    agree = {f"position_{question.pk}": "agree", f"reason_{question.pk}": ""}
    other = {f"position_{question.pk}": "other", f"reason_{question.pk}": "Đề nghị nêu rõ nguồn kinh phí."}
    slips = {slip.member_id: slip for slip in opinion_request.slips.all()}

    def address(name, person):
        return reverse(f"opinions:{name}", args=[slips[person.pk].pk])

    visitor.be(cast.assistant).send(address("draft_answer", cast.minister), **agree, submit="1")
    visitor.send(address("answer_slip", cast.minister), **agree, step="send", status=403)
    visitor.be(cast.minister).send(address("answer_slip", cast.minister), **agree, step="send")
    first = opinion_request.slips.get(member=cast.minister).receipt
    visitor.send(address("answer_slip", cast.minister), **other, step="send")
    second = opinion_request.slips.get(member=cast.minister)
    assert second.receipt and second.receipt != first
    visitor.be(cast.chair).send(address("answer_slip", cast.chair), **agree, step="send")
    visitor.be(cast.other_minister).send(address("answer_slip", cast.other_minister), **agree, step="send")

    with clock.at(OpinionRequest.objects.get().deadline + timedelta(seconds=1)):
        close_overdue_requests()
    opinion_request.refresh_from_db()
    assert opinion_request.status == RequestStatus.CLOSED
    assert opinion_request.branch == "c"
    assert opinion_request.slips.get(member=cast.vice_chair).status == SlipStatus.SILENT
    result = opinion_request.questions.get().result
    assert (result["in_favour"], result["basis"], result["other"]) == (4, 5, 1)
    synthesis = Rendering.objects.get(document=opinion_request.synthesis).version
    assert "Nguyễn Hữu Đức" in "".join(synthesis.text.pages)

    visitor.be(cast.secretary).send(
        reverse("opinions:draft_decision", args=[opinion_request.pk]),
        subject=SUBJECT,
        bases="Căn cứ Luật Tổ chức Chính phủ số 63/2025/QH15",
        articles="Thanh toán chi phí đã thẩm định.\n\nNghị quyết có hiệu lực từ ngày ký.",
        recipients="Bộ Y tế",
        signer=cast.vice_chair.appointments.get().pk,
    )
    resolution = Resolution.objects.get()
    visitor.be(cast.archivist).read(reverse("decisions:read_resolution", args=[resolution.pk]), status=404)
    visitor.be(cast.vice_chair).send(reverse("decisions:approve_resolution", args=[resolution.pk]))
    visitor.be(cast.secretary).send(
        reverse("decisions:issue_resolution", args=[resolution.pk]), issued_on=clock.today().isoformat()
    )
    resolution.refresh_from_db()
    assert resolution.full_number == "01/NQ-CP"
    text = " ".join("".join(resolution.newest_rendering.version.text.pages).split())
    assert "Số: 01/NQ-CP" in text
    assert "Trên cơ sở kết quả biểu quyết của các Thành viên Chính phủ." in text

    found = visitor.be(cast.archivist).read(f"{reverse('archive:search')}?q=phi+bao+hiem+y+te")
    assert "<mark>phí bảo hiểm y tế</mark>" in found
    entry = visitor.read(reverse("archive:read_resolution", args=[resolution.pk]))
    assert "01/NQ-CP" in entry
    visitor.read(version.get_absolute_url())
    visitor.read(page, status=404)
    assert "bảo hiểm y tế" not in visitor.be(cast.outside_auditor).read(
        f"{reverse('archive:search')}?q=bao+hiem+y+te"
    )

    case = reverse("audit:read_case", args=["opinions.opinionrequest", opinion_request.pk])
    story = visitor.be(cast.auditor).read(case)
    for person in (cast.secretary, cast.vice_chair, cast.assistant, cast.minister):
        assert person.full_name in story
    visitor.be(cast.secretary).read(case, status=404)

    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    wanted = [
        "opinions.draft_request",
        "documents.add_paper",
        "signatures.record_verification",
        "opinions.submit_request",
        "opinions.approve_request",
        "opinions.draft_answer",
        "opinions.answer_slip",
        "opinions.close_request",
        "opinions.draft_decision",
        "decisions.approve_resolution",
        "decisions.issue_resolution",
        "decisions.release_resolution",
    ]
    places = [actions.index(action) for action in wanted]
    assert places == sorted(places)
    answers = AuditEvent.objects.filter(action="opinions.answer_slip", actor_id=cast.minister.pk).order_by(
        "pk"
    )
    assert [bool(answer.details["before"]) for answer in answers] == [False, True]
