"""Papers that go with an answer: private until all are counted, then read by whoever reads the answers."""

from collections.abc import Iterable
from typing import Any

from core.actors import WORKER
from documents import actions as documents
from documents.models import Document, DocumentVersion
from documents.rules import DocumentKind
from documents.uploads import ReceivedPaper
from opinions.actions._issues import say_why
from opinions.models import AnswerSheet, OpinionRequest, OpinionSlip, find_assistants
from opinions.rules import READ_BY_ALL
from opinions.wording import name_attachment, name_scan
from people.models import User
from people.rules import Role


def keep_attachment(slip: OpinionSlip, upload: Any, *, by: Any) -> DocumentVersion:
    """A private paper of whoever answers. Its name tells nothing of the answer: the trail may name it."""
    return _keep(slip, upload, name_attachment(slip), by=by)


def keep_scan(slip: OpinionSlip, upload: Any, *, by: Any) -> DocumentVersion:
    """What came on paper: of the officer who enters it, and given to the member at once."""
    version = _keep(slip, upload, name_scan(slip), by=by)
    documents.file_own_paper(version, by=by)
    documents.distribute_version(version, by=by, to=[slip.member], because=say_why(slip.request))
    return version


def _keep(slip: OpinionSlip, upload: "ReceivedPaper | Any", title: str, *, by: Any) -> DocumentVersion:
    document = Document(body=slip.request.body, owner=by, kind=DocumentKind.OPINION, title=title[:500])
    return documents.keep_own_paper(document, by=by, upload=upload)


def file_attachment(slip: OpinionSlip, sheet: AnswerSheet, *, by: Any) -> None:
    """From now on it stays. Where a stand-in may answer, the two of them have it both."""
    version = sheet.attachment
    if version is None or version.document.owner_id != by.pk:
        return
    if not version.document.is_filed:
        documents.file_own_paper(version, by=by)
    stand_in = slip.stand_in if slip.request.kind.stand_ins_answer else None
    both = {slip.member, stand_in.user} if stand_in is not None else set()
    if others := both - {by}:
        documents.distribute_version(version, by=by, to=list(others), because=say_why(slip.request))


def give_attachments(opinion_request: OpinionRequest, *, to: Iterable[User] = ()) -> None:
    """The system gives them to those who read the answers from now on: all who were asked, their assistants,
    the office and the auditors; or to those named here."""
    versions = list(_find_attachments(opinion_request))
    if not versions:
        return
    readers, offices = list(to), []
    if not readers:
        members = list(User.objects.filter(slips__request=opinion_request))
        readers = [*members, *find_assistants(opinion_request.body_id, members)]
        offices = [(role, opinion_request.body) for role in (Role.SECRETARY, Role.AUDITOR)]
    for version in versions:
        documents.distribute_version(
            version, by=WORKER, to=readers, roles=offices, because=say_why(opinion_request)
        )


def _find_attachments(opinion_request: OpinionRequest) -> Iterable[DocumentVersion]:
    """Of the answers that count and of those that a new issue voided."""
    sheets = AnswerSheet.objects.filter(slip__request=opinion_request, standing__in=READ_BY_ALL).exclude(
        attachment=None, scan=None
    )
    papers = sheets.values_list("attachment", "scan")
    numbers = {number for pair in papers for number in pair if number is not None}
    return DocumentVersion.objects.kept().filter(pk__in=numbers).order_by("pk")
