"""A dossier that is corrected while the members are being asked: a second issue, with all that follows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from core import clock
from documents import actions as documents
from documents.models import IssuedPaper, ReadingPlace
from documents.rules import DocumentKind
from ecabinet.demo.matters import Correction, Matter
from ecabinet.demo.papers import MadePaper
from opinions import actions as opinions
from opinions.models import OpinionRequest
from people.models import User

OFFICE = "cv.tonghop"


def read_papers(
    opinion_request: OpinionRequest, correction: Correction, people: Mapping[str, User], opened: datetime
) -> None:
    """Some members have read the first issue."""
    papers = IssuedPaper.objects.filter(issue=opinion_request.dossier.current_issue).order_by("place")
    for minutes, name in enumerate(correction.read_before, 20):
        with clock.at(opened + timedelta(minutes=minutes)):
            for paper in papers:
                documents.open_version(paper.version, by=people[name])
                ReadingPlace.objects.remember(people[name], paper.version, page=paper.pages or 1)


def correct(
    opinion_request: OpinionRequest,
    matter: Matter,
    *,
    people: Mapping[str, User],
    write: Callable[[Matter, datetime], Iterable[MadePaper]],
) -> None:
    """The Office replaces the draft and adds a paper for two ministers alone."""
    correction, office = matter.correction, people[OFFICE]
    assert correction is not None
    opinions.correct_dossier(opinion_request, by=office, reason=correction.reason)
    dossier = opinion_request.dossier
    _submission, draft = write(replace(matter, articles=correction.articles), clock.now())
    old = dossier.papers.get(version__document__kind=DocumentKind.DRAFT)
    documents.replace_paper(old, by=office, upload=draft.file, reason=correction.reason)
    report, _draft = write(replace(matter, subject=f"dự toán kinh phí {matter.subject}"), clock.now())
    own = documents.add_paper(
        dossier, by=office, upload=report.file, kind=DocumentKind.REPORT, title=correction.extra
    )
    documents.limit_readers(own, by=office, readers=[people[name] for name in correction.readers])
    opinions.reissue_dossier(OpinionRequest.objects.get(pk=opinion_request.pk), by=office)
