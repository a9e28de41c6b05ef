"""The written procedure as the law has it: Nghị định 191/2026/NĐ-CP, Điều 7, 15(5) and 15(6)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actors import is_clock
from core.workflow import Rule, Rulebook, any_of
from decisions.tally import Branch, Position
from documents.rules import DossierStatus, has_a_paper, papers_are_read
from people.rules import VOTING, Role, is_secretary, presides


class RequestStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for approval to send")
    OPEN = "open", _("collecting opinions")
    CLOSED = "closed", _("opinions collected")
    DECIDED = "decided", _("decided")
    REFERRED = "referred", _("passed to the lead agency")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SlipStatus(models.TextChoices):
    PENDING = "pending", _("not answered")
    DRAFTED = "drafted", _("answer drafted")
    SUBMITTED = "submitted", _("draft before the member")
    RETURNED = "returned", _("draft returned")
    ANSWERED = "answered", _("answered")
    SILENT = "silent", _("no answer by the deadline")


BEFORE_SENDING = (RequestStatus.DRAFT, RequestStatus.SUBMITTED)
AFTER_CLOSING = (RequestStatus.CLOSED, RequestStatus.DECIDED, RequestStatus.REFERRED)
UNANSWERED = (SlipStatus.PENDING, SlipStatus.DRAFTED, SlipStatus.SUBMITTED, SlipStatus.RETURNED)


class BranchChoice(models.TextChoices):
    NO_MAJORITY = Branch.NO_MAJORITY.value, _("no majority")
    AGREED = Branch.AGREED.value, _("majority, no other opinion")
    AGREED_WITH_OPINIONS = Branch.AGREED_WITH_OPINIONS.value, _("majority, with other opinions")


POSITIONS = (Position.AGREE, Position.DISAGREE, Position.OTHER)  # a written opinion has no abstention
REASON_LIMIT = 5000
QUESTIONS_LIMIT = 20


# Who


def is_the_member(user: Any, slip: Any) -> bool:
    """The member who was asked, while she holds the office. A stand-in has no vote (Điều 25(1))."""
    return slip.member_id == user.pk and any(user.holds(role, slip.body_id) for role in VOTING)


def assists_the_member(user: Any, slip: Any) -> bool:
    return user.holds(Role.ASSISTANT, slip.body_id) and slip.member_id in user.assisted_user_ids(slip.body_id)


reads_draft = any_of(is_the_member, assists_the_member)  # an unsent answer is between these two


def reads_answers(user: Any, slip: Any) -> bool:
    """What a member has answered is hers alone until all are counted."""
    return slip.member_id == user.pk or slip.request.status in AFTER_CLOSING


def audits(user: Any, obj: Any) -> bool:
    return user.holds(Role.AUDITOR, obj.body_id)


follows_request = any_of(is_secretary, presides, audits)  # sees how many have answered while it is open


def corrects(user: Any, opinion_request: Any) -> bool:
    """The Office, while it has the dossier of an open request on its desk."""
    is_open = opinion_request.status == RequestStatus.OPEN
    is_reopened = opinion_request.dossier.status == DossierStatus.REOPENED
    return is_open and is_reopened and is_secretary(user, opinion_request)


# Guards


def asks_a_question(opinion_request: Any) -> str | None:
    if not opinion_request.questions.exists():
        return gettext("Ask at least one question.")
    return None


def dossier_has_a_paper(opinion_request: Any) -> str | None:
    return has_a_paper(opinion_request.dossier)


def dossier_is_read(opinion_request: Any) -> str | None:
    return papers_are_read(opinion_request.dossier)


def deadline_is_within_the_rule(opinion_request: Any) -> str | None:
    """Not less than 2 and not more than 5 working days (Điều 15(5)(b)); elsewhere by rule set."""
    rule_set = opinion_request.rule_set_in_force
    if rule_set is None:
        return gettext("No confirmed rule set is in force for this body. Ask the administrator.")
    earliest, latest = rule_set.span_of_answer_days(clock.today())
    if not earliest <= opinion_request.deadline_day <= latest:
        return gettext(
            "The deadline must lie between %(earliest)s and %(latest)s: %(least)s to %(most)s working days "
            "from today (%(rule)s)."
        ) % {
            "earliest": f"{earliest:%d/%m/%Y}",
            "latest": f"{latest:%d/%m/%Y}",
            "least": rule_set.answer_days_min,
            "most": rule_set.answer_days_max,
            "rule": rule_set.name,
        }
    return None


def request_takes_answers(slip: Any) -> str | None:
    if slip.request.status != RequestStatus.OPEN or slip.request.deadline <= clock.now():
        return gettext("This request no longer takes answers: the deadline has passed.")
    return None


def deadline_has_passed(opinion_request: Any) -> str | None:
    if opinion_request.deadline > clock.now():
        return gettext("The deadline has not come yet.")
    return None


def deadline_is_ahead(opinion_request: Any) -> str | None:
    """What the members have decided by the deadline is counted; nobody calls it back."""
    if opinion_request.deadline <= clock.now():
        return gettext("The deadline has passed: the answers are being counted.")
    return None


def silence_has_come(slip: Any) -> str | None:
    return deadline_has_passed(slip.request)


def answers_are_complete(questions: Iterable[Any], answers: Mapping[int, Mapping[str, str]]) -> str | None:
    """A position on each question asked and on nothing else; only plain agreement needs no reason."""
    if {question.pk for question in questions} != set(answers):
        return gettext("Answer every question of this request.")
    for answer in answers.values():
        if answer["position"] not in POSITIONS:
            return gettext("Answer with one of the positions offered.")
        if answer["position"] != Position.AGREE and not answer["reason"].strip():
            return gettext("Give the reason: it is required unless you agree.")
        if len(answer["reason"]) > REASON_LIMIT:
            return gettext("A reason has at most %(limit)s characters.") % {"limit": REASON_LIMIT}
    return None


def majority_is_reached(opinion_request: Any) -> str | None:
    if opinion_request.branch == Branch.NO_MAJORITY:
        return gettext("There is no majority: pass the opinions to the lead agency.")
    return None


def opinions_differ(opinion_request: Any) -> str | None:
    if opinion_request.branch == Branch.AGREED:
        return gettext("All members agree: a resolution can be drafted.")
    return None


def dossier_is_ready(opinion_request: Any) -> str | None:
    return dossier_has_a_paper(opinion_request) or dossier_is_read(opinion_request)


def dossier_is_sealed(opinion_request: Any) -> str | None:
    if opinion_request.dossier.status != DossierStatus.SEALED:
        return gettext("The dossier is being corrected already.")
    return None


def dossier_is_in_correction(opinion_request: Any) -> str | None:
    if opinion_request.dossier.status != DossierStatus.REOPENED:
        return gettext("The dossier is not being corrected.")
    return None


CHECKLIST = (  # what a specialist sees before submitting: the guards of it, in words
    (_("Questions for the members"), asks_a_question),
    (_("Papers of the dossier, each checked"), dossier_is_ready),
    (_("Deadline as the rules allow it"), deadline_is_within_the_rule),
)


REQUEST = Rulebook(
    initial=RequestStatus.DRAFT,
    rules={
        "draft_request": Rule(is_secretary, when={RequestStatus.DRAFT}),
        "edit_request": Rule(is_secretary, when={RequestStatus.DRAFT}),
        "keep_changes": Rule(is_secretary, when={RequestStatus.DRAFT}),
        "submit_request": Rule(
            is_secretary,
            when={RequestStatus.DRAFT},
            then=RequestStatus.SUBMITTED,
            guards=(asks_a_question, dossier_is_ready, deadline_is_within_the_rule),
        ),
        "return_request": Rule(presides, when={RequestStatus.SUBMITTED}, then=RequestStatus.DRAFT),
        "approve_request": Rule(
            presides,
            when={RequestStatus.SUBMITTED},
            then=RequestStatus.OPEN,
            guards=(dossier_is_ready, deadline_is_within_the_rule),
        ),
        # Whoever approved the sending approved this matter, not each slip of the pen: the Office corrects.
        "correct_dossier": Rule(
            is_secretary, when={RequestStatus.OPEN}, guards=(deadline_is_ahead, dossier_is_sealed)
        ),
        "reissue_dossier": Rule(
            is_secretary,
            when={RequestStatus.OPEN},
            guards=(deadline_is_ahead, dossier_is_in_correction, dossier_is_ready),
        ),
        "withdraw_request": Rule(
            presides, when={RequestStatus.OPEN}, then=RequestStatus.WITHDRAWN, guards=(deadline_is_ahead,)
        ),
        "close_request": Rule(
            is_clock, when={RequestStatus.OPEN}, then=RequestStatus.CLOSED, guards=(deadline_has_passed,)
        ),
        "refer_request": Rule(
            any_of(is_secretary, presides),
            when={RequestStatus.CLOSED},
            then=RequestStatus.REFERRED,
            guards=(opinions_differ,),
        ),
        "draft_decision": Rule(
            is_secretary,
            when={RequestStatus.CLOSED, RequestStatus.REFERRED},
            then=RequestStatus.DECIDED,
            guards=(majority_is_reached,),
        ),
    },
)

SLIP = Rulebook(
    initial=SlipStatus.PENDING,
    rules={
        "draft_answer": Rule(
            assists_the_member,
            when={SlipStatus.PENDING, SlipStatus.DRAFTED, SlipStatus.RETURNED},
            then=SlipStatus.DRAFTED,
            guards=(request_takes_answers,),
        ),
        "submit_answer": Rule(
            assists_the_member,
            when={SlipStatus.DRAFTED},
            then=SlipStatus.SUBMITTED,
            guards=(request_takes_answers,),
        ),
        "return_answer": Rule(
            is_the_member,
            when={SlipStatus.SUBMITTED},
            then=SlipStatus.RETURNED,
            guards=(request_takes_answers,),
        ),
        "keep_draft": Rule(
            is_the_member, when={*UNANSWERED, SlipStatus.ANSWERED}, guards=(request_takes_answers,)
        ),
        "answer_slip": Rule(
            is_the_member,
            when={*UNANSWERED, SlipStatus.ANSWERED},
            then=SlipStatus.ANSWERED,
            guards=(request_takes_answers,),
        ),
        "count_silence": Rule(is_clock, when=UNANSWERED, then=SlipStatus.SILENT, guards=(silence_has_come,)),
    },
)


def _slips_before(user: Any) -> Any:
    """My own slips and those of members whom I assist: a subquery by index; a join would read them all."""
    mine = Q(member=user.pk)
    for office in user.assistances:
        mine |= Q(member=office.assists.user_id, request__body=office.body_id)
    return user.slips.model._base_manager.filter(mine)


def sees_request(user: Any) -> Q:
    """The office sees all; those who preside what is submitted; members and their assistants what was sent
    to them; auditors what has left the office. For everyone else it does not exist."""
    office = Q(body__in=user.body_ids(Role.SECRETARY))
    presiding = Q(body__in=user.body_ids(Role.CHAIR, Role.VICE_CHAIR)) & ~Q(status=RequestStatus.DRAFT)
    asked = Q(pk__in=_slips_before(user).values("request"))
    audited = Q(body__in=user.body_ids(Role.AUDITOR)) & ~Q(status__in=BEFORE_SENDING)
    return office | presiding | asked | audited


def sees_slip(user: Any) -> Q:
    """One's own slip, and that of the member one assists; the office and auditors see all; members and
    their assistants see the others' answers once the opinions are collected."""
    own = Q(pk__in=_slips_before(user).values("pk"))
    office = Q(request__body__in=user.body_ids(Role.SECRETARY, Role.AUDITOR))
    afterwards = Q(request__in=_slips_before(user).values("request"), request__status__in=AFTER_CLOSING)
    return own | office | afterwards
