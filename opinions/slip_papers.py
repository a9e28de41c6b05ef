"""A member's answer as the paper that she signs (Phiếu ghi ý kiến)."""

from django.utils import timezone

from documents.models import DossierIssue
from documents.official import (
    AnsweredQuestion,
    AnswerSlipDocument,
    AttachedPaper,
    DossierItem,
    Letterhead,
    SignatureBlock,
)
from opinions.models import Answer, AnswerSheet, OpinionRequest
from opinions.rules import QuestionForm
from opinions.synthesis import RESTRICTED
from opinions.wording import name_matter


def write_slip(sheet: AnswerSheet) -> AnswerSlipDocument:
    """All that it says is in the sheet and in what lay before the member: it is made once."""
    slip = sheet.slip
    opinion_request, body = slip.request, slip.request.body
    issue = opinion_request.dossier.current_issue
    assert issue is not None  # a request that was sent has one
    is_own = sheet.given_by_id == slip.member_id
    stand_in = "" if is_own or slip.stand_in is None else slip.stand_in.title
    office = f"KT. {slip.member_title.upper()}"
    return AnswerSlipDocument(
        letterhead=Letterhead(body=body.office.name.upper(), name=body.office.name, place=body.place),
        subject=f"về {name_matter(opinion_request.subject)}",
        issued_on=timezone.localdate(sheet.given_at),
        signature=SignatureBlock(
            title=slip.member_title if is_own else stand_in,
            name=sheet.given_by.full_name,
            authority=("NGƯỜI GHI Ý KIẾN",) if is_own else (office,),
        ),
        recipients=(body.office.name,),
        addressee=body.office.name,
        form=opinion_request.kind.name,
        writer=sheet.given_by.full_name,
        writer_title=slip.member_title if is_own else stand_in,
        member="" if is_own else slip.member.full_name,
        member_title="" if is_own else slip.member_title,
        lead_agency=opinion_request.lead_agency.name,
        questions=tuple(_tell_answer(answer, opinion_request) for answer in sheet.answers.all()),
        dossier=tuple(_list_papers(issue)),
        dossier_issue=issue.number,
        dossier_sha256=issue.sha256,
        attachment=AttachedPaper(name=sheet.attachment.file_name, sha256=sheet.attachment.sha256)
        if sheet.attachment
        else None,
        receipt=sheet.receipt,
        nonce=sheet.nonce,
        written_at=sheet.given_at,
    )


def _tell_answer(answer: Answer, opinion_request: OpinionRequest) -> AnsweredQuestion:
    """In the words of the form: Vietnamese, whoever reads it."""
    question = answer.question
    if question.form == QuestionForm.OPTIONS:
        offered = tuple(str(option) for option in question.offered)
        chosen = tuple(str(option) for option in answer.options.all())
    else:
        offered = tuple(taken.label for taken in opinion_request.classes.values())
        chosen = (answer.taken.label,) if answer.taken else ()
    return AnsweredQuestion(text=question.text, options=offered, chosen=chosen, reason=answer.reason)


def _list_papers(issue: DossierIssue) -> list[DossierItem]:
    """Of a paper for named readers only its place is told."""
    return [
        DossierItem(
            title=RESTRICTED if paper.is_restricted else paper.version.document.title,
            number="" if paper.is_restricted else paper.version.document.number,
            pages=paper.version.pages,
            sha256=paper.version.sha256,
        )
        for paper in issue.papers.select_related("version__document").order_by("place", "pk")
    ]
