"""The synthesis of opinions (Báo cáo tổng hợp ý kiến) as a document: figures, opinions, what follows."""

from django.utils import timezone

from decisions.tally import Branch
from documents import official
from documents.official import (
    DossierItem,
    GivenAnswer,
    Letterhead,
    MemberOpinion,
    OptionResult,
    Outcome,
    SynthesisDocument,
    in_figures,
    in_words,
)
from opinions.models import OpinionRequest
from opinions.synthesis import (
    RESTRICTED,
    ChangeFact,
    MemberFact,
    QuestionFact,
    RemarkFact,
    Synthesis,
    gather_synthesis,
)
from opinions.wording import MEMBERS, name_matter
from people.models import Appointment, Body
from people.rules import Role

__all__ = ["RESTRICTED", "describe_synthesis", "write_synthesis"]

REPORT = "Cơ quan chủ trì báo cáo tiếp thu, giải trình, đề xuất việc lấy lại hoặc không lấy lại ý kiến"
PROCESS = "Xử lý kết quả lấy ý kiến"
CHAIR_DECIDED = "Số phiếu ngang nhau: kết quả theo ý kiến của người chủ trì."


def write_synthesis(opinion_request: OpinionRequest) -> SynthesisDocument:
    """All it says is stored, so that the same facts give the same paper at any time."""
    return describe_synthesis(opinion_request, gather_synthesis(opinion_request))


def describe_synthesis(opinion_request: OpinionRequest, facts: Synthesis) -> SynthesisDocument:
    """The facts as they are worded in a report of the office to those who preside."""
    body, matter = opinion_request.body, name_matter(facts.subject)
    members = MEMBERS[Body.Kind(body.kind)]
    return SynthesisDocument(
        letterhead=Letterhead(body=body.office.name.upper(), name=body.office.name, place=body.place),
        subject=f"Tổng hợp ý kiến {members} về {matter}",
        about=matter,
        notation="BC-VPCP" if body.kind == Body.Kind.GOVERNMENT else f"BC-VP{body.notation}",
        year=facts.closed_at.year,
        signature=_signature(opinion_request),
        recipients=("Như trên", facts.lead_agency),
        addressees=_addressees(body),
        members=members,
        rule_set=f"{facts.rule_set} ({facts.rule_source}), áp dụng từ ngày {facts.rule_valid_from:%d/%m/%Y}",
        lead_agency=facts.lead_agency,
        is_secret=facts.is_secret,
        opened_at=facts.opened_at,
        closed_at=facts.deadline,
        results=tuple(_result(question, facts) for question in facts.questions),
        opinions=tuple(_opinion(member) for member in facts.members),
        outcome=_outcome(body, facts),
        dossier=tuple(
            DossierItem(title=paper.title, number=paper.number, pages=paper.pages, sha256=paper.sha256)
            for paper in facts.papers
        ),
        course=tuple(_word_change(change) for change in facts.changes),
        adviser=facts.adviser,
        adviser_opinion=facts.adviser_opinion,
        remarks=tuple(_remark(remark) for remark in facts.remarks),
        report=facts.report,
        office_opinion=facts.office_opinion,
        proposal=f"{body.office.name} kính trình xem xét, quyết định./.",
    )


def _signature(opinion_request: OpinionRequest) -> official.SignatureBlock:
    """The member who heads the office on the day of the close; elsewhere a head who is no member."""
    body = opinion_request.body
    offices = Appointment.objects.current(timezone.localdate(opinion_request.closed_at)).voting()
    head = (
        offices.filter(body=body, role=Role.MEMBER, organisation=body.office).select_related("user").first()
    )
    title = "BỘ TRƯỞNG, CHỦ NHIỆM" if body.kind == Body.Kind.GOVERNMENT else "CHÁNH VĂN PHÒNG"
    return official.SignatureBlock(title=title, name=head.user.full_name if head else "")


def _addressees(body: Body) -> tuple[str, ...]:
    if body.kind == Body.Kind.GOVERNMENT:
        return ("Thủ tướng Chính phủ", "Các Phó Thủ tướng Chính phủ")
    return (f"Chủ tịch {body.name}",)


def _result(question: QuestionFact, facts: Synthesis) -> official.QuestionResult:
    return official.QuestionResult(
        text=question.text,
        counts=tuple((facts.find_class(code).label, count) for code, count in question.classes.items()),
        silent=question.silent,
        members=question.members,
        in_favour=question.in_favour or 0,
        basis=question.basis,
        carried=question.is_adopted,
        silence_agrees=question.silence_agrees,
        unopposed=facts.is_unopposed,
        options=tuple(
            OptionResult(
                text=option.text,
                count=option.count,
                in_favour=option.in_favour,
                is_proposed=option.is_proposed,
                is_adopted=option.is_adopted,
            )
            for option in question.options
        ),
        note=CHAIR_DECIDED if question.chair_decided else "",
    )


def _opinion(member: MemberFact) -> MemberOpinion:
    return MemberOpinion(
        name=member.name,
        title=member.title,
        answered_at=member.answered_at,
        has_left=member.has_left,
        notes=member.notes,
        dissent=member.dissent,
        answers=tuple(
            GivenAnswer(
                question=answer.question, position=answer.words, reason=answer.reason, differs=answer.differs
            )
            for answer in member.answers
        ),
    )


def _word_change(change: ChangeFact) -> str:
    if change.kind == "issue":
        return f"Lấy ý kiến lại lần {change.issue} từ {in_words(change.at)}, lý do: {change.reason}."
    assert change.before and change.after
    verb = "gia hạn" if change.after > change.before else "rút ngắn"
    order = f" theo {change.order}" if change.order else ""
    return (
        f"Thời hạn trả lời được {verb} từ {in_words(change.before)} đến {in_words(change.after)}{order}, "
        f"lý do: {change.reason}."
    )


def _remark(remark: RemarkFact) -> official.Remark:
    settled = f"{remark.settled_by}, {in_figures(remark.settled_at)}" if remark.settled_at else ""
    return official.Remark(
        who=remark.member,
        question=remark.question,
        kind=remark.position,
        text=remark.text,
        explanation="\n".join(filter(None, (remark.explanation, remark.settlement))),
        verdict=remark.verdict_words,
        settled="\n".join(filter(None, (settled, remark.stance_words))),
    )


def _outcome(body: Body, facts: Synthesis) -> Outcome:
    step, day = PROCESS, facts.process_by
    if facts.branch == Branch.AGREED_WITH_OPINIONS and facts.report_by:
        step, day = REPORT, facts.report_by
    of_government = body.kind == Body.Kind.GOVERNMENT
    return Outcome(
        branch=official.Branch(facts.branch),
        source=official.WORKING_RULE if of_government else f"{facts.rule_set} ({facts.rule_source})",
        members=MEMBERS[Body.Kind(body.kind)],
        office=body.office.name,
        deciders=official.DECIDERS if of_government else f"Chủ tịch {body.name}",
        next_step=step,
        next_deadline=day,
        unopposed=facts.is_unopposed,
    )
