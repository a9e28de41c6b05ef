"""The steps of a written procedure, each by calling the action."""

import hashlib
from datetime import timedelta
from itertools import count

from core import clock
from core.actors import CLOCK
from core.work import WorkState
from documents.models import Document, DocumentVersion, DossierPaper
from opinions import actions
from opinions.models import OpinionRequest
from tests import factories

_papers = count(1)
SUBJECT = "Dự thảo Nghị định về phí bảo hiểm y tế"
QUESTION = "Đồng chí có đồng ý với dự thảo Nghị định không?"
AGREE = ("agree", "")


def make_paper(dossier, title="Tờ trình", state=WorkState.DONE):
    """A paper that a worker has looked into already."""
    number = next(_papers)
    document = Document.objects.create(body=dossier.body, title=f"{title} {number}")
    version = DocumentVersion.objects.create(
        document=document,
        file_name=f"{number}.pdf",
        sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        size=1000,
        pages=3,
        added_by_name="test",
        work_state=state,
    )
    return DossierPaper.objects.create(dossier=dossier, version=version, place=dossier.papers.count() + 1)


def begin(cast, **fields):
    """A request as the form hands it to the action: not stored yet."""
    fields.setdefault("body", cast.body)
    fields.setdefault("subject", SUBJECT)
    fields.setdefault("proposal", "Ban hành Nghị định theo hồ sơ kèm theo.")
    fields.setdefault("lead_agency", cast.finance)
    fields.setdefault("deadline", factories.deadline_in(cast.rule_set))
    return OpinionRequest(**fields)


def draft(cast, questions=(QUESTION,), papers=1, **fields):
    opinion_request = actions.draft_request(begin(cast, **fields), by=cast.secretary, questions=questions)
    for _ in range(papers):
        make_paper(opinion_request.dossier)
    return opinion_request


def submit(cast, **fields):
    return actions.submit_request(draft(cast, **fields), by=cast.secretary)


def send(cast, **fields):
    """Open, before every member."""
    return actions.approve_request(submit(cast, **fields), by=cast.vice_chair)


def slip_of(opinion_request, person):
    return opinion_request.slips.get(member=person)


def give(opinion_request, *positions):
    """The answers to the questions in their order, each as (position, reason)."""
    questions = opinion_request.questions.all()
    return {
        question.pk: {"position": position, "reason": reason}
        for question, (position, reason) in zip(questions, positions, strict=True)
    }


def answer(opinion_request, person, position="agree", reason=""):
    slip = slip_of(opinion_request, person)
    return actions.answer_slip(slip, by=person, answers=give(opinion_request, (position, reason)))


def after_the_deadline(opinion_request):
    return clock.at(opinion_request.deadline + timedelta(seconds=1))


def close(opinion_request):
    with after_the_deadline(opinion_request):
        return actions.close_request(opinion_request, by=CLOCK)


def close_agreed(cast):
    return close(send(cast))


def close_with_opinions(cast):
    opinion_request = send(cast)
    answer(opinion_request, cast.minister, "other", "Cần quy định rõ mức hỗ trợ.")
    return close(opinion_request)


def close_without_majority(cast):
    opinion_request = send(cast)
    for person in (cast.minister, cast.other_minister, cast.third_minister):
        answer(opinion_request, person, "disagree", "Chưa đánh giá đủ tác động.")
    return close(opinion_request)


def decide(cast, opinion_request):
    from opinions.wording import word_decision

    wording = word_decision(opinion_request)
    return actions.draft_decision(
        opinion_request,
        by=cast.secretary,
        subject=wording.subject,
        bases=wording.bases,
        articles=wording.articles,
        recipients=wording.recipients,
        signer=wording.signer,
    )
