"""The steps of a dossier on its way to the Office, each by calling the action."""

from datetime import date, datetime, time

from django.utils import timezone

from core import clock
from documents.rules import DocumentKind
from submissions import actions
from submissions.models import MatterKind, Submission
from tests.factories import LONG_AGO
from tests.opinions.steps import make_paper

TITLE = "Dự thảo Nghị định về phí bảo hiểm y tế"
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def on(day, hour=9):
    """That day, in the morning."""
    return clock.at(timezone.make_aware(datetime.combine(day, time(hour))))


def make_kind(cast, **fields):
    """A draft law or decree: three papers, 3 days ahead, 2 to check, 5 to submit."""
    fields.setdefault("body", cast.body)
    fields.setdefault("name", "Dự án luật, dự thảo nghị định")
    fields.setdefault("source", "Nghị định 191/2026/NĐ-CP, Điều 13")
    fields.setdefault("required", [DocumentKind.SUBMISSION, DocumentKind.DRAFT, DocumentKind.APPRAISAL])
    fields.setdefault("check_days", 2)
    fields.setdefault("submit_days", 5)
    fields.setdefault("valid_from", LONG_AGO)
    return actions.add_matter_kind(MatterKind(**fields), by=cast.administrator)


def prepare(cast, *, kind=None, by=None, agency=None, **fields):
    kind = kind or MatterKind.objects.filter(body=cast.body).first() or make_kind(cast)
    fields.setdefault("title", TITLE)
    return actions.prepare_submission(
        by=by or cast.submitter, kind=kind, agency=agency or cast.finance, **fields
    )


def add(submission, kind, pages=3, **fields):
    """A paper of that kind which a worker has looked into already."""
    paper = make_paper(submission.dossier, **fields)
    type(paper.version.document).objects.filter(pk=paper.version.document_id).update(kind=kind)
    type(paper.version).objects.filter(pk=paper.version_id).update(pages=pages)
    return paper


def complete(cast, **fields):
    submission = prepare(cast, **fields)
    for kind in submission.kind.required:
        add(submission, kind)
    return fresh(submission)


def hand_in(cast, **fields):
    return actions.hand_in_submission(complete(cast, **fields), by=fields.get("by") or cast.submitter)


def hand_in_late(cast):
    """Due on the Tuesday for the Friday; handed in on the Wednesday."""
    with on(MONDAY):
        submission = complete(cast, wanted_on=FRIDAY)
    with on(date(2026, 11, 25)):
        return actions.hand_in_submission(submission, by=cast.submitter)


def give_back(cast, **fields):
    return actions.return_submission(hand_in(cast, **fields), by=cast.secretary, reason="Thiếu thẩm định.")


def accept(cast, **fields):
    return actions.accept_submission(hand_in(cast, **fields), by=cast.secretary)


def fresh(submission):
    """As it stands now, with nothing remembered from before."""
    return Submission.objects.select_related("dossier", "kind").get(pk=submission.pk)
