"""What is done with the readers' ledger."""

from typing import Any

from django.db import transaction

from audit import trail
from documents import rules
from documents.models import Dossier
from documents.readers import Reader, list_readers


@transaction.atomic
def export_readers(dossier: Dossier, *, by: Any) -> list[Reader]:
    """Someone entitled takes a copy of the readers' ledger."""
    rules.LEDGER.check("export_readers", by, dossier)

    readers = list_readers(by, dossier)

    trail.record("documents.export_readers", by=by, on=dossier, entries=sum(len(r.lines) for r in readers))
    return readers
