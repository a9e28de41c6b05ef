"""After the opinions were passed on: report, opinion of the office, and what is decided."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.news import publish
from core.workflow import Conflict
from decisions.models import RuleSet
from documents import actions as documents
from documents.models import IssuedPaper, Section
from notifications import outbox
from opinions import rules
from opinions.actions._questions import read_questions
from opinions.actions.requests import draft_request
from opinions.events import RequestReferredToSession
from opinions.models import OpinionRequest
from opinions.wording import tidy
from people.models import User
from people.rules import PRESIDING, Role


@transaction.atomic
def report_on_opinions(
    opinion_request: OpinionRequest, *, by: Any, report: str, repeats: bool
) -> OpinionRequest:
    """The lead agency reports what it has accepted and explained, and says whether to collect again."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("report_on_opinions", by, opinion_request)
    if not tidy(report):
        raise Conflict(_("Write the report."))

    before = opinion_request.report
    opinion_request.report, opinion_request.report_repeats = tidy(report), repeats
    opinion_request.reported_at, opinion_request.reported_by_name = clock.now(), str(by)
    opinion_request.save()

    trail.record(
        "opinions.report_on_opinions",
        by=by,
        on=opinion_request,
        before=before,
        after=opinion_request.report,
        repeats=repeats,
    )
    outbox.tell(
        User.objects.holding([Role.SECRETARY, *PRESIDING], opinion_request.body_id),
        "opinions/opinions_reported",
        url=_result_of(opinion_request),
        subject=opinion_request.subject,
        lead_agency=opinion_request.lead_agency.name,
        repeats=repeats,
    )
    return opinion_request


@transaction.atomic
def record_office_opinion(opinion_request: OpinionRequest, *, by: Any, opinion: str) -> OpinionRequest:
    """The office adds its own independent opinion for those who preside."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("record_office_opinion", by, opinion_request)
    if not tidy(opinion):
        raise Conflict(_("Write the opinion of the office."))

    before = opinion_request.office_opinion
    opinion_request.office_opinion = tidy(opinion)
    opinion_request.save(update_fields=["office_opinion"])

    trail.record(
        "opinions.record_office_opinion",
        by=by,
        on=opinion_request,
        before=before,
        after=opinion_request.office_opinion,
    )
    outbox.tell(
        User.objects.holding(PRESIDING, opinion_request.body_id),
        "opinions/office_opinion_recorded",
        url=_result_of(opinion_request),
        subject=opinion_request.subject,
        person=str(by),
    )
    return opinion_request


@transaction.atomic
def collect_again(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """The office begins a second collection: the same questions and papers in a new draft, which leads back
    to this one. It returns the draft; whether it is sent is decided as for every request."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("collect_again", by, opinion_request)

    rules.REQUEST.advance("collect_again", opinion_request)
    opinion_request.save(update_fields=["status"])
    repeat = draft_request(
        OpinionRequest(
            body=opinion_request.body,
            previous=opinion_request,
            kind=opinion_request.kind if opinion_request.kind.is_in_use else None,
            is_secret=opinion_request.is_secret,
            subject=opinion_request.subject,
            proposal=opinion_request.proposal,
            lead_agency=opinion_request.lead_agency,
            adviser=opinion_request.adviser,
            adviser_opinion=opinion_request.adviser_opinion,
            follower=opinion_request.follower,
            deadline=_find_new_deadline(opinion_request),
        ),
        by=by,
        questions=read_questions(opinion_request),
    )
    _take_papers_along(opinion_request, repeat, by=by)

    trail.record("opinions.collect_again", by=by, on=opinion_request, repeat=repeat.pk)
    return repeat


@transaction.atomic
def refer_to_session(opinion_request: OpinionRequest, *, by: Any, reason: str) -> OpinionRequest:
    """The matter goes to the next session, with its whole history, instead of being decided in writing."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("refer_to_session", by, opinion_request)
    if not tidy(reason):
        raise Conflict(_("Say why the matter goes to a session."))

    opinion_request.session_reason, opinion_request.session_at = tidy(reason), clock.now()
    rules.REQUEST.advance("refer_to_session", opinion_request)
    opinion_request.save()

    trail.record(
        "opinions.refer_to_session", by=by, on=opinion_request, reason=opinion_request.session_reason
    )
    publish(RequestReferredToSession(opinion_request.pk, by.pk))
    return opinion_request


def _find_new_deadline(opinion_request: OpinionRequest) -> datetime:
    """The longest time that the rules of today allow, at the same hour; the office may choose another."""
    _earliest, latest = RuleSet.objects.in_force(opinion_request.body_id).span_of_answer_days(clock.today())
    hour = timezone.localtime(opinion_request.deadline).time()
    return timezone.make_aware(datetime.combine(latest, hour))


def _take_papers_along(opinion_request: OpinionRequest, repeat: OpinionRequest, *, by: Any) -> None:
    """The papers that lay before the members last, in their sections; what was refused since stays behind."""
    sections: dict[str, Section] = {}
    papers = IssuedPaper.objects.visible_to(by).filter(issue=opinion_request.dossier.current_issue)
    for paper in papers.filter(version__refused_because="").select_related("version__document"):
        title = paper.section_title
        if title and title not in sections:
            sections[title] = documents.add_section(repeat.dossier, by=by, title=title)
        documents.include_version(repeat.dossier, by=by, version=paper.version, section=sections.get(title))


def _result_of(opinion_request: OpinionRequest) -> str:
    return f"{opinion_request.get_absolute_url()}#result"
