"""What the journeys through kinds of requests share: an administrator's form, a specialist's, a member's."""

from datetime import timedelta

from django.urls import reverse

from core import clock
from opinions.models import OpinionRequest, RequestKind
from opinions.tasks import close_overdue_requests
from people.models import User
from tests import factories
from tests.opinions import steps

SUBJECT = "Về quản lý sàn thương mại điện tử xuyên biên giới"


def url(name, *args):
    return reverse(f"opinions:{name}", args=args)


class Traveller:
    """One browser, one person at a time, reading English."""

    def __init__(self, client):
        User.objects.update(language="en")
        self.client = client

    def be(self, person):
        self.client.force_login(person)
        return self

    def read(self, address, status=200):
        answer = self.client.get(address, follow=True)
        assert answer.status_code == status, f"{address}: {answer.status_code}"
        return " ".join(answer.content.decode().split())

    def send(self, address, status=302, **fields):
        answer = self.client.post(address, fields)
        assert answer.status_code == status, answer.content.decode()
        return answer

    def put_in_use(self, administrator, body, key):
        """The administrator begins with a known form and puts it in use as it is."""
        self.be(administrator)
        new = f"{url('draft_kind', body.pk)}?form={key}"
        form = self.client.get(new).context["form"]
        fields = {name: form[name].value() for name in form.fields} | {"remind_before": "48, 24"}
        for row in form.rows:
            fields |= {row.add_prefix(name): row[name].value() for name in row.fields}
        self.send(new, **{name: value for name, value in fields.items() if value not in (None, False)})
        kind = RequestKind.objects.latest("pk")
        self.send(url("confirm_kind", kind.pk))
        return kind

    def open_request(self, kind, *, by, approver, agency, rule_set, **more):
        """From the specialist's form to the members."""
        fields = {
            "kind": kind.pk,
            "subject": SUBJECT,
            "lead_agency": agency.pk,
            "deadline": factories.deadline_in(rule_set).strftime("%Y-%m-%dT%H:%M"),
            "proposal": "Ban hành theo hồ sơ kèm theo.",
            "question_1": "Dự thảo Nghị quyết kèm theo.",
            **more,
        }
        self.be(by).send(url("draft_request"), **fields)
        opinion_request = OpinionRequest.objects.get()
        steps.make_paper(opinion_request.dossier)
        self.send(url("edit_request", opinion_request.pk), **fields, submit="1", revision="1")
        self.be(approver).send(url("approve_request", opinion_request.pk))
        opinion_request.refresh_from_db()
        return opinion_request

    def answer(self, opinion_request, person, code, reason=""):
        question = opinion_request.questions.get()
        self.be(person).send(
            url("answer_slip", steps.slip_of(opinion_request, person).pk),
            **{f"position_{question.pk}": code, f"reason_{question.pk}": reason},
            step="send",
        )


def close(opinion_request):
    with clock.at(opinion_request.deadline + timedelta(seconds=1)):
        close_overdue_requests()
    return OpinionRequest.objects.get(pk=opinion_request.pk)
