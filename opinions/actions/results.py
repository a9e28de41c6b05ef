"""The end of a collection: counting at the deadline, and what follows from the count."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from audit import trail
from core import clock
from core.locks import hold, lock
from decisions import actions as decisions
from decisions.calendar import add_working_days
from decisions.models import Resolution
from decisions.tally import Branch
from documents.actions import close_dossier, order_rendering
from documents.models import Document
from documents.rules import DocumentKind
from notifications import outbox
from opinions import rules
from opinions.actions.slips import count_silence, release_slip
from opinions.counting import count_answers
from opinions.models import OpinionRequest
from opinions.wording import name_synthesis, tidy
from people.models import Appointment, User
from people.rules import PRESIDING, Role


@transaction.atomic
def close_request(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """At the deadline the clock closes the collection and counts the answers against all members.

    It waits for the answers that are being written down at this moment; after it none is taken.
    """
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("close_request", by, opinion_request)

    unanswered, members = opinion_request.slips.unanswered(), _list_members(opinion_request)
    release_slip(list(unanswered.exclude(member__in=members)), by=by)
    count_silence(list(unanswered), by=by)
    outcome = count_answers(opinion_request)
    for question, result in outcome.results:
        question.result = result
        question.save(update_fields=["result"])
    opinion_request.branch = outcome.branch
    opinion_request.closed_at = clock.now()
    _set_what_is_due(opinion_request)
    opinion_request.synthesis = Document.objects.create(
        body=opinion_request.body, kind=DocumentKind.SYNTHESIS, title=name_synthesis(opinion_request)
    )
    rules.REQUEST.advance("close_request", opinion_request)
    opinion_request.save()
    close_dossier(opinion_request.dossier, by=by)

    trail.record(
        "opinions.close_request",
        by=by,
        on=opinion_request,
        branch=opinion_request.branch,
        results=[result for _, result in outcome.results],
        rule_set=f"{opinion_request.rule_set.name} ({opinion_request.rule_set.source})",
    )
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
    return opinion_request


@transaction.atomic
def refer_request(opinion_request: OpinionRequest, *, by: Any, note: str = "") -> OpinionRequest:
    """The members' opinions are passed to the lead agency, to take in and explain (Điều 15(6))."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("refer_request", by, opinion_request)

    opinion_request.referral_note, opinion_request.referred_at = tidy(note), clock.now()
    rules.REQUEST.advance("refer_request", opinion_request)
    opinion_request.save()

    trail.record(
        "opinions.refer_request",
        by=by,
        on=opinion_request,
        lead_agency=str(opinion_request.lead_agency),
        note=opinion_request.referral_note,
    )
    agency = Appointment.objects.current().filter(
        body=opinion_request.body_id, organisation=opinion_request.lead_agency_id
    )
    outbox.tell(
        User.objects.filter(pk__in=agency.values("user"), is_active=True),
        "opinions/request_referred",
        url=opinion_request.get_absolute_url(),
        subject=opinion_request.subject,
        person=str(by),
        report_by=f"{opinion_request.report_by:%d/%m/%Y}" if opinion_request.report_by else "",
    )
    return opinion_request


@transaction.atomic
def draft_decision(
    opinion_request: OpinionRequest,
    *,
    by: Any,
    subject: str,
    bases: Sequence[str],
    articles: Sequence[str],
    recipients: Sequence[str],
    signer: Appointment,
    initials_by: Appointment | None = None,
) -> OpinionRequest:
    """A specialist drafts the resolution that the majority has agreed to, on the dossier they read."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("draft_decision", by, opinion_request)

    opinion_request.resolution = decisions.draft_resolution(
        Resolution(
            body=opinion_request.body,
            rule_set=opinion_request.rule_set,
            dossier=opinion_request.dossier,
            subject=tidy(subject),
            lead_agency=opinion_request.lead_agency,
            signer=signer,
            initials_by=initials_by,
        ),
        by=by,
        bases=bases,
        articles=articles,
        recipients=recipients,
    )
    rules.REQUEST.advance("draft_decision", opinion_request)
    opinion_request.save()

    trail.record(
        "opinions.draft_decision", by=by, on=opinion_request, resolution=opinion_request.resolution.subject
    )
    return opinion_request


def _list_members(opinion_request: OpinionRequest) -> "QuerySet[Appointment, int]":
    """Those who hold a voting office of the body at this moment."""
    offices = Appointment.objects.current().voting().filter(body=opinion_request.body_id)
    return offices.values_list("user", flat=True)


def _set_what_is_due(opinion_request: OpinionRequest) -> None:
    """Working days from the deadline: the Office's own; in branch c the lead agency's report too."""
    rule_set, days_off = opinion_request.rule_set, opinion_request.rule_set.list_days_off()
    day = opinion_request.deadline_day
    opinion_request.process_by = add_working_days(day, rule_set.processing_days, days_off)
    if opinion_request.branch == Branch.AGREED_WITH_OPINIONS:
        opinion_request.report_by = add_working_days(day, rule_set.report_days, days_off)
