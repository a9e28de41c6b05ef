"""The synthesis of opinions (Báo cáo tổng hợp ý kiến) as values: figures, opinions, what follows."""

from django.utils import timezone

from decisions.tally import Branch
from documents import official
from documents.official import DossierItem, GivenAnswer, Letterhead, MemberOpinion, Outcome, SynthesisDocument
from opinions.models import OpinionRequest, OpinionSlip, Question
from opinions.wording import MEMBERS, name_matter
from people.models import Appointment, Body
from people.rules import Role

POSITIONS = {
    "agree": official.Position.AGREE,
    "disagree": official.Position.DISAGREE,
    "other": official.Position.OTHER,
    "abstain": official.Position.ABSTAIN,
}
RESTRICTED = "Tài liệu gửi riêng thành viên được chỉ định"
REPORT = "Cơ quan chủ trì báo cáo tiếp thu, giải trình, đề xuất việc lấy lại hoặc không lấy lại ý kiến"
PROCESS = "Xử lý kết quả lấy ý kiến"


def write_synthesis(opinion_request: OpinionRequest) -> SynthesisDocument:
    """All it says was stored at the close, so that the same request gives the same paper at any time."""
    body, rule_set, opened_at = opinion_request.body, opinion_request.rule_set, opinion_request.opened_at
    assert opened_at is not None  # the constraint of a sent request
    members = MEMBERS[Body.Kind(body.kind)]
    slips = opinion_request.slips.select_related("member").with_answers()
    questions = list(opinion_request.questions.all())
    matter = name_matter(opinion_request.subject)
    return SynthesisDocument(
        letterhead=Letterhead(body=body.office.name.upper(), name=body.office.name, place=body.place),
        subject=f"Tổng hợp ý kiến {members} về {matter}",
        about=matter,
        notation="BC-VPCP" if body.kind == Body.Kind.GOVERNMENT else f"BC-VP{body.notation}",
        year=opinion_request.closed_at.year,
        signature=_signature(opinion_request),
        recipients=("Như trên", opinion_request.lead_agency.name),
        addressees=_addressees(body),
        rule_set=f"{rule_set.name} ({rule_set.source}), áp dụng từ ngày {rule_set.valid_from:%d/%m/%Y}",
        lead_agency=opinion_request.lead_agency.name,
        opened_at=opened_at,
        closed_at=opinion_request.deadline,
        results=tuple(_result(question) for question in questions),
        opinions=tuple(_opinion(slip, questions) for slip in slips),
        outcome=_outcome(opinion_request),
        dossier=tuple(_papers(opinion_request)),
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


def _result(question: Question) -> official.QuestionResult:
    counted = question.result
    note = "Số phiếu ngang nhau: kết quả theo ý kiến của người chủ trì." if counted["chair_decided"] else ""
    return official.QuestionResult(
        text=question.text,
        agree=counted["agree"],
        disagree=counted["disagree"],
        other=counted["other"],
        abstain=counted["abstain"],
        silent=counted["silent"],
        members=counted["members"],
        carried=counted["is_adopted"],
        silence_agrees=counted["silent_agree"],
        note=note,
    )


def _opinion(slip: OpinionSlip, questions: list[Question]) -> MemberOpinion:
    given = {answer.question_id: answer for answer in slip.answers}
    return MemberOpinion(
        name=slip.member.full_name,
        title=slip.member_title,
        answered_at=slip.answered_at,
        answers=tuple(
            GivenAnswer(
                question=number,
                position=POSITIONS[given[question.pk].taken.counts_as],
                reason=given[question.pk].reason,
            )
            for number, question in enumerate(questions, 1)
            if question.pk in given
        ),
    )


def _outcome(opinion_request: OpinionRequest) -> Outcome:
    step, day = PROCESS, opinion_request.process_by
    if opinion_request.branch == Branch.AGREED_WITH_OPINIONS:
        step, day = REPORT, opinion_request.report_by
    return Outcome(
        branch=official.Branch(opinion_request.branch),
        source=_source(opinion_request),
        next_step=step,
        next_deadline=day,
    )


def _source(opinion_request: OpinionRequest) -> str:
    if opinion_request.body.kind == Body.Kind.GOVERNMENT:
        return official.WORKING_RULE
    return f"{opinion_request.rule_set.name} ({opinion_request.rule_set.source})"


def _papers(opinion_request: OpinionRequest) -> list[DossierItem]:
    """As they lay before the members at the end. Of a paper for named readers only its place is told here."""
    dossier = opinion_request.dossier
    papers = dossier.current_issue.papers if dossier.current_issue else dossier.papers
    return [
        DossierItem(
            title=RESTRICTED if getattr(paper, "is_restricted", False) else paper.version.document.title,
            number="" if getattr(paper, "is_restricted", False) else paper.version.document.number,
            pages=paper.version.pages,
            sha256=paper.version.sha256,
        )
        for paper in papers.select_related("version__document").order_by("place", "pk")
    ]
