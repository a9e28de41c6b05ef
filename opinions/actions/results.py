"""The end of a collection: counting at the deadline, and what follows from the count."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import hold, lock
from decisions import actions as decisions
from decisions.models import Resolution
from documents.actions import close_dossier
from notifications import outbox
from opinions import rules
from opinions.actions._attachments import give_attachments
from opinions.actions._closing import count_the_silent, store_outcome, tell_outcome
from opinions.actions._remarks import raise_remarks
from opinions.models import OpinionRequest
from opinions.wording import tidy
from people.models import Appointment, User


@transaction.atomic
def close_request(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """At the deadline the clock closes the collection and counts the answers against all members.

    It waits for the answers that are being written down at this moment; after it none is taken.
    """
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("close_request", by, opinion_request)

    count_the_silent(opinion_request, by=by)
    outcome = store_outcome(opinion_request)
    remarks = raise_remarks(opinion_request)
    opinion_request.closed_at = clock.now()
    rules.REQUEST.advance("close_request", opinion_request)
    opinion_request.save()
    close_dossier(opinion_request.dossier, by=by)
    give_attachments(opinion_request)

    trail.record(
        "opinions.close_request",
        by=by,
        on=opinion_request,
        branch=opinion_request.branch,
        results=[result for _, result in outcome.results],
        remarks=len(remarks),
        rule_set=f"{opinion_request.rule_set.name} ({opinion_request.rule_set.source})",
    )
    tell_outcome(opinion_request, by=by)
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
    readers = list(User.objects.filter(pk__in=agency.values("user"), is_active=True))
    give_attachments(opinion_request, to=readers)
    outbox.tell(
        readers,
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
