"""An opinion request on its way from the specialist's desk to the members."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import hold, lock
from core.workflow import Conflict
from decisions.models import RuleSet
from documents import actions as documents
from notifications import outbox
from opinions import rules
from opinions.actions._boxes import seal_box
from opinions.actions._issues import give_issue, record_issue, say_why
from opinions.actions._questions import Asked, ask, describe_questions
from opinions.models import OpinionRequest, OpinionSlip, RequestBeginning, RequestKind, find_assistants
from opinions.rules import Secrecy
from opinions.wording import in_figures, tidy
from people.models import Appointment, Delegation, Organisation, User
from people.rules import PRESIDING, DelegationScope, Role
from submissions.actions import take_up_submission
from submissions.models import Submission


class Details(TypedDict, total=False):
    """What else a draft says, beside the matter itself."""

    kind: RequestKind
    is_secret: bool
    adviser: Organisation | None
    adviser_opinion: str
    follower: User | None
    exception_order: str
    exception_reason: str


@transaction.atomic
def draft_request(
    opinion_request: OpinionRequest,
    *,
    by: Any,
    questions: Asked = (),
    submission: Submission | None = None,
) -> OpinionRequest:
    """A specialist of the Office begins a slip: the matter, the lead agency, the questions, the deadline.

    It takes the dossier that a lead agency has handed in, once it is accepted; else the Office makes one.
    """
    if submission is not None:
        opinion_request.body = submission.dossier.body
    rules.REQUEST.check("draft_request", by, opinion_request)

    if opinion_request.kind_id is None:
        opinion_request.kind = _usual_kind(opinion_request)
    _refuse_another_kind(opinion_request)
    _tidy(opinion_request)
    if submission is not None:
        opinion_request.dossier = take_up_submission(submission, by=by).dossier
    else:
        opinion_request.dossier = documents.create_dossier(
            by=by, body=opinion_request.body, title=opinion_request.subject
        )
    opinion_request.drafted_by, opinion_request.drafted_at = by, clock.now()
    opinion_request.edited_by_name = str(by)
    opinion_request.save()
    ask(opinion_request, questions)
    if opinion_request.previous is None:  # a repeat was typed into no form
        begun_from = opinion_request.dossier if submission is not None else None
        RequestBeginning.objects.filter(person=by, dossier=begun_from).delete()

    trail.record("opinions.draft_request", by=by, on=opinion_request, after=_describe(opinion_request))
    return opinion_request


@transaction.atomic
def edit_request(
    opinion_request: OpinionRequest,
    *,
    by: Any,
    subject: str,
    proposal: str,
    lead_agency: Organisation,
    deadline: datetime,
    questions: Asked,
    revision: int | None = None,
    **details: Unpack[Details],
) -> OpinionRequest:
    """A specialist changes the draft.

    `revision` is the one that was on the screen: who saves over a colleague's newer text is told so instead.
    """
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("edit_request", by, opinion_request)
    if revision not in (None, opinion_request.revision):
        raise Conflict(
            _("%(person)s has just changed this request. Read the new text before you save yours.")
            % {"person": opinion_request.edited_by_name}
        )

    before = _describe(opinion_request)
    opinion_request.subject, opinion_request.proposal = subject, proposal
    opinion_request.lead_agency, opinion_request.deadline = lead_agency, deadline
    for name, value in details.items():
        setattr(opinion_request, name, value)
    _refuse_another_kind(opinion_request)
    _tidy(opinion_request)
    ask(opinion_request, questions)
    opinion_request.unsaved, opinion_request.unsaved_by_name = {}, ""
    after = _describe(opinion_request)
    if before == after:
        opinion_request.save()
        return opinion_request
    opinion_request.revision += 1
    opinion_request.edited_by_name = str(by)
    opinion_request.save()

    trail.record("opinions.edit_request", by=by, on=opinion_request, before=before, after=after)
    return opinion_request


@transaction.atomic
def keep_changes(opinion_request: OpinionRequest, *, by: Any, typed: Mapping[str, str]) -> OpinionRequest:
    """What a specialist types into the draft is kept while it is typed; it is not saved yet.

    The trail has the first keeping after each saving, and not each pause of the pen.
    """
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("keep_changes", by, opinion_request)

    is_first = not opinion_request.unsaved
    opinion_request.unsaved, opinion_request.unsaved_by_name = dict(typed), str(by)
    opinion_request.save(update_fields=["unsaved", "unsaved_by_name"])

    if is_first:
        trail.record("opinions.keep_changes", by=by, on=opinion_request)
    return opinion_request


@transaction.atomic
def submit_request(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """A specialist puts the request before those who decide on the sending; they are given its papers.

    From then on the dossier stays as they see it, until they send it or give it back.
    """
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("submit_request", by, opinion_request)

    opinion_request.submitted_at = clock.now()
    opinion_request.return_reason = ""
    rules.REQUEST.advance("submit_request", opinion_request)
    opinion_request.dossier = documents.submit_dossier(opinion_request.dossier, by=by)
    opinion_request.save()
    _distribute(opinion_request, by=by, roles=PRESIDING)

    trail.record("opinions.submit_request", by=by, on=opinion_request)
    outbox.tell(
        User.objects.holding(PRESIDING, opinion_request.body),
        "opinions/request_submitted",
        url=opinion_request.get_absolute_url(),
        **_name(opinion_request),
        person=str(by),
    )
    return opinion_request


@transaction.atomic
def return_request(opinion_request: OpinionRequest, *, by: Any, reason: str) -> OpinionRequest:
    """The chair or a vice chair gives the draft back and says what is missing."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("return_request", by, opinion_request)

    opinion_request.return_reason = tidy(reason)
    rules.REQUEST.advance("return_request", opinion_request)
    opinion_request.dossier = documents.return_dossier(opinion_request.dossier, by=by)
    opinion_request.save()

    trail.record("opinions.return_request", by=by, on=opinion_request, reason=opinion_request.return_reason)
    outbox.tell(
        [opinion_request.drafted_by],
        "opinions/request_returned",
        url=opinion_request.get_absolute_url(),
        **_name(opinion_request),
        person=str(by),
    )
    return opinion_request


@transaction.atomic
def approve_request(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """The Prime Minister or a Deputy approves the sending: each member gets a slip and the whole dossier.

    From here on the rule set of this day stands, whatever rules come later, and the dossier is sealed.
    """
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("approve_request", by, opinion_request)

    opinion_request.rule_set = RuleSet.objects.in_force(opinion_request.body_id)
    opinion_request.approved_by, opinion_request.opened_at = by, clock.now()
    rules.REQUEST.advance("approve_request", opinion_request)
    opinion_request.save()
    slips = OpinionSlip.objects.bulk_create(_slips_for(opinion_request))
    opinion_request.dossier = documents.seal_dossier(opinion_request.dossier, by=by)
    record_issue(opinion_request, by=by)
    box = seal_box(opinion_request)
    members = [slip.member for slip in slips]
    assistants = list(find_assistants(opinion_request.body_id, members))
    give_issue(opinion_request, by=by, to=[*members, *assistants])

    trail.record(
        "opinions.approve_request",
        by=by,
        on=opinion_request,
        rule_set=f"{opinion_request.rule_set.name} ({opinion_request.rule_set.source})",
        members=[str(slip) for slip in slips],
        deadline=in_figures(opinion_request.deadline),
        **box,
        kind=opinion_request.kind.name,
        is_secret=opinion_request.is_secret,
        exception=_spell_exception(opinion_request),
    )
    outbox.tell(
        members,
        "opinions/request_opened",
        url=opinion_request.get_absolute_url(),
        **_name(opinion_request),
        silence_agrees=opinion_request.silence_agrees,
    )
    outbox.tell(
        assistants,
        "opinions/request_opened_for_member",
        url=opinion_request.get_absolute_url(),
        **_name(opinion_request),
    )
    return opinion_request


@transaction.atomic
def withdraw_request(opinion_request: OpinionRequest, *, by: Any, reason: str) -> OpinionRequest:
    """The chair or a vice chair calls the request back before its deadline; answers stay on record."""
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("withdraw_request", by, opinion_request)

    opinion_request.withdrawal_reason, opinion_request.withdrawn_at = tidy(reason), clock.now()
    rules.REQUEST.advance("withdraw_request", opinion_request)
    opinion_request.save()
    documents.close_dossier(opinion_request.dossier, by=by)

    trail.record(
        "opinions.withdraw_request", by=by, on=opinion_request, reason=opinion_request.withdrawal_reason
    )
    members = list(User.objects.filter(slips__request=opinion_request))
    outbox.tell(
        {*members, *find_assistants(opinion_request.body_id, members), opinion_request.drafted_by},
        "opinions/request_withdrawn",
        url=opinion_request.get_absolute_url(),
        **_name(opinion_request),
        person=str(by),
    )
    return opinion_request


def _slips_for(opinion_request: OpinionRequest) -> list[OpinionSlip]:
    """One slip a member; who holds two voting offices is one member."""
    slips: dict[int, OpinionSlip] = {}
    offices = (
        Appointment.objects.current().voting().filter(body=opinion_request.body_id, user__is_active=True)
    )
    for office in offices.select_related("user"):
        slip = slips.setdefault(
            office.user_id,
            OpinionSlip(
                request=opinion_request,
                member=office.user,
                member_title=office.title,
                place=office.protocol_order,
            ),
        )
        slip.is_chair |= office.role == Role.CHAIR
        slip.stand_in = slip.stand_in or _find_stand_in(office)
    return list(slips.values())


def _find_stand_in(office: Appointment) -> Appointment | None:
    """Whom the register names for answering slips on this day."""
    entry = Delegation.objects.standing_in_for(office, scope=DelegationScope.ANSWERING).first()
    return entry.delegate if entry else None


def _usual_kind(opinion_request: OpinionRequest) -> RequestKind:
    kind = RequestKind.objects.in_use(opinion_request.body_id).first()
    if kind is None:
        raise Conflict(_("No kind of request is in use in this body. Ask the administrator to confirm one."))
    return kind


def _refuse_another_kind(opinion_request: OpinionRequest) -> None:
    if opinion_request.kind.body_id != opinion_request.body_id:
        raise Conflict(_("This kind of request is that of another body."))


def _tidy(opinion_request: OpinionRequest) -> None:
    """As it is to be stored: no loose spaces, and secret only where the kind lets it be."""
    secrecy = opinion_request.kind.secrecy
    opinion_request.is_secret = secrecy == Secrecy.SECRET or (
        opinion_request.is_secret and secrecy == Secrecy.EITHER
    )
    for name in ("subject", "proposal", "adviser_opinion", "exception_order", "exception_reason"):
        setattr(opinion_request, name, tidy(getattr(opinion_request, name)))


def _distribute(
    opinion_request: OpinionRequest, *, by: Any, to: Sequence[User] = (), roles: Iterable[str] = ()
) -> None:
    """The whole working copy, paper by paper, to those who decide on the sending."""
    offices = [(role, opinion_request.body) for role in roles]
    because = say_why(opinion_request)
    for paper in opinion_request.dossier.papers.select_related("version__document"):
        documents.distribute_version(paper.version, by=by, to=to, roles=offices, because=because)


def _describe(opinion_request: OpinionRequest) -> dict[str, Any]:
    return {
        "kind": opinion_request.kind.name,
        "is_secret": opinion_request.is_secret,
        "subject": opinion_request.subject,
        "proposal": opinion_request.proposal,
        "lead_agency": str(opinion_request.lead_agency),
        "adviser": str(opinion_request.adviser or ""),
        "adviser_opinion": opinion_request.adviser_opinion,
        "follower": str(opinion_request.follower or ""),
        "deadline": in_figures(opinion_request.deadline),
        "exception": _spell_exception(opinion_request),
        "questions": describe_questions(opinion_request),
    }


def _spell_exception(opinion_request: OpinionRequest) -> str:
    """Which order allows another deadline than the rules, and why."""
    if not opinion_request.has_exception:
        return ""
    return f"{opinion_request.exception_order}: {opinion_request.exception_reason}"


def _name(opinion_request: OpinionRequest) -> dict[str, Any]:
    """What every notice about a request tells."""
    return {
        "subject": opinion_request.subject,
        "deadline": in_figures(opinion_request.deadline),
        "lead_agency": opinion_request.lead_agency.name,
    }
