"""A folder before those who decide whether it goes to the members: nothing of it changes meanwhile."""

from typing import Any

from django.db import transaction

from audit import trail
from core.locks import lock
from documents import rules
from documents.models import Dossier


@transaction.atomic
def submit_dossier(dossier: Dossier, *, by: Any) -> Dossier:
    """A secretary puts the folder before the chair. What the chair has looked at is what the members get."""
    dossier = lock(dossier)
    rules.DOSSIER.check("submit_dossier", by, dossier)

    rules.DOSSIER.advance("submit_dossier", dossier)
    dossier.save(update_fields=["status"])

    trail.record("documents.submit_dossier", by=by, on=dossier)
    return dossier


@transaction.atomic
def return_dossier(dossier: Dossier, *, by: Any) -> Dossier:
    """The chair or a vice chair gives the folder back to the Office, which may work on it again."""
    dossier = lock(dossier)
    rules.DOSSIER.check("return_dossier", by, dossier)

    rules.DOSSIER.advance("return_dossier", dossier)
    dossier.save(update_fields=["status"])

    trail.record("documents.return_dossier", by=by, on=dossier)
    return dossier
