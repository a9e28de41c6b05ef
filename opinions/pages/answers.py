"""The synthesis on screen: by question, by member, by class."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from decisions.tally import Position
from opinions import rules
from opinions.models import OpinionRequest
from opinions.pages.charts import Part, stack
from opinions.rules import SignatureState
from opinions.synthesis import AnswerFact, ClassFact, MemberFact, QuestionFact, Synthesis, gather_synthesis

VIEWS = ("question", "member", "class")
TONES = {Position.AGREE: "green", Position.DISAGREE: "navy", Position.OTHER: "amber"}
SILENT = "silent"


@dataclass(frozen=True)
class QuestionView:
    fact: QuestionFact
    parts: list[Part]


@dataclass(frozen=True)
class SaidView:
    question: int
    words: str
    tone: str
    reason: str


@dataclass(frozen=True)
class MemberView:
    fact: MemberFact
    said: list[SaidView]
    notes: list[str]


@dataclass(frozen=True)
class GroupView:
    """Those who gave one answer to one question."""

    label: str
    tone: str
    count: int
    members: list[MemberFact]


def show_answers(user: Any, opinion_request: OpinionRequest, view: str) -> dict[str, Any]:
    """As many queries for 500 members as for five; in a secret ballot nobody's answer is there."""
    facts = gather_synthesis(opinion_request)
    view = view if view in VIEWS else VIEWS[0]
    if facts.is_secret and view == "class":
        view = VIEWS[0]
    context = {
        "opinion_request": opinion_request,
        "facts": facts,
        "view": view,
        "allowed": rules.SYNTHESIS.allowed(user, opinion_request),
        "several": len(facts.questions) > 1,
    }
    if view == "question":
        return context | {"questions": [_question(facts, question) for question in facts.questions]}
    if view == "member":
        return context | {"members": [_member(facts, member) for member in facts.members]}
    return context | {"groups": [(question, list(_groups(facts, question))) for question in facts.questions]}


def label_class(offered: ClassFact) -> str:
    return offered.label_en if get_language() == "en" and offered.label_en else offered.label


def tone_of(offered: ClassFact) -> str:
    return TONES.get(Position(offered.counts_as), "grey")


def _question(facts: Synthesis, question: QuestionFact) -> QuestionView:
    if question.options:
        return QuestionView(question, [])
    counts = [
        (label_class(facts.find_class(code)), count, tone_of(facts.find_class(code)))
        for code, count in question.classes.items()
    ]
    return QuestionView(question, stack([*counts, (_("No answer"), question.silent, SILENT)]))


def _member(facts: Synthesis, member: MemberFact) -> MemberView:
    return MemberView(member, [_said(facts, answer) for answer in member.answers], list(_notes(member)))


def _said(facts: Synthesis, answer: AnswerFact) -> SaidView:
    if not answer.position:
        return SaidView(answer.question, answer.words, "grey", answer.reason)
    offered = facts.find_class(answer.position)
    return SaidView(answer.question, label_class(offered), tone_of(offered), answer.reason)


def _notes(member: MemberFact) -> Iterable[str]:
    """How the answer came, where it was not by the member's own hand in the system."""
    if member.entered_by:
        yield _("Entered by %(person)s: %(reason)s") % {
            "person": member.entered_by,
            "reason": member.entry_reason,
        }
    if member.given_by:
        yield _("Answered by the stand-in: %(person)s") % {"person": member.given_by}
    if member.signature:
        yield str(SignatureState(member.signature).label)
    if member.attachment:
        yield _("Attachment: %(title)s") % {"title": member.attachment}


def _groups(facts: Synthesis, question: QuestionFact) -> Iterable[GroupView]:
    given = [
        (member, answer)
        for member in facts.members
        for answer in member.answers
        if answer.question == question.number
    ]
    for code, count in question.classes.items():
        offered = facts.find_class(code)
        members = [member for member, answer in given if answer.position == code]
        yield GroupView(label_class(offered), tone_of(offered), count, members)
    for option in question.options:
        members = [member for member, answer in given if option.id in answer.options]
        yield GroupView(option.text, "grey", option.count, members)
    silent = [member for member in facts.members if member.is_silent]
    yield GroupView(_("No answer"), SILENT, question.silent, silent)
