"""Settling what the members remarked, point by point: Nghị định 191/2026/NĐ-CP, Điều 15(6)(c)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from core.workflow import Rule, Rulebook
from opinions.rules.states import RemarkStatus, RequestStatus
from opinions.rules.who import answers_slip, sees_slip, works_for_lead_agency
from people.rules import is_secretary


def explains(user: Any, remark: Any) -> bool:
    """The lead agency, once the opinions were passed to it: before, it does not read them."""
    return remark.request.referred_at is not None and works_for_lead_agency(user, remark.request)


def has_raised(user: Any, remark: Any) -> bool:
    return answers_slip(user, remark.slip)


def matter_is_not_decided(remark: Any) -> str | None:
    """While the lead agency has the matter, and until a session takes it up."""
    if remark.request.status not in (RequestStatus.REFERRED, RequestStatus.SESSION):
        return gettext("Remarks are settled while the matter is with the lead agency or before a session.")
    return None


REMARK = Rulebook(
    initial=RemarkStatus.RAISED,
    rules={
        "explain_remark": Rule(
            explains,
            when={RemarkStatus.RAISED, RemarkStatus.EXPLAINED},
            then=RemarkStatus.EXPLAINED,
            guards=(matter_is_not_decided,),
        ),
        "settle_remark": Rule(
            is_secretary,
            when={RemarkStatus.EXPLAINED},
            then=RemarkStatus.SETTLED,
            guards=(matter_is_not_decided,),
        ),
        "answer_settlement": Rule(has_raised, when={RemarkStatus.SETTLED}, guards=(matter_is_not_decided,)),
    },
)


def sees_remark(user: Any) -> Q:
    """Whoever reads the answer that it was made in."""
    return Q(slip__in=user.slips.model._base_manager.filter(sees_slip(user)).values("pk"))
