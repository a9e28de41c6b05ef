"""What a draft must be before it can be sent: its kind, those named in it, its questions."""

from typing import Any

from django.utils.translation import gettext, ngettext

from core.workflow import Rule, Rulebook
from opinions.rules.states import OPTIONS_LIMIT, DecidedBy, QuestionForm
from people.rules import Role, is_secretary


def kind_is_in_use(opinion_request: Any) -> str | None:
    if not opinion_request.kind.is_in_use:
        return gettext("The kind “%(kind)s” is out of use. Choose another one.") % {
            "kind": opinion_request.kind
        }
    return None


def follower_serves_the_body(opinion_request: Any) -> str | None:
    """Who is missing at the deadline is told to someone of the Office."""
    follower = opinion_request.follower
    if follower is not None and not follower.holds(Role.SECRETARY, opinion_request.body_id):
        return gettext("%(person)s does not work in the Office any more. Name another follow-up person.") % {
            "person": follower
        }
    return None


def adviser_is_independent(opinion_request: Any) -> str | None:
    """The opinion beside that of the lead agency is another's (Nghị định 191/2026/NĐ-CP, Điều 24)."""
    adviser = opinion_request.adviser_id
    if adviser is None:
        if opinion_request.adviser_opinion.strip():
            return gettext("Say whose the independent opinion is.")
        return None
    if adviser == opinion_request.lead_agency_id:
        return gettext("The independent opinion cannot be that of the lead agency.")
    return None


def details_are_right(opinion_request: Any) -> str | None:
    return (
        kind_is_in_use(opinion_request)
        or follower_serves_the_body(opinion_request)
        or adviser_is_independent(opinion_request)
    )


def questions_can_be_answered(opinion_request: Any) -> str | None:
    """At least one; and each with options offers a real choice."""
    questions = list(opinion_request.questions.prefetch_related("options"))
    if not questions:
        return gettext("Ask at least one question.")
    for question in questions:
        if question.form == QuestionForm.OPTIONS and (reason := _find_fault(opinion_request, question)):
            return gettext("Question %(place)s: %(reason)s") % {"place": question.place, "reason": reason}
    return None


def _find_fault(opinion_request: Any, question: Any) -> str | None:
    offered = len(question.offered)
    if opinion_request.kind.decided_by == DecidedBy.NO_OBJECTION:
        return gettext("among options nobody can object. Ask for a position in this kind of request.")
    if offered < 2:
        return gettext("offer at least two options.")
    if question.options.count() > OPTIONS_LIMIT:
        return gettext("offer at most %(limit)s options.") % {"limit": OPTIONS_LIMIT}
    if question.max_choices > offered:
        return ngettext(
            "no more than %(count)s option can be chosen, there are not more.",
            "no more than %(count)s options can be chosen, there are not more.",
            offered,
        ) % {"count": offered}
    return None


# What was typed before a request was first saved belongs to no request yet.
BEGINNING = Rulebook(initial=None, rules={"keep_beginning": Rule(is_secretary)})
