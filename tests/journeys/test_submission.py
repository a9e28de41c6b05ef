"""A ministry's dossier reaches the members, through the pages.

1. An officer of the Ministry of Finance begins a dossier for a session on Friday and uploads one paper;
   the page says what is missing, and it cannot be handed in.
2. She adds the draft and hands in. The Office finds it on its desk, and returns it with a reason.
3. It is handed in again on Wednesday: late, and marked so. The Office accepts it all the same.
4. A specialist drafts an opinion request from it, and it is sent to the members with its papers.
5. The officer sees that her dossier is before the members; another ministry's officer sees nothing of it.
"""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import AuditEvent
from opinions.models import OpinionRequest
from opinions.rules import RequestStatus
from people.models import User
from submissions.models import Submission
from tests import factories
from tests.documents.samples import make_pdf
from tests.submissions import steps

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Về cơ chế tài chính đối với quỹ phòng, chống thiên tai"
REASON = "Chưa có ý kiến của Bộ Xây dựng."


class Visitor:
    """One browser, one person at a time."""

    def __init__(self, client):
        self.client = client

    def be(self, person):
        self.client.force_login(person)
        return self

    def read(self, url, status=200):
        answer = self.client.get(url)
        assert answer.status_code == status, f"{url}: {answer.status_code}"
        return answer.content.decode()

    def send(self, url, status=302, **fields):
        answer = self.client.post(url, fields)
        assert answer.status_code == status, answer.content.decode()
        return answer


@pytest.fixture
def visitor(client, cast):
    User.objects.update(language="en")
    return Visitor(client)


def at(submission, name):
    return reverse(f"submissions:{name}", args=[submission.pk])


def upload(visitor, submission, kind):
    file = SimpleUploadedFile(f"{kind}.pdf", make_pdf(), "application/pdf")
    url = reverse("documents:add_paper", args=[submission.dossier_id])
    visitor.send(url, upload=file, kind=kind)


def test_from_the_ministry_to_the_members(visitor, cast):
    kind = steps.make_kind(cast, required=["submission", "draft"])
    with steps.on(steps.MONDAY):
        submission = prepare(visitor, cast, kind)
        page = submission.get_absolute_url()
        assert "“Draft decision” is missing: add it." in visitor.read(page)
        visitor.send(at(submission, "hand_in_submission"), status=409)
        visitor.be(cast.chair).read(page, status=404)

        upload(visitor.be(cast.submitter), submission, "draft")
        visitor.read(at(submission, "hand_in_submission"))
        visitor.send(at(submission, "hand_in_submission"))
        assert "Check the dossier handed in" in visitor.be(cast.secretary).read(reverse("home"))
        visitor.send(at(submission, "return_submission"), reason=REASON)

    assert "Complete the returned dossier" in visitor.be(cast.submitter).read(reverse("home"))
    assert REASON in visitor.read(page)

    with steps.on(date(2026, 11, 25)):
        visitor.be(cast.submitter).send(at(submission, "hand_in_submission"))
        assert "It was due on 24/11/2026" in visitor.be(cast.secretary).read(page)
        visitor.be(cast.submitter).send(at(submission, "accept_submission"), status=403)
        visitor.be(cast.secretary).send(at(submission, "accept_submission"))
        draft = f"{reverse('opinions:draft_request')}?dossier={submission.dossier_id}"
        assert draft in visitor.read(page)
        visitor.send(
            draft,
            subject=TITLE,
            lead_agency=cast.finance.pk,
            deadline=factories.deadline_in(cast.rule_set).strftime("%Y-%m-%dT%H:%M"),
            proposal="Ban hành Nghị quyết.",
            question_1="Đồng ý với dự thảo Nghị quyết.",
        )
        opinion_request = OpinionRequest.objects.get()
        edit = reverse("opinions:edit_request", args=[opinion_request.pk])
        visitor.send(
            edit,
            subject=TITLE,
            lead_agency=cast.finance.pk,
            deadline=opinion_request.deadline.astimezone().strftime("%Y-%m-%dT%H:%M"),
            question_1="Đồng ý với dự thảo Nghị quyết.",
            revision=opinion_request.revision,
            submit="1",
        )
        visitor.be(cast.vice_chair).send(reverse("opinions:approve_request", args=[opinion_request.pk]))

        opinion_request.refresh_from_db()
        assert opinion_request.status == RequestStatus.OPEN
        assert opinion_request.dossier_id == submission.dossier_id
        version = opinion_request.dossier.papers.first().version
        visitor.be(cast.minister).read(opinion_request.get_absolute_url())
        visitor.read(version.get_absolute_url())
        assert "is asking the members" in visitor.be(cast.submitter).read(page)
        visitor.read(opinion_request.get_absolute_url(), status=404)
        visitor.be(cast.other_submitter).read(page, status=404)
        visitor.read(version.get_absolute_url(), status=404)

    told = AuditEvent.objects.filter(case_id=submission.dossier_id, case_type="documents.dossier")
    actions = list(told.order_by("pk").values_list("action", flat=True))
    wanted = [
        "submissions.prepare_submission",
        "documents.add_paper",
        "submissions.hand_in_submission",
        "submissions.return_submission",
        "submissions.accept_submission",
        "submissions.take_up_submission",
        "documents.seal_dossier",
    ]
    places = [actions.index(action) for action in wanted]
    assert places == sorted(places)
    assert actions.count("submissions.hand_in_submission") == 2


def prepare(visitor, cast, kind):
    visitor.be(cast.submitter).send(
        reverse("submissions:prepare_submission"),
        title=TITLE,
        agency=cast.finance.pk,
        kind=kind.pk,
        wanted_on=steps.FRIDAY.isoformat(),
    )
    submission = Submission.objects.get()
    assert submission.due_on == steps.FRIDAY - timedelta(days=3)
    upload(visitor, submission, "submission")
    return submission
