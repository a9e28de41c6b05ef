"""Who stands where in the written procedure, and who sees what of it."""

from typing import Any

from django.db.models import Q

from core.workflow import any_of
from documents.rules import DossierStatus
from opinions.rules.states import AFTER_CLOSING, BEFORE_SENDING, RequestStatus
from people.rules import VOTING, Role, is_secretary, presides


def is_the_member(user: Any, slip: Any) -> bool:
    """The member who was asked, while she holds the office."""
    return slip.member_id == user.pk and any(user.holds(role, slip.body_id) for role in VOTING)


def stands_in(user: Any, slip: Any) -> bool:
    """The stand-in by the register of the day of sending, where the kind of request lets one answer. In the
    Government a stand-in has no vote (Nghị định 191/2026/NĐ-CP, Điều 25(1))."""
    return (
        slip.stand_in_id is not None
        and slip.stand_in.user_id == user.pk
        and slip.stand_in.is_in_force
        and slip.request.kind.stand_ins_answer
        and slip.is_in_office  # for a member who has left nobody stands in
    )


answers_slip = any_of(is_the_member, stands_in)


def assists_the_member(user: Any, slip: Any) -> bool:
    return user.holds(Role.ASSISTANT, slip.body_id) and slip.member_id in user.assisted_user_ids(slip.body_id)


reads_draft = any_of(is_the_member, stands_in, assists_the_member)  # an unsent answer is between these


def reads_answers(user: Any, slip: Any) -> bool:
    """What a member has answered is hers alone until all are counted."""
    return slip.member_id == user.pk or stands_in(user, slip) or slip.request.status in AFTER_CLOSING


def audits(user: Any, obj: Any) -> bool:
    return user.holds(Role.AUDITOR, obj.body_id)


follows_request = any_of(is_secretary, presides, audits)  # sees how many have answered while it is open


def works_for_lead_agency(user: Any, opinion_request: Any) -> bool:
    """An officer of the lead agency in this body, or the member who heads it."""
    agency = opinion_request.lead_agency_id
    return user.is_authenticated and any(  # the clock and the workers hold no office
        agency in user.organisation_ids(role, opinion_request.body_id)
        for role in (Role.SUBMITTER, Role.MEMBER)
    )


def reads_result(user: Any, opinion_request: Any) -> bool:
    """Whoever follows the request, was asked, or has it passed to the agency: all that was answered."""
    if not user.is_authenticated:
        return False
    if follows_request(user, opinion_request):
        return True
    if opinion_request.referred_at is not None and works_for_lead_agency(user, opinion_request):
        return True
    return bool(_slips_before(user).filter(request=opinion_request.pk).exists())


def corrects(user: Any, opinion_request: Any) -> bool:
    """The Office, while it has the dossier of an open request on its desk."""
    is_open = opinion_request.status == RequestStatus.OPEN
    is_reopened = opinion_request.dossier.status == DossierStatus.REOPENED
    return is_open and is_reopened and is_secretary(user, opinion_request)


def _slips_before(user: Any) -> Any:
    """My own slips, those of members whom I assist, and those on which the register names me as stand-in: a
    subquery by index; a join would read them all."""
    mine = Q(member=user.pk)
    for office in user.assistances:
        mine |= Q(member=office.assists.user_id, request__body=office.body_id)
    if offices := [office.pk for office in user.current_appointments]:
        mine |= Q(stand_in__in=offices, request__kind__stand_ins_answer=True)
    return user.slips.model._base_manager.filter(mine)


def _of_lead_agency(user: Any, path: str) -> Q:
    """What was passed to the lead agency of this officer."""
    own = Q(pk__in=[])
    for office in user.current_appointments:
        if office.role == Role.SUBMITTER:
            own |= Q(
                **{
                    f"{path}lead_agency": office.organisation_id,
                    f"{path}body": office.body_id,
                    f"{path}referred_at__isnull": False,
                }
            )
    return own


def sees_request(user: Any) -> Q:
    """The office sees all; those who preside what is submitted; members and their assistants what was sent
    to them; auditors what has left the office; the lead agency what was passed to it. For everyone else it
    does not exist."""
    office = Q(body__in=user.body_ids(Role.SECRETARY))
    presiding = Q(body__in=user.body_ids(Role.CHAIR, Role.VICE_CHAIR)) & ~Q(status=RequestStatus.DRAFT)
    asked = Q(pk__in=_slips_before(user).values("request"))
    audited = Q(body__in=user.body_ids(Role.AUDITOR)) & ~Q(status__in=BEFORE_SENDING)
    return office | presiding | asked | audited | _of_lead_agency(user, "")


def sees_slip(user: Any) -> Q:
    """One's own slip, and that of the member one assists; the office and auditors see all; members, their
    assistants and the lead agency see the others' answers once the opinions are collected."""
    own = Q(pk__in=_slips_before(user).values("pk"))
    office = Q(request__body__in=user.body_ids(Role.SECRETARY, Role.AUDITOR))
    afterwards = Q(request__in=_slips_before(user).values("request"), request__status__in=AFTER_CLOSING)
    return own | office | afterwards | _of_lead_agency(user, "request__")
