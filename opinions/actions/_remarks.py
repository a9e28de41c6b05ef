"""The table of remarks as the count leaves it."""

from opinions.models import Answer, OpinionRequest, Remark
from opinions.rules import SheetStanding


def raise_remarks(opinion_request: OpinionRequest) -> list[Remark]:
    """One row for each answer that counts and has a condition or a remark, by question in protocol order."""
    answers = Answer.objects.filter(
        sheet__slip__request=opinion_request,
        sheet__standing=SheetStanding.COUNTS,
        question__dropped_in__isnull=True,
        taken__raises_remark=True,
    )
    ordered = answers.select_related("sheet").order_by("question__place", "sheet__slip__place", "sheet__slip")
    return Remark.objects.bulk_create(
        Remark(
            request=opinion_request,
            number=number,
            issue=answer.sheet.issue,
            slip_id=answer.sheet.slip_id,
            answer=answer,
        )
        for number, answer in enumerate(ordered, 1)
    )
