"""What every collection ends with, an open one and a secret one."""

from typing import Any

from decisions.calendar import add_working_days
from decisions.tally import Branch
from documents.actions import order_rendering
from documents.models import Document
from documents.rules import DocumentKind
from notifications import outbox
from opinions.actions._sheets import drop_all_unsigned
from opinions.actions.slips import count_silence, release_slip
from opinions.counting import Counted, count_answers
from opinions.models import OpinionRequest
from opinions.wording import name_synthesis
from people.models import Appointment, User
from people.rules import PRESIDING, Role


def count_the_silent(opinion_request: OpinionRequest, *, by: Any) -> None:
    """Whoever has not answered is silent; who holds no voting office any more is not one of all members."""
    offices = Appointment.objects.current().voting().filter(body=opinion_request.body_id)
    unanswered = opinion_request.slips.unanswered()
    release_slip(list(unanswered.exclude(member__in=offices.values_list("user", flat=True))), by=by)
    count_silence(list(unanswered), by=by)
    drop_all_unsigned(opinion_request)


def store_outcome(opinion_request: OpinionRequest) -> Counted:
    """The figures of each question, the one result of all, and what is due then. The caller saves it."""
    outcome = count_answers(opinion_request)
    for question, result in outcome.results:
        question.result = result
        question.save(update_fields=["result"])
    opinion_request.branch = outcome.branch
    _set_what_is_due(opinion_request)
    opinion_request.synthesis = Document.objects.create(
        body=opinion_request.body, kind=DocumentKind.SYNTHESIS, title=name_synthesis(opinion_request)
    )
    return outcome


def tell_outcome(opinion_request: OpinionRequest, *, by: Any) -> None:
    """The synthesis is made, and those are told who have to do with it."""
    assert opinion_request.synthesis is not None  # made with the outcome
    order_rendering(
        opinion_request.synthesis, by=by, task="opinions.tasks.render_synthesis", target=opinion_request
    )
    outbox.tell(
        User.objects.holding([Role.SECRETARY, *PRESIDING], opinion_request.body_id),
        "opinions/request_closed",
        url=opinion_request.get_absolute_url(),
        subject=opinion_request.subject,
        branch=opinion_request.branch,
        process_by=f"{opinion_request.process_by:%d/%m/%Y}",
    )


def _set_what_is_due(opinion_request: OpinionRequest) -> None:
    """Working days from the deadline: the Office's own; in branch c the lead agency's report too."""
    rule_set, days_off = opinion_request.rule_set, opinion_request.rule_set.list_days_off()
    day = opinion_request.deadline_day
    opinion_request.process_by = add_working_days(day, rule_set.processing_days, days_off)
    if opinion_request.branch == Branch.AGREED_WITH_OPINIONS:
        opinion_request.report_by = add_working_days(day, rule_set.report_days, days_off)
