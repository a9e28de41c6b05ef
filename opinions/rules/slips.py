"""Giving an opinion: Nghị định 191/2026/NĐ-CP, Điều 7(1) and 15(5)(c)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from core import clock
from core.actors import is_clock, is_worker
from core.workflow import Rule, Rulebook
from opinions.rules.ballots import vote_is_secret
from opinions.rules.requests import deadline_has_passed
from opinions.rules.signing import (
    may_be_signed,
    needs_no_signature,
    signature_does_not_hold,
    signature_has_come,
)
from opinions.rules.states import (
    REASON_LIMIT,
    UNANSWERED,
    CountsAs,
    QuestionForm,
    ReasonRule,
    RequestStatus,
    SheetWay,
    SigningRule,
    SlipStatus,
)
from opinions.rules.who import answers_slip, assists_the_member, is_the_member
from people.rules import is_secretary


def request_takes_answers(slip: Any) -> str | None:
    if slip.request.status != RequestStatus.OPEN or slip.request.deadline <= clock.now():
        return gettext("This request no longer takes answers: the deadline has passed.")
    return None


def is_unopened(slip: Any) -> str | None:
    if slip.opened_at is not None:
        return gettext("This slip was opened before.")
    return None


def silence_has_come(slip: Any) -> str | None:
    return deadline_has_passed(slip.request)


def is_in_office(slip: Any) -> str | None:
    if not slip.is_in_office:
        return gettext("This member has left office.")
    return None


def has_left_office(slip: Any) -> str | None:
    if slip.is_in_office:
        return gettext("This member is in office.")
    return None


def ballot_is_open(slip: Any) -> str | None:
    if slip.request.is_secret:
        return gettext("The ballot is secret: nothing that shows who voted what is taken.")
    return None


def was_not_answered_by_the_member(slip: Any) -> str | None:
    """An officer corrects what an officer has entered, and nothing else."""
    sheet = slip.current_sheet
    if sheet is not None and not sheet.is_entered:
        return gettext("The member has answered in the system. Only she changes that answer.")
    return None


def way_is_taken(slip: Any, way: str) -> str | None:
    if way not in (SheetWay.PAPER, SheetWay.TELEPHONE):
        return gettext("Say how the answer came.")
    if way == SheetWay.TELEPHONE and slip.request.kind.signing == SigningRule.REQUIRED:
        return gettext("Answers to this request are signed: an answer by telephone is not taken.")
    return None


def own_answer_differs(slip: Any) -> str | None:
    if not any(_differs(answer) for answer in slip.answers):
        return gettext("You have agreed: there is no differing opinion to reserve.")
    return None


def _differs(answer: Any) -> bool:
    """Against the proposal or otherwise; of options, none of those that the lead agency proposes."""
    if answer.taken is not None:
        return answer.taken.counts_as in (CountsAs.DISAGREE, CountsAs.OTHER)
    proposed = {option.pk for option in answer.question.options.all() if option.is_proposed}
    return bool(proposed) and not proposed & {option.pk for option in answer.options.all()}


def matter_is_not_decided(slip: Any) -> str | None:
    if slip.request.status not in (
        RequestStatus.OPEN,
        RequestStatus.CLOSED,
        RequestStatus.REFERRED,
        RequestStatus.SESSION,
    ):
        return gettext("The matter is decided or called back: nothing can be reserved any more.")
    return None


def answers_an_earlier_issue(slip: Any) -> str | None:
    if slip.current_sheet.issue >= slip.request.issue:
        return gettext("This answer is given to what lies before the members now.")
    return None


def draft_is_to_other_questions(slip: Any) -> str | None:
    asked = {str(question.pk) for question in slip.request.questions.all()}
    begun = [slip.draft, *(unsent.content for unsent in slip.unsent.all())]
    if all(set(content) <= asked for content in begun):
        return gettext("This draft is to the questions that are asked now.")
    return None


def answers_are_complete(opinion_request: Any, answers: Mapping[int, Mapping[str, Any]]) -> str | None:
    """An answer to each question asked and to nothing else, in the form of the question."""
    questions = {question.pk: question for question in opinion_request.questions.all()}
    if set(questions) != set(answers):
        return gettext("Answer every question of this request.")
    for pk, answer in answers.items():
        if reason := _find_fault(questions[pk], opinion_request.classes, answer):
            return reason
    return None


def _find_fault(question: Any, classes: Mapping[str, Any], answer: Mapping[str, Any]) -> str | None:
    words = answer.get("reason", "").strip()
    if len(words) > REASON_LIMIT:
        return gettext("A reason has at most %(limit)s characters.") % {"limit": REASON_LIMIT}
    if question.form == QuestionForm.OPTIONS:
        return choice_is_allowed(question, answer.get("options", ()))
    taken = classes.get(answer.get("position", ""))
    if taken is None:
        return gettext("Answer with one of the positions offered.")
    if reason_is_missing(taken, words):
        return gettext("Give the reason: it is required for “%(position)s”.") % {"position": taken}
    if taken.reason == ReasonRule.NONE and words:
        return gettext("“%(position)s” is given without a reason.") % {"position": taken}
    return None


def reason_is_missing(taken: Any, words: str) -> bool:
    return taken.reason == ReasonRule.REQUIRED and not words.strip()


def choice_is_allowed(question: Any, chosen: Iterable[int]) -> str | None:
    """At least one option and at most as many as the question says. Of an option with parts a part is chosen;
    the parts of one option count as one towards the most."""
    chosen = list(chosen)
    offered = {option.pk: option for option in question.offered}
    if not chosen or len(set(chosen)) != len(chosen) or not set(chosen) <= set(offered):
        return gettext("Choose among the options offered.")
    if len({offered[pk].parent_id or pk for pk in chosen}) > question.max_choices:
        return ngettext(
            "Choose at most %(most)s option.", "Choose at most %(most)s options.", question.max_choices
        ) % {"most": question.max_choices}
    return None


SLIP = Rulebook(
    initial=SlipStatus.PENDING,
    rules={
        "open_slip": Rule(
            answers_slip, when={*UNANSWERED, SlipStatus.ANSWERED}, guards=(request_takes_answers, is_unopened)
        ),
        "draft_answer": Rule(
            assists_the_member,
            when={SlipStatus.PENDING, SlipStatus.DRAFTED, SlipStatus.RETURNED},
            then=SlipStatus.DRAFTED,
            guards=(request_takes_answers, ballot_is_open),
        ),
        "submit_answer": Rule(
            assists_the_member,
            when={SlipStatus.DRAFTED},
            then=SlipStatus.SUBMITTED,
            guards=(request_takes_answers,),
        ),
        "return_answer": Rule(
            answers_slip,
            when={SlipStatus.SUBMITTED},
            then=SlipStatus.RETURNED,
            guards=(request_takes_answers,),
        ),
        "keep_draft": Rule(
            answers_slip,
            when={*UNANSWERED, SlipStatus.ANSWERED},
            guards=(request_takes_answers, ballot_is_open),
        ),
        "answer_slip": Rule(
            answers_slip,
            when={*UNANSWERED, SlipStatus.ANSWERED},
            then=SlipStatus.ANSWERED,
            guards=(request_takes_answers, ballot_is_open, needs_no_signature),
        ),
        "cast_ballot": Rule(
            answers_slip,
            when={*UNANSWERED, SlipStatus.ANSWERED},
            then=SlipStatus.ANSWERED,
            guards=(request_takes_answers, vote_is_secret),
        ),
        "prepare_answer": Rule(
            answers_slip,
            when={*UNANSWERED, SlipStatus.ANSWERED},
            guards=(may_be_signed, request_takes_answers),
        ),
        "count_signed_answer": Rule(
            answers_slip,
            when={*UNANSWERED, SlipStatus.ANSWERED},
            then=SlipStatus.ANSWERED,
            guards=(may_be_signed, request_takes_answers, signature_has_come),
        ),
        "void_signed_answer": Rule(
            is_worker,
            when={SlipStatus.ANSWERED},
            then=SlipStatus.PENDING,
            guards=(request_takes_answers, signature_does_not_hold),
        ),
        "attach_paper": Rule(
            answers_slip,
            when={*UNANSWERED, SlipStatus.ANSWERED},
            guards=(request_takes_answers, ballot_is_open),
        ),
        "detach_paper": Rule(
            answers_slip,
            when={*UNANSWERED, SlipStatus.ANSWERED},
            guards=(request_takes_answers, ballot_is_open),
        ),
        "withdraw_answer": Rule(
            answers_slip,
            when={SlipStatus.ANSWERED},
            then=SlipStatus.PENDING,
            guards=(request_takes_answers,),
        ),
        # On paper or by telephone: the officer enters it for the member, who is told and may replace it.
        "enter_answer": Rule(
            is_secretary,
            when={*UNANSWERED, SlipStatus.ANSWERED},
            then=SlipStatus.ANSWERED,
            guards=(request_takes_answers, is_in_office, ballot_is_open, was_not_answered_by_the_member),
        ),
        "reserve_dissent": Rule(
            is_the_member,
            when={SlipStatus.ANSWERED},
            guards=(matter_is_not_decided, ballot_is_open, own_answer_differs),
        ),
        "void_answer": Rule(
            is_secretary,
            when={SlipStatus.ANSWERED},
            then=SlipStatus.PENDING,
            guards=(answers_an_earlier_issue,),
        ),
        "void_draft": Rule(
            is_secretary, when=UNANSWERED, then=SlipStatus.PENDING, guards=(draft_is_to_other_questions,)
        ),
        "count_silence": Rule(
            is_clock, when=UNANSWERED, then=SlipStatus.SILENT, guards=(silence_has_come, is_in_office)
        ),
        # She is no member any more when the collection ends: neither silence nor one of all members.
        "release_slip": Rule(
            is_clock, when=UNANSWERED, then=SlipStatus.RELEASED, guards=(silence_has_come, has_left_office)
        ),
    },
)
