"""The steps of a written procedure, each by calling the action."""

import hashlib
from datetime import timedelta
from itertools import count

from core import clock
from core.actors import CLOCK
from core.work import WorkState
from documents.models import Document, DocumentVersion, DossierPaper
from opinions import actions
from opinions.actions._questions import AskedQuestion, OfferedOption
from opinions.models import OpinionRequest
from tests import factories

_papers = count(1)
SUBJECT = "Dự thảo Nghị định về phí bảo hiểm y tế"
QUESTION = "Đồng chí có đồng ý với dự thảo Nghị định không?"
AGREE = ("agree", "")
CHOICE = AskedQuestion(  # two of four, one of them with two parts
    "Đồng chí chọn những phương án nào?",
    "options",
    2,
    (
        OfferedOption("Giữ mức phí hiện hành", is_proposed=True),
        OfferedOption("Tăng mức phí", parts=(OfferedOption("từ năm 2027"), OfferedOption("từ năm 2028"))),
        OfferedOption("Miễn phí cho hộ nghèo"),
        OfferedOption("Lùi thời điểm quyết định"),
    ),
)


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


def choose(opinion_request, *places, reason=""):
    """Of the one question of this request, the options at these places among those offered."""
    question = opinion_request.questions.get()
    offered = question.offered
    return {question.pk: {"options": [offered[place].pk for place in places], "reason": reason}}


def answer(opinion_request, person, position="agree", reason=""):
    slip = slip_of(opinion_request, person)
    return actions.answer_slip(slip, by=person, answers=give(opinion_request, (position, reason)))


def enter(opinion_request, person, *, by, position="agree", words="", **how):
    """An officer enters what came by telephone, unless `how` says otherwise."""
    how = {"way": "telephone", "reason": "Đồng chí đi công tác, không có mạng.", **how}
    answers = give(opinion_request, (position, words))
    return actions.enter_answer(slip_of(opinion_request, person), by=by, answers=answers, **how)


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


# After the count


def close_with_a_remark(cast, **fields):
    """The Minister of Health has another opinion; the lead agency is the Ministry of Finance."""
    opinion_request = send(cast, **fields)
    answer(opinion_request, cast.other_minister, "other", "Cần quy định rõ mức hỗ trợ.")
    return close(opinion_request)


def refer_with_a_remark(cast, **fields):
    return actions.refer_request(close_with_a_remark(cast, **fields), by=cast.chair)


def explain_all(cast, opinion_request=None):
    opinion_request = opinion_request or refer_with_a_remark(cast)
    for remark in opinion_request.remarks.all():
        actions.explain_remark(
            remark, by=cast.submitter, verdict="accepted", explanation="Đã bổ sung khoản 2 Điều 4."
        )
    return opinion_request


def report(cast, repeats=True):
    return actions.report_on_opinions(
        explain_all(cast), by=cast.submitter, report="Đã tiếp thu ý kiến.", repeats=repeats
    )


def collect_again(cast):
    """The collection that came before."""
    return actions.collect_again(report(cast), by=cast.secretary).previous


def put_before_a_session(cast):
    return actions.refer_to_session(close_with_a_remark(cast), by=cast.chair, reason="Cần thảo luận tập thể.")


CALLING = (
    {"code": "agree", "label": "Đồng ý", "counts_as": "agree"},
    {
        "code": "debate",
        "label": "Đề nghị đưa ra phiên họp",
        "counts_as": "other",
        "reason": "required",
        "calls_session": True,
    },
)


def close_with_a_call_for_a_session(cast):
    kind = factories.make_kind(cast.body, CALLING, name="Thủ tục bằng văn bản")
    opinion_request = send(cast, kind=kind)
    answer(opinion_request, cast.minister, "debate", "Vấn đề lớn, cần thảo luận.")
    return close(opinion_request)


def reach_remark(cast, moment):
    """The remark of the Minister of Health at that moment."""
    state, _, when = moment.partition(", ")
    opinion_request = close_with_a_remark(cast)
    if state != "closed":
        opinion_request = actions.refer_request(opinion_request, by=cast.chair)
    if state in ("explained", "settled", "maintained"):
        explain_all(cast, opinion_request)
    remark = opinion_request.remarks.get()
    if state in ("settled", "maintained"):
        remark = actions.settle_remark(remark, by=cast.secretary)
    if state == "maintained":
        actions.answer_settlement(remark, by=cast.other_minister, stance="maintained")
    if when == "before a session":
        actions.refer_to_session(opinion_request, by=cast.chair, reason="Cần thảo luận.")
    if when == "decided":
        decide(cast, opinion_request)
    return type(remark).objects.get(pk=remark.pk)
