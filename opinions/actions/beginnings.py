"""A new request before it is saved for the first time."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from opinions import rules
from opinions.models import RequestBeginning


@transaction.atomic
def keep_beginning(beginning: RequestBeginning, *, by: Any, typed: Mapping[str, str]) -> RequestBeginning:
    """What a specialist types into the form of a new request is kept; with nothing typed it is forgotten.

    The trail has the first keeping, and not each pause of the pen.
    """
    rules.BEGINNING.check("keep_beginning", by, beginning)

    kept = RequestBeginning.objects.filter(person=by, dossier=beginning.dossier)
    if not typed:
        kept.delete()
        return beginning
    beginning, is_first = RequestBeginning.objects.update_or_create(
        person=by,
        dossier=beginning.dossier,
        defaults={"body": beginning.body, "typed": dict(typed), "kept_at": clock.now()},
    )

    if is_first:
        trail.record("opinions.keep_beginning", by=by, on=beginning)
    return beginning
