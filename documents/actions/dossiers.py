"""The folder as a whole: opened, passed on, sealed, closed."""

from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import lock
from documents import rules
from documents.models import Dossier
from people.models import Body, Organisation


@transaction.atomic
def create_dossier(*, by: Any, body: Body, title: str, prepared_by: Organisation | None = None) -> Dossier:
    """A secretary opens a folder for the papers of a matter; or an officer of the lead agency for its own."""
    dossier = Dossier(body=body, title=title, prepared_by=prepared_by, is_with_agency=prepared_by is not None)
    rules.DOSSIER.check("create_dossier", by, dossier)

    dossier.save()

    trail.record("documents.create_dossier", by=by, on=dossier)
    return dossier


@transaction.atomic
def seal_dossier(dossier: Dossier, *, by: Any) -> Dossier:
    """The folder is put before the members: from then on its papers stay as they are."""
    dossier = lock(dossier)
    rules.DOSSIER.check("seal_dossier", by, dossier)

    dossier.sealed_at = clock.now()
    rules.DOSSIER.advance("seal_dossier", dossier)
    dossier.save()

    papers = [paper.version.sha256 for paper in dossier.papers.select_related("version")]
    trail.record("documents.seal_dossier", by=by, on=dossier, papers=papers)
    return dossier
