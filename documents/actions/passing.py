"""The folder on its way between the lead agency and the Office."""

from typing import Any

from django.db import transaction

from audit import trail
from core.locks import lock
from documents import rules
from documents.models import Dossier


@transaction.atomic
def hand_over_dossier(dossier: Dossier, *, by: Any, to_office: bool) -> Dossier:
    """Whoever has the folder on the desk passes it on: the lead agency to the Office, or the Office back.

    From then on the other side works on its papers, and this one reads them.
    """
    dossier = lock(dossier)
    rules.DOSSIER.check("hand_over_dossier", by, dossier)

    dossier.is_with_agency = not to_office
    dossier.save(update_fields=["is_with_agency"])

    receiver = dossier.body.office if to_office else dossier.prepared_by
    trail.record("documents.hand_over_dossier", by=by, on=dossier, organisation=str(receiver))
    return dossier
