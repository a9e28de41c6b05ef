"""The box of a request as the stand-alone checker reads it, and what comes out of it."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from opinions.models import BallotBox, BallotCounter, OpinionRequest, Question, SealedBallot
from opinions.rules import QuestionForm
from verifier.ballots.box import FORMAT, Box
from verifier.ballots.groups import FFDHE3072, Group
from verifier.ballots.proofs import Sealed, require_keys
from verifier.ballots.published import check_published
from verifier.ballots.shares import read_share

GROUP = FFDHE3072


def describe_box(ballot_box: BallotBox) -> dict[str, Any]:
    """What each ballot is bound to: the questions as they are asked, and the counters' keys."""
    opinion_request = ballot_box.request
    return {
        "format": FORMAT,
        "group": GROUP.name,
        "box": ballot_box.code,
        "request": opinion_request.pk,
        "issue": opinion_request.issue,
        "subject": opinion_request.subject,
        "questions": [
            _describe_question(opinion_request, question)
            for question in opinion_request.questions.prefetch_related("options__parent")
        ],
        "counters": [
            {"id": counter.pk, "name": counter.name, **counter.share}
            for counter in ballot_box.counters.all()
            if counter.share is not None
        ],
    }


def _describe_question(opinion_request: OpinionRequest, question: Question) -> dict[str, Any]:
    choices = [{"code": code, "label": taken.label} for code, taken in opinion_request.classes.items()]
    if question.form == QuestionForm.OPTIONS:
        choices = [{"code": str(option.pk), "label": str(option)} for option in question.offered]
    return {
        "id": question.pk,
        "text": question.text,
        "choices": choices,
        "least": 1,
        "most": question.max_choices,
    }


def check_share(counter: BallotCounter, share: Mapping[str, Any]) -> None:
    """Whether it is a share of the key, made for this box by who has the other half."""
    require_keys(share, {"share", "proof"})
    read_share(GROUP, counter.box.code, counter.pk, share["share"], share["proof"])


def open_box(ballot_box: BallotBox) -> Box:
    return _open(json.dumps(describe_box(ballot_box)), GROUP)


@lru_cache(maxsize=16)
def _open(manifest: str, group: Group) -> Box:
    """The proofs of the counters' keys are checked once in a process, and not with every ballot."""
    box = Box(json.loads(manifest), group=group)
    box.key  # noqa: B018
    return box


def add_up(box: Box, ballots: Iterable[SealedBallot]) -> list[Sealed]:
    """The sums. Each ballot was checked when it was put in; whoever opens the box checks all again."""
    return box.add_ballots([box.take_sealed(ballot.content) for ballot in ballots])


def count_ballots(opinion_request: OpinionRequest) -> tuple[dict[int, dict[str, int]], int]:
    """How often each choice was made, and by how many: from the ballots and what the counters gave."""
    ballot_box = opinion_request.ballot_box
    box, ballots = open_box(ballot_box), list(ballot_box.ballots)
    if not ballots:
        return box.count_none(), 0
    sums = add_up(box, ballots)
    factors = {
        counter.pk: box.read_factors(counter.pk, sums, counter.given) for counter in ballot_box.counters.all()
    }
    return box.count(sums, factors, len(ballots)), len(ballots)


def check_box(opinion_request: OpinionRequest) -> list[str]:
    """Every ballot, every share and the stored figures, as the stand-alone checker finds them."""
    return list(check_published(publish(opinion_request.ballot_box), group=GROUP).problems)


def publish(ballot_box: BallotBox) -> dict[str, Any]:
    """The file that everybody can check, once the box is closed."""
    opinion_request = ballot_box.request
    results = None
    if opinion_request.is_counted:
        results = {
            str(question.pk): _read_figures(opinion_request, question) for question in _asked(opinion_request)
        }
    return {
        "manifest": describe_box(ballot_box),
        "ballots": [
            {"voter": str(ballot.sheet.slip), "tracker": ballot.tracker, "ballot": ballot.content}
            for ballot in ballot_box.ballots
        ],
        "shares": [
            {"counter": counter.pk, "given": counter.given}
            for counter in ballot_box.counters.all()
            if counter.given is not None
        ],
        "results": results,
    }


def _asked(opinion_request: OpinionRequest) -> Any:
    return opinion_request.questions.prefetch_related("options")


def _read_figures(opinion_request: OpinionRequest, question: Question) -> dict[str, int]:
    """Of the result as it is stored: the file shows what the system told, for others to compare."""
    result = question.result or {}
    if question.form == QuestionForm.OPTIONS:
        return {str(option.pk): result["chosen"].get(str(option.pk), 0) for option in question.offered}
    return {code: result["classes"].get(code, 0) for code in opinion_request.classes}
