"""An archive as the worker would leave it, without the long way through the written procedure."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from django.utils import timezone

from archive import indexing
from core import clock
from core.work import WorkState
from decisions.models import Resolution
from decisions.rules import ResolutionStatus
from documents.models import Distribution, Document, DocumentText, DocumentVersion, Dossier, DossierPaper
from documents.rules import DocumentKind, DossierStatus
from people.rules import Role

TODAY = date(2026, 11, 23)
READERS = (Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER, Role.ASSISTANT, Role.ARCHIVIST, Role.AUDITOR)


@pytest.fixture(autouse=True)
def office_day():
    with clock.at(timezone.make_aware(datetime.combine(TODAY, time(9)))):
        yield


@dataclass
class Archive:
    """`add` puts an issued resolution with papers into the register and the search table."""

    cast: object
    numbers: object = field(default_factory=lambda: count(1))

    def add(
        self, subject, text="", *, on=TODAY, papers=(), body=None, number=None, index=True, prepared_by=None
    ):
        body = body or self.cast.body
        resolution = self._resolution(subject, on, body, number or next(self.numbers), prepared_by)
        version = self._version(resolution.document, [text])
        for role in READERS:
            Distribution.objects.create(version=version, role=role, body=body, because="test")
        for place, paper in enumerate(papers, start=1):
            self._paper(resolution, place, paper)
        if index:
            indexing.index_resolution(resolution)
        return resolution

    def _resolution(self, subject, on, body, number, prepared_by=None):
        document = Document.objects.create(
            body=body,
            kind=DocumentKind.RESOLUTION,
            title=subject,
            number=f"{number:02}/NQ-{body.notation}",
            issued_on=on,
        )
        return Resolution.objects.create(
            body=body,
            rule_set=self.cast.rule_set,
            document=document,
            dossier=Dossier.objects.create(
                body=body, title=subject, status=DossierStatus.SEALED, prepared_by=prepared_by
            ),
            status=ResolutionStatus.ISSUED,
            subject=subject,
            lead_agency=self.cast.finance,
            signer=self.cast.chair.appointments.get(),
            number=number,
            notation=f"NQ-{body.notation}",
            year=on.year,
            issued_on=on,
            issued_at=clock.now(),
        )

    def _version(self, document, pages):
        version = DocumentVersion.objects.create(
            document=document,
            file_name="a.pdf",
            sha256=f"{document.pk:064x}",
            size=1,
            pages=len(pages),
            added_by_name="test",
            work_state=WorkState.DONE,
        )
        DocumentText.objects.create(version=version, pages=pages)
        return version

    def _paper(self, resolution, place, paper):
        title, pages, readers = paper
        document = Document.objects.create(body=resolution.body, kind=DocumentKind.SUBMISSION, title=title)
        version = self._version(document, pages)
        DossierPaper.objects.create(dossier=resolution.dossier, version=version, place=place)
        for reader in readers:
            office = (
                {"role": reader, "body": resolution.body} if isinstance(reader, str) else {"reader": reader}
            )
            Distribution.objects.create(version=version, because="test", **office)


@pytest.fixture
def archive(cast):
    return Archive(cast)


def days_ago(days):
    return TODAY - timedelta(days=days)
