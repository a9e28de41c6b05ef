"""What waits for a person. Each entry is an action that the rulebooks allow her now.

One query a source and a fixed length: five hundred requests cost what five do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from decisions.models import Resolution
from decisions.rules import ResolutionStatus
from documents.models import PaperCopy
from documents.rules import of_own_agency
from meetings.models import AgendaItem
from opinions.models import BallotCounter, OpinionRequest, OpinionSlip, Remark, UnsentAnswer
from opinions.pages.slips import name_card
from opinions.rules import BEFORE_SENDING, UNANSWERED, RemarkStatus, RequestStatus, SlipStatus
from people.rules import PRESIDING, VOTING, Role
from signatures import signing_pages
from submissions.models import Submission
from submissions.rules import WITH_THE_AGENCY, SubmissionStatus

SIZE = 20
FOLLOWED = 6
END_OF_DAY = time(17)


@dataclass(frozen=True)
class Task:
    """Verb, object, deadline, one button."""

    verb: str
    subject: str
    url: str
    button: str
    deadline: datetime | None
    note: str = ""

    @property
    def urgency(self) -> tuple[bool, float]:
        return (self.deadline is None, self.deadline.timestamp() if self.deadline else 0)


@dataclass(frozen=True)
class Desk:
    tasks: list[Task]
    page: int
    has_more: bool

    @property
    def newer(self) -> str:
        return f"?page={self.page - 1}" if self.page > 1 else ""

    @property
    def older(self) -> str:
        return f"?page={self.page + 1}" if self.has_more else ""


def list_tasks(user: Any, page: int = 1) -> Desk:
    """All that waits, the earliest deadline first, whatever kind it is."""
    wanted = page * SIZE + 1
    tasks = [task for source in SOURCES for task in source(user, wanted)]
    tasks.sort(key=lambda task: task.urgency)
    first = (page - 1) * SIZE
    return Desk(tasks[first : first + SIZE], page, has_more=len(tasks) > first + SIZE)


def list_followed(user: Any) -> list[OpinionRequest]:
    """Requests that are collecting opinions, for those who have nothing to do with them just now but wait."""
    mine = OpinionSlip.objects.filter(member__in=[user.pk, *user.assisted_user_ids()], status__in=UNANSWERED)
    requests = OpinionRequest.objects.with_progress().visible_to(user).filter(status=RequestStatus.OPEN)
    requests = requests.exclude(pk__in=mine.values("request")).select_related("lead_agency")
    return list(requests.order_by("deadline", "pk")[:FOLLOWED])


# Sources: each asks the database once, and not at all where the person holds no office for it


def _answers(user: Any, wanted: int) -> Iterator[Task]:
    """A member is asked for an opinion, or the stand-in of one where the form lets her answer."""
    offices = [office.pk for office in user.current_appointments]
    if not offices:
        return
    own = Q(member=user.pk, request__body__in=user.body_ids(*VOTING))
    for_others = Q(stand_in__in=offices, request__kind__stand_ins_answer=True)
    begun = UnsentAnswer.objects.filter(slip=OuterRef("pk"), writer=user.pk)
    slips = _open_slips(wanted, own | for_others, status__in=UNANSWERED)
    for slip in slips.annotate(is_begun=Exists(begun)):
        acts_for = _("Give an opinion in place of %(member)s") % {"member": slip}
        yield Task(
            verb=_("Give your opinion") if slip.member_id == user.pk else acts_for,
            subject=slip.request.subject,
            url=f"{slip.get_absolute_url()}#{name_card(user, slip)}",
            button=_("Give your opinion"),
            deadline=slip.request.deadline,
            note=_draft_note(slip),
        )


def _draft_note(slip: Any) -> str:
    if slip.status == SlipStatus.SUBMITTED:
        return _("%(person)s has prepared an answer for you.") % {"person": slip.drafted_by_name}
    if slip.is_begun:
        return _("You have begun to write.")
    return ""


def _preparations(user: Any, wanted: int) -> Iterator[Task]:
    """An assistant prepares the member's answer."""
    assisted = Q(pk=None)
    for office in user.assistances:
        assisted |= Q(member=office.assists.user_id, request__body=office.body_id)
    if not user.assistances:
        return
    waiting = (SlipStatus.PENDING, SlipStatus.DRAFTED, SlipStatus.RETURNED)
    verbs = {
        SlipStatus.PENDING: _("Prepare an answer for %(member)s"),
        SlipStatus.DRAFTED: _("Put your draft before %(member)s"),
        SlipStatus.RETURNED: _("Revise the draft that %(member)s gave back"),
    }
    for slip in _open_slips(wanted, assisted, status__in=waiting, request__is_secret=False):
        yield Task(
            verb=verbs[SlipStatus(slip.status)] % {"member": slip},
            subject=slip.request.subject,
            url=f"{slip.get_absolute_url()}#draft-{slip.pk}",
            button=_("Prepare"),
            deadline=slip.request.deadline,
        )


def _open_slips(wanted: int, *kinds: Q, **conditions: Any) -> Any:
    slips = OpinionSlip.objects.filter(
        *kinds, request__status=RequestStatus.OPEN, **conditions
    ).still_in_time()
    return slips.select_related("request", "member").order_by("request__deadline", "pk")[:wanted]


def _ballot_boxes(user: Any, wanted: int) -> Iterator[Task]:
    """A counter of a secret ballot makes her key before it is sent, and opens the box once it is closed."""
    keys = Q(share__isnull=True, box__request__status__in=BEFORE_SENDING)
    boxes = Q(given__isnull=True, box__request__status=RequestStatus.COUNTING)
    counters = BallotCounter.objects.filter(keys | boxes, user=user.pk, box__request__is_secret=True)
    for counter in counters.select_related("box__request").order_by("box__request__deadline", "pk")[:wanted]:
        is_closed = counter.request.status == RequestStatus.COUNTING
        words = _("Open the ballot box") if is_closed else _("Make your key for the secret ballot")
        yield Task(
            verb=words,
            subject=counter.request.subject,
            url=counter.box.get_absolute_url(),
            button=words,
            deadline=_end_of(counter.request.deadline_day),
        )


def _approvals(user: Any, wanted: int) -> Iterator[Task]:
    """The chair or a vice chair decides on the sending."""
    requests = _requests(user, PRESIDING, wanted, status=RequestStatus.SUBMITTED)
    for opinion_request in requests:
        yield Task(
            verb=_("Approve the sending"),
            subject=opinion_request.subject,
            url=opinion_request.get_absolute_url(),
            button=_("Look and approve"),
            deadline=opinion_request.deadline,
            note=_("Submitted by %(person)s") % {"person": opinion_request.edited_by_name},
        )


def _referrals(user: Any, wanted: int) -> Iterator[Task]:
    """Opinions that are not all of one mind: those who preside decide what becomes of them."""
    for opinion_request in _requests(
        user, PRESIDING, wanted, status=RequestStatus.CLOSED, branch__in=("a", "c")
    ):
        yield Task(
            verb=_("Decide on the opinions collected"),
            subject=opinion_request.subject,
            url=f"{opinion_request.get_absolute_url()}#result",
            button=_("See the result"),
            deadline=_end_of(opinion_request.process_by),
            note=opinion_request.get_branch_display(),
        )


def _drafts(user: Any, wanted: int) -> Iterator[Task]:
    """A specialist finishes a request."""
    for opinion_request in _requests(user, (Role.SECRETARY,), wanted, status=RequestStatus.DRAFT):
        returned = bool(opinion_request.return_reason)
        yield Task(
            verb=_("Revise the returned request") if returned else _("Finish the draft request"),
            subject=opinion_request.subject,
            url=opinion_request.get_absolute_url(),
            button=_("Go on"),
            deadline=opinion_request.deadline,
        )


def _results(user: Any, wanted: int) -> Iterator[Task]:
    """A specialist processes a result within the days that the rules give, then the lead agency's report."""
    closed = Q(status=RequestStatus.CLOSED)
    referred = Q(status=RequestStatus.REFERRED) & (Q(branch="c") | Q(reported_at__isnull=False))
    for opinion_request in _requests(user, (Role.SECRETARY,), wanted, closed | referred):
        is_referred = opinion_request.status == RequestStatus.REFERRED
        yield Task(
            verb=_name_processing(opinion_request),
            subject=opinion_request.subject,
            url=f"{opinion_request.get_absolute_url()}#result",
            button=_("Process"),
            deadline=_end_of(opinion_request.report_by if is_referred else opinion_request.process_by),
            note=opinion_request.get_branch_display(),
        )


def _name_processing(opinion_request: OpinionRequest) -> str:
    if opinion_request.status != RequestStatus.REFERRED:
        return _("Process the result")
    if opinion_request.reported_at is not None:
        return _("Process the lead agency's report")
    return _("Draft the resolution after the lead agency's report")


def _reports(user: Any, wanted: int) -> Iterator[Task]:
    """The lead agency explains the members' remarks and reports, within the days that the rules give."""
    agencies = Q(pk=None)
    for office in user.current_appointments:
        if office.role in (Role.SUBMITTER, Role.MEMBER):
            agencies |= Q(body=office.body_id, lead_agency=office.organisation_id)
    if agencies == Q(pk=None):
        return
    waiting = OpinionRequest.objects.filter(
        agencies, status=RequestStatus.REFERRED, reported_at__isnull=True
    ).annotate(unexplained=Count("remarks", filter=Q(remarks__status=RemarkStatus.RAISED)))
    for opinion_request in waiting.order_by(F("report_by").asc(nulls_last=True), "pk")[:wanted]:
        count = opinion_request.unexplained
        yield Task(
            verb=_("Explain the members' remarks") if count else _("Report on the members' opinions"),
            subject=opinion_request.subject,
            url=f"{opinion_request.get_absolute_url()}#{'remarks' if count else 'follow-ups'}",
            button=_("Explain") if count else _("Report"),
            deadline=_end_of(opinion_request.report_by),
            note=ngettext("%(count)d remark", "%(count)d remarks", count) % {"count": count} if count else "",
        )


def _settlements(user: Any, wanted: int) -> Iterator[Task]:
    """A member says whether she is satisfied with what became of her remark."""
    if not user.body_ids(*VOTING):
        return
    remarks = Remark.objects.filter(
        slip__member=user,
        request__body__in=user.body_ids(*VOTING),
        status=RemarkStatus.SETTLED,
        stance="",
        request__status__in=(RequestStatus.REFERRED, RequestStatus.SESSION),
    )
    for remark in remarks.select_related("request").order_by("settled_at", "pk")[:wanted]:
        yield Task(
            verb=_("Say whether your remark is settled"),
            subject=remark.request.subject,
            url=remark.get_absolute_url(),
            button=_("Look"),
            deadline=None,
        )


def _matters_waiting(user: Any, wanted: int) -> Iterator[Task]:
    """A specialist plans the session that matters wait for."""
    bodies = user.body_ids(Role.SECRETARY)
    if not bodies:
        return
    waiting = AgendaItem.objects.waiting().filter(body__in=bodies).order_by()
    rows = waiting.values("body", "body__name").annotate(count=Count("pk")).order_by("body")
    for row in rows[:wanted]:
        yield Task(
            verb=_("Plan a session"),
            subject=row["body__name"],
            url=reverse("meetings:list_meetings"),
            button=_("Look"),
            deadline=None,
            note=ngettext("%(count)d matter waits", "%(count)d matters wait", row["count"])
            % {"count": row["count"]},
        )


def _requests(user: Any, roles: tuple[str, ...], wanted: int, *kinds: Q, **conditions: Any) -> Any:
    bodies = user.body_ids(*roles)
    if not bodies:
        return []
    return OpinionRequest.objects.filter(*kinds, body__in=bodies, **conditions).order_by("deadline", "pk")[
        :wanted
    ]


def _dossiers_to_hand_in(user: Any, wanted: int) -> Iterator[Task]:
    """An officer of a lead agency finishes a dossier; the Office does for an agency that has none here."""
    if not user.body_ids(Role.SUBMITTER, Role.SECRETARY):
        return
    office = Q(dossier__body__in=user.body_ids(Role.SECRETARY), dossier__is_with_agency=False)
    own = of_own_agency(user, "dossier__") & Q(dossier__is_with_agency=True)
    for submission in _submissions(own | office, "due_on", wanted, status__in=WITH_THE_AGENCY):
        was_returned = submission.status == SubmissionStatus.RETURNED
        returned_by = _("Returned by %(person)s") % {"person": submission.returned_by_name}
        yield Task(
            verb=_("Complete the returned dossier") if was_returned else _("Finish and hand in the dossier"),
            subject=str(submission),
            url=submission.get_absolute_url(),
            button=_("Go on"),
            deadline=submission.deadline,
            note=returned_by if was_returned else "",
        )


def _dossiers_to_check(user: Any, wanted: int) -> Iterator[Task]:
    """A specialist returns or accepts what was handed in, within the days of its kind."""
    if not user.body_ids(Role.SECRETARY):
        return
    office = Q(dossier__body__in=user.body_ids(Role.SECRETARY))
    for submission in _submissions(office, "check_by", wanted, status=SubmissionStatus.HANDED_IN):
        yield Task(
            verb=_("Check the dossier handed in"),
            subject=str(submission),
            url=submission.get_absolute_url(),
            button=_("Check"),
            deadline=submission.deadline,
            note=_("late") if submission.is_late else str(submission.agency),
        )


def _dossiers_to_take_up(user: Any, wanted: int) -> Iterator[Task]:
    """A specialist puts an accepted dossier before the members."""
    if not user.body_ids(Role.SECRETARY):
        return
    office = Q(dossier__body__in=user.body_ids(Role.SECRETARY), taken_up_at__isnull=True)
    for submission in _submissions(office, "submit_by", wanted, status=SubmissionStatus.ACCEPTED):
        yield Task(
            verb=_("Submit the accepted dossier"),
            subject=str(submission),
            url=submission.get_absolute_url(),
            button=_("Go on"),
            deadline=submission.deadline,
            note=str(submission.agency),
        )


def _submissions(whose: Q, by: str, wanted: int, **conditions: Any) -> Any:
    submissions = Submission.objects.filter(whose, **conditions).select_related("dossier__prepared_by")
    return submissions.order_by(F(by).asc(nulls_last=True), "pk")[:wanted]


def _copies_to_collect(user: Any, wanted: int) -> Iterator[Task]:
    """A specialist collects what was handed out on paper, once the matter is closed."""
    bodies = user.body_ids(Role.SECRETARY)
    if not bodies:
        return
    overdue = PaperCopy.objects.overdue().filter(slot__dossier__body__in=bodies)
    dossiers = overdue.values("slot__dossier", "slot__dossier__title", "slot__dossier__closed_at")
    counted = dossiers.annotate(count=Count("pk")).order_by("slot__dossier__closed_at", "slot__dossier")
    for row in counted[:wanted]:
        yield Task(
            verb=_("Collect the copies handed out on paper"),
            subject=row["slot__dossier__title"],
            url=reverse("documents:read_ledger", args=[row["slot__dossier"]]),
            button=_("Open the ledger"),
            deadline=row["slot__dossier__closed_at"],
            note=ngettext("%(count)d copy is out", "%(count)d copies are out", row["count"])
            % {"count": row["count"]},
        )


def _resolutions_to_approve(user: Any, wanted: int) -> Iterator[Task]:
    for resolution in _resolutions(user, PRESIDING, wanted, ResolutionStatus.DRAFT):
        yield Task(
            verb=_("Approve the resolution"),
            subject=resolution.subject,
            url=resolution.get_absolute_url(),
            button=_("Look and approve"),
            deadline=None,
        )


TO_BE_NUMBERED = (ResolutionStatus.APPROVED, ResolutionStatus.SIGNED)


def _resolutions_to_issue(user: Any, wanted: int) -> Iterator[Task]:
    for resolution in _resolutions(user, (Role.SECRETARY,), wanted, *TO_BE_NUMBERED):
        yield Task(
            verb=_("Give a number and issue"),
            subject=resolution.subject,
            url=resolution.get_absolute_url(),
            button=_("Issue"),
            deadline=None,
        )


def _resolutions(user: Any, roles: tuple[str, ...], wanted: int, *statuses: str) -> Any:
    bodies = user.body_ids(*roles)
    if not bodies:
        return []
    wanted_ones = Resolution.objects.filter(body__in=bodies, status__in=statuses)
    return wanted_ones.order_by("drafted_at", "pk")[:wanted]


def _signatures(user: Any, wanted: int) -> Iterator[Task]:
    """A paper waits for her signature, or for the seal that the office puts on."""
    if not user.current_appointments:
        return
    for step in signing_pages.waiting_for(user)[:wanted]:
        yield Task(
            verb=signing_pages.describe_step(step),
            subject=str(step.request),
            url=step.request.get_absolute_url(),
            button=_("Look and sign"),
            deadline=step.request.due_at,
            note=_("asked by %(person)s") % {"person": step.request.requested_by_name},
        )


def _end_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, END_OF_DAY)) if day else None


SOURCES: tuple[Callable[[Any, int], Iterator[Task]], ...] = (
    _answers,
    _signatures,
    _preparations,
    _ballot_boxes,
    _approvals,
    _referrals,
    _drafts,
    _results,
    _reports,
    _settlements,
    _matters_waiting,
    _dossiers_to_hand_in,
    _dossiers_to_check,
    _dossiers_to_take_up,
    _copies_to_collect,
    _resolutions_to_approve,
    _resolutions_to_issue,
)
